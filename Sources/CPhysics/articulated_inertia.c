/* SPDX-License-Identifier: MIT */
/* The mass matrix by the composite rigid body algorithm, and its factors along the tree: M = L' D L with L
 * lower triangular and as sparse as M, so that solving costs the sum of the depths (Featherstone 2008, ch. 6,
 * 8). */
#include "articulated.h"

#include <string.h>

/* R I R' (xx, yy, zz, xy, xz, yz) times `scale`. */
static void turn_inertia(const double *r, const dReal *inertia, double scale, double *out) {
    double t[9];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            t[3 * i + j] =
                r[4 * i] * inertia[j] + r[4 * i + 1] * inertia[4 + j] + r[4 * i + 2] * inertia[8 + j];
    static const int rows[6] = {0, 1, 2, 0, 0, 1}, columns[6] = {0, 1, 2, 1, 2, 2};
    for (int i = 0; i < 6; i++)
        out[i] = scale * (t[3 * rows[i]] * r[4 * columns[i]] + t[3 * rows[i] + 1] * r[4 * columns[i] + 1] +
                          t[3 * rows[i] + 2] * r[4 * columns[i] + 2]);
}

static void set_link_inertia(const phys_world *world, art_link *body) {
    const phys_link *link = &world->links[body->link];
    double scale = world->mass_scale[body->link], mass = scale * link->def.mass;
    double *c = body->center, *moment = body->own.moment, *inertia = body->own.inertia;
    turn_inertia(body->r, link->mass.I, scale, inertia);
    for (int i = 0; i < 3; i++)
        moment[i] = mass * c[i];
    double xx = moment[0] * c[0], yy = moment[1] * c[1], zz = moment[2] * c[2];
    body->own.mass = mass;
    inertia[0] += yy + zz;
    inertia[1] += xx + zz;
    inertia[2] += xx + yy;
    inertia[3] -= moment[0] * c[1];
    inertia[4] -= moment[0] * c[2];
    inertia[5] -= moment[1] * c[2];
}

static void add_inertia(art_inertia *sum, const art_inertia *more) {
    sum->mass += more->mass;
    for (int i = 0; i < 3; i++)
        sum->moment[i] += more->moment[i];
    for (int i = 0; i < 6; i++)
        sum->inertia[i] += more->inertia[i];
}

/* The momentum of a body that moves along a unit of `s`. */
static void momentum(const art_inertia *body, const double *s, double *out) {
    const double *i = body->inertia, *m = body->moment;
    out[0] = i[0] * s[0] + i[3] * s[1] + i[4] * s[2] + m[1] * s[5] - m[2] * s[4];
    out[1] = i[3] * s[0] + i[1] * s[1] + i[5] * s[2] + m[2] * s[3] - m[0] * s[5];
    out[2] = i[4] * s[0] + i[5] * s[1] + i[2] * s[2] + m[0] * s[4] - m[1] * s[3];
    out[3] = body->mass * s[3] + s[1] * m[2] - s[2] * m[1];
    out[4] = body->mass * s[4] + s[2] * m[0] - s[0] * m[2];
    out[5] = body->mass * s[5] + s[0] * m[1] - s[1] * m[0];
}

static double dot6(const double *a, const double *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3] + a[4] * b[4] + a[5] * b[5];
}

/* Which components of a spatial vector the dofs of a base are. */
static const int floating_component[6] = {0, 1, 2, 3, 4, 5}, planar_component[3] = {3, 4, 2};

static void set_mass_row(const phys_world *world, phys_articulated *art, const art_link *body) {
    const art_dof *dof = &art->dofs[body->dof];
    const int *component = art->base_count == 3 ? planar_component : floating_component;
    const int32_t *chain = &art->chain[dof->start];
    double *row = &art->mass[dof->start], push[6];
    momentum(&body->composite, dof->axis, push);
    int32_t base = (int32_t)art->base_count;
    for (int32_t p = 0; p < base; p++)
        row[p] = push[component[p]];
    for (int32_t p = base; p <= dof->depth; p++)
        row[p] = dot6(art->dofs[chain[p]].axis, push);
    row[dof->depth] += world->joints[dof->joint].def.armature;
}

static double *entry(phys_articulated *art, int32_t one, int32_t two) {
    const art_dof *later = &art->dofs[one > two ? one : two], *earlier = &art->dofs[one > two ? two : one];
    return &art->mass[later->start + (size_t)earlier->depth];
}

/* Where joints share dofs, each pair of joints on a chain of links adds to the entry of theirs. */
static void add_mass_row(phys_articulated *art, const art_link *body) {
    const int *component = art->base_count == 3 ? planar_component : floating_component;
    double push[6];
    momentum(&body->composite, body->axis, push);
    for (size_t d = 0; d < art->base_count; d++)
        *entry(art, body->dof, (int32_t)d) += push[component[d]];
    for (const art_link *link = body; link != NULL;
         link = link->parent >= 0 ? &art->links[link->parent] : NULL) {
        if (link->dof < 0)
            continue;
        bool is_twice = link != body && link->dof == body->dof;
        *entry(art, body->dof, link->dof) += (is_twice ? 2 : 1) * dot6(link->axis, push);
    }
}

