/* SPDX-License-Identifier: MIT */
/* Height fields: a sloping one is a plane, in depth, friction and rolling; ridges and peaks by closed forms;
 * rays; what is refused. Drops are in drops.c. */
#include "CPhysics.h"
#include "check.h"
#include "bodies.h"
#include "grounds.h"

#include <math.h>
#include <string.h>

#define GRAVITY 9.81
/* The plane through the origin with the same slopes. */
static phys_geom_def plane_of(double x, double y) {
    phys_geom_def plane = phys_geom_default_def();
    double up = 1 / sqrt(1 + x * x + y * y), half = sqrt((1 + up) / 2);
    plane.quaternion[0] = half; /* turns z to (-x, -y, 1) up */
    plane.quaternion[1] = y * up / (2 * half);
    plane.quaternion[2] = -x * up / (2 * half);
    return plane;
}

/* ---- Heights */

static void test_heights(void) {
    static float rough[GROUND_ROWS * GROUND_COLUMNS];
    phys_geom_def ground = make_ground(GROUND_ROUGH, 3, rough);
    for (int i = 0; i < 5000; i++) {
        double point[3] = {uniform(-5, 5), uniform(-5, 5), 0}, normal[3];
        double x = point[0] - ground.position[0], y = point[1] - ground.position[1];
        double height = phys_field_height(&ground, x, y, normal);
        CHECK(fabs(height + height_over_ground(&ground, point)) < 1e-9);
        /* The normal's plane goes through the heights near by. */
        double near = phys_field_height(&ground, x + 1e-7, y, NULL);
        CHECK(fabs(normal[2] * (near - height) + normal[0] * 1e-7) < 1e-12);
    }
    CHECK(phys_field_height(&ground, 0, 0, NULL) == (double)rough[0]);
    CHECK(phys_field_height(&ground, -50, -50, NULL) == (double)rough[0]);
    CHECK(phys_field_height(&ground, 1e4, 1e4, NULL) == (double)rough[GROUND_ROWS * GROUND_COLUMNS - 1]);
    CHECK(isnan(phys_field_height(&ground, NAN, 0, NULL)) && isnan(phys_field_height(NULL, 0, 0, NULL)));
}

/* ---- A sloping field is a plane */

static void test_planes(void) {
    for (int shape = PHYS_SHAPE_BOX; shape <= PHYS_SHAPE_HULL; shape++) {
        int overlaps = 0;
        double worst = 0;
        for (int i = 0; i < 1500; i++) {
            double points[24], x = uniform(-1, 1), y = uniform(-1, 1), place[3];
            phys_geom_def field = sloping(uniform(0.03, 0.2), x, y), plane = plane_of(x, y);
            phys_geom_def moving = random_shape((phys_shape)shape, points);
            place[0] = uniform(-0.2, 0.2), place[1] = uniform(-0.2, 0.2);
            place[2] = x * place[0] + y * place[1] + uniform(0.02, 0.4);
            double expected = depth_at(&moving, &plane, place);
            if (expected > 0.02) /* deeper than contacts are */
                continue;
            overlaps += expected > 0;
            worst = fmax(worst, fabs(depth_at(&moving, &field, place) - expected));
        }
        if (!(worst < 1e-6 && overlaps > 20))
            printf("shape %d: off by %g m, %d overlaps\n", shape, worst, overlaps);
        CHECK(worst < 1e-6 && overlaps > 20);
    }
}

/* What slides or holds on a slope: its acceleration is g (sin - mu cos), or 0. */
static void test_coulomb(void) {
    const double slope = 0.5, angle = atan(slope);
    for (int solver = 0; solver < 2; solver++)
        for (int shape = 0; shape < 2; shape++)
            for (int i = 0; i < 9; i++) {
                double points[24], friction = slope + 0.05 * (i - 4), v[3];
                phys_geom_def field = sloping(0.07, slope, 0);
                phys_geom_def box = random_shape(shape == 0 ? PHYS_SHAPE_BOX : PHYS_SHAPE_HULL, points);
                for (int k = 0; k < 3; k++)
                    box.size[k] = k < 2 ? 0.2 : 0.05;
                for (int k = 0; k < 24; k++)
                    points[k] = (k / 3 >> k % 3 & 1 ? 0.5 : -0.5) * box.size[k % 3];
                memset(box.quaternion, 0, sizeof box.quaternion);
                box.quaternion[0] = cos(angle / 2), box.quaternion[2] = -sin(angle / 2);
                phys_world *world = make(&box, &field, (phys_solver)solver, friction);
                put(world, -0.025 * sin(angle) + 0.3, 0.01, 0.025 * cos(angle) + 0.3 * slope);
                CHECK(phys_world_step(world, NULL, 0, 60) == PHYS_OK);
                CHECK(phys_world_read(world, PHYS_LINK_LINEAR_VELOCITIES, v, 3) == PHYS_OK);
                double speed = -v[0] * cos(angle) - v[2] * sin(angle), side = fabs(v[1]);
                double expected = 0.3 * GRAVITY * fmax(sin(angle) - friction * cos(angle), 0);
                if (!(fabs(speed - expected) < 0.01 * expected + 1e-4 && side < 1e-4))
                    printf("solver %d shape %d friction %g: %g m/s not %g, %g aside\n", solver, shape,
                           friction, speed, expected, side);
                CHECK(fabs(speed - expected) < 0.01 * expected + 1e-4 && side < 1e-4);
                phys_world_destroy(world);
            }
}

