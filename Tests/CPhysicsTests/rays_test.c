/* SPDX-License-Identifier: MIT */
/* Rays: on every shape by closed forms, on height fields beside a walk in small steps. */
#include "CPhysics.h"
#include "bodies.h"
#include "check.h"
#include "grounds.h"

#include <math.h>
#include <string.h>

static double cast(phys_world *world, const double *origin, const double *direction, double reach) {
    const int32_t geoms[1] = {1};
    double distance = -1;
    CHECK(phys_world_cast_ray(world, geoms, 1, origin, direction, reach, &distance) == PHYS_OK);
    return distance;
}

static void random_direction(double *d) {
    double length = 0;
    for (int i = 0; i < 3; i++)
        d[i] = uniform(-1, 1), length += d[i] * d[i];
    for (int i = 0; i < 3; i++)
        d[i] /= sqrt(length);
}

/* As a walk along the ray in small steps finds it. */
static void test_rays_on_field(void) {
    static float rough[GROUND_ROWS * GROUND_COLUMNS];
    for (int kind = GROUND_STAIRS; kind <= GROUND_ROUGH; kind++) {
        phys_geom_def ground = make_ground((ground_kind)kind, 5, rough), ball = phys_geom_default_def();
        int met = 0;
        ball.shape = PHYS_SHAPE_SPHERE, ball.size[0] = 0.05;
        phys_world *world = make(&ball, &ground, PHYS_SOLVER_ODE, 1);
        for (int i = 0; i < 2000; i++) {
            double origin[3] = {uniform(-2, 2), uniform(-2, 2), uniform(-0.5, 0.6)}, d[3], walked = 0;
            random_direction(d);
            for (; walked < 3; walked += 1e-3) {
                double at[3];
                for (int k = 0; k < 3; k++)
                    at[k] = origin[k] + walked * d[k];
                if (height_over_ground(&ground, at) <= 0)
                    break;
            }
            double found = cast(world, origin, d, 3);
            met += found < 3;
            /* The walk may step over the tip of a ridge. */
            if (!(found <= walked + 1e-9))
                printf("ground %d: %g m, not %g\n", kind, found, walked);
            CHECK(found <= walked + 1e-9);
            double at[3];
            for (int k = 0; k < 3; k++)
                at[k] = origin[k] + found * d[k];
            CHECK(found == 3 || found == 0 || fabs(height_over_ground(&ground, at)) < 1e-6);
        }
        CHECK(met > 800);
        phys_world_destroy(world);
    }
}

/* Towards a point of a shape's surface that is seen, and past it. */
static void test_rays_on_shapes(void) {
    for (int shape = PHYS_SHAPE_PLANE; shape <= PHYS_SHAPE_HULL; shape++) {
        phys_geom_def ball = phys_geom_default_def(), still = ball;
        double points[24];
        ball.shape = PHYS_SHAPE_SPHERE, ball.size[0] = 0.05;
        if (shape != PHYS_SHAPE_PLANE)
            still = random_shape((phys_shape)shape, points);
        still.link = -1;
        memset(still.quaternion, 0, sizeof still.quaternion);
        still.quaternion[0] = 1;
        still.position[2] = 0.4;
        double half = shape == PHYS_SHAPE_SPHERE     ? still.size[0]
                      : shape == PHYS_SHAPE_CAPSULE  ? still.size[0] + still.size[1] / 2
                      : shape == PHYS_SHAPE_CYLINDER ? still.size[1] / 2
                      : shape == PHYS_SHAPE_PLANE    ? 0
                                                     : still.size[2] / 2;
        phys_world *world = make(&ball, &still, PHYS_SOLVER_ODE, 1);
        const double above[3] = {0, 0, 2}, down[3] = {0, 0, -1}, up[3] = {0, 0, 1};
        const double inside[3] = {0, 0, 0.4 - 1e-3}, beside[3] = {1, 0, 0.4};
        const double towards[3] = {-1, 0, 0};
        CHECK(fabs(cast(world, above, down, 5) - (2 - 0.4 - half)) < 1e-9);
        CHECK(cast(world, above, down, 0.5) == 0.5 && cast(world, above, up, 5) == 5);
        CHECK(cast(world, inside, up, 5) == 0);
        double side = shape == PHYS_SHAPE_BOX || shape == PHYS_SHAPE_HULL ? still.size[0] / 2 : still.size[0];
        if (shape != PHYS_SHAPE_PLANE)
            CHECK(fabs(cast(world, beside, towards, 5) - (1 - side)) < 1e-9);
        phys_world_destroy(world);
    }
}

int main(void) {
    test_rays_on_field();
    test_rays_on_shapes();
    return check_failures > 0;
}
