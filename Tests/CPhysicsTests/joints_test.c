/* SPDX-License-Identifier: MIT */
/* What only some joints need: links without mass between them, servos that are pushed beyond their limits. */
#include "CPhysics.h"
#include "check.h"

#include <math.h>
#include <string.h>

/* ---- Links without mass: a base on a slider, a slider and a hinge is a planar base */

static void test_massless(void) {
    double x[2][3], energy[2][2];
    for (int variant = 0; variant < 2; variant++) {
        phys_world_def def = phys_world_default_def();
        phys_link_def links[3];
        phys_joint_def joints[3];
        for (int i = 0; i < 3; i++) {
            links[i] = phys_link_default_def();
            joints[i] = phys_joint_default_def();
            joints[i].parent = i - 1, joints[i].child = i;
            memset(joints[i].axis, 0, sizeof joints[i].axis);
            joints[i].axis[i == 0 ? 0 : i == 1 ? 2 : 1] = 1;
            joints[i].kind = i < 2 ? PHYS_JOINT_SLIDER : PHYS_JOINT_HINGE;
        }
        links[0].mass = links[1].mass = 0;
        memset(links[0].inertia, 0, sizeof links[0].inertia);
        memset(links[1].inertia, 0, sizeof links[1].inertia);
        links[2].center_of_mass[0] = 0.3;
        def.solver = PHYS_SOLVER_ARTICULATED;
        def.links = variant == 0 ? links : &links[2];
        def.joints = joints;
        def.link_count = variant == 0 ? 3 : 1, def.joint_count = variant == 0 ? 3 : 0;
        def.base = variant == 0 ? PHYS_BASE_FIXED : PHYS_BASE_PLANAR;
        phys_world *world = NULL;
        char text[PHYS_TEXT_SIZE] = "";
        CHECK(phys_world_create(&def, &world, text) == PHYS_OK);
        double velocities[3] = {1, 2, 3};
        phys_base_state base = {{0, 0, 0}, {1, 0, 0, 0}, {1, 0, 2}, {0, 3, 0}};
        CHECK(phys_world_place(world, variant == 0 ? NULL : &base, NULL, velocities, def.joint_count) ==
              PHYS_OK);
        CHECK(phys_world_step(world, NULL, 0, 500) == PHYS_OK);
        double all[9];
        CHECK(phys_world_read(world, PHYS_LINK_CENTERS_OF_MASS, all, 3 * def.link_count) == PHYS_OK);
        memcpy(x[variant], &all[3 * (def.link_count - 1)], sizeof x[variant]);
        CHECK(phys_world_read(world, PHYS_ENERGY, energy[variant], 2) == PHYS_OK);
        phys_world_destroy(world);
    }
    for (int i = 0; i < 3; i++)
        CHECK(fabs(x[0][i] - x[1][i]) < 1e-4);
    CHECK(fabs(energy[0][0] - energy[1][0]) < 1e-3);
}

/* ---- A servo that is pushed beyond its effort limit within one step holds with the limit */

static void test_pushed_servo(phys_solver solver) {
    phys_world_def def = phys_world_default_def();
    phys_link_def link = phys_link_default_def();
    phys_joint_def joint = phys_joint_default_def();
    phys_world *world = NULL;
    double command = 0, velocity, effort, force[3] = {0, 0, 0}, torque[3] = {0, 0, 50};
    joint.drive = PHYS_DRIVE_POSITION;
    joint.kp = 10, joint.kd = 5;
    joint.effort_limit = 2;
    def.solver = solver;
    def.time_step = 0.005;
    def.links = &link, def.link_count = 1;
    def.joints = &joint, def.joint_count = 1;
    CHECK(phys_world_create(&def, &world, NULL) == PHYS_OK);
    CHECK(phys_world_set_external_force(world, 0, force, torque) == PHYS_OK);
    CHECK(phys_world_step(world, &command, 1, 1) == PHYS_OK);
    CHECK(phys_world_read(world, PHYS_JOINT_VELOCITIES, &velocity, 1) == PHYS_OK);
    CHECK(phys_world_read(world, PHYS_JOINT_EFFORTS, &effort, 1) == PHYS_OK);
    CHECK(fabs(velocity - (50 - 2) * 0.005 / 0.1) < 1e-6 && fabs(effort + 2) < 1e-6);
    phys_world_destroy(world);
}

int main(void) {
    test_massless();
    for (int solver = PHYS_SOLVER_ODE; solver <= PHYS_SOLVER_ARTICULATED; solver++)
        test_pushed_servo((phys_solver)solver);
    printf("%d failures\n", check_failures);
    return check_failures != 0;
}
