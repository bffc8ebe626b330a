/* SPDX-License-Identifier: MIT */
/* Objects are placed, saved and restored, stand beside planar robots and on each other, and are checked. */
#include "check.h"
#include "objects.h"

#include <stdlib.h>
#include <string.h>

static const phys_solver solvers[] = {PHYS_SOLVER_ODE, PHYS_SOLVER_ARTICULATED};
#define EACH_SOLVER(solver)                                                                                  \
    for (const phys_solver *solver = solvers; solver < solvers + 2; solver++)

/* What follows a restored state has the same bits, and other worlds do not take it. */
static void test_state(phys_solver solver) {
    robot r, other;
    make_piston(&r, solver);
    phys_world *world = build(&r);
    double command = 0.3, first[LINK_NUMBERS], second[LINK_NUMBERS];
    size_t size = phys_world_state_size(world);
    void *bytes = malloc(size);
    step_for(world, 0.002, 0.3, &command);
    CHECK(phys_world_save(world, bytes, size) == PHYS_OK);
    step_for(world, 0.002, 0.5, &command);
    read_link(world, 1, first);
    CHECK(phys_world_restore(world, bytes, size) == PHYS_OK);
    step_for(world, 0.002, 0.5, &command);
    read_link(world, 1, second);
    CHECK(first[0] > 0.05 && memcmp(first, second, sizeof first) == 0);
    phys_world *copy = build(&r);
    CHECK(phys_world_restore(copy, bytes, size) == PHYS_OK);
    step_for(copy, 0.002, 0.5, &command);
    read_link(copy, 1, second);
    CHECK(memcmp(first, second, sizeof first) == 0);
    /* A robot with as many numbers, but no object. */
    other = r;
    other.world.object_count = 0;
    other.world.joint_count = 2;
    other.joints[1] = phys_joint_default_def();
    other.joints[1].child = 1;
    phys_world *without = build(&other);
    CHECK(phys_world_restore(without, bytes, size) == PHYS_BAD_STATE);
    phys_world_destroy(without);
    phys_world_destroy(copy);
    phys_world_destroy(world);
    free(bytes);
}

/* Beside a planar robot an object moves in space. */
static void test_beside_planar(phys_solver solver) {
    robot r;
    make_object(&r, solver, 0.002, PHYS_SHAPE_SPHERE, 0.1, 0.5);
    r.world.base = PHYS_BASE_PLANAR, r.world.joint_count = 0;
    phys_world *world = build(&r);
    phys_base_state at = base_at(0.2, 0.3, 2);
    at.linear_velocity[0] = 1, at.linear_velocity[1] = -2, at.angular_velocity[0] = 3;
    CHECK(phys_world_place_object(world, 0, &at) == PHYS_OK);
    CHECK(phys_world_place(world, NULL, NULL, NULL, 0) == PHYS_OK); /* it stays */
    step_for(world, 0.002, 0.4, NULL);
    double ball[LINK_NUMBERS], base[LINK_NUMBERS];
    read_link(world, 1, ball);
    read_link(world, 0, base);
    CHECK(fabs(ball[0] - 0.6) < 1e-9 && fabs(ball[1] + 0.5) < 1e-9 && fabs(ball[6] - 3) < 1e-9);
    CHECK(fabs(ball[2] - (2 - 0.5 * GRAVITY * 0.16)) < 0.005);
    CHECK(base[0] == 50 && fabs(base[2] + 0.5 * GRAVITY * 0.16) < 0.005);
    phys_world_destroy(world);
}

/* How deep it goes into a soft wall that stands along the planar robot's plane. */
static double hit_wall(phys_solver solver, phys_base base) {
    robot r;
    make_object(&r, solver, 0.002, PHYS_SHAPE_SPHERE, 0.1, 0.5);
    r.world.gravity[2] = 0, r.world.contact_impedance = 0.5;
    r.world.base = base, r.world.joint_count = base == PHYS_BASE_FIXED;
    r.geoms[0].quaternion[0] = r.geoms[0].quaternion[1] = sqrt(0.5); /* its normal is -y */
    phys_world *world = build(&r);
    phys_base_state at = base_at(0, -0.3, 0);
    at.linear_velocity[1] = 2;
    CHECK(phys_world_place_object(world, 0, &at) == PHYS_OK);
    double deepest = -1, ball[LINK_NUMBERS];
    for (int i = 0; i < 200; i++) {
        step_for(world, 0.002, 0.002, NULL);
        read_link(world, 1, ball);
        deepest = fmax(deepest, ball[1] + 0.1);
    }
    phys_world_destroy(world);
    return deepest;
}

