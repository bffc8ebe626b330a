/* SPDX-License-Identifier: MIT */
/* Drops of every shape onto every ground: none goes through, none is deeper than 5 mm when it has come to
 * rest.
 *
 *     cphysics_drops COUNT [SEED [GROUND]]
 *
 * COUNT of each shape onto each ground, from the GROUND of this number on, both solvers in turn; COUNT 1 and
 * SEED show one case again. */
#include "CPhysics.h"
#include "grounds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define STEP 0.005
enum { STEPS = 700, SHAPES = 5 };

static uint64_t state;

static double uniform(double low, double high) { /* xorshift64* */
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return low + (high - low) * (double)((state * 0x2545f4914f6cdd1du) >> 11) * 0x1p-53;
}

static const phys_shape shapes[SHAPES] = {PHYS_SHAPE_SPHERE, PHYS_SHAPE_CAPSULE, PHYS_SHAPE_CYLINDER,
                                          PHYS_SHAPE_BOX, PHYS_SHAPE_HULL};
static const char *const shape_names[SHAPES] = {"sphere", "capsule", "cylinder", "box", "hull"};
static const char *const ground_names[GROUND_COUNT] = {"plane", "box", "stairs", "rough", "stones"};

static double hull_points[3 * PHYS_MAX_HULL_POINTS];
static uint32_t hull_triangles[6 * PHYS_MAX_HULL_POINTS];

/* A drum that narrows towards its ends. */
static void make_hull(phys_geom_def *geom) {
    uint32_t sides = 3 + (uint32_t)uniform(0, 18), *next = hull_triangles;
    double narrow[2] = {uniform(0.3, 1), uniform(0.3, 1)};
    for (uint32_t k = 0; k < 2 * sides; k++) {
        double angle = 6.283185307179586 * (k / 2) / sides, radius = geom->size[0] * narrow[k % 2];
        hull_points[3 * k] = radius * cos(angle), hull_points[3 * k + 1] = radius * sin(angle);
        hull_points[3 * k + 2] = k % 2 == 0 ? -geom->size[1] / 2 : geom->size[1] / 2;
    }
    for (uint32_t k = 0; k < sides; k++) {
        uint32_t a = 2 * k, b = 2 * ((k + 1) % sides);
        uint32_t all[12] = {a, b, b + 1, a, b + 1, a + 1, 0, b, a, 1, a + 1, b + 1};
        int used = k == 0 || k + 1 == sides ? 6 : 12;
        for (int i = 0; i < used; i++)
            *next++ = all[i];
    }
    geom->points = hull_points, geom->point_count = 2 * sides;
    geom->triangles = hull_triangles, geom->triangle_count = (size_t)(next - hull_triangles) / 3;
}

static void random_quaternion(double *q) {
    double length = 0;
    for (int i = 0; i < 4; i++)
        q[i] = uniform(-1, 1), length += q[i] * q[i];
    for (int i = 0; i < 4; i++)
        q[i] /= sqrt(length);
}

static phys_geom_def random_shape(phys_shape shape) {
    phys_geom_def geom = phys_geom_default_def();
    geom.shape = shape;
    geom.link = 0;
    for (int i = 0; i < 3; i++) {
        double low = shape == PHYS_SHAPE_BOX ? 0.02 : 0.015, high = shape == PHYS_SHAPE_BOX ? 0.3 : 0.12;
        geom.size[i] = low * pow(high / low, uniform(0, 1));
    }
    if (shape == PHYS_SHAPE_CAPSULE || shape == PHYS_SHAPE_CYLINDER || shape == PHYS_SHAPE_HULL)
        geom.size[1] = uniform(0.02, 0.3);
    if (shape == PHYS_SHAPE_HULL)
        make_hull(&geom);
    return geom;
}

/* As of a full body of about this size. */
static void set_inertia(const phys_geom_def *geom, phys_link_def *link) {
    double half[3] = {geom->size[0], geom->size[0], geom->size[0]};
    if (geom->shape == PHYS_SHAPE_BOX)
        for (int i = 0; i < 3; i++)
            half[i] = geom->size[i] / 2;
    else if (geom->shape != PHYS_SHAPE_SPHERE)
        half[2] = geom->size[1] / 2 + (geom->shape == PHYS_SHAPE_CAPSULE ? geom->size[0] : 0);
    for (int i = 0; i < 3; i++) {
        double a = half[(i + 1) % 3], b = half[(i + 2) % 3];
        link->inertia[i] = link->mass * (a * a + b * b) / 3;
    }
}

typedef struct {
    double deepest_ever, deepest, share;
    bool is_still;
} fall;

