/* SPDX-License-Identifier: MIT */
/* Convex hulls: on planes exact, on other shapes as the primitive that they copy, and refused where they are
 * none. */
#include "CPhysics.h"
#include "check.h"

#include <math.h>
#include <string.h>

static uint64_t state = 88172645463325252u;

static double uniform(double low, double high) { /* xorshift64 */
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return low + (high - low) * (double)(state >> 11) * 0x1p-53;
}

/* Corners are those of a box: bit k of their number is the side along axis k. */
static const uint32_t box_triangles[36] = {0, 2, 3, 0, 3, 1, 4, 5, 7, 4, 7, 6, 0, 1, 5, 0, 5, 4,
                                           2, 6, 7, 2, 7, 3, 0, 4, 6, 0, 6, 2, 1, 3, 7, 1, 7, 5};

static phys_geom_def box_hull(const double *size, double *points) {
    phys_geom_def geom = phys_geom_default_def();
    for (int k = 0; k < 8; k++)
        for (int i = 0; i < 3; i++)
            points[3 * k + i] = k >> i & 1 ? size[i] / 2 : -size[i] / 2;
    geom.shape = PHYS_SHAPE_HULL;
    geom.points = points, geom.point_count = 8;
    geom.triangles = box_triangles, geom.triangle_count = 12;
    return geom;
}

/* A prism of many sides about z: at most 32. */
static phys_geom_def prism_hull(double radius, double length, uint32_t sides, double *points,
                                uint32_t *triangles) {
    phys_geom_def geom = phys_geom_default_def();
    uint32_t *next = triangles;
    for (uint32_t k = 0; k < sides; k++)
        for (int end = 0; end < 2; end++) {
            double *point = points + 3 * (2 * k + (uint32_t)end), angle = 6.283185307179586 * k / sides;
            point[0] = radius * cos(angle), point[1] = radius * sin(angle);
            point[2] = end == 0 ? -length / 2 : length / 2;
        }
    for (uint32_t k = 0; k < sides; k++) {
        uint32_t a = 2 * k, b = 2 * ((k + 1) % sides);
        uint32_t both[6] = {a, b, b + 1, a, b + 1, a + 1};
        memcpy(next, both, sizeof both), next += 6;
        if (k == 0 || k + 1 == sides)
            continue;
        uint32_t ends[6] = {0, b, a, 1, a + 1, b + 1};
        memcpy(next, ends, sizeof ends), next += 6;
    }
    geom.shape = PHYS_SHAPE_HULL;
    geom.points = points, geom.point_count = 2 * sides;
    geom.triangles = triangles, geom.triangle_count = (size_t)(next - triangles) / 3;
    return geom;
}

static void turn_at_random(double *q) {
    double length = 0;
    for (int i = 0; i < 4; i++)
        q[i] = uniform(-1, 1), length += q[i] * q[i];
    for (int i = 0; i < 4; i++)
        q[i] /= sqrt(length);
}

/* A body of 1 kg with one geom, another geom that stands still. */
static phys_world *make(const phys_geom_def *moving, const phys_geom_def *still, phys_solver solver,
                        double height) {
    phys_world_def def = phys_world_default_def();
    phys_link_def link = phys_link_default_def();
    phys_geom_def geoms[2] = {*moving, *still};
    phys_pair_def pair = {0, 1, 1, 0};
    phys_world *world = NULL;
    geoms[0].link = 0;
    link.inertia[0] = link.inertia[1] = link.inertia[2] = 0.002;
    link.position[2] = height;
    def.solver = solver;
    def.time_step = 0.005;
    def.base = PHYS_BASE_FLOATING;
    def.links = &link, def.link_count = 1;
    def.geoms = geoms, def.geom_count = 2;
    def.pairs = &pair, def.pair_count = 1;
    char text[PHYS_TEXT_SIZE] = "";
    if (phys_world_create(&def, &world, text) != PHYS_OK)
        printf("refused: %s\n", text);
    return world;
}

static double depth_of(const phys_geom_def *moving, const phys_geom_def *still) {
    phys_world *world = make(moving, still, PHYS_SOLVER_ODE, 0);
    size_t pair;
    double depth = -1;
    CHECK(world != NULL && phys_world_deepest_overlap(world, &pair, &depth) == PHYS_OK);
    phys_world_destroy(world);
    return depth;
}

