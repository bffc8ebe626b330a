/* SPDX-License-Identifier: MIT */
/* The edges of shapes across the ridges of a height field: boxes and hulls have edges, a capsule its axis. */
#include "field.h"

/* A normal of both edges, if the surface is on its one side and the shape on its other. */
static void add_crossing(field_meeting *m, const double *normal, const double *place, double gap,
                         double radius, const field_edge *ridge) {
    double back[3] = {-normal[0], -normal[1], -normal[2]}, surface[3];
    if (!(gap - radius < m->margin) || !(gap - radius > -m->shape.radius) ||
        !phys_is_over_edge(ridge, normal, FIELD_SLACK))
        return;
    v3_copy(place, surface);
    v3_add_scaled(surface, -radius, normal);
    if (v3_dot(surface, normal) + phys_reach(&m->shape, back) > FIELD_SLACK * m->shape.radius)
        return;
    phys_field_add(m, normal, surface, gap - radius);
}

/* A segment with what is within a radius of it. */
void phys_field_add_segment(field_meeting *m, const double *start, const double *along, double radius,
                            const field_edge *ridge) {
    double normal[3], from[3], place[3], back[3];
    v3_cross(along, ridge->along, normal);
    double aa = v3_dot(along, along), bb = v3_dot(ridge->along, ridge->along);
    double square = v3_dot(normal, normal), ab = v3_dot(along, ridge->along);
    if (!(square > 4e-4 * aa * bb)) /* side by side: the ends meet what they stand over */
        return;
    v3_sub(start, ridge->start, from);
    double af = v3_dot(along, from), bf = v3_dot(ridge->along, from);
    double s = (ab * bf - bb * af) / square, t = (aa * bf - ab * af) / square;
    if (!(s >= 0 && s <= 1 && t >= 0 && t <= 1))
        return;
    for (int i = 0; i < 3; i++) {
        normal[i] /= sqrt(square);
        back[i] = -normal[i];
    }
    v3_copy(start, place);
    v3_add_scaled(place, s, along);
    double gap = v3_dot(normal, from);
    add_crossing(m, normal, place, gap, radius, ridge);
    add_crossing(m, back, place, -gap, radius, ridge);
}

static void add_box_edges(field_meeting *m, const field_edge *ridge) {
    const phys_geom *box = &m->shape;
    for (int axis = 0; axis < 3; axis++)
        for (int k = 0; k < 4; k++) {
            double local[3], start[3], along[3];
            local[axis] = -box->def.size[axis] / 2;
            local[(axis + 1) % 3] = (k & 1 ? -0.5 : 0.5) * box->def.size[(axis + 1) % 3];
            local[(axis + 2) % 3] = (k & 2 ? -0.5 : 0.5) * box->def.size[(axis + 2) % 3];
            phys_out_of_geom(box, local, start);
            for (int i = 0; i < 3; i++)
                along[i] = box->def.size[axis] * box->rotation[4 * i + axis];
            phys_field_add_segment(m, start, along, 0, ridge);
        }
}

static void add_hull_edges(field_meeting *m, const field_edge *ridge) {
    const phys_hull *hull = m->shape.hull;
    for (unsigned n = 0; n < hull->edge_count; n++) {
        double start[3], along[3];
        phys_out_of_geom(&m->shape, hull->points + 3 * hull->edges[2 * n], start);
        phys_out_of_geom(&m->shape, hull->points + 3 * hull->edges[2 * n + 1], along);
        v3_add_scaled(along, -1, start);
        phys_field_add_segment(m, start, along, 0, ridge);
    }
}

/* The axis of a capsule or a cylinder. */
void phys_field_add_axis(field_meeting *m, const field_edge *ridge) {
    double start[3], along[3], length = m->shape.def.size[1];
    v3_copy(m->shape.center, start);
    for (int i = 0; i < 3; i++) {
        along[i] = length * m->shape.rotation[4 * i + 2];
        start[i] -= along[i] / 2;
    }
    phys_field_add_segment(m, start, along, m->shape.def.size[0], ridge);
}

static void add_ridge(field_meeting *m, const field_edge *ridge) {
    switch (m->shape.def.shape) {
    case PHYS_SHAPE_PLANE:
    case PHYS_SHAPE_FIELD:
    case PHYS_SHAPE_SPHERE:
        return;
    case PHYS_SHAPE_BOX:
        add_box_edges(m, ridge);
        return;
    case PHYS_SHAPE_HULL:
        add_hull_edges(m, ridge);
        return;
    case PHYS_SHAPE_CYLINDER:
        phys_field_add_round(m, ridge);
        return;
    case PHYS_SHAPE_CAPSULE:
        phys_field_add_axis(m, ridge);
        return;
    }
}

/* Of all ridges that the shape is over. */
void phys_field_add_edges(field_meeting *m) {
    field_edge edge;
    for (int64_t row = m->first[0]; row <= m->last[0] + 1; row++)
        for (int64_t column = m->first[1]; column <= m->last[1] + 1; column++)
            for (int which = 0; which < 3; which++) {
                if (!phys_field_is_edge_of(m->last, row, column, which))
                    continue;
                phys_field_edge(m->field, row, column, which, &edge);
                if (edge.start[2] + fmax(edge.along[2], 0) < m->lowest)
                    continue;
                phys_field_sides(m->field, row, column, which, &edge);
                if (phys_is_ridge(&edge))
                    add_ridge(m, &edge);
            }
}