/* A ball and a wheel roll over the borders of cells as on a plane: 5/7 of g sin for a full ball. */
static void test_rolling(void) {
    const double slope = 0.2, angle = atan(slope), radius = 0.1;
    for (int solver = 0; solver < 2; solver++)
        for (int shape = PHYS_SHAPE_SPHERE; shape <= PHYS_SHAPE_CYLINDER; shape++) {
            phys_geom_def field = sloping(0.06, slope, 0), ball = phys_geom_default_def();
            ball.shape = (phys_shape)shape;
            ball.size[0] = radius, ball.size[1] = 0.15;
            ball.quaternion[0] = ball.quaternion[1] = sqrt(0.5); /* its axis along y */
            phys_world *world = make(&ball, &field, (phys_solver)solver, 1);
            double v[3], inertia = 0.004 / (radius * radius);
            put(world, -radius * sin(angle) + 1, 0.013, radius * cos(angle) + slope);
            CHECK(phys_world_step(world, NULL, 0, 160) == PHYS_OK);
            CHECK(phys_world_read(world, PHYS_LINK_LINEAR_VELOCITIES, v, 3) == PHYS_OK);
            double speed = -v[0] * cos(angle) - v[2] * sin(angle);
            double expected = 0.8 * GRAVITY * sin(angle) / (1 + inertia);
            if (!(fabs(speed - expected) < 0.005 * expected && fabs(v[1]) < 1e-3))
                printf("solver %d shape %d: %g m/s not %g, %g aside\n", solver, shape, speed, expected, v[1]);
            CHECK(fabs(speed - expected) < 0.005 * expected && fabs(v[1]) < 1e-3);
            phys_world_destroy(world);
        }
}

/* A cube as a box and as a hull, on a plane and on a level field, from the same start: all four come to rest
 * alike. */
static void test_alike(void) {
    for (int i = 0; i < 40; i++) {
        double points[24], z[4], v[3], turn[4];
        phys_geom_def field = sloping(0.08, 0, 0), plane = plane_of(0, 0);
        turn_at_random(turn);
        for (int k = 0; k < 4; k++) {
            phys_geom_def cube = random_shape(k & 1 ? PHYS_SHAPE_BOX : PHYS_SHAPE_HULL, points);
            for (int n = 0; n < 24; n++)
                points[n] = n / 3 >> n % 3 & 1 ? 0.06 : -0.06;
            cube.size[0] = cube.size[1] = cube.size[2] = 0.12;
            memcpy(cube.quaternion, turn, sizeof turn);
            phys_world *world =
                make(&cube, k & 2 ? &field : &plane, i % 2 ? PHYS_SOLVER_ODE : PHYS_SOLVER_ARTICULATED, 0.8);
            put(world, 0.013, 0.021, 0.2);
            CHECK(phys_world_step(world, NULL, 0, 400) == PHYS_OK);
            CHECK(phys_world_read(world, PHYS_LINK_LINEAR_VELOCITIES, v, 3) == PHYS_OK);
            CHECK(fabs(v[0]) + fabs(v[1]) + fabs(v[2]) < 1e-3);
            CHECK(phys_world_read(world, PHYS_LINK_POSITIONS, v, 3) == PHYS_OK);
            z[k] = v[2];
            phys_world_destroy(world);
        }
        for (int k = 0; k < 4; k++)
            CHECK(fabs(z[k] - 0.06) < 1e-4);
    }
}

int main(void) {
    test_heights();
    test_planes();
    test_coulomb();
    test_rolling();
    test_alike();
    return check_failures > 0;
}
