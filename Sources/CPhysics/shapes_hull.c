/* SPDX-License-Identifier: MIT */
/* Where convex hulls are nearest to other shapes: along the direction in which the two are farthest apart, at
 * the corners of each that the other's faces are under. */
#include "physics_internal.h"

/* The most of x.d over a shape's points x. */
double phys_reach(const phys_geom *geom, const double *d) {
    const double *s = geom->def.size;
    double local[3], at = v3_dot(geom->center, d);
    phys_into_geom(geom, d, local);
    switch (geom->def.shape) {
    case PHYS_SHAPE_PLANE:
    case PHYS_SHAPE_FIELD:
        return INFINITY;
    case PHYS_SHAPE_BOX:
        return at + (fabs(local[0]) * s[0] + fabs(local[1]) * s[1] + fabs(local[2]) * s[2]) / 2;
    case PHYS_SHAPE_SPHERE:
        return v3_dot(geom->center, d) + s[0];
    case PHYS_SHAPE_CAPSULE:
        return at + s[0] + fabs(local[2]) * s[1] / 2;
    case PHYS_SHAPE_CYLINDER:
        return at + s[0] * sqrt(local[0] * local[0] + local[1] * local[1]) + fabs(local[2]) * s[1] / 2;
    case PHYS_SHAPE_HULL:
        return at + phys_hull_reach(geom->hull, local);
    }
    return INFINITY;
}

/* Between the two along a direction from the second to the first; no two points of them are nearer. */
static double gap_along(const phys_geom *first, const phys_geom *second, const double *normal) {
    double back[3] = {-normal[0], -normal[1], -normal[2]};
    return -phys_reach(first, back) - phys_reach(second, normal);
}

typedef struct {
    const phys_geom *first, *second;
    double normal[3], gap;
} separation;

static void try_direction(separation *best, const double *direction, double sign) {
    double normal[3] = {sign * direction[0], sign * direction[1], sign * direction[2]};
    double gap = gap_along(best->first, best->second, normal);
    if (!(gap > best->gap))
        return;
    best->gap = gap;
    v3_copy(normal, best->normal);
}

/* A point inside a shape. */
static void inside(const phys_geom *geom, double *out) {
    v3_copy(geom->center, out);
    if (geom->hull != NULL)
        phys_out_of_geom(geom, geom->hull->middle, out);
}

/* The normals of a hull's faces. The other is never farther off than a point of it, by which most faces are
 * out of question. */
static void try_hull_faces(separation *best, const phys_geom *geom, const phys_geom *other, double sign) {
    double from[3], local[3], direction[3];
    inside(other, from);
    v3_add_scaled(from, -1, geom->center);
    phys_into_geom(geom, from, local);
    for (unsigned n = 0; n < geom->hull->face_count; n++) {
        const double *plane = geom->hull->planes + 4 * n;
        if (!(v3_dot(plane, local) - plane[3] > best->gap))
            continue;
        r_rotate(geom->rotation, plane, direction);
        double back[3] = {-direction[0], -direction[1], -direction[2]};
        double gap = -phys_reach(other, back) - v3_dot(direction, geom->center) - plane[3];
        if (!(gap > best->gap))
            continue;
        best->gap = gap;
        for (int i = 0; i < 3; i++)
            best->normal[i] = sign * direction[i];
    }
}

/* The directions of a shape's faces, outwards from the second, into the first. */
static void try_faces(separation *best, const phys_geom *geom, const phys_geom *other, double sign) {
    double direction[3];
    if (geom->def.shape == PHYS_SHAPE_HULL) {
        try_hull_faces(best, geom, other, sign);
    } else if (geom->def.shape == PHYS_SHAPE_BOX || geom->def.shape == PHYS_SHAPE_CYLINDER) {
        for (int axis = geom->def.shape == PHYS_SHAPE_BOX ? 0 : 2; axis < 3; axis++) {
            r_axis(geom->rotation, axis, direction);
            try_direction(best, direction, sign);
            try_direction(best, direction, -sign);
        }
    }
}

/* Where the line from a point along a direction is within a hull or box; false where it passes by. */
static bool cut(const phys_geom *geom, const double *point, const double *direction, double *from,
                double *to) {
    double from_center[3], x[3], d[3], sides[6][4] = {{0}};
    unsigned count = 6;
    const double *plane = sides[0];
    v3_sub(point, geom->center, from_center);
    phys_into_geom(geom, from_center, x);
    phys_into_geom(geom, direction, d);
    for (int k = 0; k < 6; k++) {
        sides[k][k / 2] = k % 2 == 0 ? 1 : -1;
        sides[k][3] = geom->def.size[k / 2] / 2;
    }
    if (geom->def.shape == PHYS_SHAPE_HULL)
        plane = geom->hull->planes, count = geom->hull->face_count;
    *from = -INFINITY, *to = INFINITY;
    for (unsigned n = 0; n < count; n++, plane += 4) {
        double along = v3_dot(plane, d), inside = plane[3] - v3_dot(plane, x);
        if (fabs(along) < 1e-9) {
            if (inside < 0)
                return false;
        } else if (along > 0) {
            *to = fmin(*to, inside / along);
        } else {
            *from = fmax(*from, inside / along);
        }
    }
    return *from <= *to && *from > -INFINITY && *to < INFINITY;
}