static void set_root_rows(phys_articulated *art, const art_link *root) {
    const int *component = root->root_count == 3 ? planar_component : floating_component;
    for (int32_t d = 0; d < root->root_count; d++) {
        double unit[6] = {0, 0, 0, 0, 0, 0}, push[6];
        unit[component[d]] = 1;
        momentum(&root->composite, unit, push);
        for (int32_t e = 0; e <= d; e++)
            art->mass[art->dofs[root->root_dof + d].start + (size_t)e] = push[component[e]];
    }
}

/* The links' inertias, and the mass matrix with the armatures. */
void phys_art_set_inertia(phys_world *world) {
    phys_articulated *art = world->articulated;
    for (size_t k = 0; k < art->link_count; k++) {
        set_link_inertia(world, &art->links[k]);
        art->links[k].composite = art->links[k].own;
    }
    bool is_shared = art->follower_count > 0;
    if (is_shared)
        memset(art->mass, 0, art->packed_count * sizeof *art->mass);
    for (size_t k = art->link_count; k-- > 0;) {
        const art_link *body = &art->links[k];
        if (body->dof >= 0)
            is_shared ? add_mass_row(art, body) : set_mass_row(world, art, body);
        if (body->parent >= 0)
            add_inertia(&art->links[body->parent].composite, &body->composite);
    }
    for (size_t d = art->base_count; d < art->joint_end && is_shared; d++)
        *entry(art, (int32_t)d, (int32_t)d) += world->joints[art->dofs[d].joint].def.armature;
    for (size_t k = 0; k < art->link_count; k++)
        if (art->links[k].joint < 0)
            set_root_rows(art, &art->links[k]);
}

/* Adds what the joint does in proportion to its new velocity to the pivot. The pivot is the inertia that the
 * joint feels with all beyond it moving freely. */
static double add_gain(phys_world *world, phys_articulated *art, size_t d, double pivot) {
    art_dof *dof = &art->dofs[d];
    double h = world->def.time_step;
    art->effort[d] = 0;
    if (dof->joint < 0)
        return pivot;
    art_law law;
    phys_art_set_law(world, dof, d, pivot, &law);
    art->effort[d] = h * (law.effort - law.gain * art->start_velocity[d]);
    return pivot + h * law.gain;
}

/* Factors M + h gains. A dof that moves no mass of its own where the robot stands now, as in a gimbal lock,
 * gets a little. False where one cannot move any. */
bool phys_art_factor(phys_world *world) {
    phys_articulated *art = world->articulated;
    bool is_singular = false;
    memcpy(art->factor, art->mass, art->packed_count * sizeof *art->factor);
    for (size_t k = art->dof_count; k-- > 0;) {
        const art_dof *dof = &art->dofs[k];
        const int32_t *chain = &art->chain[dof->start];
        double *row = &art->factor[dof->start];
        int32_t depth = dof->depth;
        double least = ART_LEAST_PIVOT * art->mass[dof->start + (size_t)depth];
        if (!(least > 0))
            return false;
        if (!(row[depth] >= least)) {
            row[depth] = least;
            is_singular = true;
        }
        double pivot = add_gain(world, art, k, row[depth]), inverse = 1 / pivot;
        row[depth] = pivot;
        art->root_pivot[k] = sqrt(inverse);
        for (int32_t p = depth - 1; p >= 0; p--) {
            double *above = &art->factor[art->dofs[chain[p]].start], share = row[p] * inverse;
            for (int32_t j = 0; j <= p; j++)
                above[j] -= share * row[j];
            row[p] = share;
        }
    }
    art->is_singular = is_singular;
    return true;
}

/* Whether each dof moves mass of its own at the zero configuration; which the convex law measures by it. */
bool phys_art_is_solvable(phys_world *world) {
    phys_art_set_inertia(world);
    if (!phys_art_factor(world) || world->articulated->is_singular)
        return false;
    if (world->def.contact_law == PHYS_LAW_CONVEX || world->def.stop_law == PHYS_LAW_CONVEX)
        phys_art_measure_mobilities(world);
    return true;
}

/* x becomes L^-T x. */
static void solve_lower(const phys_articulated *art, double *x) {
    for (size_t k = art->dof_count; k-- > 0;) {
        const art_dof *dof = &art->dofs[k];
        const int32_t *chain = &art->chain[dof->start];
        const double *row = &art->factor[dof->start];
        for (int32_t p = 0; p < dof->depth; p++)
            x[chain[p]] -= row[p] * x[k];
    }
}

/* x becomes L^-1 x. */
void phys_art_solve_upper(const phys_articulated *art, double *x) {
    for (size_t k = 0; k < art->dof_count; k++) {
        const art_dof *dof = &art->dofs[k];
        const int32_t *chain = &art->chain[dof->start];
        const double *row = &art->factor[dof->start];
        double sum = x[k];
        for (int32_t p = 0; p < dof->depth; p++)
            sum -= row[p] * x[chain[p]];
        x[k] = sum;
    }
}

/* x becomes (M + h gains)^-1 x. */
void phys_art_solve(const phys_articulated *art, double *x) {
    solve_lower(art, x);
    for (size_t k = 0; k < art->dof_count; k++)
        x[k] *= art->root_pivot[k] * art->root_pivot[k];
    phys_art_solve_upper(art, x);
}
