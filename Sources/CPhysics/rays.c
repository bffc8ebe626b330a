/* SPDX-License-Identifier: MIT */
/* Where rays first meet geoms: from the outside, and at once from within. */
#include "field.h"

/* The part of a line that is in a shape: from `from` to `to`, in lengths of its direction. */
typedef struct {
    double from, to;
} stretch;

static const stretch nothing = {INFINITY, -INFINITY};

static stretch both(stretch a, stretch b) {
    return (stretch){fmax(a.from, b.from), fmin(a.to, b.to)};
}

/* In the half space n . x <= offset. */
static stretch below_plane(const double *x, const double *d, const double *n, double offset) {
    double along = v3_dot(n, d), left = offset - v3_dot(n, x);
    if (along > 0)
        return (stretch){-INFINITY, left / along};
    if (along < 0)
        return (stretch){left / along, INFINITY};
    return left >= 0 ? (stretch){-INFINITY, INFINITY} : nothing;
}

/* Where a t^2 + 2 b t + c <= 0, a >= 0. */
static stretch within_square(double a, double b, double c) {
    double root = b * b - a * c;
    if (!(a > 0))
        return c <= 0 ? (stretch){-INFINITY, INFINITY} : nothing;
    if (!(root >= 0))
        return nothing;
    return (stretch){(-b - sqrt(root)) / a, (-b + sqrt(root)) / a};
}

static stretch in_slab(const double *x, const double *d, int axis, double half) {
    double up[3] = {0, 0, 0}, down[3] = {0, 0, 0};
    up[axis] = 1, down[axis] = -1;
    return both(below_plane(x, d, up, half), below_plane(x, d, down, half));
}

static stretch in_ball(const double *x, const double *d, double height, double radius) {
    double from[3] = {x[0], x[1], x[2] - height};
    return within_square(v3_dot(d, d), v3_dot(from, d), v3_dot(from, from) - radius * radius);
}

static stretch in_cylinder(const double *x, const double *d, const double *size) {
    stretch side = within_square(d[0] * d[0] + d[1] * d[1], x[0] * d[0] + x[1] * d[1],
                                 x[0] * x[0] + x[1] * x[1] - size[0] * size[0]);
    return both(side, in_slab(x, d, 2, size[1] / 2));
}

static double entry(stretch s) {
    return s.to >= fmax(s.from, 0) ? fmax(s.from, 0) : INFINITY;
}

/* Cell by cell along the ray. */
static double meet_field(const phys_geom *geom, const double *x, const double *d, double reach) {
    const phys_geom_def *field = &geom->def;
    double cell = field->size[0], now = 0, sideways = fmax(fabs(d[0]), fabs(d[1]));
    field_triangle triangle;
    if (x[2] > geom->highest) {
        if (!(d[2] < 0))
            return INFINITY;
        now = (geom->highest - x[2]) / d[2];
    }
    while (now <= reach) {
        /* A little ahead, so that on a border the next cell is meant. */
        double ahead = now + (sideways > 0 ? 1e-7 * cell / sideways : 0);
        double column = floor((x[0] + ahead * d[0]) / cell), row = floor((x[1] + ahead * d[1]) / cell);
        double next_x = d[0] == 0 ? INFINITY : ((column + (d[0] > 0 ? 1 : 0)) * cell - x[0]) / d[0];
        double next_y = d[1] == 0 ? INFINITY : ((row + (d[1] > 0 ? 1 : 0)) * cell - x[1]) / d[1];
        double next = fmin(fmin(next_x, next_y), reach), first = INFINITY;
        for (int side = 0; side < 2; side++) {
            double from[3], t = now;
            phys_field_triangle(field, (int64_t)row, (int64_t)column, side == 1, &triangle);
            for (int i = 0; i < 3; i++)
                from[i] = x[i] + now * d[i] - triangle.corners[0][i];
            double height = v3_dot(triangle.normal, from), along = v3_dot(triangle.normal, d);
            if (height > 0) {
                if (!(along < 0))
                    continue;
                t = now - height / along;
                if (t > next + 1e-9)
                    continue;
            }
            double u = (x[0] + t * d[0]) / cell - column, v = (x[1] + t * d[1]) / cell - row;
            if (side == 0 ? u >= v - 1e-9 : v >= u - 1e-9)
                first = fmin(first, t);
        }
        if (first <= reach)
            return first;
        if (!(next < reach))
            return INFINITY;
        now = fmax(next, ahead);
    }
    return INFINITY;
}

static double meet(const phys_geom *geom, const double *origin, const double *direction, double reach) {
    static const double up[3] = {0, 0, 1};
    const double *s = geom->def.size;
    double from[3], x[3], d[3];
    v3_sub(origin, geom->center, from);
    phys_into_geom(geom, from, x);
    phys_into_geom(geom, direction, d);
    switch (geom->def.shape) {
    case PHYS_SHAPE_PLANE:
        return entry(below_plane(x, d, up, 0));
    case PHYS_SHAPE_BOX:
        return entry(
            both(in_slab(x, d, 0, s[0] / 2), both(in_slab(x, d, 1, s[1] / 2), in_slab(x, d, 2, s[2] / 2))));
    case PHYS_SHAPE_SPHERE:
        return entry(in_ball(x, d, 0, s[0]));
    case PHYS_SHAPE_CYLINDER:
        return entry(in_cylinder(x, d, s));
    case PHYS_SHAPE_CAPSULE:
        return fmin(entry(in_cylinder(x, d, s)),
                    fmin(entry(in_ball(x, d, s[1] / 2, s[0])), entry(in_ball(x, d, -s[1] / 2, s[0]))));
    case PHYS_SHAPE_HULL: {
        stretch all = {-INFINITY, INFINITY};
        for (unsigned n = 0; n < geom->hull->face_count; n++)
            all = both(all, below_plane(x, d, geom->hull->planes + 4 * n, geom->hull->planes[4 * n + 3]));
        return entry(all);
    }
    case PHYS_SHAPE_FIELD:
        return meet_field(geom, x, d, reach);
    }
    return INFINITY;
}

phys_status phys_world_cast_ray(phys_world *world, const int32_t *geoms, size_t geom_count,
                                const double *origin, const double *direction, double reach,
                                double *distance) {
    double x[3], d[3];
    if (world == NULL || (geoms == NULL && geom_count > 0) || origin == NULL || direction == NULL ||
        distance == NULL || !phys_is_vector(origin, 3, 1e6) || !phys_is_vector(direction, 3, 1.1) ||
        !(reach >= 0 && reach <= 1e4))
        return PHYS_INVALID_ARGUMENT;
    for (size_t i = 0; i < geom_count; i++)
        if (geoms[i] < 0 || (size_t)geoms[i] >= world->geom_count)
            return PHYS_INVALID_ARGUMENT;
    double length = v3_length(direction);
    if (!(fabs(length - 1) <= 1e-3))
        return PHYS_INVALID_ARGUMENT;
    if (world->is_diverged)
        return PHYS_DIVERGED;
    phys_point_to_ode(world, origin, x);
    phys_to_ode(world, direction, d);
    for (int i = 0; i < 3; i++)
        d[i] /= length;
    *distance = reach;
    for (size_t i = 0; i < geom_count; i++) {
        phys_geom *geom = &world->geoms[geoms[i]];
        phys_place_geom(world, geom);
        *distance = fmin(*distance, meet(geom, x, d, *distance));
    }
    return PHYS_OK;
}
