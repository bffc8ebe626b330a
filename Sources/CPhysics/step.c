/* SPDX-License-Identifier: MIT */
/* Stepping: check, set the rows, collide, let ODE solve, and look at what came out. */
#include "physics_internal.h"

#include <string.h>

typedef struct {
    phys_world *world;
    size_t substeps;
    phys_status status;
} phys_run;

/* Sets the rows, collides and lets ODE solve. */
static bool solve(phys_world *world) {
    world->has_inertias = false;
    for (size_t n = 0; n < world->joint_count; n++)
        phys_set_rows(world, &world->joints[n], n);
    for (size_t n = 0; n < world->link_count; n++)
        phys_add_gyroscopic_torque(world, n);
    if (phys_has_pushes(world))
        for (size_t n = 0; n < world->link_count; n++) {
            double force[3], torque[3];
            phys_read_push(world, n, force, torque);
            for (int i = 0; i < 3; i++)
                force[i] *= world->unit, torque[i] *= world->unit;
            dBodyAddForce(world->links[n].body, force[0], force[1], force[2]);
            dBodyAddTorque(world->links[n].body, torque[0], torque[1], torque[2]);
        }
    if (world->pair_count > 0)
        phys_make_contacts(world);
    bool is_solved = dWorldStep(world->ode, world->def.time_step) != 0;
    if (world->pair_count > 0)
        dJointGroupEmpty(world->contact_group);
    return is_solved;
}

static void empty_contacts(void *context) {
    const phys_world *world = context;
    if (world->contact_group != NULL)
        dJointGroupEmpty(world->contact_group);
}

/* A diverged world is left in its zero configuration, so that no NaN stays anywhere. */
static void diverge(phys_world *world) {
    phys_guard(empty_contacts, world);
    phys_set_zero_configuration(world);
    world->is_diverged = true;
}

static void keep_attempt(phys_world *world) {
    for (size_t n = 0; n < world->link_count; n++)
        phys_get_raw_body(&world->links[n], world->attempt + BODY_STATE_COUNT * n);
    double *joints = world->attempt + BODY_STATE_COUNT * world->link_count;
    memcpy(joints, world->joint_position, 2 * world->joint_count * sizeof *joints); /* velocities follow */
}

static void undo_attempt(phys_world *world) {
    for (size_t n = 0; n < world->link_count; n++)
        phys_set_raw_body(&world->links[n], world->attempt + BODY_STATE_COUNT * n);
    const double *joints = world->attempt + BODY_STATE_COUNT * world->link_count;
    memcpy(world->joint_position, joints, 2 * world->joint_count * sizeof *joints);
}

/* Solves and moves once. */
static phys_status try_substep(phys_world *world) {
    if (!solve(world))
        return PHYS_OUT_OF_MEMORY;
    if (!phys_is_in_bounds(world))
        return PHYS_DIVERGED;
    if (world->is_planar)
        phys_project_base(world);
    phys_measure_joints(world, world->def.time_step);
    return PHYS_OK;
}

static phys_status ode_substep(phys_world *world, bool is_last) {
    world->is_splitting = false;
    if (world->has_limited_servo)
        keep_attempt(world);
    phys_status status = try_substep(world);
    if (status == PHYS_OK && phys_is_servo_over(world)) {
        undo_attempt(world);
        world->is_splitting = true;
        status = try_substep(world);
    }
    if (status != PHYS_OK)
        return status;
    if (is_last)
        phys_collect_joint_forces(world);
    phys_clip_velocities(world);
    if (world->pair_count > 0)
        phys_collect_contact_forces(world);
    return PHYS_OK;
}

/* All substeps; under the guard. Only those of the last one can be read, so that ODE computes the joints'
 * forces there alone. */
static void run(void *context) {
    phys_run *job = context;
    phys_world *world = job->world;
    bool is_articulated = world->articulated != NULL;
    bool switches = job->substeps > 1 && !world->leaves_out_joint_forces && !is_articulated;
    if (switches)
        phys_set_feedback(world, false);
    for (size_t i = 0; i < job->substeps && job->status == PHYS_OK; i++) {
        bool is_last = i + 1 == job->substeps;
        if (is_last && switches)
            phys_set_feedback(world, true);
        job->status = is_articulated ? phys_art_substep(world, is_last) : ode_substep(world, is_last);
    }
}

static bool take_commands(phys_world *world, const double *commands, size_t count) {
    if (commands == NULL) {
        if (count != 0)
            return false;
        for (size_t n = 0; n < world->joint_count; n++)
            if (world->joints[n].def.kind != PHYS_JOINT_FIXED &&
                world->joints[n].def.drive != PHYS_DRIVE_NONE)
                return false;
        return true;
    }
    if (count != world->joint_count || !phys_is_vector(commands, (int)count, MAX_EFFORT))
        return false;
    for (size_t n = 0; n < count; n++)
        world->joints[n].command = commands[n];
    return true;
}

phys_status phys_world_step(phys_world *world, const double *commands, size_t count, size_t substeps) {
    if (world == NULL || substeps > PHYS_MAX_SUBSTEPS)
        return PHYS_INVALID_ARGUMENT;
    if (!take_commands(world, commands, count))
        return PHYS_INVALID_ARGUMENT;
    if (world->is_diverged)
        return PHYS_DIVERGED;
    if (substeps == 0)
        return PHYS_OK;
    phys_prepare_ode(); /* this thread may be another one than the maker's */
    memset(world->geom_mean_force, 0, 3 * world->geom_count * sizeof(double));
    phys_run job = {world, substeps, PHYS_OK};
    if (!phys_guard(run, &job))
        job.status = PHYS_DIVERGED;
    if (job.status != PHYS_OK) {
        diverge(world);
        return job.status;
    }
    for (size_t i = 0; i < 3 * world->geom_count; i++)
        world->geom_mean_force[i] /= (double)substeps;
    if (phys_has_pushes(world))
        phys_forget_pushes(world);
    return PHYS_OK;
}
