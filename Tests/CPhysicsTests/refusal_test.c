/* SPDX-License-Identifier: MIT */
/* Everything that makes ODE abort, or go on with nonsense, ends in a status here, with a text that names the
 * field. */
#include "CPhysics.h"
#include "check.h"

#include <math.h>
#include <string.h>

/* A fixed arm with a floating-capable geom, that every case starts from. */
typedef struct {
    phys_world_def world;
    phys_link_def links[2];
    phys_joint_def joints[2];
    phys_geom_def geoms[2];
    phys_pair_def pairs[1];
} arm;

static void make_arm(arm *a) {
    a->world = phys_world_default_def();
    for (int i = 0; i < 2; i++) {
        a->links[i] = phys_link_default_def();
        a->links[i].position[0] = i;
        a->links[i].center_of_mass[0] = 0.5;
        a->joints[i] = phys_joint_default_def();
        a->joints[i].parent = i - 1;
        a->joints[i].child = i;
        a->joints[i].anchor[0] = i;
        a->joints[i].drive = PHYS_DRIVE_TORQUE;
    }
    a->geoms[0] = phys_geom_default_def();
    a->geoms[0].position[2] = -1;
    a->geoms[1] = phys_geom_default_def();
    a->geoms[1].shape = PHYS_SHAPE_SPHERE;
    a->geoms[1].link = 1;
    a->geoms[1].size[0] = 0.1;
    a->pairs[0].geom_a = 0;
    a->pairs[0].geom_b = 1;
    a->pairs[0].friction = 1;
    a->pairs[0].restitution = 0;
    a->world.links = a->links, a->world.link_count = 2;
    a->world.joints = a->joints, a->world.joint_count = 2;
    a->world.geoms = a->geoms, a->world.geom_count = 2;
    a->world.pairs = a->pairs, a->world.pair_count = 1;
}

static void expect_refusal(const arm *a, const char *field, int line) {
    char text[PHYS_TEXT_SIZE];
    phys_world *world = NULL;
    phys_status status = phys_world_create(&a->world, &world, text);
    if (status != PHYS_INVALID_DEFINITION || world != NULL || strncmp(text, field, strlen(field)) != 0) {
        check_failures++;
        printf("line %d: status %d, text '%s' does not begin with '%s'\n", line, (int)status, text, field);
    }
    phys_world_destroy(world);
}

/* REFUSES(field to be named, assignment) for a fresh arm `a`. */
#define REFUSES(field, assignment)                                                                           \
    do {                                                                                                     \
        arm a;                                                                                               \
        make_arm(&a);                                                                                        \
        assignment;                                                                                          \
        expect_refusal(&a, field, __LINE__);                                                                 \
    } while (0)

static const double not_numbers[] = {NAN, INFINITY, -INFINITY};
#define REFUSES_BAD(field, place)                                                                            \
    for (int bad = 0; bad < 3; bad++)                                                                        \
    REFUSES(field, place = not_numbers[bad])

/* Two arms in a row of which the first link has no mass. */
static void make_massless(arm *a) {
    make_arm(a);
    a->world.solver = PHYS_SOLVER_ARTICULATED;
    a->links[0].mass = 0;
    memset(a->links[0].inertia, 0, sizeof a->links[0].inertia);
}

static void expect_massless(bool is_good, const char *field, const arm *a, int line) {
    phys_world *world = NULL;
    if (!is_good) {
        expect_refusal(a, field, line);
        return;
    }
    CHECK(phys_world_create(&a->world, &world, NULL) == PHYS_OK);
    phys_world_destroy(world);
}

#define MASSLESS(is_good, field, assignment)                                                                 \
    do {                                                                                                     \
        arm a;                                                                                               \
        make_massless(&a);                                                                                   \
        assignment;                                                                                          \
        expect_massless(is_good, field, &a, __LINE__);                                                       \
    } while (0)

static void test_massless(void) {
    MASSLESS(true, "", (void)0);
    MASSLESS(false, "links[0].mass:", a.world.solver = PHYS_SOLVER_ODE);
    MASSLESS(false, "links[0].inertia:", a.links[0].inertia[4] = 0.1);
    MASSLESS(false, "links[0].mass:", a.links[0].mass = -0.001);
    MASSLESS(false, "links[0].mass: it is 0, and no", a.links[1] = a.links[0]);
    /* two hinges on one axis, with nothing between them */
    MASSLESS(false, "joints:", memcpy(a.joints[1].anchor, a.joints[0].anchor, sizeof a.joints[0].anchor));
}

