/* SPDX-License-Identifier: MIT */
/* One substep in the robot's own coordinates: half a step on, new velocities there, half a step on.
 *
 *     (M + h gains) (v' - v) = h (efforts - bias) + J' f,   q' = q + h (v + v') / 2
 *
 * M, contacts and efforts are those of the middle; the bias (gravity, velocity products) that of the mean of
 * the old velocity and the new one without contacts. So the step is the same forwards and backwards but for
 * contacts, and of second order: energy and angular momentum do not drift away. From middle to middle, where
 * contacts and stops are looked at, positions change by h v', and what v' keeps apart stays apart. */
#include "articulated.h"

#include <string.h>

static void read_velocities(const phys_world *world, phys_articulated *art, double *out) {
    phys_art_read_roots(art, out);
    for (size_t d = art->base_count; d < art->joint_end; d++)
        out[d] = world->joint_velocity[art->dofs[d].joint];
}

/* The change of velocity in a substep with this bias, contacts left out. */
static void free_change(const phys_world *world, phys_articulated *art, const double *bias) {
    for (size_t d = 0; d < art->dof_count; d++)
        art->change[d] = art->effort[d] - world->def.time_step * bias[d];
    phys_art_solve(art, art->change);
}

static void solve_without_contacts(phys_world *world) {
    phys_articulated *art = world->articulated;
    free_change(world, art, art->first_bias);
    for (size_t d = 0; d < art->dof_count; d++)
        art->velocity[d] = art->start_velocity[d] + 0.5 * art->change[d];
    phys_art_bias(world, art->velocity, art->bias);
    free_change(world, art, art->bias);
    for (size_t d = 0; d < art->dof_count; d++)
        art->velocity[d] = art->start_velocity[d] + art->change[d];
}

static void solve_rows(phys_world *world) {
    phys_articulated *art = world->articulated;
    art->problem.row_count = art->problem.unit_count = art->half_count = 0;
    phys_art_add_contact_rows(world);
    phys_art_add_joint_rows(world);
    if (art->problem.row_count == 0)
        return;
    phys_art_couple_rows(world);
    if (!phys_art_solve_problem(&art->problem))
        art->fallback_count++;
    phys_art_apply_impulses(world);
}

/* Solves for the new velocities; false where the equations have no solution. */
static bool solve(phys_world *world) {
    phys_articulated *art = world->articulated;
    read_velocities(world, art, art->start_velocity);
    phys_art_place_servos(world);
    phys_art_set_inertia(world);
    phys_art_bias(world, art->start_velocity, art->first_bias);
    if (world->pair_count > 0)
        phys_find_contacts(world);
    do {
        if (!phys_art_factor(world))
            return false;
        solve_without_contacts(world);
        solve_rows(world);
    } while (phys_art_is_servo_over(world));
    return true;
}

/* To the end of the substep, with what can be read there. */
static void finish(phys_world *world, bool measures_forces) {
    phys_art_read_servos(world);
    if (measures_forces)
        phys_art_note_loads(world);
    phys_art_take_velocities(world);
    phys_art_move(world, 0.5 * world->def.time_step);
    phys_art_pose(world);
    if (measures_forces)
        phys_art_read_joint_forces(world);
}

/* A substep. On PHYS_DIVERGED the state has no meaning. Under the guard, since contacts may need ODE's
 * collider. Links stand in the middle of the substep unless it is the last one that is asked for. */
phys_status phys_art_substep(phys_world *world, bool is_last) {
    bool measures_forces = is_last && !world->leaves_out_joint_forces;
    if (measures_forces) {
        phys_art_pose(world);
        phys_art_note_momenta(world);
    }
    phys_art_move(world, 0.5 * world->def.time_step);
    phys_art_pose(world);
    if (!phys_is_in_bounds(world) || !solve(world))
        return PHYS_DIVERGED;
    if (world->pair_count > 0)
        phys_art_collect_contact_forces(world);
    if (is_last) {
        finish(world, measures_forces);
        return phys_is_in_bounds(world) ? PHYS_OK : PHYS_DIVERGED;
    }
    phys_art_take_velocities(world);
    phys_art_move(world, 0.5 * world->def.time_step);
    return PHYS_OK;
}
