/* SPDX-License-Identifier: MIT */
/* Forces and torques that the caller lets act on links: along the world's axes, or along the link's own. */
#include "physics_internal.h"

#include <string.h>

static bool is_good_push(const phys_world *world, size_t link, const double *force, const double *torque) {
    return world != NULL && link < world->link_count && force != NULL && torque != NULL &&
           phys_is_vector(force, 3, MAX_EFFORT) && phys_is_vector(torque, 3, MAX_EFFORT);
}

phys_status phys_world_set_external_force(phys_world *world, size_t link, const double *force,
                                          const double *torque) {
    if (!is_good_push(world, link, force, torque))
        return PHYS_INVALID_ARGUMENT;
    memcpy(&world->external_force[3 * link], force, 3 * sizeof *force);
    memcpy(&world->external_torque[3 * link], torque, 3 * sizeof *torque);
    world->has_external_force = true;
    return PHYS_OK;
}

phys_status phys_world_set_link_wrench(phys_world *world, size_t n, const double *force,
                                       const double *torque) {
    if (!is_good_push(world, n, force, torque))
        return PHYS_INVALID_ARGUMENT;
    const phys_link *link = &world->links[n];
    const double *vectors[2] = {force, torque};
    for (int i = 0; i < 2; i++) {
        double turned[3];
        q_rotate(link->zero_quaternion, vectors[i], turned);
        phys_to_ode(world, turned, &world->link_wrench[6 * n + 3 * (size_t)i]);
    }
    world->has_link_wrench = true;
    return PHYS_OK;
}

bool phys_has_pushes(const phys_world *world) {
    return world->has_external_force || world->has_link_wrench;
}

/* Force at the centre of mass, and torque, where the link stands now, in ODE's frame. */
void phys_read_push(const phys_world *world, size_t n, double *force, double *torque) {
    phys_to_ode(world, &world->external_force[3 * n], force);
    phys_to_ode(world, &world->external_torque[3 * n], torque);
    if (!world->has_link_wrench)
        return;
    double turned[3];
    r_rotate(world->links[n].r, &world->link_wrench[6 * n], turned);
    v3_add_scaled(force, 1, turned);
    r_rotate(world->links[n].r, &world->link_wrench[6 * n + 3], turned);
    v3_add_scaled(torque, 1, turned);
}

void phys_forget_pushes(phys_world *world) {
    memset(world->external_force, 0, 3 * world->link_count * sizeof(double));
    memset(world->external_torque, 0, 3 * world->link_count * sizeof(double));
    memset(world->link_wrench, 0, 6 * world->link_count * sizeof(double));
    world->has_external_force = world->has_link_wrench = false;
}
