/* SPDX-License-Identifier: MIT */
/* Forces and torques that turn with their link. */
#include "check.h"
#include "objects.h"

#include <stdlib.h>
#include <string.h>

static const phys_solver solvers[] = {PHYS_SOLVER_ODE, PHYS_SOLVER_ARTICULATED};

/* A body that spins about z and is pushed along its own x goes round a circle of radius F / (m w^2), with the
 * speed F / (m w) that it began with. */
static void test_circle(phys_solver solver, phys_base base) {
    robot r;
    make_robot(&r, solver, 0.001, 1, 0);
    r.world.base = base;
    memset(r.world.gravity, 0, sizeof r.world.gravity);
    r.links[0].mass = 2;
    r.links[0].center_of_mass[2] = 0.3; /* the force is at the centre of mass */
    r.links[0].quaternion[0] = 0.8, r.links[0].quaternion[base == PHYS_BASE_PLANAR ? 2 : 3] = 0.6;
    phys_world *world = build(&r);
    phys_base_state at = {{0, 0, 0}, {0.8, 0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
    int axis = base == PHYS_BASE_PLANAR ? 1 : 2;
    double w = 4, push = 3, force[3] = {push, 0, 0}, torque[3] = {0, 0, 0}, x[3], first[3];
    at.quaternion[1 + axis] = 0.6;
    at.angular_velocity[axis] = w;
    /* The link's x is turned by 2 atan(0.6 / 0.8) about the axis; the velocity is a quarter turn behind. */
    double angle = 2 * atan2(0.6, 0.8) - PI / 2, speed = push / 2 / w;
    at.linear_velocity[0] = speed * cos(angle);
    at.linear_velocity[axis == 2 ? 1 : 2] = (axis == 2 ? 1 : -1) * speed * sin(angle);
    if (axis == 1) { /* the frame's origin is off the axis through the centre */
        double arm[3] = {0, 0, 0.3}, q[4] = {0.8, 0, 0.6, 0}, turned[3] = {0};
        double c = q[0] * q[0] - q[2] * q[2], s = 2 * q[0] * q[2];
        turned[0] = c * arm[0] + s * arm[2], turned[2] = c * arm[2] - s * arm[0];
        at.linear_velocity[0] -= w * turned[2], at.linear_velocity[2] += w * turned[0];
    }
    CHECK(phys_world_place(world, &at, NULL, NULL, 0) == PHYS_OK);
    read_all(world, PHYS_LINK_CENTERS_OF_MASS, first);
    double farthest = 0;
    for (int i = 0; i < (int)(2 * PI / w / 0.001); i++) {
        CHECK(phys_world_set_link_wrench(world, 0, force, torque) == PHYS_OK);
        step_for(world, 0.001, 0.001, NULL);
        read_all(world, PHYS_LINK_CENTERS_OF_MASS, x);
        double apart[3] = {x[0] - first[0], x[1] - first[1], x[2] - first[2]};
        farthest = fmax(farthest, length_of(apart));
    }
    double apart[3] = {x[0] - first[0], x[1] - first[1], x[2] - first[2]};
    CHECK(fabs(farthest / (2 * push / 2 / w / w) - 1) < 0.01);
    CHECK(length_of(apart) < 0.02 * farthest);
    phys_world_destroy(world);
}

/* A torque along its own axis spins it up, and is gone after the call, as after saving and placing. */
static void test_torque(phys_solver solver) {
    robot r;
    make_robot(&r, solver, 0.001, 1, 0);
    memset(r.world.gravity, 0, sizeof r.world.gravity);
    r.links[0].inertia[0] = 0.05, r.links[0].inertia[1] = 0.06, r.links[0].inertia[2] = 0.08;
    phys_world *world = build(&r);
    phys_base_state at = base_at(0, 0, 0);
    at.quaternion[0] = 0.6, at.quaternion[1] = 0.8; /* its own z lies along -y and z */
    double torque[3] = {0, 0, 0.16}, force[3] = {0, 0, 0}, w[3], before[3];
    CHECK(phys_world_place(world, &at, NULL, NULL, 0) == PHYS_OK);
    CHECK(phys_world_set_link_wrench(world, 0, force, torque) == PHYS_OK);
    CHECK(phys_world_step(world, NULL, 0, 500) == PHYS_OK);
    read_all(world, PHYS_LINK_ANGULAR_VELOCITIES, before);
    CHECK(fabs(length_of(before) - 1) < 1e-6 && fabs(before[1] + 0.96) < 1e-6);
    CHECK(phys_world_step(world, NULL, 0, 100) == PHYS_OK);
    read_all(world, PHYS_LINK_ANGULAR_VELOCITIES, w);
    CHECK(fabs(w[1] - before[1]) < 1e-9);
    size_t size = phys_world_state_size(world);
    void *bytes = malloc(size);
    CHECK(phys_world_set_link_wrench(world, 0, force, torque) == PHYS_OK);
    CHECK(phys_world_save(world, bytes, size) == PHYS_OK);
    CHECK(phys_world_restore(world, bytes, size) == PHYS_OK);
    CHECK(phys_world_step(world, NULL, 0, 100) == PHYS_OK);
    read_all(world, PHYS_LINK_ANGULAR_VELOCITIES, w);
    CHECK(fabs(w[1] - before[1]) < 1e-9);
    CHECK(phys_world_set_link_wrench(world, 1, force, torque) == PHYS_INVALID_ARGUMENT);
    force[0] = NAN;
    CHECK(phys_world_set_link_wrench(world, 0, force, torque) == PHYS_INVALID_ARGUMENT);
    free(bytes);
    phys_world_destroy(world);
}

int main(void) {
    for (const phys_solver *solver = solvers; solver < solvers + 2; solver++) {
        test_circle(*solver, PHYS_BASE_FLOATING);
        test_circle(*solver, PHYS_BASE_PLANAR);
        test_torque(*solver);
    }
    printf("%d failures\n", check_failures);
    return check_failures != 0;
}
