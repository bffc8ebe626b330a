/* SPDX-License-Identifier: MIT */
/* The bare loop: the motion of `phys_world_step` and nothing else, as the measure of what the rest costs. It
 * keeps what moves the robot (rows, contacts, servos at their limits, the planar projection, speed limits)
 * and leaves out the bounds, the guard around each substep, and all forces that could be read. */
#include "physics_internal.h"

#include <string.h>

typedef struct {
    phys_world *world;
    const double *commands;
    size_t substeps;
} bare_run;

static void solve(phys_world *world) {
    for (size_t n = 0; n < world->joint_count; n++)
        phys_set_rows(world, &world->joints[n], n);
    if (world->pair_count > 0)
        phys_make_contacts(world);
    phys_solve(world);
    if (world->pair_count > 0)
        dJointGroupEmpty(world->contact_group);
    if (world->is_planar)
        phys_project_base(world);
    phys_measure_joints(world, world->def.time_step);
}

static void run(void *context) {
    bare_run *job = context;
    phys_world *world = job->world;
    for (size_t i = 0; i < job->substeps; i++) {
        for (size_t n = 0; n < world->joint_count; n++)
            world->joints[n].command = job->commands[i * world->joint_count + n];
        world->is_splitting = false;
        if (world->has_limited_servo)
            phys_keep_attempt(world);
        solve(world);
        if (world->has_limited_servo && phys_is_servo_over(world)) {
            phys_undo_attempt(world);
            world->is_splitting = true;
            solve(world);
        }
        phys_clip_velocities(world);
    }
}

phys_status phys_world_run_bare(phys_world *world, const double *commands, size_t count, size_t substeps) {
    if (world == NULL || substeps > PHYS_MAX_SUBSTEPS || count != substeps * world->joint_count ||
        (commands == NULL && count > 0))
        return PHYS_INVALID_ARGUMENT;
    if (world->is_diverged)
        return PHYS_DIVERGED;
    phys_prepare_ode();
    bare_run job = {world, commands, substeps};
    phys_set_feedback(world, false);
    world->is_bare = true;
    phys_lock_solver(world);
    bool is_whole = phys_guard(run, &job);
    phys_unlock_solver(world);
    world->is_bare = false;
    phys_set_feedback(world, true);
    phys_forget_forces(world);
    if (is_whole && phys_is_in_bounds(world))
        return PHYS_OK;
    phys_diverge(world);
    return PHYS_DIVERGED;
}