/* ---- How deep */

static void test_planes(void) {
    const phys_geom_def plane = phys_geom_default_def();
    for (int i = 0; i < 2000; i++) {
        double size[3], points[24];
        for (int k = 0; k < 3; k++)
            size[k] = uniform(0.05, 0.6);
        phys_geom_def hull = box_hull(size, points), box = hull;
        turn_at_random(hull.quaternion);
        for (int k = 0; k < 3; k++)
            hull.position[k] = uniform(-0.3, 0.3);
        memcpy(box.quaternion, hull.quaternion, sizeof box.quaternion);
        memcpy(box.position, hull.position, sizeof box.position);
        box.shape = PHYS_SHAPE_BOX;
        memcpy(box.size, size, sizeof size);
        CHECK(fabs(depth_of(&hull, &plane) - depth_of(&box, &plane)) < 1e-12);
    }
}

static void axis_of(const phys_geom_def *geom, int axis, double *out) {
    const double *q = geom->quaternion;
    double w = q[0], v[3] = {q[1], q[2], q[3]};
    for (int i = 0; i < 3; i++)
        out[i] = 2 * v[i] * v[axis] + (i == axis ? 2 * w * w - 1 : 0);
    out[(axis + 1) % 3] += 2 * w * v[(axis + 2) % 3];
    out[(axis + 2) % 3] -= 2 * w * v[(axis + 1) % 3];
}

/* Half of a box along a direction. */
static double half_along(const phys_geom_def *box, const double *direction) {
    double sum = 0, axis[3];
    for (int k = 0; k < 3; k++) {
        axis_of(box, k, axis);
        double along = axis[0] * direction[0] + axis[1] * direction[1] + axis[2] * direction[2];
        sum += fabs(along) * box->size[k] / 2;
    }
    return sum;
}

/* How deep two boxes are in each other: the least over the normals of their faces, and of pairs of edges. */
static double box_depth(const phys_geom_def *a, const phys_geom_def *b) {
    double least = INFINITY;
    for (int k = 0; k < 15; k++) {
        double d[3], e[3], cross[3], length = 0, apart = 0;
        if (k < 6) {
            axis_of(k < 3 ? a : b, k % 3, cross);
        } else {
            axis_of(a, (k - 6) / 3, d);
            axis_of(b, (k - 6) % 3, e);
            for (int i = 0; i < 3; i++)
                cross[i] = d[(i + 1) % 3] * e[(i + 2) % 3] - d[(i + 2) % 3] * e[(i + 1) % 3];
        }
        for (int i = 0; i < 3; i++)
            length += cross[i] * cross[i];
        if (length < 1e-6)
            continue;
        for (int i = 0; i < 3; i++) {
            cross[i] /= sqrt(length);
            apart += cross[i] * (a->position[i] - b->position[i]);
        }
        least = fmin(least, half_along(a, cross) + half_along(b, cross) - fabs(apart));
    }
    return fmax(least, 0);
}

/* As deep as a box of the same size says, in a ball, a capsule, a box and another hull. */
static void test_pairs(void) {
    int overlaps = 0, errors = 0;
    for (int i = 0; i < 2000; i++) {
        double size[3], points[24], other_points[24];
        for (int k = 0; k < 3; k++)
            size[k] = uniform(0.1, 0.4);
        phys_geom_def hull = box_hull(size, points), box, other = phys_geom_default_def();
        turn_at_random(hull.quaternion);
        memcpy(hull.size, size, sizeof size);
        box = hull;
        box.shape = PHYS_SHAPE_BOX;
        other.shape = (phys_shape)(PHYS_SHAPE_BOX + i % 3);
        for (int k = 0; k < 3; k++) {
            other.size[k] = uniform(0.1, 0.3);
            other.position[k] = uniform(-0.3, 0.3);
        }
        turn_at_random(other.quaternion);
        double expected = depth_of(&box, &other), found = depth_of(&hull, &other);
        double swapped = depth_of(&other, &hull);
        if (other.shape == PHYS_SHAPE_BOX)
            expected = box_depth(&hull, &other);
        if (expected > 0.01) /* deeper than contacts are, where several ways out are nearly as short */
            continue;
        overlaps += expected > 0;
        if (fabs(found - expected) > 2e-3 || fabs(swapped - expected) > 2e-3)
            printf("pair %d shape %d: %g %g not %g\n", i, other.shape, found, swapped, expected);
        errors += fabs(found - expected) > 2e-3 || fabs(swapped - expected) > 2e-3;
        if (other.shape != PHYS_SHAPE_BOX)
            continue;
        phys_geom_def both = box_hull(other.size, other_points);
        memcpy(both.position, other.position, sizeof both.position);
        memcpy(both.quaternion, other.quaternion, sizeof both.quaternion);
        errors += fabs(depth_of(&hull, &both) - expected) > 2e-3;
    }
    printf("%d overlaps, %d errors\n", overlaps, errors);
    CHECK(overlaps > 60 && errors == 0);
}

