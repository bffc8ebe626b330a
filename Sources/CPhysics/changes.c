/* SPDX-License-Identifier: MIT */
/* What may change while a world lives: for randomised episodes and pushes; and what it measures. */
#include "physics_internal.h"

#include <string.h>

typedef struct {
    phys_world *world;
    size_t link;
} mass_change;

static void change_mass(void *context) {
    mass_change *change = context;
    phys_apply_mass_scale(change->world, change->link);
}

phys_status phys_world_set_mass_scale(phys_world *world, size_t link, double scale) {
    if (world == NULL || link >= world->link_count || !(scale >= 0.01 && scale <= 100))
        return PHYS_INVALID_ARGUMENT;
    mass_change change = {world, link};
    world->mass_scale[link] = scale;
    phys_guard(change_mass, &change);
    return PHYS_OK;
}

phys_status phys_world_set_friction_scale(phys_world *world, size_t geom, double scale) {
    if (world == NULL || geom >= world->geom_count || !(scale >= 0 && scale <= 100))
        return PHYS_INVALID_ARGUMENT;
    world->friction_scale[geom] = scale;
    return PHYS_OK;
}

phys_status phys_world_set_contact_time_constant(phys_world *world, double time_constant) {
    if (world == NULL || !(time_constant >= 1e-6 && time_constant <= 100))
        return PHYS_INVALID_ARGUMENT;
    world->contact_time_constant[0] = time_constant;
    return PHYS_OK;
}

phys_status phys_world_set_drive_scale(phys_world *world, size_t joint, double scale) {
    if (world == NULL || joint >= world->joint_count || !(scale >= 0 && scale <= 100))
        return PHYS_INVALID_ARGUMENT;
    world->drive_scale[joint] = scale;
    return PHYS_OK;
}

phys_status phys_world_measure_joint_forces(phys_world *world, bool is_on) {
    if (world == NULL)
        return PHYS_INVALID_ARGUMENT;
    phys_set_feedback(world, false);
    world->leaves_out_joint_forces = !is_on;
    phys_set_feedback(world, true);
    memset(world->joint_force, 0, 3 * world->joint_count * sizeof(double));
    memset(world->joint_torque, 0, 3 * world->joint_count * sizeof(double));
    return PHYS_OK;
}
