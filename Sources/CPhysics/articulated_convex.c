/* SPDX-License-Identifier: MIT */
/* The rows of contacts by the convex law: the edges of a pyramid of friction, each a bounded row of its own;
 * and the mobilities at the zero configuration that say how soft they are. */
#include "articulated.h"

/* The mean of how a force through the link's centre moves it, of three directions. */
static double mobility_of_link(phys_articulated *art, const art_link *link) {
    double sum = 0;
    for (int axis = 0; axis < 3 && link->tip >= 0; axis++) {
        double wrench[6] = {0, 0, 0, 0, 0, 0};
        wrench[3 + axis] = 1;
        v3_cross(link->center, wrench + 3, wrench);
        art->problem.row_count = art->half_count = 0;
        art_row *row = phys_art_new_row(art);
        phys_art_add_half(art, row, link, wrench);
        sum += phys_art_mobility(art, row) / 3;
    }
    return sum;
}

static double mobility_of_dof(phys_articulated *art, size_t d) {
    for (size_t k = 0; k < art->dof_count; k++)
        art->change[k] = k == d;
    phys_art_solve(art, art->change);
    return art->change[d];
}

/* At the zero configuration. Springs, dampers and servos do not count: no time passes. */
void phys_art_measure_mobilities(phys_world *world) {
    phys_articulated *art = world->articulated;
    double time_step = world->def.time_step;
    world->def.time_step = 0;
    if (phys_art_factor(world)) {
        for (size_t k = 0; k < art->link_count && art->contact_limit > 0; k++)
            art->links[k].zero_mobility = mobility_of_link(art, &art->links[k]);
        for (size_t d = 0; d < art->dof_count; d++)
            art->dofs[d].zero_mobility = mobility_of_dof(art, d);
    }
    world->def.time_step = time_step;
}

static double mobility_of(const phys_world *world, int32_t geom) {
    const phys_articulated *art = world->articulated;
    int32_t link = world->geoms[geom].def.link;
    return link < 0 ? 0 : art->links[art->place_of[link]].zero_mobility;
}

/* Tangents along and across a capsule's axis. */
static void align(const phys_world *world, art_contact *contact) {
    const phys_geom *geom = &world->geoms[contact->found.first];
    const double *r = geom->rotation, *n = contact->direction[0];
    double along[3] = {r[2], r[6], r[10]};
    v3_add_scaled(along, -v3_dot(along, n), n);
    double length = sqrt(v3_dot(along, along));
    if (geom->def.shape != PHYS_SHAPE_CAPSULE || !(length > 1e-6))
        return;
    for (int i = 0; i < 3; i++)
        contact->direction[1][i] = along[i] / length;
    v3_cross(n, contact->direction[1], contact->direction[2]);
}

/* Turns normal and tangents into the directions of the rows: two edges for each tangent. A flat robot has one
 * tangent; the two edges along the other are the normal, and one row of half their softness is as good.
 * Returns their number. */
static int32_t make_edges(art_contact *contact, int32_t tangents) {
    double frame[3][3];
    for (int i = 0; i < 3; i++)
        v3_copy(contact->direction[i], frame[i]);
    for (int32_t i = 0; i < 2 * tangents; i++) {
        v3_copy(frame[0], contact->direction[i]);
        v3_add_scaled(contact->direction[i], (i % 2 == 0 ? 1 : -1) * contact->found.friction,
                      frame[1 + i / 2]);
    }
    if (tangents < 2)
        v3_copy(frame[0], contact->direction[2 * tangents]);
    return tangents == 2 ? 4 : 2 * tangents + 1;
}

/* The rows of a contact whose normal and tangents are set. `velocity`: of the first geom's point against the
 * second's. None where they do not meet in this step. */
void phys_art_add_edges(phys_world *world, art_contact *contact, int32_t tangents, const double *velocity) {
    phys_articulated *art = world->articulated;
    const phys_contact_point *found = &contact->found;
    size_t rows = art->problem.row_count, halves = art->half_count;
    double h = world->def.time_step, mu = found->friction;
    double mobility = mobility_of(world, found->first) + mobility_of(world, found->second);
    if (tangents == 2)
        align(world, contact);
    contact->row_count = make_edges(contact, tangents);
    phys_approach ways[4], normal = {0, 0};
    for (int32_t i = 0; i < contact->row_count; i++)
        ways[i] = (phys_approach){v3_dot(velocity, contact->direction[i]),
                                  phys_art_add_contact_row(world, contact, contact->direction[i])};
    int32_t pair = tangents > 0 ? 1 : 0; /* the normal is the mean of two edges */
    normal.before = (ways[0].before + ways[pair].before) / 2;
    normal.after = (ways[0].after + ways[pair].after) / 2;
    if (!(phys_rest_of_step(h, found->gap, normal.after) > 0)) {
        art->problem.row_count = rows, art->half_count = halves;
        contact->row_count = 0;
        return;
    }
    if (tangents > 0)
        mobility *= 2 * mu * mu * (1 + mu * mu);
    for (int32_t i = 0; i < contact->row_count; i++) {
        double own = tangents == 1 && i == 2 ? mobility / 2 : mobility;
        phys_row_law law = phys_convex_contact_law(world, found, &normal, &ways[i], own);
        art->problem.b[contact->row + i] = ways[i].after - law.target;
        art->softness[contact->row + i] = law.mixing / h;
        phys_art_new_unit(art, contact->row + i);
    }
}