/* ---- At rest */

typedef struct {
    double height, speed, turning, lowest;
} rest;

static rest drop(const phys_geom_def *moving, const phys_geom_def *still, phys_solver solver,
                 double height, int steps) {
    rest r = {0, 0, 0, INFINITY};
    double links[6];
    phys_world *world = make(moving, still, solver, height);
    CHECK(world != NULL);
    for (int k = 0; k < steps; k++) {
        CHECK(phys_world_step(world, NULL, 0, 1) == PHYS_OK);
        CHECK(phys_world_read(world, PHYS_LINK_POSITIONS, links, 3) == PHYS_OK);
        r.lowest = fmin(r.lowest, links[2]);
    }
    r.height = links[2];
    CHECK(phys_world_read(world, PHYS_LINK_LINEAR_VELOCITIES, links, 3) == PHYS_OK);
    CHECK(phys_world_read(world, PHYS_LINK_ANGULAR_VELOCITIES, links + 3, 3) == PHYS_OK);
    r.speed = sqrt(links[0] * links[0] + links[1] * links[1] + links[2] * links[2]);
    r.turning = sqrt(links[3] * links[3] + links[4] * links[4] + links[5] * links[5]);
    phys_world_destroy(world);
    return r;
}

/* A cube and a prism of 32 sides stand still: on a plane, a box and a hull. */
static void test_standing(void) {
    static const double ground_size[3] = {2, 2, 0.2};
    double size[3] = {0.1, 0.1, 0.1}, points[24], prism_points[192], ground_points[24];
    uint32_t triangles[372];
    phys_geom_def grounds[3] = {phys_geom_default_def(), phys_geom_default_def(),
                                box_hull(ground_size, ground_points)};
    phys_geom_def bodies[2] = {box_hull(size, points), prism_hull(0.05, 0.1, 32, prism_points, triangles)};
    grounds[1].shape = PHYS_SHAPE_BOX;
    memcpy(grounds[1].size, ground_size, sizeof ground_size);
    grounds[1].position[2] = grounds[2].position[2] = -0.1;
    for (int solver = 0; solver < 2; solver++)
        for (int body = 0; body < 2; body++)
            for (int ground = 0; ground < 3; ground++) {
                rest r = drop(&bodies[body], &grounds[ground], (phys_solver)solver, 0.1, 600);
                if (!(fabs(r.height - 0.05) < 1e-3 && r.speed < 1e-3 && r.turning < 1e-2))
                    printf("solver %d body %d ground %d: %g m, %g m/s, %g rad/s\n", solver, body, ground,
                           r.height, r.speed, r.turning);
                CHECK(fabs(r.height - 0.05) < 1e-3 && r.speed < 1e-3 && r.turning < 1e-2);
                CHECK(r.lowest > 0.04); /* as deep as the speed times 0.02 s / e */
            }
}

