/* SPDX-License-Identifier: MIT */
#include "grounds.h"

#include <math.h>
#include <string.h>

static double uniform(unsigned *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return (double)(*seed >> 8) / 16777216.0;
}

static float height_of(ground_kind kind, double x, double y, unsigned *seed, const float *stones) {
    switch (kind) {
    case GROUND_STAIRS: /* treads of 0.3 m, 0.15 m high, up and down again */
        return (float)(0.15 * floor((1.8 - fabs(x)) / 0.3) - 0.75);
    case GROUND_ROUGH:
        return (float)(0.08 * uniform(seed) - 0.08);
    case GROUND_STONES: /* 0.25 m wide, gaps of 0.1 m, 0.4 m deep */
        if (fmod(x + 70, 0.35) > 0.26 || fmod(y + 70, 0.35) > 0.26)
            return -0.4f;
        return stones[(int)((x + 7) / 0.35) % 16 + 16 * ((int)((y + 7) / 0.35) % 16)];
    default:
        return 0;
    }
}

phys_geom_def make_ground(ground_kind kind, unsigned seed, float *heights) {
    phys_geom_def ground = phys_geom_default_def();
    float stones[256];
    seed = seed * 2654435761u + 1;
    for (int i = 0; i < 256; i++)
        stones[i] = (float)(0.06 * uniform(&seed) - 0.06);
    if (kind == GROUND_PLANE)
        return ground;
    if (kind == GROUND_BOX) {
        ground.shape = PHYS_SHAPE_BOX;
        ground.size[0] = ground.size[1] = 40, ground.size[2] = 0.5;
        ground.position[2] = -0.25;
        return ground;
    }
    ground.shape = PHYS_SHAPE_FIELD;
    ground.size[0] = kind == GROUND_ROUGH ? 0.08 : 0.05;
    ground.rows = GROUND_ROWS, ground.columns = GROUND_COLUMNS;
    ground.heights = heights;
    for (int i = 0; i < 2; i++)
        ground.position[i] = -0.5 * (GROUND_ROWS - 1) * ground.size[0];
    for (int i = 0; i < GROUND_ROWS; i++)
        for (int j = 0; j < GROUND_COLUMNS; j++)
            heights[i * GROUND_COLUMNS + j] =
                height_of(kind, ground.position[0] + (j + 1e-3) * ground.size[0],
                          ground.position[1] + (i + 1e-3) * ground.size[0], &seed, stones);
    return ground;
}

/* ---- The surface of a field, read off its definition */

static double node(const phys_geom_def *field, int row, int column) {
    int rows = (int)field->rows, columns = (int)field->columns;
    row = row < 0 ? 0 : row >= rows ? rows - 1 : row;
    column = column < 0 ? 0 : column >= columns ? columns - 1 : column;
    return (double)field->heights[row * columns + column];
}

static double field_height(const phys_geom_def *field, double x, double y) {
    double u = (x - field->position[0]) / field->size[0], v = (y - field->position[1]) / field->size[0];
    int j = (int)floor(u), i = (int)floor(v);
    double a = node(field, i, j), b = node(field, i, j + 1), c = node(field, i + 1, j),
           d = node(field, i + 1, j + 1);
    u -= j, v -= i;
    return u >= v ? a + u * (b - a) + v * (d - b) : a + v * (c - a) + u * (d - c);
}

double height_over_ground(const phys_geom_def *ground, const double *point) {
    return point[2] - (ground->shape == PHYS_SHAPE_FIELD ? field_height(ground, point[0], point[1]) : 0);
}

