/* SPDX-License-Identifier: MIT */
/* Joints that follow others, beside closed forms and beside robots that need none. */
#include "CPhysics.h"
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GRAVITY 9.81

enum { PARTS = 4 };

typedef struct {
    phys_world_def world;
    phys_link_def links[PARTS];
    phys_joint_def joints[PARTS];
    phys_geom_def geoms[PARTS];
    phys_pair_def pairs[PARTS];
} robot;

static void make_robot(robot *r, size_t links) {
    memset(r, 0, sizeof *r);
    r->world = phys_world_default_def();
    r->world.solver = PHYS_SOLVER_ARTICULATED;
    r->world.links = r->links, r->world.link_count = links;
    r->world.joints = r->joints, r->world.joint_count = links;
    r->world.geoms = r->geoms, r->world.pairs = r->pairs;
    for (int32_t i = 0; i < PARTS; i++) {
        r->links[i] = phys_link_default_def();
        r->joints[i] = phys_joint_default_def();
        r->joints[i].child = i;
        r->geoms[i] = phys_geom_default_def();
    }
}

static void follow(robot *r, int32_t follower, int32_t leader, double ratio, double offset) {
    r->joints[follower].leader = leader;
    r->joints[follower].ratio = ratio;
    r->joints[follower].offset = offset;
}

static phys_world *build(const robot *r) {
    char text[PHYS_TEXT_SIZE] = "";
    phys_world *world = NULL;
    if (phys_world_create(&r->world, &world, text) != PHYS_OK) {
        printf("a robot cannot be built: %s\n", text);
        exit(1);
    }
    return world;
}

static double value(const phys_world *world, phys_quantity quantity, size_t index) {
    double values[19 * PARTS + 16];
    CHECK(phys_world_read(world, quantity, values, phys_world_value_count(world, quantity)) == PHYS_OK);
    return values[index];
}

static void step(phys_world *world, size_t joints, double command, size_t count) {
    double commands[PARTS] = {command};
    CHECK(phys_world_step(world, commands, joints, count) == PHYS_OK);
}

/* Two fingers on rails; the force on one moves both: a = F / (m1 + k^2 m2), with armatures likewise. */
static void make_gripper(robot *r, double ratio, double offset) {
    make_robot(r, 2);
    r->world.gravity[2] = 0;
    r->links[0].mass = 0.3, r->links[1].mass = 0.2;
    for (int i = 0; i < 2; i++) {
        r->joints[i].kind = PHYS_JOINT_SLIDER;
        r->joints[i].axis[0] = i == 0 ? 1 : 0;
        r->joints[i].axis[1] = i == 0 ? 0 : -1;
        r->joints[i].axis[2] = 0;
        r->joints[i].armature = 0.1;
    }
    r->joints[0].drive = PHYS_DRIVE_TORQUE;
    follow(r, 1, 0, ratio, offset);
}

static void test_gripper(void) {
    for (double ratio = -2; ratio <= 2; ratio += 0.8) {
        robot r;
        make_gripper(&r, ratio, 0.1);
        phys_world *world = build(&r);
        CHECK(value(world, PHYS_JOINT_POSITIONS, 1) == 0.1); /* from the first */
        step(world, 2, 1.5, 1000);
        double v = 1.5 / (0.4 + ratio * ratio * 0.3), q = v / 2;
        CHECK(fabs(value(world, PHYS_JOINT_VELOCITIES, 0) / v - 1) < 1e-12);
        CHECK(fabs(value(world, PHYS_JOINT_POSITIONS, 0) / q - 1) < 1e-12);
        CHECK(fabs(value(world, PHYS_JOINT_POSITIONS, 1) - (ratio * q + 0.1)) < 1e-12);
        CHECK(fabs(value(world, PHYS_LINK_POSITIONS, 4) + ratio * q + 0.1) < 1e-12);
        /* what pulls the second finger is the coupling: m2 k a */
        CHECK(fabs(value(world, PHYS_JOINT_FORCES, 4) + 0.2 * ratio * v) < 1e-9);
        phys_world_destroy(world);
    }
}

/* A nut on a screw: weight on the nut turns the screw, with p metres to a radian. */
static void test_screw(void) {
    double pitch = 0.02, mass = 3, inertia = 0.004;
    robot r;
    make_robot(&r, 2);
    r.links[0].mass = mass;
    r.links[1].inertia[2] = inertia;
    r.joints[0].kind = PHYS_JOINT_SLIDER;
    follow(&r, 0, 1, pitch, 0);
    phys_world *world = build(&r);
    step(world, 2, 0, 500);
    double a = -mass * GRAVITY * pitch / (inertia + mass * pitch * pitch);
    CHECK(fabs(value(world, PHYS_JOINT_VELOCITIES, 1) / (0.5 * a) - 1) < 1e-12);
    CHECK(fabs(value(world, PHYS_JOINT_VELOCITIES, 0) / (0.5 * a * pitch) - 1) < 1e-12);
    phys_world_destroy(world);
}