/* What is round touches a hull's face at both ends: a capsule lies still, also far from the middle. */
static void test_lying(void) {
    static const double ground_size[3] = {2, 2, 0.2};
    double ground_points[24];
    phys_geom_def ground = box_hull(ground_size, ground_points), capsule = phys_geom_default_def();
    ground.position[0] = 0.7, ground.position[2] = -0.1;
    capsule.shape = PHYS_SHAPE_CAPSULE;
    capsule.size[0] = 0.05, capsule.size[1] = 0.4;
    capsule.quaternion[0] = capsule.quaternion[1] = sqrt(0.5);
    for (int solver = 0; solver < 2; solver++) {
        rest r = drop(&capsule, &ground, (phys_solver)solver, 0.06, 400);
        CHECK(fabs(r.height - 0.05) < 1e-3 && r.speed < 1e-3 && r.turning < 1e-2);
        phys_world *world = make(&capsule, &ground, (phys_solver)solver, 0.05);
        double force[3] = {0, 0, 0}, torque[3] = {0.8, 0, 0}, pose[4]; /* it bears 1.96 N m */
        CHECK(phys_world_set_external_force(world, 0, force, torque) == PHYS_OK);
        CHECK(phys_world_step(world, NULL, 0, 200) == PHYS_OK);
        CHECK(phys_world_read(world, PHYS_LINK_QUATERNIONS, pose, 4) == PHYS_OK);
        CHECK(fabs(pose[1]) < 0.02);
        phys_world_destroy(world);
    }
}

/* On a plane a hull of a box moves as the box does. */
static void test_like_box(void) {
    const phys_geom_def plane = phys_geom_default_def();
    for (int i = 0; i < 20; i++) {
        double size[3], points[24];
        for (int k = 0; k < 3; k++)
            size[k] = uniform(0.1, 0.3);
        phys_geom_def hull = box_hull(size, points), box = hull;
        box.shape = PHYS_SHAPE_BOX;
        memcpy(box.size, size, sizeof size);
        turn_at_random(hull.quaternion);
        memcpy(box.quaternion, hull.quaternion, sizeof box.quaternion);
        rest a = drop(&hull, &plane, PHYS_SOLVER_ARTICULATED, 0.4, 800);
        rest b = drop(&box, &plane, PHYS_SOLVER_ARTICULATED, 0.4, 800);
        CHECK(a.speed < 1e-2 && b.speed < 1e-2 && fabs(a.lowest - b.lowest) < 5e-3);
    }
}

/* Nothing falls through, however it comes down. */
static void test_drops(void) {
    static const double ground_size[3] = {2, 2, 0.2};
    double ground_points[24], points[192];
    uint32_t triangles[372];
    for (int i = 0; i < 400; i++) {
        phys_geom_def ground = i % 4 == 0 ? box_hull(ground_size, ground_points) : phys_geom_default_def();
        phys_geom_def body = prism_hull(uniform(0.03, 0.1), uniform(0.02, 0.2), 3 + (uint32_t)i % 30, points,
                                        triangles);
        if (i % 4 == 1) { /* a primitive on a hull */
            ground = box_hull(ground_size, ground_points);
            body = phys_geom_default_def();
            body.shape = (phys_shape)(PHYS_SHAPE_BOX + i / 4 % 4);
            for (int k = 0; k < 3; k++)
                body.size[k] = uniform(0.03, 0.1);
        } else if (i % 4 == 2) {
            ground.shape = PHYS_SHAPE_BOX;
            memcpy(ground.size, ground_size, sizeof ground_size);
        }
        if (ground.shape != PHYS_SHAPE_PLANE)
            ground.position[2] = -0.1;
        turn_at_random(body.quaternion);
        phys_solver solver = i % 2 == 0 ? PHYS_SOLVER_ARTICULATED : PHYS_SOLVER_ODE;
        rest r = drop(&body, &ground, solver, uniform(0.2, 1), 400);
        if (!(r.lowest > 0 && r.height > 0.008))
            printf("drop %d: lowest %g height %g\n", i, r.lowest, r.height);
        CHECK(r.lowest > 0 && r.height > 0.008);
    }
}

/* ---- Bits, and refusals */

