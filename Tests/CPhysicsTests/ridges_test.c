/* SPDX-License-Identifier: MIT */
/* Height fields: ridges and peaks under every shape by closed forms; saved states, and what is refused. */
#include "bodies.h"
#include "check.h"
#include "grounds.h"

#include <math.h>
#include <string.h>

/* One ridge along y, as high as a cell. */
static phys_geom_def ridge(double cell) {
    phys_geom_def field = sloping(cell, 0, 0);
    for (int i = 0; i < FIELD_SIDE; i++)
        field_heights[i * FIELD_SIDE + FIELD_SIDE / 2] = (float)cell;
    return field;
}

static void test_ridges(void) {
    static const phys_shape lying[3] = {PHYS_SHAPE_CAPSULE, PHYS_SHAPE_CYLINDER, PHYS_SHAPE_BOX};
    for (int i = 0; i < 300; i++) {
        phys_geom_def field = ridge(0.1), geom = phys_geom_default_def();
        double depth = uniform(0.001, 0.008), place[3] = {0, uniform(-0.3, 0.3), 0};
        double yaw = uniform(0.4, 1.2), half = sqrt(0.5);
        geom.shape = lying[i % 3];
        geom.size[0] = 0.04, geom.size[1] = 0.5, geom.size[2] = 0.08;
        if (geom.shape == PHYS_SHAPE_BOX) { /* flat, across the ridge */
            geom.size[0] = 0.5, geom.size[1] = 0.04;
            geom.quaternion[0] = cos(yaw / 2), geom.quaternion[3] = sin(yaw / 2);
        } else { /* its axis level, across the ridge */
            geom.quaternion[0] = half * cos(yaw / 2), geom.quaternion[1] = -half * sin(yaw / 2);
            geom.quaternion[2] = half * cos(yaw / 2), geom.quaternion[3] = half * sin(yaw / 2);
        }
        place[2] = 0.1 + 0.04 - depth;
        double found = depth_at(&geom, &field, place);
        if (!(fabs(found - depth) < 1e-6))
            printf("shape %d: %g m deep, not %g\n", geom.shape, found, depth);
        CHECK(fabs(found - depth) < 1e-6);
        /* A ball on the ridge: straight up, and aside of it along the line from the ridge. */
        double lean = uniform(-0.6, 0.6);
        phys_geom_def ball = phys_geom_default_def();
        ball.shape = PHYS_SHAPE_SPHERE, ball.size[0] = 0.05;
        double beside[3] = {(0.05 - depth) * sin(lean), place[1], 0.1 + (0.05 - depth) * cos(lean)};
        CHECK(fabs(depth_at(&ball, &field, beside) - depth) < 1e-6);
    }
}

/* A cylinder on the lowest point of its rim, which goes across the ridge: as deep as that point is. */
static void test_rims(void) {
    for (int i = 0; i < 300; i++) {
        phys_geom_def field = ridge(0.1), geom = phys_geom_default_def();
        double depth = uniform(0.001, 0.005), tilt = uniform(0.2, 1.3), place[3] = {0, uniform(-0.2, 0.2), 0};
        geom.shape = PHYS_SHAPE_CYLINDER;
        geom.size[0] = 0.06, geom.size[1] = 0.2;
        geom.quaternion[0] = cos(tilt / 2), geom.quaternion[1] = sin(tilt / 2);
        place[2] = 0.1 + 0.1 * cos(tilt) + 0.06 * sin(tilt) - depth;
        double found = depth_at(&geom, &field, place);
        if (!(fabs(found - depth) < 1e-6))
            printf("tilt %g: %g m deep, not %g\n", tilt, found, depth);
        CHECK(fabs(found - depth) < 1e-6);
    }
}

