/* SPDX-License-Identifier: MIT */
/* The rows of the contact problem: what each does to the joints, how they act on each other, and the rows of
 * single joints: stops, dry friction, servos at their effort limits.
 *
 * With M + h gains = L' D L, an impulse f along a row J changes the velocities by L^-1 D^-1 L^-T J' f. So
 * rows keep y = D^-1/2 L^-T J', which is not zero on the chain of the link alone, and act on each other by y
 * . y on what their chains share. */
#include "articulated.h"

#include <string.h>

/* How much softer than exact all rows are: where rows say the same thing twice, it shares the load. */
#define SOFTNESS 1e-10
/* A row this much less mobile than others moves nothing: it gets no impulse. */
#define IMMOBILE 1e-14

art_row *phys_art_new_row(phys_articulated *art) {
    art_row *row = &art->rows[art->problem.row_count];
    row->tip[0] = row->tip[1] = -1;
    row->half[0] = row->half[1] = NULL;
    art->problem.impulse[art->problem.row_count++] = 0;
    return row;
}

art_unit *phys_art_new_unit(phys_articulated *art, int32_t row) {
    art_unit *unit = &art->problem.units[art->problem.unit_count++];
    memset(unit, 0, sizeof *unit);
    unit->row = row;
    unit->high = INFINITY;
    return unit;
}

/* Reserves the next half of a row, along the chain of a dof. */
static double *take_half(phys_articulated *art, art_row *row, int32_t tip) {
    int side = row->tip[0] < 0 ? 0 : 1;
    double *half = art->halves + art->half_count;
    art->half_count += (size_t)art->dofs[tip].depth + 1;
    row->tip[side] = tip;
    row->half[side] = half;
    return half;
}

/* J' becomes D^-1/2 L^-T J'. */
static void transform(const phys_articulated *art, int32_t tip, double *half) {
    const int32_t *chain = &art->chain[art->dofs[tip].start];
    for (int32_t p = art->dofs[tip].depth; p >= 0; p--) {
        const double *row = &art->factor[art->dofs[chain[p]].start];
        double y = half[p];
        for (int32_t j = 0; j < p; j++)
            half[j] -= row[j] * y;
        half[p] = y * art->root_pivot[chain[p]];
    }
}

static double dot6(const double *s, const double *f) {
    return s[0] * f[0] + s[1] * f[1] + s[2] * f[2] + s[3] * f[3] + s[4] * f[4] + s[5] * f[5];
}

/* Where joints share dofs, each joint that carries the link adds to its own. */
static void add_by_links(const phys_articulated *art, const art_link *link, const double *wrench,
                         double *half) {
    int32_t base = link->root_count, depth = art->dofs[link->tip].depth;
    memset(half + base, 0, (size_t)(depth + 1 - base) * sizeof *half);
    for (; link != NULL; link = link->parent >= 0 ? &art->links[link->parent] : NULL)
        if (link->dof >= 0)
            half[art->dofs[link->dof].depth] += dot6(link->axis, wrench);
}

/* A wrench about its tree's origin on a link. Returns the velocity along it. */
double phys_art_add_half(phys_articulated *art, art_row *row, const art_link *link, const double *wrench) {
    if (link->tip < 0)
        return 0;
    double *half = take_half(art, row, link->tip), velocity = 0;
    const int32_t *chain = &art->chain[art->dofs[link->tip].start];
    int32_t base = link->root_count, depth = art->dofs[link->tip].depth;
    phys_art_put_wrench(base, wrench, half);
    if (art->follower_count > 0)
        add_by_links(art, link, wrench, half);
    for (int32_t p = base; p <= depth && art->follower_count == 0; p++)
        half[p] = dot6(art->dofs[chain[p]].axis, wrench);
    for (int32_t p = 0; p <= depth; p++)
        velocity += half[p] * art->velocity[chain[p]];
    transform(art, link->tip, half);
    return velocity;
}

static double dot(const double *a, const double *b, int32_t count) {
    double even = 0, odd = 0;
    int32_t i = 0;
    for (; i + 1 < count; i += 2) {
        even += a[i] * b[i];
        odd += a[i + 1] * b[i + 1];
    }
    return i < count ? even + odd + a[i] * b[i] : even + odd;
}

static double couple(const phys_articulated *art, const art_row *one, const art_row *two) {
    double sum = 0;
    for (int i = 0; i < 2 && one->tip[i] >= 0; i++)
        for (int k = 0; k < 2 && two->tip[k] >= 0; k++)
            sum += dot(one->half[i], two->half[k],
                       art->common[(size_t)one->tip[i] * art->dof_count + (size_t)two->tip[k]]);
    return sum;
}

/* The velocity along the row that a unit of impulse along it gives. */
double phys_art_mobility(const phys_articulated *art, const art_row *row) {
    return couple(art, row, row);
}

/* ---- Rows of joints */

/* A row along one dof; returns its mobility. */
static double add_dof_row(phys_articulated *art, int32_t d, double sign) {
    art_row *row = phys_art_new_row(art);
    double *half = take_half(art, row, d);
    memset(half, 0, (size_t)art->dofs[d].depth * sizeof *half);
    half[art->dofs[d].depth] = sign;
    transform(art, d, half);
    return phys_art_mobility(art, row);
}

