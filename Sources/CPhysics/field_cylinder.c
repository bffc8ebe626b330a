/* SPDX-License-Identifier: MIT */
/* Cylinders over a height field: over each triangle the points of their rims that they would touch its plane
 * with, and rims across ridges. */
#include "field.h"

#include <string.h>

/* Of each end the point that is lowest along a normal, and the three at right angles to it. */
static void rim_points(const phys_geom *geom, const double *normal, double (*out)[3]) {
    double axis[3], down[3], across[3];
    r_axis(geom->rotation, 2, axis);
    double along = v3_dot(axis, normal);
    for (int i = 0; i < 3; i++)
        down[i] = along * axis[i] - normal[i];
    double length = v3_length(down);
    for (int i = 0; i < 3; i++)
        down[i] = length > 1e-6 ? down[i] / length : geom->rotation[4 * i];
    v3_cross(axis, down, across);
    for (int k = 0; k < 8; k++) {
        v3_copy(geom->center, out[k]);
        v3_add_scaled(out[k], (k & 4 ? 0.5 : -0.5) * geom->def.size[1], axis);
        v3_add_scaled(out[k], k & 2 ? -geom->def.size[0] : geom->def.size[0], k & 1 ? across : down);
    }
}

static void add_point(field_meeting *m, const field_triangle *triangle, const double *point) {
    double from[3];
    v3_sub(point, triangle->corners[0], from);
    double gap = v3_dot(from, triangle->normal);
    if (!(gap < m->margin))
        return;
    if (gap > 0) {
        if (phys_is_over_triangle(triangle, point))
            phys_field_add(m, triangle->normal, point, gap);
        return;
    }
    field_triangle below;
    phys_field_below(m->field, point[0], point[1], &below);
    bool is_below = memcmp(below.corners, triangle->corners, sizeof below.corners) == 0;
    v3_sub(point, below.corners[0], from);
    if (!(v3_dot(from, below.normal) > 0) && (is_below || phys_is_over_triangle(triangle, point)))
        phys_field_add_buried(m, point, 0);
}

void phys_field_add_cylinder(field_meeting *m) {
    field_triangle triangle;
    double points[8][3];
    for (int64_t row = m->first[0]; row <= m->last[0]; row++)
        for (int64_t column = m->first[1]; column <= m->last[1]; column++)
            for (int side = 0; side < 2; side++) {
                phys_field_triangle(m->field, row, column, side == 1, &triangle);
                if (phys_field_top(&triangle) < m->lowest)
                    continue;
                rim_points(&m->shape, triangle.normal, points);
                for (int k = 0; k < 8; k++)
                    add_point(m, &triangle, points[k]);
            }
}

/* The place of a rim over a point of a ridge: both edges there have one normal. */
static void add_rim(field_meeting *m, const field_edge *ridge, const double *on_ridge, const double *radial,
                    const double *rim, double end) {
    double axis[3], tangent[3], normal[3], from[3];
    r_axis(m->shape.rotation, 2, axis);
    v3_cross(axis, radial, tangent);
    v3_cross(tangent, ridge->along, normal);
    double square = v3_dot(normal, normal);
    if (!(square > 4e-4 * v3_dot(ridge->along, ridge->along)))
        return;
    double outward = end * v3_dot(axis, normal) + v3_dot(radial, normal);
    for (int i = 0; i < 3; i++)
        normal[i] *= (outward > 0 ? -1 : 1) / sqrt(square);
    if (end * v3_dot(axis, normal) > FIELD_SLACK || v3_dot(radial, normal) > FIELD_SLACK ||
        !phys_is_over_edge(ridge, normal, FIELD_SLACK))
        return;
    v3_sub(rim, on_ridge, from);
    double gap = v3_dot(from, normal);
    if (gap < m->margin && gap > -m->shape.radius)
        phys_field_add(m, normal, rim, gap);
}

/* Where a ridge crosses the rims, seen along the axis. */
static void add_rims(field_meeting *m, const field_edge *ridge) {
    double axis[3], from[3], along[3], radius = m->shape.def.size[0];
    r_axis(m->shape.rotation, 2, axis);
    v3_sub(ridge->start, m->shape.center, from);
    v3_copy(ridge->along, along);
    v3_add_scaled(from, -v3_dot(from, axis), axis);
    v3_add_scaled(along, -v3_dot(along, axis), axis);
    double a = v3_dot(along, along), b = v3_dot(along, from), c = v3_dot(from, from) - radius * radius;
    double root = b * b - a * c;
    if (!(root > 0) || !(a > 1e-12 * v3_dot(ridge->along, ridge->along)))
        return;
    for (int k = 0; k < 4; k++) {
        double t = (-b + (k & 1 ? sqrt(root) : -sqrt(root))) / a, end = k & 2 ? 1 : -1;
        double on_ridge[3], radial[3], rim[3];
        if (!(t >= 0 && t <= 1))
            continue;
        for (int i = 0; i < 3; i++) {
            on_ridge[i] = ridge->start[i] + t * ridge->along[i];
            radial[i] = (from[i] + t * along[i]) / radius;
            rim[i] = m->shape.center[i] + end * m->shape.def.size[1] / 2 * axis[i] + radius * radial[i];
        }
        add_rim(m, ridge, on_ridge, radial, rim, end);
    }
}

