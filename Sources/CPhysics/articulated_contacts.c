/* SPDX-License-Identifier: MIT */
/* The rows of contacts: a normal and one or two tangents each, and the forces that come out. */
#include "articulated.h"

#include <string.h>

/* Two directions that make a right-handed frame with the normal. Returns how many of them friction has: in a
 * robot that stays in its plane, one. */
static int32_t set_directions(bool is_flat, art_contact *contact) {
    double *n = contact->direction[0], *t = contact->direction[1], *u = contact->direction[2];
    v3_copy(contact->found.normal, n);
    double across[3] = {0, 0, 0};
    if (is_flat) {
        across[2] = 1;
    } else {
        across[fabs(n[0]) < 0.6 ? 0 : 1] = 1;
    }
    v3_cross(across, n, t);
    double length = sqrt(v3_dot(t, t));
    if (!(length > 1e-6)) { /* flat, and the normal stands on the plane: nothing moves along it */
        across[0] = 1;
        v3_cross(across, n, t);
        length = sqrt(v3_dot(t, t));
    }
    for (int i = 0; i < 3; i++)
        t[i] /= length;
    v3_cross(n, t, u);
    return is_flat && fabs(n[2]) < 1e-9 ? 1 : 2;
}

static double add_side(phys_world *world, art_row *row, int32_t geom, const double *point,
                       const double *direction, double sign) {
    phys_articulated *art = world->articulated;
    int32_t n = world->geoms[geom].def.link;
    if (n < 0)
        return 0;
    const art_link *link = &art->links[art->place_of[n]];
    double arm[3], wrench[6];
    v3_sub(point, art->links[link->root].origin, arm);
    for (int i = 0; i < 3; i++)
        wrench[3 + i] = sign * direction[i];
    v3_cross(arm, wrench + 3, wrench);
    return phys_art_add_half(art, row, link, wrench);
}

/* A row along a direction of the contact. Returns the velocity apart along it. */
double phys_art_add_contact_row(phys_world *world, const art_contact *contact, const double *direction) {
    art_row *row = phys_art_new_row(world->articulated);
    const phys_contact_point *found = &contact->found;
    return add_side(world, row, found->first, found->point, direction, 1) +
           add_side(world, row, found->second, found->point, direction, -1);
}

static void add_contact(phys_world *world, const phys_contact_point *found) {
    phys_articulated *art = world->articulated;
    art_contact *contact = &art->contacts[art->contact_count++];
    double h = world->def.time_step, velocity[3], other[3];
    contact->found = *found;
    int32_t tangents = set_directions(world->is_flat, contact), first = (int32_t)art->problem.row_count;
    double *b = art->problem.b;
    contact->row = first;
    phys_point_velocity(world, &world->geoms[found->first], found->point, velocity);
    phys_point_velocity(world, &world->geoms[found->second], found->point, other);
    if (world->def.contact_law == PHYS_LAW_CONVEX) {
        v3_add_scaled(velocity, -1, other);
        phys_art_add_edges(world, contact, found->friction > 0 ? tangents : 0, velocity);
        return;
    }
    double apart = phys_art_add_contact_row(world, contact, found->normal);
    double before = v3_dot(found->normal, velocity) - v3_dot(found->normal, other);
    phys_row_law law = phys_contact_law(world, found, before, (apart - before) / h,
                                        phys_art_mobility(art, &art->rows[first]));
    b[first] = apart - law.target;
    art->softness[first] = law.mixing / h;
    art_unit *unit = phys_art_new_unit(art, first);
    unit->friction = found->friction;
    unit->tangents = found->friction > 0 ? tangents : 0;
    contact->row_count = unit->tangents + 1;
    for (int32_t i = 1; i <= unit->tangents; i++) {
        b[first + i] = phys_art_add_contact_row(world, contact, contact->direction[i]);
        art->softness[first + i] = 0;
    }
}

void phys_art_add_contact_rows(phys_world *world) {
    world->articulated->contact_count = 0;
    for (size_t i = 0; i < world->point_count; i++)
        add_contact(world, &world->points[i]);
}

/* Forces from impulses, summed on the geoms. */
void phys_art_collect_contact_forces(phys_world *world) {
    phys_articulated *art = world->articulated;
    if (art->contact_count == 0 && !world->has_geom_force)
        return;
    world->has_geom_force = art->contact_count > 0;
    memset(world->geom_force, 0, 3 * world->geom_count * sizeof(double));
    for (size_t i = 0; i < art->contact_count; i++) {
        art_contact *contact = &art->contacts[i];
        double force[3] = {0, 0, 0};
        for (int32_t k = 0; k < contact->row_count; k++)
            v3_add_scaled(force, art->problem.impulse[contact->row + k] / world->def.time_step,
                          contact->direction[k]);
        v3_copy(force, contact->force);
        phys_from_ode(world, force, force);
        v3_add_scaled(&world->geom_force[3 * contact->found.first], 1, force);
        v3_add_scaled(&world->geom_force[3 * contact->found.second], -1, force);
    }
    for (size_t i = 0; i < 3 * world->geom_count; i++)
        world->geom_mean_force[i] += world->geom_force[i];
}