/* A second link that turns back as far as the first turns does not turn at all: the pendulum of one link with
 * its mass at the end. To rounding, since both are the same equations. */
static void test_parallel_pendulum(void) {
    double length = 0.5, start[2] = {2.5, 0};
    robot two, one;
    make_robot(&two, 2);
    make_robot(&one, 1);
    for (int i = 0; i < 2; i++) {
        two.links[i].center_of_mass[2] = -length / 2;
        two.links[i].position[2] = two.joints[i].anchor[2] = -length * i;
        two.joints[i].axis[1] = 1, two.joints[i].axis[2] = 0;
    }
    two.joints[1].parent = 0;
    two.links[1].center_of_mass[2] = 0;
    follow(&two, 1, 0, -1, 0);
    /* 1 kg in the middle, 1 kg at the end */
    one.links[0].mass = 2;
    one.links[0].center_of_mass[2] = -0.75 * length;
    one.links[0].inertia[1] = 0.1 + 2 * length * length / 16;
    one.joints[0].axis[1] = 1, one.joints[0].axis[2] = 0;
    phys_world *a = build(&two), *b = build(&one);
    CHECK(phys_world_place(a, NULL, start, NULL, 2) == PHYS_OK);
    CHECK(phys_world_place(b, NULL, start, NULL, 1) == PHYS_OK);
    for (int i = 0; i < 100; i++) {
        step(a, 2, 0, 20);
        step(b, 1, 0, 20);
        CHECK(fabs(value(a, PHYS_JOINT_POSITIONS, 0) - value(b, PHYS_JOINT_POSITIONS, 0)) < 1e-8);
        CHECK(fabs(value(a, PHYS_LINK_ANGULAR_VELOCITIES, 4)) < 1e-12);
    }
    phys_world_destroy(a);
    phys_world_destroy(b);
}

/* Energy of a pendulum whose second link follows the first, for a minute, and of one in free flight with its
 * angular momentum. */
static void test_energy(void) {
    for (int base = 0; base < 2; base++) {
        robot r;
        make_robot(&r, 3);
        r.world.base = base == 0 ? PHYS_BASE_FIXED : PHYS_BASE_FLOATING;
        r.world.joint_count = base == 0 ? 3 : 2;
        double start[3] = {0.9, 0, 0.4}, rates[3] = {0.5, 0, -2}, before[2], after[2], drift = 0;
        for (int i = 0; i < 3; i++) {
            r.links[i].center_of_mass[0] = 0.2;
            r.links[i].position[0] = r.joints[i].anchor[0] = 0.4 * i;
            r.joints[i].axis[i % 2 == 0 ? 1 : 0] = 1, r.joints[i].axis[2] = 0.3;
            r.joints[i].parent = base == 0 ? i - 1 : i;
            r.joints[i].child = base == 0 ? i : i + 1;
            r.joints[i].stiffness = 3;
        }
        if (base == 1)
            r.world.gravity[2] = 0;
        follow(&r, base == 0 ? 2 : 1, 0, -1.7, 0.3);
        phys_world *world = build(&r);
        CHECK(phys_world_place(world, NULL, start, rates, r.world.joint_count) == PHYS_OK);
        CHECK(phys_world_read(world, PHYS_ENERGY, before, 2) == PHYS_OK);
        for (int i = 0; i < 600; i++) {
            step(world, r.world.joint_count, 0, 100);
            CHECK(phys_world_read(world, PHYS_ENERGY, after, 2) == PHYS_OK);
            drift = fmax(drift, fabs(after[0] + after[1] - before[0] - before[1]));
        }
        printf("energy, base %d: %.1e J of %.1f\n", base, drift, before[0] + before[1]);
        CHECK(drift < 2e-3 * (fabs(before[0]) + fabs(before[1])));
        phys_world_destroy(world);
    }
}

/* A follower's stop stops its leader, wherever the leader's own is; and a thing in the way of the second
 * finger feels F / k of the force F on the first. */
