/* SPDX-License-Identifier: MIT */
/* Where convex hulls are nearest to planes: exact; and to other shapes: along the direction in which the two
 * are farthest apart, at the corners of each that the other's faces are under. */
#include "physics_internal.h"

enum { CANDIDATES = 2 * PHYS_MAX_HULL_POINTS };

static void to_local(const phys_geom *geom, const double *direction, double *out) {
    for (int i = 0; i < 3; i++)
        out[i] = geom->rotation[i] * direction[0] + geom->rotation[4 + i] * direction[1] +
                 geom->rotation[8 + i] * direction[2];
}

static void to_world(const phys_geom *geom, const double *point, double *out) {
    r_rotate(geom->rotation, point, out);
    v3_add_scaled(out, 1, geom->center);
}

/* Keeps at most `wanted` of the points: those spread far, and the deepest where it is deeper than these. */
static int keep(const phys_contact_point *points, int count, int wanted, double tolerance,
                phys_contact_point *out) {
    double places[CANDIDATES][3];
    int chosen[PAIR_CONTACTS], deepest = 0;
    for (int n = 0; n < count; n++) {
        v3_copy(points[n].point, places[n]);
        if (points[n].gap < points[deepest].gap)
            deepest = n;
    }
    if (count <= wanted) {
        for (int n = 0; n < count; n++)
            out[n] = points[n];
        return count;
    }
    phys_choose_spread((const double(*)[3])places, count, wanted, chosen);
    double least = INFINITY;
    for (int k = 0; k < wanted; k++)
        least = fmin(least, points[chosen[k]].gap);
    if (points[deepest].gap < least - tolerance)
        chosen[wanted - 1] = deepest;
    for (int k = 0; k < wanted; k++)
        out[k] = points[chosen[k]];
    return wanted;
}

/* ---- Planes */

/* At most 8 of the corners that are near. */
int phys_touch_hull_plane(const phys_geom *geom, const phys_geom *plane, double margin,
                          phys_contact_point *out) {
    const phys_hull *hull = geom->hull;
    phys_contact_point found[PHYS_MAX_HULL_POINTS];
    double normal[3], from[3], height;
    int count = 0;
    to_local(geom, plane->normal, normal);
    v3_sub(geom->center, plane->center, from);
    height = v3_dot(from, plane->normal);
    for (unsigned n = 0; n < hull->count; n++) {
        double gap = height + v3_dot(normal, hull->points + 3 * n);
        if (!(gap < margin))
            continue;
        phys_contact_point *point = &found[count++];
        point->gap = gap;
        v3_copy(plane->normal, point->normal);
        to_world(geom, hull->points + 3 * n, point->point);
        v3_add_scaled(point->point, -0.5 * gap, point->normal);
    }
    return keep(found, count, PAIR_CONTACTS, 1e-3 * hull->thickness, out);
}

/* ---- Other shapes */

/* The most of x.d over a shape's points x. */
static double reach(const phys_geom *geom, const double *d) {
    const double *s = geom->def.size;
    double local[3], at = v3_dot(geom->center, d);
    to_local(geom, d, local);
    switch (geom->def.shape) {
    case PHYS_SHAPE_PLANE:
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
    return -reach(first, back) - reach(second, normal);
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

/* The directions of a shape's faces, outwards from the second, into the first. */
static void try_faces(separation *best, const phys_geom *geom, double sign) {
    double direction[3];
    if (geom->def.shape == PHYS_SHAPE_HULL) {
        for (unsigned n = 0; n < geom->hull->face_count; n++) {
            r_rotate(geom->rotation, geom->hull->planes + 4 * n, direction);
            try_direction(best, direction, sign);
        }
    } else if (geom->def.shape == PHYS_SHAPE_BOX || geom->def.shape == PHYS_SHAPE_CYLINDER) {
        for (int axis = geom->def.shape == PHYS_SHAPE_BOX ? 0 : 2; axis < 3; axis++) {
            for (int i = 0; i < 3; i++)
                direction[i] = geom->rotation[4 * i + axis];
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
    to_local(geom, from_center, x);
    to_local(geom, direction, d);
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
static int corners(const phys_geom *geom, double (*out)[3], double *radius) {
    const double *s = geom->def.size;
    double local[3] = {0, 0, 0};
    int count = 0;
    *radius = 0;
    switch (geom->def.shape) {
    case PHYS_SHAPE_HULL:
        for (unsigned n = 0; n < geom->hull->count; n++)
            to_world(geom, geom->hull->points + 3 * n, out[count++]);
        break;
    case PHYS_SHAPE_BOX:
        for (int k = 0; k < 8; k++) {
            for (int i = 0; i < 3; i++)
                local[i] = k >> i & 1 ? -s[i] / 2 : s[i] / 2;
            to_world(geom, local, out[count++]);
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
            to_world(geom, local, out[count++]);
        }
        break;
    case PHYS_SHAPE_PLANE:
    case PHYS_SHAPE_CYLINDER:
        break;
    }
    return count;
}

/* The corners of one shape over (`up` 1) or under (-1) the other's faces, within the margin. */
static int over(const separation *s, const phys_geom *geom, const phys_geom *faces, double up, double margin,
                phys_contact_point *out) {
    double places[PHYS_MAX_HULL_POINTS][3], radius, from, to, apart[3], middle[3] = {0, 0, 0};
    int count = corners(geom, places, &radius), found = 0;
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

/* The direction from the second to the first in which they are farthest apart, or least deep in each other:
 * that between their nearest points where they are apart, or would be if they were somewhat smaller, and the
 * normals of their faces. */
static separation separate(const phys_geom *first, const phys_geom *second, double margin, double *middle) {
    static const double shares[7] = {1, 0.98, 0.95, 0.9, 0.8, 0.6, 0.4};
    separation best = {first, second, {0, 0, 0}, -INFINITY};
    double apart[3], length = 0;
    v3_copy(first->center, middle);
    for (int k = 0; k < 7 && length == 0; k++)
        if (phys_nearest(first, second, shares[k], apart, middle))
            length = sqrt(v3_dot(apart, apart));
    for (int i = 0; i < 3 && length > 0; i++)
        apart[i] /= length;
    if (length > 0)
        try_direction(&best, apart, 1);
    if (best.gap >= margin)
        return best;
    try_faces(&best, second, 1);
    try_faces(&best, first, -1);
    return best;
}

/* At most 8 points of two shapes of which one is a hull, none a plane. */
int phys_touch_hull(const phys_geom *first, const phys_geom *second, double margin, phys_contact_point *out) {
    phys_contact_point found[CANDIDATES];
    double middle[3];
    separation best = separate(first, second, margin, middle);
    if (!(best.gap < margin) || !(best.gap > -INFINITY))
        return 0;
    int count = over(&best, first, second, 1, margin, found);
    count += over(&best, second, first, -1, margin, found + count);
    double tolerance = 0.01 * fmin(first->thickness, second->thickness), least = INFINITY;
    for (int n = 0; n < count; n++)
        least = fmin(least, found[n].gap);
    count = keep(found, count, PAIR_CONTACTS, tolerance / 10, out);
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
