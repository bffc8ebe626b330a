/* SPDX-License-Identifier: MIT */
/* Contacts of the listed pairs, in the order of the list: ODE's spaces would make the order depend on the
 * past. */
#include "physics_internal.h"

#include <string.h>

static void geom_center(const phys_world *world, const phys_geom *geom, double *center) {
    if (geom->def.link < 0) {
        v3_copy(geom->offset, center);
        return;
    }
    const phys_link *link = &world->links[geom->def.link];
    r_rotate(link->r, geom->offset, center);
    v3_add_scaled(center, 1, link->x);
}

/* Whether the spheres around two geoms (or the sphere and the plane) touch. */
static bool can_touch(const phys_world *world, const phys_geom *first, const phys_geom *second) {
    double a[3], b[3], apart[3], reach = first->radius + second->radius;
    geom_center(world, first, a);
    if (second->def.shape == PHYS_SHAPE_PLANE) {
        v3_sub(a, second->offset, apart);
        return v3_dot(second->normal, apart) <= first->radius;
    }
    geom_center(world, second, b);
    v3_sub(a, b, apart);
    return v3_dot(apart, apart) <= reach * reach;
}

static void point_velocity(const phys_link *link, const double *point, double *out) {
    double arm[3], swing[3];
    v3_sub(point, link->x, arm);
    v3_cross(link->w, arm, swing);
    v3_copy(link->v, out);
    v3_add_scaled(out, 1, swing);
}

/* The friction pyramid gets an edge along the velocity that the contact would have without friction: along
 * its axes the coefficient is exact, along its diagonal 1.41 times too large. */
static void set_friction_direction(const phys_world *world, const phys_link *first, const phys_link *second,
                                   dContact *contact) {
    double velocity[3], other[3];
    const double *normal = contact->geom.normal;
    point_velocity(first, contact->geom.pos, velocity);
    if (second != NULL) {
        point_velocity(second, contact->geom.pos, other);
        v3_add_scaled(velocity, -1, other);
    } else {
        v3_add_scaled(velocity, world->def.time_step, world->gravity);
    }
    v3_add_scaled(velocity, -v3_dot(velocity, normal), normal);
    double speed = sqrt(v3_dot(velocity, velocity));
    if (!(speed > 1e-6))
        return;
    contact->surface.mode |= dContactFDir1;
    for (int i = 0; i < 3; i++)
        contact->fdir1[i] = velocity[i] / speed;
}

static void collide(phys_world *world, const phys_pair *pair) {
    const phys_geom *first = &world->geoms[pair->first], *second = &world->geoms[pair->second];
    if (!can_touch(world, first, second))
        return;
    dContact found[PAIR_CONTACTS];
    int count = dCollide(first->geom, second->geom, PAIR_CONTACTS, &found[0].geom, sizeof(dContact));
    double friction =
        pair->friction * world->friction_scale[pair->first] * world->friction_scale[pair->second];
    const phys_link *a = &world->links[first->def.link];
    const phys_link *b = second->def.link >= 0 ? &world->links[second->def.link] : NULL;
    for (int i = 0; i < count && world->contact_count < WORLD_CONTACTS; i++) {
        dContact *contact = &found[i];
        /* A collider that gives no direction (centres that coincide) gives no contact either. */
        double length = v3_dot(contact->geom.normal, contact->geom.normal);
        if (!(fabs(length - 1) < 1e-3) || !phys_is_vector(contact->geom.pos, 3, 2 * MAX_PLACE) ||
            !(fabs(contact->geom.depth) <= MAX_PLACE))
            continue;
        memset(&contact->surface, 0, sizeof contact->surface);
        contact->surface.mode = dContactApprox1 | dContactSoftERP | dContactSoftCFM;
        contact->surface.mu = friction;
        contact->surface.soft_erp = world->def.contact_erp;
        contact->surface.soft_cfm = fmax(world->def.contact_cfm, world->least_cfm) / world->unit;
        set_friction_direction(world, a, b, contact);
        dJointID joint = dJointCreateContact(world->ode, world->contact_group, contact);
        dJointAttach(joint, a->body, b != NULL ? b->body : NULL);
        phys_contact *record = &world->contacts[world->contact_count++];
        memset(&record->force, 0, sizeof record->force);
        record->first = pair->first;
        record->second = pair->second;
        dJointSetFeedback(joint, &record->force);
    }
}

typedef struct {
    phys_world *world;
    size_t pair;
    double depth;
} deepest;

static void find_deepest(void *context) {
    deepest *found = context;
    phys_world *world = found->world;
    for (size_t i = 0; i < world->pair_count; i++) {
        const phys_geom *first = &world->geoms[world->pairs[i].first];
        const phys_geom *second = &world->geoms[world->pairs[i].second];
        if (!can_touch(world, first, second))
            continue;
        dContactGeom contacts[PAIR_CONTACTS];
        int count = dCollide(first->geom, second->geom, PAIR_CONTACTS, contacts, sizeof contacts[0]);
        for (int k = 0; k < count; k++) {
            if (!(contacts[k].depth > found->depth))
                continue;
            found->depth = contacts[k].depth;
            found->pair = i;
        }
    }
}

phys_status phys_world_deepest_overlap(phys_world *world, size_t *pair, double *depth) {
    if (world == NULL || pair == NULL || depth == NULL)
        return PHYS_INVALID_ARGUMENT;
    if (world->is_diverged)
        return PHYS_DIVERGED;
    phys_prepare_ode(); /* this thread may be another one than the maker's */
    deepest found = {world, world->pair_count, 0};
    if (!phys_guard(find_deepest, &found))
        return PHYS_DIVERGED;
    *pair = found.pair;
    *depth = found.depth;
    return PHYS_OK;
}

void phys_make_contacts(phys_world *world) {
    world->contact_count = 0;
    for (size_t i = 0; i < world->pair_count; i++)
        collide(world, &world->pairs[i]);
}

/* After a substep: the forces on geoms, and their sums for the mean. */
void phys_collect_contact_forces(phys_world *world) {
    if (world->contact_count == 0 && !world->has_geom_force)
        return;
    world->has_geom_force = world->contact_count > 0;
    memset(world->geom_force, 0, 3 * world->geom_count * sizeof(double));
    for (size_t i = 0; i < world->contact_count; i++) {
        const phys_contact *contact = &world->contacts[i];
        double force[3];
        phys_from_ode(world, contact->force.f1, force);
        v3_add_scaled(&world->geom_force[3 * contact->first], 1 / world->unit, force);
        v3_add_scaled(&world->geom_force[3 * contact->second], -1 / world->unit, force);
    }
    for (size_t i = 0; i < 3 * world->geom_count; i++)
        world->geom_mean_force[i] += world->geom_force[i];
}
