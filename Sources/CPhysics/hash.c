/* SPDX-License-Identifier: MIT */
/* Hash of a definition: field by field, since the bytes between fields are not defined (FNV-1a, 64 bits). */
#include "physics_internal.h"

uint64_t phys_hash(uint64_t hash, const void *bytes, size_t count) {
    const unsigned char *p = bytes;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ p[i]) * 0x100000001b3u;
    return hash;
}

#define HASH(field) hash = phys_hash(hash, &(field), sizeof(field))

static uint64_t hash_joint(uint64_t hash, const phys_joint_def *joint) {
    HASH(joint->kind), HASH(joint->parent), HASH(joint->child);
    if (joint->kind == PHYS_JOINT_FIXED)
        return hash;
    HASH(joint->anchor), HASH(joint->axis), HASH(joint->lower), HASH(joint->upper),
        HASH(joint->velocity_limit);
    HASH(joint->armature), HASH(joint->damping), HASH(joint->stiffness), HASH(joint->rest_position);
    HASH(joint->dry_friction), HASH(joint->drive), HASH(joint->kp), HASH(joint->kd),
        HASH(joint->effort_limit);
    if (phys_follows(joint)) /* others have the hash that they had before there were followers */
        HASH(joint->leader), HASH(joint->ratio), HASH(joint->offset);
    return hash;
}

uint64_t phys_hash_def(const phys_world_def *def) {
    uint64_t hash = 0xcbf29ce484222325u;
    HASH(def->time_step), HASH(def->solver), HASH(def->gravity);
    HASH(def->contact_time_constant), HASH(def->contact_damping_ratio), HASH(def->contact_impedance);
    HASH(def->stop_time_constant), HASH(def->stop_damping_ratio), HASH(def->stop_impedance);
    if (def->contact_law != PHYS_LAW_EXACT || def->stop_law != PHYS_LAW_EXACT || def->contact_margin > 0)
        HASH(def->contact_law), HASH(def->stop_law),
            HASH(def->contact_margin); /* saved states of before have none */
    HASH(def->max_linear_speed), HASH(def->max_angular_speed), HASH(def->base);
    HASH(def->link_count), HASH(def->joint_count), HASH(def->geom_count), HASH(def->pair_count);
    for (size_t i = 0; i < def->link_count; i++) {
        const phys_link_def *link = &def->links[i];
        HASH(link->mass), HASH(link->center_of_mass), HASH(link->inertia), HASH(link->position),
            HASH(link->quaternion);
    }
    for (size_t i = 0; i < def->joint_count; i++)
        hash = hash_joint(hash, &def->joints[i]);
    for (size_t i = 0; i < def->geom_count; i++) {
        const phys_geom_def *geom = &def->geoms[i];
        HASH(geom->shape), HASH(geom->link), HASH(geom->size), HASH(geom->position), HASH(geom->quaternion);
        if (geom->shape == PHYS_SHAPE_HULL) {
            hash = phys_hash(hash, geom->points, 3 * geom->point_count * sizeof *geom->points);
            hash = phys_hash(hash, geom->triangles, 3 * geom->triangle_count * sizeof *geom->triangles);
        } else if (geom->shape == PHYS_SHAPE_FIELD) {
            HASH(geom->rows), HASH(geom->columns);
            hash = phys_hash(hash, geom->heights, geom->rows * geom->columns * sizeof *geom->heights);
        }
    }
    for (size_t i = 0; i < def->pair_count; i++) {
        const phys_pair_def *pair = &def->pairs[i];
        HASH(pair->geom_a), HASH(pair->geom_b), HASH(pair->friction), HASH(pair->restitution);
    }
    return hash;
}