static void test_masses(void) {
    REFUSES("links[1].mass:", a.links[1].mass = 0);
    REFUSES("links[1].mass:", a.links[1].mass = -1);
    REFUSES("links[0].mass:", a.links[0].mass = 1e300);
    REFUSES_BAD("links[0].mass:", a.links[0].mass);
    REFUSES("links[1].inertia:", memset(a.links[1].inertia, 0, sizeof a.links[1].inertia));
    REFUSES("links[1].inertia:", a.links[1].inertia[0] = -0.1);
    REFUSES("links[1].inertia:", a.links[1].inertia[3] = 0.2); /* not positive definite through a product */
    REFUSES("links[0].inertia:", a.links[0].inertia[0] = 1e-30);
    REFUSES("links[0].inertia:", a.links[0].inertia[0] = 1e30);
    REFUSES_BAD("links[0].inertia:", a.links[0].inertia[5]);
    REFUSES_BAD("links[1].center_of_mass:", a.links[1].center_of_mass[2]);
    REFUSES("links[0].inertia:", a.links[0].mass = 1e-9; a.links[0].inertia[0] = 1e-20;
            a.links[0].inertia[1] = 1e-20; a.links[0].inertia[2] = 1e-20);
}

static void test_frames(void) {
    REFUSES("links[1].quaternion:", memset(a.links[1].quaternion, 0, sizeof a.links[1].quaternion));
    REFUSES("links[1].quaternion:", a.links[1].quaternion[0] = 1e300);
    REFUSES_BAD("links[1].quaternion:", a.links[1].quaternion[3]);
    REFUSES("links[1].position:", a.links[1].position[0] = 1e30);
    REFUSES_BAD("links[1].position:", a.links[1].position[1]);
    REFUSES("geoms[0].quaternion:",
            memset(a.geoms[0].quaternion, 0, sizeof a.geoms[0].quaternion)); /* no normal */
    REFUSES_BAD("geoms[0].quaternion:", a.geoms[0].quaternion[1]);
    REFUSES_BAD("geoms[1].position:", a.geoms[1].position[1]);
}

static void test_joints(void) {
    REFUSES("joints[1].axis:", a.joints[1].axis[2] = 0);
    REFUSES_BAD("joints[1].axis:", a.joints[1].axis[2]);
    REFUSES_BAD("joints[1].anchor:", a.joints[1].anchor[0]);
    REFUSES("joints[1].parent:", a.joints[1].parent = 1); /* the same body twice */
    REFUSES("joints[1].parent:", a.joints[1].parent = 2);
    REFUSES("joints[1].child:", a.joints[1].child = -1);
    REFUSES("joints[1].child:", a.joints[1].child = 0; a.joints[1].parent = -1); /* held twice: redundant */
    REFUSES("joints[0]: link 0 hangs on itself", a.joints[0].parent = 1);
    REFUSES("joints[0].lower:", a.joints[0].lower = 1; a.joints[0].upper = -1);
    REFUSES("joints[0].lower:", a.joints[0].lower = 1; a.joints[0].upper = 1);
    REFUSES("joints[0].lower:", a.joints[0].lower = NAN);
    REFUSES("joints[0].lower:", a.joints[0].lower = INFINITY);
    REFUSES("joints[0].upper:", a.joints[0].upper = NAN);
    REFUSES("joints[0].upper:", a.joints[0].upper = -INFINITY);
    REFUSES("joints[0].effort_limit:", a.joints[0].effort_limit = -1);
    REFUSES("joints[0].effort_limit:", a.joints[0].effort_limit = NAN);
    REFUSES("joints[0].velocity_limit:", a.joints[0].velocity_limit = 0);
    REFUSES("joints[0].velocity_limit:", a.joints[0].velocity_limit = NAN);
    REFUSES("joints[0].dry_friction:", a.joints[0].dry_friction = -1);
    REFUSES_BAD("joints[0].dry_friction:", a.joints[0].dry_friction);
    REFUSES_BAD("joints[0].armature:", a.joints[0].armature);
    REFUSES_BAD("joints[0].damping:", a.joints[0].damping);
    REFUSES_BAD("joints[0].stiffness:", a.joints[0].stiffness);
    REFUSES_BAD("joints[0].rest_position:", a.joints[0].rest_position);
    REFUSES_BAD("joints[0].kp:", a.joints[0].kp);
    REFUSES_BAD("joints[0].kd:", a.joints[0].kd);
    REFUSES("joints[0].kind:", a.joints[0].kind = (phys_joint_kind)7);
    REFUSES("joints[0].drive:", a.joints[0].drive = (phys_drive)-1);
    REFUSES("joints[0].parent:", a.world.base = PHYS_BASE_FLOATING; a.world.joint_count = 1);
}