static void test_stops_and_contacts(void) {
    double ratio = -2;
    robot r;
    make_gripper(&r, ratio, 0.1);
    r.joints[0].upper = 5;
    r.joints[1].lower = -0.5;
    r.joints[1].damping = 1;
    r.joints[1].dry_friction = 0.2;
    r.joints[1].velocity_limit = 0.6;
    phys_world *world = build(&r);
    step(world, 2, 1.5, 500);
    CHECK(fabs(value(world, PHYS_JOINT_VELOCITIES, 0)) <= 0.3 + 1e-12);
    step(world, 2, 1.5, 9500);
    CHECK(fabs(value(world, PHYS_JOINT_POSITIONS, 0) - 0.3) < 1e-4);
    CHECK(fabs(value(world, PHYS_JOINT_POSITIONS, 1) + 0.5) < 2e-4);
    /* held by dry friction: F = 0.2 |k| moves nothing */
    CHECK(phys_world_place(world, NULL, NULL, NULL, 2) == PHYS_OK);
    step(world, 2, 0.39, 500);
    CHECK(fabs(value(world, PHYS_JOINT_POSITIONS, 0)) < 1e-9);
    step(world, 2, 0.41, 500);
    CHECK(value(world, PHYS_JOINT_POSITIONS, 0) > 1e-5);
    phys_world_destroy(world);

    make_gripper(&r, ratio, 0.1);
    r.world.geom_count = 2, r.world.pair_count = 1;
    r.geoms[0].shape = PHYS_SHAPE_SPHERE, r.geoms[0].link = 1, r.geoms[0].size[0] = 0.05;
    /* the second finger moves along y, from -0.1 up as the first goes on: a wall before y = 0.3 */
    r.geoms[1].position[1] = 0.3;
    r.geoms[1].quaternion[0] = sqrt(0.5), r.geoms[1].quaternion[1] = sqrt(0.5);
    r.pairs[0] = (phys_pair_def){0, 1, 0.5, 0};
    world = build(&r);
    step(world, 2, 1.5, 4000);
    CHECK(fabs(value(world, PHYS_JOINT_POSITIONS, 0) - 0.175) < 1e-4);
    CHECK(fabs(fabs(value(world, PHYS_GEOM_CONTACT_FORCES, 1)) - 1.5 / 2) < 1e-6);
    CHECK(fabs(value(world, PHYS_JOINT_VELOCITIES, 1)) < 1e-6);
    phys_world_destroy(world);
}

/* What is placed beside its leader goes where the leader has it; saved states go on to the same bits. */
static void test_state(void) {
    double start[2] = {0.05, 77}, rates[2] = {0.1, 77}, one[64], two[64];
    unsigned char bytes[4096];
    robot r;
    make_gripper(&r, 0.7, 0.02);
    r.joints[0].upper = 0.06;
    phys_world *world = build(&r), *other = build(&r);
    CHECK(phys_world_place(world, NULL, start, rates, 2) == PHYS_OK);
    CHECK(fabs(value(world, PHYS_JOINT_POSITIONS, 1) - 0.055) < 1e-15);
    CHECK(fabs(value(world, PHYS_JOINT_VELOCITIES, 1) - 0.07) < 1e-15);
    size_t size = phys_world_state_size(world), count = phys_world_value_count(world, PHYS_READING);
    for (int i = 0; i < 100; i++) {
        step(world, 2, 0.3, 7);
        CHECK(phys_world_save(world, bytes, size) == PHYS_OK);
        CHECK(phys_world_restore(other, bytes, size) == PHYS_OK);
        step(world, 2, -0.2, 3);
        step(other, 2, -0.2, 3);
        CHECK(phys_world_read(world, PHYS_READING, one, count) == PHYS_OK);
        CHECK(phys_world_read(other, PHYS_READING, two, count) == PHYS_OK);
        CHECK(memcmp(one, two, count * sizeof *one) == 0);
        CHECK(one[1] == 0.7 * one[0] + 0.02);
    }
    phys_world_destroy(world);
    phys_world_destroy(other);
}

#define REFUSES(field, assignment)                                                                           \
    do {                                                                                                     \
        robot r;                                                                                             \
        char text[PHYS_TEXT_SIZE];                                                                           \
        make_gripper(&r, 2, 0.1);                                                                            \
        assignment;                                                                                          \
        CHECK(phys_world_check_def(&r.world, text) == PHYS_INVALID_DEFINITION);                              \
        CHECK(strncmp(text, field, strlen(field)) == 0);                                                     \
    } while (0)

static void test_refusals(void) {
    REFUSES("joints[1].leader: joints that follow others need the articulated solver",
            r.world.solver = PHYS_SOLVER_ODE);
    REFUSES("joints[1].leader:", r.joints[1].leader = 2);
    REFUSES("joints[1].leader:", r.joints[1].leader = 1);
    REFUSES("joints[1].leader:", r.joints[1].leader = -2);
    REFUSES("joints[1].leader:", r.joints[0].kind = PHYS_JOINT_FIXED);
    REFUSES("joints[0].leader:", r.joints[0].leader = 1);
    REFUSES("joints[1].drive:", r.joints[1].drive = PHYS_DRIVE_TORQUE);
    REFUSES("joints[1].ratio:", r.joints[1].ratio = 0);
    REFUSES("joints[1].ratio:", r.joints[1].ratio = NAN);
    REFUSES("joints[1].ratio:", r.joints[1].ratio = -1e7);
    REFUSES("joints[1].offset:", r.joints[1].offset = NAN);
    REFUSES("joints[1].offset:", r.joints[1].offset = 1e7);
    /* between the stops of one there is no place for the other */
    REFUSES("joints[0].lower: its stops and those", r.joints[0].lower = 1; r.joints[1].upper = 0.5);
    REFUSES("joints[0].armature:", r.joints[1].ratio = 1e5);
}

int main(void) {
    test_refusals();
    test_gripper();
    test_screw();
    test_parallel_pendulum();
    test_energy();
    test_stops_and_contacts();
    test_state();
    printf("%d failures\n", check_failures);
    return check_failures != 0;
}
