/* SPDX-License-Identifier: MIT */
/* The contacts of the last substep one by one, as either solver left them. */
#include "articulated.h"

void phys_forget_contacts(phys_world *world) {
    world->contact_count = 0;
    if (world->articulated != NULL)
        world->articulated->contact_count = 0;
}

size_t phys_world_contact_count(const phys_world *world) {
    if (world == NULL)
        return 0;
    return world->articulated != NULL ? world->articulated->contact_count : world->contact_count;
}

static void read_contact(const phys_world *world, size_t index, phys_contact_reading *out) {
    const double *point, *force;
    double share = 1;
    if (world->articulated != NULL) {
        const art_contact *contact = &world->articulated->contacts[index];
        out->first = (size_t)contact->found.first;
        out->second = (size_t)contact->found.second;
        point = contact->found.point;
        force = contact->force;
    } else {
        const phys_contact *contact = &world->contacts[index];
        out->first = (size_t)contact->first;
        out->second = (size_t)contact->second;
        point = contact->point;
        force = contact->force.f1;
        share = 1 / world->unit;
    }
    phys_point_from_ode(world, point, out->point);
    phys_from_ode(world, force, out->force);
    for (int i = 0; i < 3; i++)
        out->force[i] *= share;
}

phys_status phys_world_contacts(const phys_world *world, phys_contact_reading *contacts, size_t count) {
    if (world == NULL || (contacts == NULL && count > 0) || count != phys_world_contact_count(world))
        return PHYS_INVALID_ARGUMENT;
    if (world->is_diverged)
        return PHYS_DIVERGED;
    for (size_t i = 0; i < count; i++)
        read_contact(world, i, &contacts[i]);
    return PHYS_OK;
}
