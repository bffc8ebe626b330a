/* SPDX-License-Identifier: MIT */
/* The nearest points of two convex shapes, by Gilbert, Johnson and Keerthi (1988): of all differences of
 * their points, a convex set too, that next to the origin, from a simplex in it that moves towards the
 * origin. */
#include "physics_internal.h"

#include <string.h>

/* The point of a shape that is farthest along a direction, in the shape's frame; `share` of its size. Balls
 * and capsules count without their radius. */
static void support(const phys_geom *geom, const double *d, double share, double *out) {
    const double *s = geom->def.size;
    double across = sqrt(d[0] * d[0] + d[1] * d[1]);
    out[0] = out[1] = out[2] = 0;
    switch (geom->def.shape) {
    case PHYS_SHAPE_PLANE:
    case PHYS_SHAPE_FIELD:
    case PHYS_SHAPE_SPHERE:
        return;
    case PHYS_SHAPE_CAPSULE:
        out[2] = d[2] < 0 ? -s[1] / 2 : s[1] / 2;
        return;
    case PHYS_SHAPE_BOX:
        for (int i = 0; i < 3; i++)
            out[i] = share * (d[i] < 0 ? -s[i] / 2 : s[i] / 2);
        return;
    case PHYS_SHAPE_CYLINDER:
        out[0] = across > 0 ? share * s[0] * d[0] / across : 0;
        out[1] = across > 0 ? share * s[0] * d[1] / across : 0;
        out[2] = share * (d[2] < 0 ? -s[1] / 2 : s[1] / 2);
        return;
    case PHYS_SHAPE_HULL: {
        const phys_hull *hull = geom->hull;
        const double *most = hull->points;
        for (unsigned n = 1; n < hull->count; n++)
            if (v3_dot(hull->points + 3 * n, d) > v3_dot(most, d))
                most = hull->points + 3 * n;
        for (int i = 0; i < 3; i++)
            out[i] = hull->middle[i] + share * (most[i] - hull->middle[i]);
        return;
    }
    }
}

static void support_in_world(const phys_geom *geom, const double *direction, double sign, double share,
                             double *out) {
    double local[3], point[3];
    for (int i = 0; i < 3; i++)
        local[i] = sign * (geom->rotation[i] * direction[0] + geom->rotation[4 + i] * direction[1] +
                           geom->rotation[8 + i] * direction[2]);
    support(geom, local, share, point);
    r_rotate(geom->rotation, point, out);
    v3_add_scaled(out, 1, geom->center);
}

typedef struct {
    double apart[4][3], first[4][3]; /* first point less second point; first point */
    double weights[4];
    int count;
} simplex;

/* The point next to the origin in the plane, line or space through the corners whose bits are set, as weights
 * of these; false where it is not between them. Gaussian elimination of its two or three conditions. */
static bool project(const simplex *s, unsigned bits, double *weights) {
    int corner[4] = {0}, count = 0;
    double m[3][4], edges[3][3];
    for (int k = 0; k < s->count; k++)
        if (bits >> k & 1)
            corner[count++] = k;
    const double *base = s->apart[corner[0]];
    for (int k = 1; k < count; k++)
        v3_sub(s->apart[corner[k]], base, edges[k - 1]);
    for (int i = 0; i < count - 1; i++) {
        for (int k = 0; k < count - 1; k++)
            m[i][k] = v3_dot(edges[i], edges[k]);
        m[i][count - 1] = -v3_dot(edges[i], base);
    }
    for (int i = 0; i < count - 1; i++) {
        if (!(m[i][i] > 1e-14 * v3_dot(edges[i], edges[i])))
            return false;
        for (int row = 0; row < count - 1; row++) {
            double factor = m[row][i] / m[i][i];
            for (int k = i; row != i && k < count; k++)
                m[row][k] -= factor * m[i][k];
        }
    }
    memset(weights, 0, 4 * sizeof *weights);
    weights[corner[0]] = 1;
    for (int i = 0; i < count - 1; i++) {
        weights[corner[i + 1]] = m[i][count - 1] / m[i][i];
        weights[corner[0]] -= weights[corner[i + 1]];
    }
    for (int k = 0; k < count; k++)
        if (!(weights[corner[k]] >= 0))
            return false;
    return true;
}

static void mean(const double (*points)[3], const double *weights, int count, double *out) {
    out[0] = out[1] = out[2] = 0;
    for (int k = 0; k < count; k++)
        v3_add_scaled(out, weights[k], points[k]);
}

/* The point of the simplex next to the origin; keeps the corners that it is between. */
static void reduce(simplex *s, double *nearest) {
    double least = INFINITY, weights[4], point[3];
    unsigned best = 1;
    for (unsigned bits = 1; bits < 1u << s->count; bits++) {
        if (!project(s, bits, weights))
            continue;
        mean((const double(*)[3])s->apart, weights, s->count, point);
        if (v3_dot(point, point) >= least)
            continue;
        least = v3_dot(point, point);
        best = bits;
        memcpy(s->weights, weights, sizeof weights);
        v3_copy(point, nearest);
    }
    int kept = 0;
    for (int k = 0; k < s->count; k++) {
        if (!(best >> k & 1))
            continue;
        memmove(s->apart[kept], s->apart[k], sizeof s->apart[k]);
        memmove(s->first[kept], s->first[k], sizeof s->first[k]);
        s->weights[kept++] = s->weights[k];
    }
    s->count = kept;
}

/* The way from the second shape's nearest point to the first's, each taken at a share of its size, and the
 * middle of the two; false where they overlap. Of those farther apart than `limit` only a direction in which
 * they are. */
bool phys_nearest(const phys_geom *first, const phys_geom *second, double share, double limit, double *apart,
                  double *middle) {
    enum { MAX_TURNS = 60 };
    simplex s = {.count = 0};
    double size = first->radius + second->radius, on_first[3];
    v3_sub(first->center, second->center, apart);
    if (!(v3_dot(apart, apart) > 0))
        apart[2] = size;
    for (int turn = 0; turn < MAX_TURNS; turn++) {
        double a[3], b[3], w[3];
        support_in_world(first, apart, -1, share, a);
        support_in_world(second, apart, 1, share, b);
        v3_sub(a, b, w);
        double square = v3_dot(apart, apart), along = v3_dot(apart, w);
        if (along > 0 && along * along > limit * limit * square) {
            v3_copy(a, middle);
            return true;
        }
        if (s.count > 0 && !(square - along > 1e-10 * square))
            break;
        bool is_new = true;
        for (int k = 0; k < s.count; k++)
            is_new &= memcmp(s.apart[k], w, sizeof w) != 0;
        if (!is_new)
            break;
        v3_copy(w, s.apart[s.count]);
        v3_copy(a, s.first[s.count++]);
        reduce(&s, apart);
        if (s.count == 4 || !(v3_dot(apart, apart) > 1e-18 * size * size))
            return false;
    }
    mean((const double(*)[3])s.first, s.weights, s.count, on_first);
    v3_copy(on_first, middle);
    v3_add_scaled(middle, -0.5, apart);
    return true;
}