static double length_of(const double *v) {
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* From a start to the end of the last step. */
static fall watch(phys_world *world, const phys_geom_def *geom, const phys_geom_def *ground, double inertia) {
    fall f = {0, 0, 0, true};
    double position[3], quaternion[4], velocity[3], rate[3];
    for (int k = 0; k < STEPS; k++) {
        if (phys_world_step(world, NULL, 0, 1) != PHYS_OK ||
            phys_world_read(world, PHYS_LINK_POSITIONS, position, 3) != PHYS_OK ||
            phys_world_read(world, PHYS_LINK_QUATERNIONS, quaternion, 4) != PHYS_OK ||
            phys_world_read(world, PHYS_LINK_LINEAR_VELOCITIES, velocity, 3) != PHYS_OK ||
            phys_world_read(world, PHYS_LINK_ANGULAR_VELOCITIES, rate, 3) != PHYS_OK)
            return (fall){INFINITY, INFINITY, 1, true};
        f.is_still = k >= STEPS - 20 ? f.is_still && length_of(velocity) < 0.05 && length_of(rate) < 1 : true;
        /* Air, so that what rolls comes to rest. */
        for (int i = 0; k > STEPS / 3 && i < 3; i++)
            velocity[i] *= -3, rate[i] *= -5 * inertia;
        if (k > STEPS / 3 && phys_world_set_external_force(world, 0, velocity, rate) != PHYS_OK)
            abort();
        if (k % 200 == 0)
            f.deepest_ever = fmax(f.deepest_ever, depth_in_ground(geom, position, quaternion, ground));
    }
    f.deepest = depth_in_ground(geom, position, quaternion, ground);
    f.share = share_in_ground(geom, position, quaternion, ground);
    return f;
}

static fall drop(const phys_geom_def *geom, const phys_geom_def *ground, phys_solver solver) {
    phys_world_def def = phys_world_default_def();
    phys_link_def link = phys_link_default_def();
    phys_geom_def geoms[2] = {*geom, *ground};
    phys_pair_def pair = {0, 1, uniform(0.3, 1.2), 0};
    phys_base_state start = {{uniform(-1, 1), uniform(-1, 1), uniform(0.4, 1.5)}, {1, 0, 0, 0}, {0}, {0}};
    phys_world *world = NULL;
    set_inertia(geom, &link);
    random_quaternion(start.quaternion);
    for (int i = 0; i < 3; i++)
        start.linear_velocity[i] = uniform(-2, 2), start.angular_velocity[i] = uniform(-10, 10);
    def.solver = solver, def.time_step = STEP, def.base = PHYS_BASE_FLOATING;
    def.links = &link, def.link_count = 1;
    def.geoms = geoms, def.geom_count = 2, def.pairs = &pair, def.pair_count = 1;
    if (phys_world_create(&def, &world, NULL) != PHYS_OK ||
        phys_world_place(world, &start, NULL, NULL, 0) != PHYS_OK)
        abort();
    fall f = watch(world, geom, ground, fmin(link.inertia[0], fmin(link.inertia[1], link.inertia[2])));
    phys_world_destroy(world);
    return f;
}

typedef struct {
    unsigned long through, deep, still;
    double worst, ever;
} tally;

static void count_drop(unsigned long seed, int shape, int kind, tally *t) {
    static float heights[GROUND_ROWS * GROUND_COLUMNS];
    state = seed * 0x9e3779b97f4a7c15u + (uint64_t)shape * 1000003u + (uint64_t)kind + 88172645463325252u;
    for (int i = 0; i < 8; i++)
        uniform(0, 1);
    phys_geom_def ground = make_ground((ground_kind)kind, (unsigned)seed, heights);
    phys_geom_def geom = random_shape(shapes[shape]);
    fall f = drop(&geom, &ground, seed % 2 == 0 ? PHYS_SOLVER_ARTICULATED : PHYS_SOLVER_ODE);
    bool is_through = f.share > 0.5, is_deep = f.is_still && f.deepest > 0.005;
    if (is_through || is_deep)
        printf("%s on %s, seed %lu: %g of it in the ground, %g m deep (%g on the way)\n", shape_names[shape],
               ground_names[kind], seed, f.share, f.deepest, f.deepest_ever);
    t->through += is_through;
    t->deep += is_deep;
    t->still += f.is_still;
    t->worst = fmax(t->worst, f.is_still ? f.deepest : 0);
    t->ever = fmax(t->ever, f.deepest_ever);
}

int main(int argc, char **argv) {
    unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 20,
                  first = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    unsigned long bad = 0;
    for (int kind = argc > 3 ? atoi(argv[3]) : 0; kind < GROUND_COUNT; kind++)
        for (int shape = 0; shape < SHAPES; shape++) {
            tally t = {0, 0, 0, 0, 0};
            for (unsigned long n = 0; n < count; n++)
                count_drop(first + n, shape, kind, &t);
            printf("%-8s on %-6s: %lu of %lu through; at rest %lu, of these %lu deeper than 5 mm, %.2g m at "
                   "most; on the "
                   "way %.2g m\n",
                   shape_names[shape], ground_names[kind], t.through, count, t.still, t.deep, t.worst,
                   t.ever);
            fflush(stdout);
            bad += t.through + t.deep;
        }
    return bad > 0;
}