/* A lone peak under a level box, under an upright cylinder, under the middle of a lying capsule. */
static void test_peaks(void) {
    for (int i = 0; i < 300; i++) {
        phys_geom_def field = sloping(0.1, 0, 0), geom = phys_geom_default_def();
        double depth = uniform(0.001, 0.008), place[3] = {uniform(-0.05, 0.05), uniform(-0.01, 0.01), 0};
        field_heights[FIELD_SIDE / 2 * FIELD_SIDE + FIELD_SIDE / 2] = 0.1f;
        geom.shape = i % 3 == 0 ? PHYS_SHAPE_BOX : i % 3 == 1 ? PHYS_SHAPE_CYLINDER : PHYS_SHAPE_CAPSULE;
        geom.size[0] = geom.shape == PHYS_SHAPE_BOX ? 0.3 : 0.1, geom.size[1] = 0.25, geom.size[2] = 0.25;
        double half = 0.125;
        if (geom.shape == PHYS_SHAPE_CAPSULE) {
            geom.size[0] = 0.04, place[1] = 0, half = 0.04;
            geom.quaternion[0] = geom.quaternion[2] = sqrt(0.5);
        }
        place[2] = 0.1 + half - depth;
        double found = depth_at(&geom, &field, place);
        if (!(fabs(found - depth) < 1e-6))
            printf("shape %d: %g m deep, not %g\n", geom.shape, found, depth);
        CHECK(fabs(found - depth) < 1e-6);
    }
}

/* ---- Bits, and refusals */

/* The bottom of a pit, within a cylinder that is stuck in it up to its upper half, does not push down. */
static void test_pits(void) {
    const double half = sqrt(0.5);
    for (int i = 0; i < 100; i++) {
        phys_geom_def field = sloping(0.1, 0, 0), geom = phys_geom_default_def();
        field_heights[FIELD_SIDE / 2 * FIELD_SIDE + FIELD_SIDE / 2] = -0.02f;
        geom.shape = i % 2 ? PHYS_SHAPE_CYLINDER : PHYS_SHAPE_CAPSULE;
        geom.size[0] = 0.04, geom.size[1] = 0.1;
        geom.quaternion[0] = geom.quaternion[1] = half;
        double place[3] = {uniform(-0.01, 0.01), uniform(-0.01, 0.01), uniform(-0.05, -0.03)}, v[3];
        phys_world *world = make(&geom, &field, PHYS_SOLVER_ARTICULATED, 1);
        put(world, place[0], place[1], place[2]);
        CHECK(phys_world_step(world, NULL, 0, 1) == PHYS_OK);
        CHECK(phys_world_read(world, PHYS_LINK_LINEAR_VELOCITIES, v, 3) == PHYS_OK);
        CHECK(v[2] >= 0);
        phys_world_destroy(world);
    }
}

/* A ball that starts 8 mm deep in both walls of a groove of 14 degrees, which friction of 1 would hold for
 * ever, comes out. */
static void test_wedges(void) {
    for (int solver = 0; solver < 2; solver++)
        for (int shape = PHYS_SHAPE_SPHERE; shape <= PHYS_SHAPE_CAPSULE; shape++) {
            phys_geom_def field = sloping(0.05, 0, 0), geom = phys_geom_default_def();
            double z[3], sine = 0.05 / sqrt(0.05 * 0.05 + 0.4 * 0.4);
            for (int i = 0; i < FIELD_SIDE * FIELD_SIDE; i++)
                field_heights[i] = i % FIELD_SIDE == FIELD_SIDE / 2 ? -0.4f : 0;
            geom.shape = (phys_shape)shape;
            geom.size[0] = 0.03, geom.size[1] = 0.2;
            geom.quaternion[0] = geom.quaternion[1] = sqrt(0.5); /* a capsule along the groove */
            phys_world *world = make(&geom, &field, (phys_solver)solver, 1);
            put(world, 0, 0.01, -0.4 + (0.03 - 0.008) / sine);
            CHECK(phys_world_step(world, NULL, 0, 600) == PHYS_OK);
            CHECK(phys_world_read(world, PHYS_LINK_POSITIONS, z, 3) == PHYS_OK);
            double depth = 0.03 - (z[2] + 0.4) * sine;
            if (!(depth < 0.002))
                printf("solver %d shape %d: still %g m deep\n", solver, shape, depth);
            CHECK(depth < 0.002);
            phys_world_destroy(world);
        }
}

