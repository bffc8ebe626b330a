/* SPDX-License-Identifier: MIT */
/* How deep shapes are in each other, beside support functions and beside a search through many points. */
#include "CPhysics.h"
#include "check.h"

#include <math.h>

static uint64_t state = 88172645463325252u;

static double uniform(double low, double high) { /* xorshift64 */
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return low + (high - low) * (double)(state >> 11) * 0x1p-53;
}

typedef struct {
    double center[3], size[3], axes[3][3]; /* axes: of the shape, in the world */
} solid;

static solid random_solid(phys_geom_def *geom, phys_shape shape, double spread) {
    solid s;
    double length = 0, *q = geom->quaternion;
    *geom = phys_geom_default_def();
    geom->shape = shape;
    for (int i = 0; i < 4; i++)
        q[i] = uniform(-1, 1), length += q[i] * q[i];
    for (int i = 0; i < 4; i++)
        q[i] /= sqrt(length);
    for (int i = 0; i < 3; i++) {
        s.size[i] = geom->size[i] = uniform(0.1, 0.6);
        s.center[i] = geom->position[i] = uniform(-spread, spread);
    }
    double w = q[0], x = q[1], y = q[2], z = q[3];
    double axes[3][3] = {{1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)},
                         {2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)},
                         {2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)}};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++)
            s.axes[i][k] = axes[i][k];
    return s;
}

/* The deepest overlap of a shape on a free link and a shape that stands still; 0 for none. */
static double depth_of(const phys_geom_def *moving, const phys_geom_def *still) {
    phys_world_def def = phys_world_default_def();
    phys_link_def link = phys_link_default_def();
    phys_geom_def geoms[2] = {*moving, *still};
    phys_pair_def pair = {0, 1, 1, 0};
    phys_world *world = NULL;
    size_t found;
    double depth = -1;
    geoms[0].link = 0;
    def.base = PHYS_BASE_FLOATING;
    def.links = &link, def.link_count = 1;
    def.geoms = geoms, def.geom_count = 2;
    def.pairs = &pair, def.pair_count = 1;
    CHECK(phys_world_create(&def, &world, NULL) == PHYS_OK);
    CHECK(phys_world_deepest_overlap(world, &found, &depth) == PHYS_OK);
    phys_world_destroy(world);
    return depth;
}

/* How far below its centre a shape reaches. */
static double reach_below(const solid *s, phys_shape shape) {
    double down = fabs(s->axes[2][2]), across = sqrt(fmax(0, 1 - down * down));
    switch (shape) {
    case PHYS_SHAPE_SPHERE:
        return s->size[0];
    case PHYS_SHAPE_CAPSULE:
        return s->size[0] + s->size[1] / 2 * down;
    case PHYS_SHAPE_CYLINDER:
        return s->size[0] * across + s->size[1] / 2 * down;
    default:
        return (s->size[0] * fabs(s->axes[0][2]) + s->size[1] * fabs(s->axes[1][2]) + s->size[2] * down) / 2;
    }
}

static void test_planes(void) {
    const phys_geom_def plane = phys_geom_default_def();
    for (int shape = PHYS_SHAPE_BOX; shape <= PHYS_SHAPE_CYLINDER; shape++)
        for (int i = 0; i < 500; i++) {
            phys_geom_def geom;
            solid s = random_solid(&geom, (phys_shape)shape, 0.5);
            double expected = fmax(0, reach_below(&s, (phys_shape)shape) - s.center[2]);
            CHECK(fabs(depth_of(&geom, &plane) - expected) < 1e-12);
        }
}

static void point_of(const solid *s, double length, double t, double *out) {
    for (int i = 0; i < 3; i++)
        out[i] = s->center[i] + length * (t - 0.5) * s->axes[2][i];
}

static double distance_to_box(const solid *box, const double *point) {
    double sum = 0;
    for (int axis = 0; axis < 3; axis++) {
        double along = 0;
        for (int i = 0; i < 3; i++)
            along += box->axes[axis][i] * (point[i] - box->center[i]);
        double out = fabs(along) - box->size[axis] / 2;
        sum += out > 0 ? out * out : 0;
    }
    return sqrt(sum);
}

/* The least distance of two segments, or of a segment and a box, by a search through points of them. */
static double search(const solid *a, double length_a, const solid *b, double length_b, bool is_box) {
    enum { POINTS = 300 };
    double least = INFINITY, p[3], q[3];
    for (int i = 0; i <= (length_a > 0 ? POINTS : 0); i++) {
        point_of(a, length_a, length_a > 0 ? i / (double)POINTS : 0.5, p);
        if (is_box) {
            least = fmin(least, distance_to_box(b, p));
            continue;
        }
        for (int k = 0; k <= (length_b > 0 ? POINTS : 0); k++) {
            point_of(b, length_b, length_b > 0 ? k / (double)POINTS : 0.5, q);
            least = fmin(least, sqrt(pow(p[0] - q[0], 2) + pow(p[1] - q[1], 2) + pow(p[2] - q[2], 2)));
        }
    }
    return least;
}

/* Of shapes whose segments and boxes do not themselves overlap, either of which may be the moving one. */
static void test_pair(phys_shape first, phys_shape second) {
    int overlaps = 0;
    for (int i = 0; i < 200; i++) {
        phys_geom_def a, b;
        solid s = random_solid(&a, first, 0.5), t = random_solid(&b, second, 0.5);
        bool is_box = second == PHYS_SHAPE_BOX;
        double apart = search(&s, first == PHYS_SHAPE_CAPSULE ? s.size[1] : 0, &t,
                              second == PHYS_SHAPE_CAPSULE ? t.size[1] : 0, is_box);
        if (apart < 0.02)
            continue;
        double expected = fmax(0, s.size[0] + (is_box ? 0 : t.size[0]) - apart);
        overlaps += expected > 0;
        CHECK(fabs(depth_of(&a, &b) - expected) < 1e-3);
        CHECK(fabs(depth_of(&b, &a) - expected) < 1e-3);
    }
    CHECK(overlaps > 20);
}

int main(void) {
    test_planes();
    test_pair(PHYS_SHAPE_SPHERE, PHYS_SHAPE_SPHERE);
    test_pair(PHYS_SHAPE_SPHERE, PHYS_SHAPE_CAPSULE);
    test_pair(PHYS_SHAPE_CAPSULE, PHYS_SHAPE_CAPSULE);
    test_pair(PHYS_SHAPE_SPHERE, PHYS_SHAPE_BOX);
    test_pair(PHYS_SHAPE_CAPSULE, PHYS_SHAPE_BOX);
    CHECK(phys_guard_count() == 0);
    printf("%d failures\n", check_failures);
    return check_failures != 0;
}