/* The convex law, followers, and several objects in one world. */
static void test_heap(void) {
    robot r;
    make_robot(&r, PHYS_SOLVER_ARTICULATED, 0.005, 4, 2);
    r.world.base = PHYS_BASE_FIXED, r.world.object_count = 2;
    r.world.contact_law = PHYS_LAW_CONVEX;
    r.joints[1].leader = 0, r.joints[1].ratio = -1;
    r.joints[0].anchor[0] = r.joints[1].anchor[0] = 50;
    r.world.geom_count = 3, r.world.pair_count = 3;
    for (int i = 0; i < 2; i++) {
        set_solid_box(&r.links[2 + i], 1, 0.2, 0.2, 0.2);
        r.links[2 + i].position[2] = 0.1 + 0.2 * i;
        r.geoms[1 + i].shape = PHYS_SHAPE_BOX, r.geoms[1 + i].link = 2 + i;
        r.geoms[1 + i].size[0] = r.geoms[1 + i].size[1] = r.geoms[1 + i].size[2] = 0.2;
        r.pairs[i] = (phys_pair_def){0, 1 + i, 0.5, 0};
    }
    r.pairs[2] = (phys_pair_def){1, 2, 0.5, 0};
    phys_world *world = build(&r);
    step_for(world, 0.005, 2, NULL);
    double low[LINK_NUMBERS], high[LINK_NUMBERS], forces[9];
    read_link(world, 2, low);
    read_link(world, 3, high);
    read_all(world, PHYS_GEOM_CONTACT_FORCES, forces);
    CHECK(fabs(low[2] - 0.1) < 0.005 && fabs(high[2] - 0.3) < 0.01 && fabs(high[5]) < 1e-6);
    CHECK(fabs(forces[8] - GRAVITY) < 1e-3 && fabs(forces[2] + 2 * GRAVITY) < 1e-3);
    phys_world_destroy(world);
}

static void test_refusals(void) {
    robot r;
    char text[PHYS_TEXT_SIZE];
    make_object(&r, PHYS_SOLVER_ARTICULATED, 0.002, PHYS_SHAPE_SPHERE, 0.1, 0.5);
    r.world.object_count = 2;
    CHECK(phys_world_check_def(&r.world, text) == PHYS_INVALID_DEFINITION);
    CHECK(strstr(text, "objects: there are 2") != NULL);
    r.world.object_count = 1;
    r.joints[0].child = 1;
    CHECK(phys_world_check_def(&r.world, text) == PHYS_INVALID_DEFINITION);
    CHECK(strstr(text, "joints[0].child") != NULL);
    r.joints[0].child = 0;
    r.links[1].mass = 0;
    memset(r.links[1].inertia, 0, sizeof r.links[1].inertia);
    CHECK(phys_world_check_def(&r.world, text) == PHYS_INVALID_DEFINITION);
    CHECK(strstr(text, "links[1].mass") != NULL);
    make_object(&r, PHYS_SOLVER_ODE, 0.002, PHYS_SHAPE_SPHERE, 0.1, 0.5);
    phys_world *world = build(&r);
    phys_base_state at = base_at(0, 0, 1);
    CHECK(phys_world_place_object(world, 1, &at) == PHYS_INVALID_ARGUMENT);
    at.position[0] = NAN;
    CHECK(phys_world_place_object(world, 0, &at) == PHYS_INVALID_ARGUMENT);
    at.position[0] = 0, at.linear_velocity[0] = 2000;
    CHECK(phys_world_place_object(world, 0, &at) == PHYS_INVALID_ARGUMENT);
    /* One that leaves the bounds ends the world as a link of the robot would. */
    at.linear_velocity[0] = 0, at.position[2] = 1e6, at.linear_velocity[2] = 900;
    CHECK(phys_world_place_object(world, 0, &at) == PHYS_OK);
    CHECK(phys_world_step(world, NULL, 0, 100) == PHYS_DIVERGED);
    CHECK(phys_world_place_object(world, 0, &at) == PHYS_DIVERGED);
    double after[LINK_NUMBERS];
    CHECK(phys_world_place(world, NULL, NULL, NULL, 1) == PHYS_OK);
    read_link(world, 1, after);
    CHECK(after[2] == 0 && after[5] == 0);
    phys_world_destroy(world);
}

int main(void) {
    EACH_SOLVER(solver) {
        test_state(*solver);
        test_beside_planar(*solver);
        double depth = hit_wall(*solver, PHYS_BASE_FIXED);
        CHECK(depth > 1e-3 && fabs(hit_wall(*solver, PHYS_BASE_PLANAR) - depth) < 1e-9);
    }
    test_heap();
    test_refusals();
    printf("%d failures\n", check_failures);
    return check_failures != 0;
}