static void test_restoring(void) {
    static float rough[GROUND_ROWS * GROUND_COLUMNS];
    phys_geom_def ground = make_ground(GROUND_ROUGH, 9, rough);
    for (int solver = 0; solver < 2; solver++)
        for (int shape = PHYS_SHAPE_BOX; shape <= PHYS_SHAPE_HULL; shape++) {
            unsigned char bytes[4096];
            double points[24], before[3], after[3];
            phys_geom_def moving = random_shape((phys_shape)shape, points);
            phys_world *world = make(&moving, &ground, (phys_solver)solver, 1);
            phys_world *other = make(&moving, &ground, (phys_solver)solver, 1);
            size_t size = phys_world_state_size(world);
            put(world, 0, 0, 0.5);
            CHECK(size <= sizeof bytes && phys_world_step(world, NULL, 0, 80) == PHYS_OK);
            CHECK(phys_world_save(world, bytes, size) == PHYS_OK);
            CHECK(phys_world_step(world, NULL, 0, 100) == PHYS_OK);
            CHECK(phys_world_read(world, PHYS_LINK_POSITIONS, before, 3) == PHYS_OK);
            CHECK(phys_world_restore(other, bytes, size) == PHYS_OK);
            CHECK(phys_world_step(other, NULL, 0, 100) == PHYS_OK);
            CHECK(phys_world_read(other, PHYS_LINK_POSITIONS, after, 3) == PHYS_OK);
            CHECK(memcmp(before, after, sizeof before) == 0);
            phys_world_destroy(other);
            rough[77] += 1; /* another field is another world */
            other = make(&moving, &ground, (phys_solver)solver, 1);
            CHECK(phys_world_restore(other, bytes, size) == PHYS_BAD_STATE);
            rough[77] -= 1;
            phys_world_destroy(other);
            phys_world_destroy(world);
        }
}

static bool is_refused(const phys_geom_def *field, double radius, const char *reason) {
    phys_world_def def = phys_world_default_def();
    phys_link_def link = phys_link_default_def();
    phys_geom_def geoms[2] = {phys_geom_default_def(), *field};
    phys_pair_def pair = {0, 1, 1, 0};
    char text[PHYS_TEXT_SIZE] = "";
    geoms[0].shape = PHYS_SHAPE_SPHERE, geoms[0].link = 0, geoms[0].size[0] = radius;
    def.base = PHYS_BASE_FLOATING;
    def.links = &link, def.link_count = 1;
    def.geoms = geoms, def.geom_count = 2, def.pairs = &pair, def.pair_count = 1;
    bool is_right =
        phys_world_check_def(&def, text) == PHYS_INVALID_DEFINITION && strstr(text, reason) != NULL;
    if (!is_right)
        printf("'%s', not '%s'\n", text, reason);
    return is_right;
}

static void test_refusals(void) {
    phys_geom_def field = sloping(0.1, 0, 0), bad = field;
    bad.rows = 1;
    CHECK(is_refused(&bad, 0.1, "geoms[1].rows: 1 must be between 2 and 8192"));
    bad = field, bad.columns = 9000;
    CHECK(is_refused(&bad, 0.1, "geoms[1].columns: 9000"));
    bad = field, bad.rows = bad.columns = 8192;
    CHECK(is_refused(&bad, 0.1, "more than 2^24 heights"));
    bad = field, bad.size[0] = 1e-4;
    CHECK(is_refused(&bad, 0.1, "geoms[1].size[0]"));
    bad = field, bad.heights = NULL;
    CHECK(is_refused(&bad, 0.1, "geoms[1].heights: a height field needs them"));
    bad = field, bad.link = 0;
    CHECK(is_refused(&bad, 0.1, "geoms[1].link"));
    CHECK(is_refused(&field, 6, "more than 128 cells of 0.1 m of geom 1"));
    field_heights[FIELD_SIDE + 2] = NAN;
    CHECK(is_refused(&field, 0.1, "in row 1, column 2 must be within 1e4"));
}

int main(void) {
    test_ridges();
    test_rims();
    test_peaks();
    test_pits();
    test_wedges();
    test_restoring();
    test_refusals();
    return check_failures > 0;
}
