/* SPDX-License-Identifier: MIT */
/* Contacts as rows of ODE's equations: one along the normal, two of friction. */
#include "physics_internal.h"

#include <string.h>

/* What gravity and pushes accelerate a geom's link by; those that stand still, nothing. */
static void free_acceleration(const phys_world *world, const phys_geom *geom, double *out) {
    memset(out, 0, 3 * sizeof *out);
    if (geom->def.link < 0)
        return;
    const phys_link *link = &world->links[geom->def.link];
    double mass = link->def.mass * world->mass_scale[geom->def.link];
    phys_to_ode(world, &world->external_force[3 * geom->def.link], out);
    for (int i = 0; i < 3; i++)
        out[i] = out[i] / mass + world->gravity[i];
}

/* ODE's friction is a pyramid, whose bound is exact along its edges alone. It gets an edge along the velocity
 * that the contact would have without friction. What slides on after the step has friction in that direction
 * only, as Coulomb's law has it; across it the pyramid would hold with its whole strength. */
static void set_friction(const phys_world *world, const double *velocity, const double *acceleration,
                         dContact *contact) {
    double h = world->def.time_step, along[3];
    const double *normal = contact->geom.normal;
    v3_copy(velocity, along);
    v3_add_scaled(along, -v3_dot(along, normal), normal);
    double gravity = sqrt(v3_dot(world->gravity, world->gravity));
    bool is_sliding = sqrt(v3_dot(along, along)) > 3 * contact->surface.mu * gravity * h + 1e-6;
    if (!is_sliding) {
        v3_add_scaled(along, h, acceleration);
        v3_add_scaled(along, -v3_dot(along, normal), normal);
    }
    double speed = sqrt(v3_dot(along, along));
    if (!(speed > 1e-9))
        return;
    contact->surface.mode |= dContactFDir1;
    for (int i = 0; i < 3; i++)
        contact->fdir1[i] = along[i] / speed;
    if (is_sliding) {
        contact->surface.mode |= dContactMu2;
        contact->surface.mu2 = 0;
    }
}

static void make_contact(phys_world *world, const phys_contact_point *point) {
    const phys_geom *first = &world->geoms[point->first], *second = &world->geoms[point->second];
    double velocity[3], acceleration[3], other[3];
    phys_point_velocity(world, first, point->point, velocity);
    phys_point_velocity(world, second, point->point, other);
    v3_add_scaled(velocity, -1, other);
    free_acceleration(world, first, acceleration);
    free_acceleration(world, second, other);
    v3_add_scaled(acceleration, -1, other);
    double mobility = world->def.contact_impedance < 1 ? phys_contact_mobility(world, point) : 0;
    double apart = v3_dot(velocity, point->normal);
    phys_row_law law = phys_contact_law(world, point, apart, v3_dot(acceleration, point->normal), mobility);
    phys_fit_to_ode(world, apart, &law);
    dContact contact;
    memset(&contact, 0, sizeof contact);
    v3_copy(point->point, contact.geom.pos);
    v3_copy(point->normal, contact.geom.normal);
    contact.surface.mode = dContactApprox1 | dContactMotionN | dContactSoftCFM;
    contact.surface.mu = point->friction;
    contact.surface.motionN = law.target;
    contact.surface.soft_cfm = law.mixing / world->unit;
    set_friction(world, velocity, acceleration, &contact);
    dJointID joint = dJointCreateContact(world->ode, world->contact_group, &contact);
    const phys_link *a = &world->links[first->def.link];
    dJointAttach(joint, a->body, second->def.link >= 0 ? world->links[second->def.link].body : NULL);
    phys_contact *record = &world->contacts[world->contact_count++];
    memset(&record->force, 0, sizeof record->force);
    record->first = point->first;
    record->second = point->second;
    v3_copy(point->point, record->point);
    dJointSetFeedback(joint, &record->force);
}

void phys_make_contacts(phys_world *world) {
    world->contact_count = 0;
    phys_find_contacts(world);
    for (size_t i = 0; i < world->point_count; i++)
        make_contact(world, &world->points[i]);
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