static double dot(const double *a, const double *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* From a point to a triangle, by its nearest point among face, edges and corners. */
static double triangle_distance(const double *p, double (*t)[3]) {
    double best = INFINITY, e[3][3], f[3][3], n[3];
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < 3; i++)
            e[k][i] = t[(k + 1) % 3][i] - t[k][i], f[k][i] = p[i] - t[k][i];
    for (int i = 0; i < 3; i++)
        n[i] = e[0][(i + 1) % 3] * e[1][(i + 2) % 3] - e[0][(i + 2) % 3] * e[1][(i + 1) % 3];
    int inside = 1;
    for (int k = 0; k < 3; k++) {
        double s = fmin(1, fmax(0, dot(e[k], f[k]) / dot(e[k], e[k]))), square = 0, across[3];
        for (int i = 0; i < 3; i++) {
            across[i] = e[k][(i + 1) % 3] * f[k][(i + 2) % 3] - e[k][(i + 2) % 3] * f[k][(i + 1) % 3];
            square += (f[k][i] - s * e[k][i]) * (f[k][i] - s * e[k][i]);
        }
        best = fmin(best, sqrt(square));
        inside &= dot(across, n) >= 0;
    }
    return inside ? fmin(best, fabs(dot(f[0], n)) / sqrt(dot(n, n))) : best;
}

/* How deep a point is under the ground's surface. */
static double depth_of_point(const phys_geom_def *ground, const double *point) {
    double below = -height_over_ground(ground, point), best = below, cell = ground->size[0];
    if (!(below > 1e-6) || ground->shape != PHYS_SHAPE_FIELD)
        return below;
    int column = (int)floor((point[0] - ground->position[0]) / cell),
        row = (int)floor((point[1] - ground->position[1]) / cell);
    for (int i = row - 2; i <= row + 2; i++)
        for (int j = column - 2; j <= column + 2; j++)
            for (int upper = 0; upper < 2; upper++) {
                int corners[3][2] = {{i, j}, {i + upper, j + 1}, {i + 1, j + 1 - upper}};
                double t[3][3];
                for (int k = 0; k < 3; k++) {
                    t[k][0] = ground->position[0] + corners[k][1] * cell;
                    t[k][1] = ground->position[1] + corners[k][0] * cell;
                    t[k][2] = node(ground, corners[k][0], corners[k][1]);
                }
                best = fmin(best, triangle_distance(point, t));
            }
    return best;
}

/* ---- The surface of a shape: the point of it that is farthest along a direction, and the depth of a point
 * in it */

static void support(const phys_geom_def *shape, const double *d, double *out) {
    double across = sqrt(d[0] * d[0] + d[1] * d[1]), length = sqrt(dot(d, d)), most = -INFINITY;
    switch (shape->shape) {
    case PHYS_SHAPE_BOX:
        for (int i = 0; i < 3; i++)
            out[i] = d[i] < 0 ? -shape->size[i] / 2 : shape->size[i] / 2;
        return;
    case PHYS_SHAPE_CYLINDER:
        for (int i = 0; i < 2; i++)
            out[i] = across > 0 ? shape->size[0] * d[i] / across : 0;
        out[2] = d[2] < 0 ? -shape->size[1] / 2 : shape->size[1] / 2;
        return;
    case PHYS_SHAPE_HULL:
        for (size_t n = 0; n < shape->point_count; n++)
            if (dot(shape->points + 3 * n, d) > most) {
                most = dot(shape->points + 3 * n, d);
                memcpy(out, shape->points + 3 * n, 3 * sizeof *out);
            }
        return;
    default:
        for (int i = 0; i < 3; i++)
            out[i] = shape->size[0] * d[i] / length;
        if (shape->shape == PHYS_SHAPE_CAPSULE)
            out[2] += d[2] < 0 ? -shape->size[1] / 2 : shape->size[1] / 2;
    }
}

/* Positive inside: the way out. */
static double inside(const phys_geom_def *shape, const double *p) {
    double across = sqrt(p[0] * p[0] + p[1] * p[1]), least = INFINITY;
    const double *s = shape->size;
    switch (shape->shape) {
    case PHYS_SHAPE_BOX:
        return fmin(s[0] / 2 - fabs(p[0]), fmin(s[1] / 2 - fabs(p[1]), s[2] / 2 - fabs(p[2])));
    case PHYS_SHAPE_CYLINDER:
        return fmin(s[0] - across, s[1] / 2 - fabs(p[2]));
    case PHYS_SHAPE_CAPSULE: {
        double z = fmax(fabs(p[2]) - s[1] / 2, 0);
        return s[0] - sqrt(across * across + z * z);
    }
    case PHYS_SHAPE_SPHERE:
        return s[0] - sqrt(dot(p, p));
    default:
        for (size_t n = 0; n < shape->triangle_count; n++) {
            const double *a = shape->points + 3 * shape->triangles[3 * n];
            const double *b = shape->points + 3 * shape->triangles[3 * n + 1];
            const double *c = shape->points + 3 * shape->triangles[3 * n + 2];
            double normal[3], from[3];
            for (int i = 0; i < 3; i++) {
                int j = (i + 1) % 3, k = (i + 2) % 3;
                normal[i] = (b[j] - a[j]) * (c[k] - a[k]) - (b[k] - a[k]) * (c[j] - a[j]);
                from[i] = a[i] - p[i];
            }
            least = fmin(least, dot(normal, from) / sqrt(dot(normal, normal)));
        }
        return least;
    }
}