static void test_restoring(void) {
    double points[192], before[3], after[3];
    uint32_t triangles[372];
    unsigned char bytes[4096];
    const phys_geom_def plane = phys_geom_default_def();
    phys_geom_def body = prism_hull(0.05, 0.1, 17, points, triangles);
    turn_at_random(body.quaternion);
    for (int solver = 0; solver < 2; solver++) {
        phys_world *world = make(&body, &plane, (phys_solver)solver, 0.2);
        size_t size = phys_world_state_size(world);
        CHECK(size <= sizeof bytes);
        CHECK(phys_world_step(world, NULL, 0, 45) == PHYS_OK);
        CHECK(phys_world_save(world, bytes, size) == PHYS_OK);
        CHECK(phys_world_step(world, NULL, 0, 100) == PHYS_OK);
        CHECK(phys_world_read(world, PHYS_LINK_POSITIONS, before, 3) == PHYS_OK);
        /* Into another world, whose hull has its own memory. */
        phys_world *other = make(&body, &plane, (phys_solver)solver, 0.2);
        CHECK(phys_world_restore(other, bytes, size) == PHYS_OK);
        CHECK(phys_world_step(other, NULL, 0, 100) == PHYS_OK);
        CHECK(phys_world_read(other, PHYS_LINK_POSITIONS, after, 3) == PHYS_OK);
        CHECK(memcmp(before, after, sizeof before) == 0);
        phys_world_destroy(other);
        /* Not into one of another shape. */
        for (int i = 0; i < 192; i++)
            points[i] *= 1.001;
        other = make(&body, &plane, (phys_solver)solver, 0.2);
        CHECK(phys_world_restore(other, bytes, size) == PHYS_BAD_STATE);
        for (int i = 0; i < 192; i++)
            points[i] /= 1.001;
        phys_world_destroy(other);
        phys_world_destroy(world);
    }
}

static bool is_refused(const phys_geom_def *hull, const char *reason) {
    phys_world_def def = phys_world_default_def();
    phys_link_def link = phys_link_default_def();
    phys_world *world = NULL;
    char text[PHYS_TEXT_SIZE] = "";
    def.base = PHYS_BASE_FLOATING;
    def.links = &link, def.link_count = 1;
    def.geoms = hull, def.geom_count = 1;
    phys_status status = phys_world_create(&def, &world, text);
    phys_world_destroy(world);
    if (status != PHYS_INVALID_DEFINITION || strstr(text, reason) == NULL)
        printf("status %d, '%s', not '%s'\n", (int)status, text, reason);
    return status == PHYS_INVALID_DEFINITION && strstr(text, reason) != NULL;
}

static void test_refusals(void) {
    const double size[3] = {0.1, 0.2, 0.3}, flat[3] = {0.1, 0.2, 1e-7};
    double points[24];
    uint32_t triangles[36];
    phys_geom_def hull = box_hull(size, points), bad = hull;
    bad.point_count = 3;
    CHECK(is_refused(&bad, "geoms[0].point_count: 3 must be between 4 and 64"));
    bad = hull, bad.point_count = 65;
    CHECK(is_refused(&bad, "geoms[0].point_count"));
    bad = hull, bad.triangle_count = 13;
    CHECK(is_refused(&bad, "geoms[0].triangle_count: 13 must be between 4 and 12"));
    bad = hull, bad.points = NULL;
    CHECK(is_refused(&bad, "a hull needs both"));
    bad = hull, bad.triangles = NULL;
    CHECK(is_refused(&bad, "a hull needs both"));
    points[5] = NAN;
    CHECK(is_refused(&hull, "geoms[0].points"));
    hull = box_hull(size, points);
    points[0] *= 0.1, points[1] *= 0.1, points[2] *= 0.1; /* a dent */
    CHECK(is_refused(&hull, "no convex surface"));
    hull = box_hull(flat, points);
    CHECK(is_refused(&hull, "no convex surface"));
    hull = box_hull(size, points);
    memcpy(triangles, box_triangles, sizeof triangles);
    hull.triangles = triangles;
    triangles[7] = 8;
    CHECK(is_refused(&hull, "geoms[0].triangles[7]: 8 must be a point, 0 to 7"));
    for (int n = 0; n < 12; n++) { /* inside out */
        triangles[3 * n] = box_triangles[3 * n + 1];
        triangles[3 * n + 1] = box_triangles[3 * n];
        triangles[3 * n + 2] = box_triangles[3 * n + 2];
    }
    CHECK(is_refused(&hull, "no convex surface"));
}

int main(void) {
    test_planes();
    test_pairs();
    test_standing();
    test_lying();
    test_like_box();
    test_drops();
    test_restoring();
    test_refusals();
    return check_failures > 0;
}