static void test_geoms(void) {
    REFUSES("geoms[1].size[0]:", a.geoms[1].size[0] = -0.1);
    REFUSES("geoms[1].size[0]:", a.geoms[1].size[0] = 0);
    REFUSES("geoms[1].size[0]:", a.geoms[1].size[0] = 1e300);
    REFUSES_BAD("geoms[1].size[0]:", a.geoms[1].size[0]);
    REFUSES("geoms[1].size[1]:", a.geoms[1].shape = PHYS_SHAPE_CAPSULE; a.geoms[1].size[1] = -1);
    REFUSES("geoms[1].size[2]:", a.geoms[1].shape = PHYS_SHAPE_BOX; a.geoms[1].size[1] = 1;
            a.geoms[1].size[2] = NAN);
    REFUSES("geoms[0].link:", a.geoms[0].link = 0); /* a plane on a body */
    REFUSES("geoms[1].link:", a.geoms[1].link = 2);
    REFUSES("geoms[1].shape:", a.geoms[1].shape = (phys_shape)9);
    REFUSES("pairs[0]:", a.pairs[0].geom_b = 0);
    REFUSES("pairs[0].geom_a:", a.pairs[0].geom_a = 2);
    REFUSES("pairs[0].geom_b:", a.pairs[0].geom_b = -1);
    REFUSES("pairs[0].friction:", a.pairs[0].friction = -1);
    REFUSES_BAD("pairs[0].friction:", a.pairs[0].friction);
    REFUSES("pairs[0].restitution:", a.pairs[0].restitution = 1.1);
    REFUSES_BAD("pairs[0].restitution:", a.pairs[0].restitution);
}

static void test_settings(void) {
    REFUSES("time_step:", a.world.time_step = 0);
    REFUSES("time_step:", a.world.time_step = -0.001);
    REFUSES_BAD("time_step:", a.world.time_step);
    REFUSES("solver:", a.world.solver = (phys_solver)2);
    REFUSES("contact_time_constant:", a.world.contact_time_constant = 0);
    REFUSES("contact_time_constant:", a.world.contact_time_constant = -0.02);
    REFUSES_BAD("contact_time_constant:", a.world.contact_time_constant);
    REFUSES_BAD("contact_damping_ratio:", a.world.contact_damping_ratio);
    REFUSES("contact_impedance:", a.world.contact_impedance = 1.1);
    REFUSES_BAD("stop_time_constant:", a.world.stop_time_constant);
    REFUSES("stop_damping_ratio:", a.world.stop_damping_ratio = 0);
    REFUSES("stop_impedance:", a.world.stop_impedance = -0.1);
    REFUSES("contact_law:", a.world.contact_law = (phys_law)2);
    REFUSES("contact_law: the convex law is of the articulated solver",
            a.world.contact_law = PHYS_LAW_CONVEX);
    REFUSES("stop_law: the convex law is of the articulated solver", a.world.stop_law = PHYS_LAW_CONVEX);
    REFUSES("pairs[0].restitution: the convex law", a.world.solver = PHYS_SOLVER_ARTICULATED;
            a.world.contact_law = PHYS_LAW_CONVEX; a.pairs[0].restitution = 0.5);
    REFUSES_BAD("contact_margin:", a.world.contact_margin);
    REFUSES("contact_margin:", a.world.contact_margin = -0.01);
    REFUSES_BAD("gravity:", a.world.gravity[1]);
    REFUSES("max_linear_speed:", a.world.max_linear_speed = INFINITY);
    REFUSES("max_angular_speed:", a.world.max_angular_speed = NAN);
    REFUSES("base:", a.world.base = (phys_base)3);
    REFUSES("links:", a.world.link_count = 0);
    REFUSES("links:", a.world.link_count = (size_t)-1);
    REFUSES("joints:", a.world.joint_count = 1);
    REFUSES("geoms:", a.world.geom_count = (size_t)-1);
    REFUSES("pairs:", a.world.pair_count = (size_t)-1);
    REFUSES("links, joints", a.world.links = NULL);
    REFUSES("links, joints", a.world.geoms = NULL);
    REFUSES("gravity[1]:", a.world.base = PHYS_BASE_PLANAR; a.world.gravity[1] = 1);
    REFUSES("the definition", a.world.cookie = 0);
    CHECK(phys_world_check_def(NULL, NULL) == PHYS_INVALID_DEFINITION);
    CHECK(phys_world_create(NULL, NULL, NULL) == PHYS_INVALID_DEFINITION);
}