/* How far the whole cylinder is from a ridge along a normal of it. */
static double gap_along(const field_meeting *m, const field_edge *ridge, const double *normal) {
    double back[3] = {-normal[0], -normal[1], -normal[2]};
    return -phys_reach(&m->shape, back) - v3_dot(normal, ridge->start);
}

/* Between the normals of a ridge's two triangles. */
static void normal_at(const double (*faces)[3], double share, double *out) {
    for (int i = 0; i < 3; i++)
        out[i] = (1 - share) * faces[0][i] + share * faces[1][i];
    double length = v3_length(out);
    for (int i = 0; i < 3; i++)
        out[i] /= length;
}

/* Of the normals of a ridge that along which the two are farthest apart, or least deep in each other. */
static double best_normal(const field_meeting *m, const field_edge *ridge, double *normal) {
    enum { PARTS = 12, TURNS = 24 };
    double faces[2][3], best = -INFINITY, at = 0;
    for (int k = 0; k < 2; k++) {
        v3_cross(ridge->along, k == 0 ? ridge->left : ridge->right, faces[k]);
        double length = v3_length(faces[k]), sign = faces[k][2] > 0 ? 1 : -1;
        for (int i = 0; i < 3; i++)
            faces[k][i] *= sign / length;
    }
    for (int k = 0; k <= PARTS; k++) {
        normal_at((const double (*)[3])faces, (double)k / PARTS, normal);
        double gap = gap_along(m, ridge, normal);
        if (gap > best)
            best = gap, at = (double)k / PARTS;
    }
    double low = fmax(at - 1.0 / PARTS, 0), high = fmin(at + 1.0 / PARTS, 1);
    for (int k = 0; k < TURNS; k++) { /* by thirds: it has one top there */
        double one = low + (high - low) / 3, two = high - (high - low) / 3, other[3];
        normal_at((const double (*)[3])faces, one, normal);
        normal_at((const double (*)[3])faces, two, other);
        if (gap_along(m, ridge, normal) < gap_along(m, ridge, other))
            low = one;
        else
            high = two;
    }
    normal_at((const double (*)[3])faces, (low + high) / 2, normal);
    return gap_along(m, ridge, normal);
}

/* The point of a rim that is farthest against a normal, where the ridge is under it. */
static void add_rim_point(field_meeting *m, const field_edge *ridge, const double *normal) {
    double axis[3], point[3], under[3], aside[3], radius = m->shape.def.size[0];
    r_axis(m->shape.rotation, 2, axis);
    double along = v3_dot(axis, normal), across = sqrt(1 - along * along);
    for (int i = 0; i < 3; i++)
        point[i] = m->shape.center[i] - (along > 0 ? 0.5 : -0.5) * m->shape.def.size[1] * axis[i] -
                   radius * (normal[i] - along * axis[i]) / across;
    v3_sub(point, ridge->start, under);
    double t = v3_dot(under, ridge->along) / v3_dot(ridge->along, ridge->along);
    if (!(t >= 0 && t <= 1))
        return;
    v3_add_scaled(under, -t, ridge->along);
    double gap = v3_dot(under, normal);
    v3_copy(under, aside);
    v3_add_scaled(aside, -gap, normal);
    if (v3_dot(aside, aside) < 1e-6 * radius * radius)
        phys_field_add(m, normal, point, gap);
}

/* A cylinder across a ridge: on its end, on its side, or on a rim. */
void phys_field_add_round(field_meeting *m, const field_edge *ridge) {
    double normal[3], axis[3], gap = best_normal(m, ridge, normal);
    if (!(gap < m->margin && gap > -m->shape.radius))
        return;
    r_axis(m->shape.rotation, 2, axis);
    double along = fabs(v3_dot(axis, normal));
    if (along > 0.999)
        add_rims(m, ridge);
    else if (along < FIELD_SLACK)
        phys_field_add_axis(m, ridge);
    else
        add_rim_point(m, ridge, normal);
}
