/* SPDX-License-Identifier: MIT */
/* Convex hulls: what contacts need to know of their corners and triangles. */
#include "physics_internal.h"

#include <stdlib.h>
#include <string.h>

/* How far a corner may stand out of a triangle's plane, as a share of the hull's size: what files in single
 * precision round to. */
#define FLATNESS 1e-5

static double size_of(const phys_hull *hull) {
    double size = 0, from[3];
    for (unsigned n = 0; n < hull->count; n++) {
        v3_sub(hull->points + 3 * n, hull->middle, from);
        size = fmax(size, sqrt(v3_dot(from, from)));
    }
    return size;
}

/* The plane of a triangle as its outward normal and its distance from the origin along it; false where the
 * triangle is hardly more than a line. */
static bool find_plane(const phys_hull *hull, const uint32_t *corners, double tolerance, double *plane) {
    const double *origin = hull->points + 3 * corners[0];
    double first[3], second[3];
    v3_sub(hull->points + 3 * corners[1], origin, first);
    v3_sub(hull->points + 3 * corners[2], origin, second);
    v3_cross(first, second, plane);
    double length = sqrt(v3_dot(plane, plane));
    double longest = fmax(sqrt(v3_dot(first, first)), sqrt(v3_dot(second, second)));
    if (!(length > tolerance * longest))
        return false;
    for (int i = 0; i < 3; i++)
        plane[i] /= length;
    plane[3] = v3_dot(plane, origin);
    return true;
}

/* The most of p.d over the hull's points p. */
double phys_hull_reach(const phys_hull *hull, const double *direction) {
    double most = -INFINITY;
    for (unsigned n = 0; n < hull->count; n++)
        most = fmax(most, v3_dot(hull->points + 3 * n, direction));
    return most;
}

/* The planes of all triangles that have an area; false where a point stands out of one. */
static bool find_planes(phys_hull *hull, const phys_geom_def *def, double tolerance) {
    hull->thickness = hull->inner_radius = INFINITY;
    for (size_t n = 0; n < def->triangle_count; n++) {
        const uint32_t *corners = def->triangles + 3 * n;
        double *plane = hull->planes + 4 * hull->face_count;
        if (!find_plane(hull, corners, tolerance / 10, plane))
            continue;
        double back[3] = {-plane[0], -plane[1], -plane[2]};
        if (!(phys_hull_reach(hull, plane) <= plane[3] + tolerance))
            return false;
        hull->thickness = fmin(hull->thickness, plane[3] + phys_hull_reach(hull, back));
        hull->inner_radius = fmin(hull->inner_radius, plane[3] - v3_dot(plane, hull->middle));
        hull->face_count++;
    }
    return true;
}

/* The corner of the other triangle of an edge, or -1. */
static int across(const phys_geom_def *def, uint32_t from, uint32_t to) {
    for (size_t n = 0; n < def->triangle_count; n++)
        for (int k = 0; k < 3; k++)
            if (def->triangles[3 * n + k] == to && def->triangles[3 * n + (k + 1) % 3] == from)
                return (int)def->triangles[3 * n + (k + 2) % 3];
    return -1;
}

/* The edges between triangles that are not of one plane. */
static void find_edges(phys_hull *hull, const phys_geom_def *def, double tolerance) {
    for (size_t n = 0; n < def->triangle_count; n++)
        for (int k = 0; k < 3; k++) {
            uint32_t corners[3] = {def->triangles[3 * n + k], def->triangles[3 * n + (k + 1) % 3],
                                   def->triangles[3 * n + (k + 2) % 3]};
            double plane[4];
            int other = across(def, corners[0], corners[1]);
            if (corners[0] > corners[1] || hull->edge_count == HULL_EDGES)
                continue;
            if (other >= 0 && find_plane(hull, corners, tolerance / 10, plane) &&
                fabs(v3_dot(plane, hull->points + 3 * other) - plane[3]) <= tolerance)
                continue;
            hull->edges[2 * hull->edge_count] = (unsigned char)corners[0];
            hull->edges[2 * hull->edge_count++ + 1] = (unsigned char)corners[1];
        }
}

bool phys_build_hull(const phys_geom_def *def, phys_hull *hull) {
    memset(hull, 0, sizeof *hull);
    hull->count = (unsigned)def->point_count;
    memcpy(hull->points, def->points, 3 * def->point_count * sizeof *def->points);
    for (unsigned n = 0; n < hull->count; n++) {
        const double *point = hull->points + 3 * n;
        v3_add_scaled(hull->middle, 1.0 / (double)hull->count, point);
        hull->radius = fmax(hull->radius, sqrt(v3_dot(point, point)));
    }
    if (!find_planes(hull, def, FLATNESS * size_of(hull)))
        return false;
    find_edges(hull, def, FLATNESS * size_of(hull));
    return hull->face_count >= 4 && hull->thickness >= 1e-6 && hull->inner_radius >= 1e-8;
}

/* Gives a geom that is a hull what its arrays say; the arrays stay the caller's. False when memory is
 * exhausted. */
bool phys_compile_hull(phys_geom *geom, const phys_geom_def *def) {
    geom->def.points = NULL, geom->def.triangles = NULL;
    if (def->shape != PHYS_SHAPE_HULL)
        return true;
    geom->hull = malloc(sizeof *geom->hull);
    if (geom->hull == NULL)
        return false;
    phys_build_hull(def, geom->hull);
    geom->radius = geom->hull->radius * (1 + 1e-9);
    geom->thickness = geom->hull->thickness;
    return true;
}