static void test_commands(phys_world *world) {
    double commands[2] = {0, 0};
    for (int bad = 0; bad < 3; bad++) {
        commands[1] = not_numbers[bad];
        CHECK(phys_world_step(world, commands, 2, 1) == PHYS_INVALID_ARGUMENT);
    }
    commands[1] = 1e300;
    CHECK(phys_world_step(world, commands, 2, 1) == PHYS_INVALID_ARGUMENT);
    commands[1] = 0;
    CHECK(phys_world_step(world, commands, 1, 1) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_step(world, NULL, 0, 1) == PHYS_INVALID_ARGUMENT); /* driven joints need commands */
    CHECK(phys_world_step(world, NULL, 2, 1) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_step(world, commands, 2, (size_t)-1) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_step(NULL, commands, 2, 1) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_step(world, commands, 2, 1) == PHYS_OK);
}

static void test_places(phys_world *world) {
    double q[2] = {0, 0}, v[2] = {0, 0};
    phys_base_state base = {{0, 0, 0}, {1, 0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
    for (int bad = 0; bad < 3; bad++) {
        q[0] = not_numbers[bad];
        CHECK(phys_world_place(world, NULL, q, NULL, 2) == PHYS_INVALID_ARGUMENT);
        q[0] = 0;
        v[0] = not_numbers[bad];
        CHECK(phys_world_place(world, NULL, NULL, v, 2) == PHYS_INVALID_ARGUMENT);
        v[0] = 0;
    }
    q[0] = 1e30;
    CHECK(phys_world_place(world, NULL, q, NULL, 2) == PHYS_INVALID_ARGUMENT);
    v[0] = 1e6; /* a link would be faster than the definition allows */
    CHECK(phys_world_place(world, NULL, NULL, v, 2) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_place(world, &base, NULL, NULL, 2) ==
          PHYS_INVALID_ARGUMENT); /* a fixed base has no place */
    CHECK(phys_world_place(world, NULL, NULL, NULL, 3) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_place(world, NULL, NULL, NULL, 2) == PHYS_OK);
}

static void test_floating_places(void) {
    arm a;
    make_arm(&a);
    a.world.base = PHYS_BASE_FLOATING;
    a.joints[0] = a.joints[1];
    a.world.joint_count = 1;
    phys_world *world = NULL;
    CHECK(phys_world_create(&a.world, &world, NULL) == PHYS_OK);
    const phys_base_state good = {{0, 0, 0}, {1, 0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
    for (int bad = 0; bad < 4; bad++)
        for (size_t i = 0; i < sizeof good / sizeof(double); i++) {
            phys_base_state base = good;
            double value = bad < 3 ? not_numbers[bad] : 1e30;
            memcpy((char *)&base + i * sizeof value, &value, sizeof value);
            CHECK(phys_world_place(world, &base, NULL, NULL, 1) == PHYS_INVALID_ARGUMENT);
        }
    phys_base_state base = good;
    base.quaternion[0] = 0; /* no rotation at all */
    CHECK(phys_world_place(world, &base, NULL, NULL, 1) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_place(world, &good, NULL, NULL, 1) == PHYS_OK);
    phys_world_destroy(world);
}

static void test_changes_and_reading(phys_world *world) {
    double values[64], zero[3] = {0, 0, 0}, bad[3] = {0, NAN, 0};
    for (int i = 0; i < 3; i++) {
        CHECK(phys_world_set_mass_scale(world, 0, not_numbers[i]) == PHYS_INVALID_ARGUMENT);
        CHECK(phys_world_set_friction_scale(world, 0, not_numbers[i]) == PHYS_INVALID_ARGUMENT);
        CHECK(phys_world_set_drive_scale(world, 0, not_numbers[i]) == PHYS_INVALID_ARGUMENT);
        CHECK(phys_world_set_contact_time_constant(world, not_numbers[i]) == PHYS_INVALID_ARGUMENT);
    }
    CHECK(phys_world_set_mass_scale(world, 0, 0) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_set_mass_scale(world, 2, 1) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_set_friction_scale(world, 2, 1) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_set_drive_scale(world, 2, 1) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_set_external_force(world, 0, bad, zero) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_set_external_force(world, 0, zero, bad) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_set_external_force(world, 0, NULL, zero) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_set_external_force(world, 9, zero, zero) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_read(world, (phys_quantity)99, values, 2) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_read(world, PHYS_JOINT_POSITIONS, values, 3) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_read(world, PHYS_JOINT_POSITIONS, NULL, 2) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_value_count(world, (phys_quantity)-1) == 0);
    CHECK(phys_world_save(world, values, 3) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_restore(world, values, sizeof values) == PHYS_BAD_STATE);
}

/* Torques that no joint stands make the world diverge; it then only takes places and states. */
static void test_divergence(phys_world *world) {
    double commands[2] = {1e9, -1e9}, values[2];
    phys_status status = PHYS_OK;
    for (int i = 0; i < 100 && status == PHYS_OK; i++)
        status = phys_world_step(world, commands, 2, 10);
    CHECK(status == PHYS_DIVERGED);
    commands[0] = commands[1] = 0;
    CHECK(phys_world_step(world, commands, 2, 1) == PHYS_DIVERGED);
    CHECK(phys_world_read(world, PHYS_JOINT_POSITIONS, values, 2) == PHYS_DIVERGED);
    CHECK(phys_world_place(world, NULL, NULL, NULL, 2) == PHYS_OK);
    CHECK(phys_world_step(world, commands, 2, 100) == PHYS_OK);
    CHECK(phys_world_read(world, PHYS_JOINT_POSITIONS, values, 2) == PHYS_OK);
    CHECK(isfinite(values[0]) && isfinite(values[1]));
}

/* Accepted by ODE, and here: inertia beyond the triangle inequality, a centre of mass that is not the origin,
 * a static geom with a pose. */
static void test_acceptance(void) {
    arm a;
    make_arm(&a);
    a.links[0].inertia[0] = 1;
    a.geoms[0].shape = PHYS_SHAPE_BOX;
    a.geoms[0].size[0] = a.geoms[0].size[1] = a.geoms[0].size[2] = 1;
    phys_world *world = NULL;
    double commands[2] = {0, 0};
    CHECK(phys_world_create(&a.world, &world, NULL) == PHYS_OK);
    CHECK(phys_world_step(world, commands, 2, 100) == PHYS_OK);
    phys_world_destroy(world);
}

int main(void) {
    test_massless();
    test_masses();
    test_frames();
    test_joints();
    test_geoms();
    test_settings();
    arm a;
    make_arm(&a);
    phys_world *world = NULL;
    CHECK(phys_world_create(&a.world, NULL, NULL) == PHYS_INVALID_ARGUMENT);
    CHECK(phys_world_create(&a.world, &world, NULL) == PHYS_OK);
    test_commands(world);
    test_places(world);
    test_floating_places();
    test_changes_and_reading(world);
    test_divergence(world);
    test_acceptance();
    phys_world_destroy(world);
    phys_world_destroy(NULL);
    CHECK(phys_guard_count() == 0);
    for (int i = 0; i <= PHYS_PRECISION_MISMATCH; i++)
        CHECK(phys_status_text((phys_status)i)[0] != 0);
    printf("%d failures\n", check_failures);
    return check_failures != 0;
}