static void finish_unit(phys_articulated *art, double velocity, double target, double mixing, double low,
                        double high) {
    size_t r = art->problem.row_count - 1;
    art_unit *unit = phys_art_new_unit(art, (int32_t)r);
    art->problem.b[r] = velocity - target;
    art->softness[r] = mixing;
    unit->low = low;
    unit->high = high;
}

static void add_convex_stop(phys_world *world, int32_t d, double distance, double sign) {
    phys_articulated *art = world->articulated;
    double h = world->def.time_step;
    phys_approach way = {sign * art->start_velocity[d], sign * art->velocity[d]};
    if (!(phys_rest_of_step(h, distance, way.after) > 0))
        return;
    phys_row_law law = phys_convex_stop_law(world, distance, &way, art->dofs[d].zero_mobility);
    add_dof_row(art, d, sign);
    finish_unit(art, way.after, law.target, law.mixing / h, 0, INFINITY);
}

/* A stop that the joint could reach in this substep, even if contacts push it there. */
static void add_stop(phys_world *world, int32_t d, double distance, double sign) {
    phys_articulated *art = world->articulated;
    double h = world->def.time_step, speed = sign * art->velocity[d];
    if (!(distance + h * speed < 0.05))
        return;
    const phys_joint *joint = &world->joints[art->dofs[d].joint];
    if (world->def.stop_law == PHYS_LAW_CONVEX) {
        add_convex_stop(world, d, distance, sign);
        return;
    }
    double mobility = add_dof_row(art, d, sign);
    phys_row_law law = phys_stop_law(world, joint, distance, sign * art->start_velocity[d], speed, mobility);
    finish_unit(art, speed, law.target, law.mixing / h, -h * law.pull, INFINITY);
}

static void add_servo_row(phys_world *world, int32_t d) {
    phys_articulated *art = world->articulated;
    const art_dof *dof = &art->dofs[d];
    double h = world->def.time_step, limit = h * phys_art_servo_limit(world, (size_t)dof->joint);
    add_dof_row(art, d, 1);
    finish_unit(art, art->velocity[d], dof->servo.effort / dof->servo.gain, 1 / (h * dof->servo.gain), -limit,
                limit);
}

void phys_art_add_joint_rows(phys_world *world) {
    phys_articulated *art = world->articulated;
    for (size_t d = art->base_count; d < art->joint_end; d++) {
        const art_dof *dof = &art->dofs[d];
        const phys_joint_def *def = &world->joints[dof->joint].def;
        double q = world->joint_position[dof->joint];
        if (def->lower > -INFINITY)
            add_stop(world, (int32_t)d, q - def->lower, 1);
        if (def->upper < INFINITY)
            add_stop(world, (int32_t)d, def->upper - q, -1);
        if (dof->servo_place == ART_SERVO_ROW)
            add_servo_row(world, (int32_t)d);
        if (def->dry_friction > 0) {
            double limit = world->def.time_step * def->dry_friction;
            add_dof_row(art, (int32_t)d, 1);
            finish_unit(art, art->velocity[d], 0, 0, -limit, limit);
        }
    }
}

/* ---- All rows */

/* The matrix of the problem. */
void phys_art_couple_rows(phys_world *world) {
    phys_articulated *art = world->articulated;
    size_t rows = art->problem.row_count;
    double *a = art->problem.a, largest = 0;
    for (size_t r = 0; r < rows; r++) {
        for (size_t s = 0; s <= r; s++)
            a[r * rows + s] = a[s * rows + r] = couple(art, &art->rows[r], &art->rows[s]);
        largest = fmax(largest, a[r * rows + r]);
    }
    for (size_t r = 0; r < rows; r++) {
        double *diagonal = &a[r * rows + r];
        if (*diagonal <= IMMOBILE * largest) {
            *diagonal = largest > 0 ? largest : 1;
            art->problem.b[r] = 0;
        } else {
            *diagonal += art->softness[r] + SOFTNESS * *diagonal;
        }
    }
}

/* What the impulses do to the velocities. */
void phys_art_apply_impulses(phys_world *world) {
    phys_articulated *art = world->articulated;
    memset(art->change, 0, art->dof_count * sizeof *art->change);
    for (size_t r = 0; r < art->problem.row_count; r++) {
        double impulse = art->problem.impulse[r];
        const art_row *row = &art->rows[r];
        for (int i = 0; i < 2 && row->tip[i] >= 0 && impulse != 0; i++) {
            const int32_t *chain = &art->chain[art->dofs[row->tip[i]].start];
            for (int32_t p = 0; p <= art->dofs[row->tip[i]].depth; p++)
                art->change[chain[p]] += impulse * row->half[i][p];
        }
    }
    for (size_t d = 0; d < art->dof_count; d++)
        art->change[d] *= art->root_pivot[d];
    phys_art_solve_upper(art, art->change);
    for (size_t d = 0; d < art->dof_count; d++)
        art->velocity[d] += art->change[d];
}