/* The balls that a shape is the hull of: its corners, with radius 0, or the ends of what is round. */
int phys_corners(const phys_geom *geom, double (*out)[3], double *radius) {
    const double *s = geom->def.size;
    double local[3] = {0, 0, 0};
    int count = 0;
    *radius = 0;
    switch (geom->def.shape) {
    case PHYS_SHAPE_HULL:
        for (unsigned n = 0; n < geom->hull->count; n++)
            phys_out_of_geom(geom, geom->hull->points + 3 * n, out[count++]);
        break;
    case PHYS_SHAPE_BOX:
        for (int k = 0; k < 8; k++) {
            for (int i = 0; i < 3; i++)
                local[i] = k >> i & 1 ? -s[i] / 2 : s[i] / 2;
            phys_out_of_geom(geom, local, out[count++]);
        }
        break;
    case PHYS_SHAPE_SPHERE:
        *radius = s[0];
        v3_copy(geom->center, out[count++]);
        break;
    case PHYS_SHAPE_CAPSULE:
        *radius = s[0];
        for (int side = -1; side <= 1; side += 2) {
            local[2] = side * s[1] / 2;
            phys_out_of_geom(geom, local, out[count++]);
        }
        break;
    case PHYS_SHAPE_PLANE:
    case PHYS_SHAPE_FIELD:
    case PHYS_SHAPE_CYLINDER:
        break;
    }
    return count;
}

/* The corners of one shape over (`up` 1) or under (-1) the other's faces, within the margin. */
static int over(const separation *s, const phys_geom *geom, const phys_geom *faces, double up, double margin,
                phys_contact_point *out) {
    double places[PHYS_MAX_HULL_POINTS][3], radius, from, to, apart[3], middle[3] = {0, 0, 0};
    int count = phys_corners(geom, places, &radius), found = 0;
    if (faces->def.shape != PHYS_SHAPE_HULL && faces->def.shape != PHYS_SHAPE_BOX)
        return 0;
    for (int n = 0; n < count; n++)
        v3_add_scaled(middle, 1.0 / count, places[n]);
    for (int n = 0; n < count; n++) {
        v3_sub(places[n], middle, apart);
        /* Only the side that faces the other. */
        if (radius == 0 && up * v3_dot(apart, s->normal) > 0)
            continue;
        if (!cut(faces, places[n], s->normal, &from, &to))
            continue;
        double gap = (up > 0 ? -to : from) - radius;
        if (!(gap < margin) || !(gap >= s->gap - 1e-6))
            continue;
        phys_contact_point *point = &out[found++];
        point->gap = gap;
        v3_copy(s->normal, point->normal);
        v3_copy(places[n], point->point);
        v3_add_scaled(point->point, -up * (radius + gap / 2), s->normal);
    }
    return found;
}

/* What a shape has around the points that its nearest ones are looked for among. */
static double round_radius(const phys_geom *geom) {
    bool is_round = geom->def.shape == PHYS_SHAPE_SPHERE || geom->def.shape == PHYS_SHAPE_CAPSULE;
    return is_round ? geom->def.size[0] : 0;
}

/* The direction from the second to the first in which they are farthest apart, or least deep in each other:
 * that between their nearest points where they are apart, or would be if they were somewhat smaller, and the
 * normals of their faces. */
static separation separate(const phys_geom *first, const phys_geom *second, double margin, double *middle) {
    static const double shares[7] = {1, 0.98, 0.95, 0.9, 0.8, 0.6, 0.4};
    separation best = {first, second, {0, 0, 0}, -INFINITY};
    double apart[3], length = 0, limit = margin + round_radius(first) + round_radius(second);
    v3_copy(first->center, middle);
    for (int k = 0; k < 7 && length == 0; k++)
        if (phys_nearest(first, second, shares[k], limit, apart, middle))
            length = sqrt(v3_dot(apart, apart));
    for (int i = 0; i < 3 && length > 0; i++)
        apart[i] /= length;
    if (length > 0)
        try_direction(&best, apart, 1);
    if (best.gap >= margin)
        return best;
    try_faces(&best, second, first, 1);
    try_faces(&best, first, second, -1);
    return best;
}

/* At most 8 points of two shapes of which one is a hull, none a plane. */
int phys_touch_hull(const phys_geom *first, const phys_geom *second, double margin, phys_contact_point *out) {
    phys_contact_point found[HULL_CANDIDATES];
    double middle[3];
    separation best = separate(first, second, margin, middle);
    if (!(best.gap < margin) || !(best.gap > -INFINITY))
        return 0;
    int count = over(&best, first, second, 1, margin, found);
    count += over(&best, second, first, -1, margin, found + count);
    double tolerance = 0.01 * fmin(first->thickness, second->thickness), least = INFINITY;
    for (int n = 0; n < count; n++)
        least = fmin(least, found[n].gap);
    count = phys_keep_spread(found, count, PAIR_CONTACTS, tolerance / 10, out);
    if (least <= best.gap + tolerance)
        return count;
    /* An edge across an edge, or a rim: no corner says where. */
    if (count == PAIR_CONTACTS)
        count--;
    v3_copy(best.normal, out[count].normal);
    v3_copy(middle, out[count].point);
    out[count++].gap = best.gap;
    return count;
}
