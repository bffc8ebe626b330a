/* SPDX-License-Identifier: MIT */
/* From the base and the joints, which are the state, to the links: poses, velocities and the dofs' axes. */
#include "articulated.h"

#include <string.h>

static const double unit_quaternion[4] = {1, 0, 0, 0}, zero[6] = {0, 0, 0, 0, 0, 0};

static void set_rotation(const double *q, double *r) {
    double xx = 2 * q[1] * q[1], yy = 2 * q[2] * q[2], zz = 2 * q[3] * q[3];
    double xy = 2 * q[1] * q[2], xz = 2 * q[1] * q[3], yz = 2 * q[2] * q[3];
    double wx = 2 * q[0] * q[1], wy = 2 * q[0] * q[2], wz = 2 * q[0] * q[3];
    r[0] = 1 - yy - zz, r[1] = xy - wz, r[2] = xz + wy, r[3] = 0;
    r[4] = xy + wz, r[5] = 1 - xx - zz, r[6] = yz - wx, r[7] = 0;
    r[8] = xz - wy, r[9] = yz + wx, r[10] = 1 - xx - yy, r[11] = 0;
}

/* The child's pose from the parent's, and its dof's axis about the tree's origin. */
static void pose_child(const phys_world *world, phys_articulated *art, art_link *child) {
    const phys_joint *joint = &world->joints[child->joint];
    const art_link *parent = child->parent >= 0 ? &art->links[child->parent] : NULL;
    const double *q = parent != NULL ? parent->q : unit_quaternion, *x = parent != NULL ? parent->x : zero;
    double axis[3], arm[3];
    if (parent != NULL) {
        r_rotate(parent->r, joint->axis, axis);
        r_rotate(parent->r, joint->from_parent, arm);
    } else {
        v3_copy(joint->axis, axis);
        v3_copy(joint->from_parent, arm);
    }
    for (int i = 0; i < 3; i++)
        child->x[i] = x[i] + arm[i];
    double *s = child->axis;
    const double *origin = art->links[child->root].origin;
    if (joint->def.kind == PHYS_JOINT_HINGE) {
        double half = 0.5 * world->joint_position[child->joint], sine = sin(half);
        double turn[4] = {cos(half), sine * joint->axis[0], sine * joint->axis[1], sine * joint->axis[2]};
        double anchor[3];
        q_multiply(q, turn, child->q);
        set_rotation(child->q, child->r);
        v3_sub(child->x, origin, anchor);
        v3_copy(axis, s);
        v3_cross(anchor, axis, s + 3);
        r_rotate(child->r, joint->from_child, arm);
        v3_add_scaled(child->x, -1, arm);
        return;
    }
    memcpy(child->q, q, sizeof child->q);
    if (parent != NULL) {
        memcpy(child->r, parent->r, sizeof child->r);
    } else {
        set_rotation(child->q, child->r);
    }
    r_rotate(child->r, joint->from_child, arm);
    v3_add_scaled(child->x, -1, arm);
    if (joint->def.kind == PHYS_JOINT_SLIDER) {
        v3_add_scaled(child->x, world->joint_position[child->joint], axis);
        v3_copy(zero, s);
        v3_copy(axis, s + 3);
    }
}

/* Followers are where their leaders lead them. */
static void follow(phys_world *world) {
    const phys_articulated *art = world->articulated;
    for (size_t i = 0; i < art->follower_count; i++) {
        int32_t n = art->followers[i];
        const phys_joint_def *def = &world->joints[n].def;
        world->joint_position[n] = def->ratio * world->joint_position[def->leader] + def->offset;
        world->joint_velocity[n] = def->ratio * world->joint_velocity[def->leader];
    }
}

/* Its axis is for unit velocity of the leader. */
static void scale_axis(const phys_world *world, art_link *link) {
    const phys_joint_def *def = &world->joints[link->joint].def;
    for (int i = 0; i < 6 && def->leader >= 0; i++)
        link->axis[i] *= def->ratio;
}

/* The own poses and velocities of base and objects are part of the state. */
static void pose_root(const phys_world *world, art_link *link) {
    v3_copy(link->joint < 0 ? link->x : world->links[link->link].zero_com, link->origin);
    if (link->joint >= 0)
        return;
    set_rotation(link->q, link->r);
    v3_copy(link->w, link->twist);
    v3_copy(link->v, link->twist + 3);
}

/* Everything that follows from the state. */
void phys_art_pose(phys_world *world) {
    phys_articulated *art = world->articulated;
    follow(world);
    for (size_t k = 0; k < art->link_count; k++) {
        art_link *link = &art->links[k];
        if (link->parent < 0)
            pose_root(world, link);
        if (link->joint >= 0) {
            pose_child(world, art, link);
            memcpy(link->twist, link->parent >= 0 ? art->links[link->parent].twist : zero,
                   sizeof link->twist);
            if (link->dof >= 0) {
                const double *axis = link->axis;
                double rate = world->joint_velocity[art->dofs[link->dof].joint];
                scale_axis(world, link);
                for (int i = 0; i < 6; i++)
                    link->twist[i] += rate * axis[i];
            }
        }
        v3_sub(link->x, art->links[link->root].origin, link->center);
        if (link->joint >= 0) {
            v3_copy(link->twist, link->w);
            v3_cross(link->w, link->center, link->v);
            v3_add_scaled(link->v, 1, link->twist + 3);
        }
    }
}

/* Base, objects and joints go on at their velocities for a while; links follow by `phys_art_pose`. */
void phys_art_move(phys_world *world, double time) {
    phys_articulated *art = world->articulated;
    phys_art_move_roots(art, time);
    for (size_t d = art->base_count; d < art->joint_end; d++) {
        int32_t n = art->dofs[d].joint;
        world->joint_position[n] += time * world->joint_velocity[n];
    }
}

/* Base, objects and joints take the solved velocities; a joint faster than its limit is slowed to it. */
void phys_art_take_velocities(phys_world *world) {
    phys_articulated *art = world->articulated;
    const double *u = art->velocity;
    phys_art_take_roots(art);
    for (size_t d = art->base_count; d < art->joint_end; d++) {
        int32_t n = art->dofs[d].joint;
        double limit = world->joints[n].def.velocity_limit;
        world->joint_velocity[n] = u[d] > limit ? limit : u[d] < -limit ? -limit : u[d];
    }
}
