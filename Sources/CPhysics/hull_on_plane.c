/* SPDX-License-Identifier: MIT */
/* Where convex hulls are nearest to planes: exact. Which points are kept where there are many. */
#include "physics_internal.h"

/* A direction of the world, in a geom's own axes. */
void phys_into_geom(const phys_geom *geom, const double *direction, double *out) {
    for (int i = 0; i < 3; i++)
        out[i] = geom->rotation[i] * direction[0] + geom->rotation[4 + i] * direction[1] +
                 geom->rotation[8 + i] * direction[2];
}

/* A point of a geom's own frame, in the world. */
void phys_out_of_geom(const phys_geom *geom, const double *point, double *out) {
    r_rotate(geom->rotation, point, out);
    v3_add_scaled(out, 1, geom->center);
}

/* Of `count` points `wanted` that are spread far: first the one farthest from their middle, then always the
 * one farthest from those before. Small changes of the points do not change the choice. `out`: their
 * indices. */
static void choose_spread(const double (*points)[3], int count, int wanted, int *out) {
    double middle[3] = {0, 0, 0}, from[3], nearest[2 * PHYS_MAX_HULL_POINTS];
    for (int n = 0; n < count; n++)
        v3_add_scaled(middle, 1.0 / count, points[n]);
    for (int n = 0; n < count; n++) {
        v3_sub(points[n], middle, from);
        nearest[n] = v3_dot(from, from);
    }
    for (int k = 0; k < wanted; k++) {
        int farthest = 0;
        for (int n = 1; n < count; n++)
            if (nearest[n] > nearest[farthest] * (1 + 1e-6))
                farthest = n;
        out[k] = farthest;
        for (int n = 0; n < count; n++) {
            v3_sub(points[n], points[farthest], from);
            double square = v3_dot(from, from);
            nearest[n] = k == 0 ? square : fmin(nearest[n], square);
        }
    }
}

/* Keeps at most `wanted` of the points: those spread far, and the deepest where it is deeper than these. */
int phys_keep_spread(const phys_contact_point *points, int count, int wanted, double tolerance,
                     phys_contact_point *out) {
    double places[HULL_CANDIDATES][3];
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
    choose_spread((const double(*)[3])places, count, wanted, chosen);
    double least = INFINITY;
    for (int k = 0; k < wanted; k++)
        least = fmin(least, points[chosen[k]].gap);
    if (points[deepest].gap < least - tolerance)
        chosen[wanted - 1] = deepest;
    for (int k = 0; k < wanted; k++)
        out[k] = points[chosen[k]];
    return wanted;
}

/* At most 8 of the corners that are near. */
int phys_touch_hull_plane(const phys_geom *geom, const phys_geom *plane, double margin,
                          phys_contact_point *out) {
    const phys_hull *hull = geom->hull;
    phys_contact_point found[PHYS_MAX_HULL_POINTS];
    double normal[3], from[3], height;
    int count = 0;
    phys_into_geom(geom, plane->normal, normal);
    v3_sub(geom->center, plane->center, from);
    height = v3_dot(from, plane->normal);
    for (unsigned n = 0; n < hull->count; n++) {
        double gap = height + v3_dot(normal, hull->points + 3 * n);
        if (!(gap < margin))
            continue;
        phys_contact_point *point = &found[count++];
        point->gap = gap;
        v3_copy(plane->normal, point->normal);
        phys_out_of_geom(geom, hull->points + 3 * n, point->point);
        v3_add_scaled(point->point, -0.5 * gap, point->normal);
    }
    return phys_keep_spread(found, count, PAIR_CONTACTS, 1e-3 * hull->thickness, out);
}