static void rotate(const double *q, double sign, const double *a, double *out) {
    double u[3] = {sign * q[1], sign * q[2], sign * q[3]}, t[3];
    for (int i = 0; i < 3; i++)
        t[i] = 2 * (u[(i + 1) % 3] * a[(i + 2) % 3] - u[(i + 2) % 3] * a[(i + 1) % 3]);
    for (int i = 0; i < 3; i++)
        out[i] = a[i] + q[0] * t[i] + u[(i + 1) % 3] * t[(i + 2) % 3] - u[(i + 2) % 3] * t[(i + 1) % 3];
}

enum { SAMPLES = 400 };

/* A point of the shape's surface. */
static void sample(const phys_geom_def *shape, const double *position, const double *quaternion, int n,
                   double *point) {
    double z = 1 - 2 * (n + 0.5) / SAMPLES, r = sqrt(1 - z * z), angle = 2.399963229728653 * n;
    double direction[3] = {r * cos(angle), r * sin(angle), z}, turned[3], local[3];
    rotate(quaternion, -1, direction, turned);
    support(shape, turned, local);
    rotate(quaternion, 1, local, point);
    for (int i = 0; i < 3; i++)
        point[i] += position[i];
}

static double deepest_of_shape(const phys_geom_def *shape, const double *position, const double *quaternion,
                               const phys_geom_def *ground) {
    double deepest = 0, point[3];
    for (int n = 0; n < SAMPLES; n++) {
        sample(shape, position, quaternion, n, point);
        deepest = fmax(deepest, depth_of_point(ground, point));
    }
    return deepest;
}

double share_in_ground(const phys_geom_def *shape, const double *position, const double *quaternion,
                       const phys_geom_def *ground) {
    double count = 0, point[3];
    for (int n = 0; n < SAMPLES; n++) {
        sample(shape, position, quaternion, n, point);
        count += depth_of_point(ground, point) > 0.005;
    }
    return count / SAMPLES;
}

/* Points of the ground's surface in the shape, a fifth of a cell apart. */
static double deepest_of_ground(const phys_geom_def *shape, const double *position, const double *quaternion,
                                const phys_geom_def *ground) {
    enum { PARTS = 5 };
    double step = ground->size[0] / PARTS, deepest = 0, reach = 0.4;
    int low[2], high[2];
    for (int i = 0; i < 2; i++) {
        low[i] = (int)floor((position[i] - ground->position[i] - reach) / step);
        high[i] = (int)ceil((position[i] - ground->position[i] + reach) / step);
    }
    for (int i = low[0]; i <= high[0]; i++)
        for (int j = low[1]; j <= high[1]; j++) {
            double x = ground->position[0] + i * step, y = ground->position[1] + j * step;
            double point[3] = {x - position[0], y - position[1], field_height(ground, x, y) - position[2]};
            if (dot(point, point) > reach * reach)
                continue;
            double local[3];
            rotate(quaternion, -1, point, local);
            deepest = fmax(deepest, inside(shape, local));
        }
    return deepest;
}

double depth_in_ground(const phys_geom_def *shape, const double *position, const double *quaternion,
                       const phys_geom_def *ground) {
    double deepest = deepest_of_shape(shape, position, quaternion, ground);
    if (ground->shape == PHYS_SHAPE_FIELD)
        deepest = fmax(deepest, deepest_of_ground(shape, position, quaternion, ground));
    return deepest;
}
