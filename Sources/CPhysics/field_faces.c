/* SPDX-License-Identifier: MIT */
/* The peaks of a height field under the faces of shapes, and in them. */
#include "field.h"

typedef struct {
    double gap, outward[3]; /* of the face, in the field's frame */
} face;

/* Keeps the face that a node is least deep under, or farthest off from, if the surface has the node as its
 * peak towards it. */
static void try_face(const field_meeting *m, int64_t row, int64_t column, const double *outward, double gap,
                     face *best) {
    double normal[3] = {-outward[0], -outward[1], -outward[2]};
    if (!(gap > best->gap) || !(gap < m->margin) ||
        !phys_is_over_node(m->field, row, column, normal, FIELD_SLACK, true))
        return;
    best->gap = gap;
    v3_copy(outward, best->outward);
}

static bool is_on_face(const double *planes, unsigned count, unsigned which, const double *local, double gap,
                       double tolerance) {
    double foot[3];
    v3_copy(local, foot);
    v3_add_scaled(foot, -gap, planes + 4 * which);
    for (unsigned n = 0; n < count; n++)
        if (v3_dot(planes + 4 * n, foot) - planes[4 * n + 3] > tolerance)
            return false;
    return true;
}

static void try_planes(const field_meeting *m, int64_t row, int64_t column, const double *local,
                       const double *planes, unsigned count, face *best) {
    double outward[3];
    for (unsigned n = 0; n < count; n++) {
        double gap = v3_dot(planes + 4 * n, local) - planes[4 * n + 3];
        if (!(gap > best->gap) || !(gap < m->margin) ||
            !is_on_face(planes, count, n, local, gap, 1e-6 * m->shape.thickness))
            continue;
        r_rotate(m->shape.rotation, planes + 4 * n, outward);
        try_face(m, row, column, outward, gap, best);
    }
}

static void try_box(const field_meeting *m, int64_t row, int64_t column, const double *local, face *best) {
    double planes[24] = {0};
    for (int k = 0; k < 6; k++) {
        planes[4 * k + k / 2] = k % 2 == 0 ? 1 : -1;
        planes[4 * k + 3] = m->shape.def.size[k / 2] / 2;
    }
    try_planes(m, row, column, local, planes, 6, best);
}

/* The side of a cylinder or capsule, and the ends of a cylinder. */
static void try_round(const field_meeting *m, int64_t row, int64_t column, const double *local, face *best) {
    double radius = m->shape.def.size[0], half = m->shape.def.size[1] / 2, outward[3];
    double from_axis = sqrt(local[0] * local[0] + local[1] * local[1]);
    if (fabs(local[2]) <= half && from_axis > 1e-9) {
        double side[3] = {local[0] / from_axis, local[1] / from_axis, 0};
        r_rotate(m->shape.rotation, side, outward);
        try_face(m, row, column, outward, from_axis - radius, best);
    }
    if (m->shape.def.shape == PHYS_SHAPE_CYLINDER && from_axis <= radius) {
        double end[3] = {0, 0, local[2] < 0 ? -1 : 1};
        r_rotate(m->shape.rotation, end, outward);
        try_face(m, row, column, outward, fabs(local[2]) - half, best);
    }
}

static void add_node(field_meeting *m, int64_t row, int64_t column) {
    const phys_geom *shape = &m->shape;
    double node[3], from[3], local[3], surface[3];
    face best = {-shape->thickness, {0, 0, 0}};
    phys_field_node(m->field, row, column, node);
    v3_sub(node, shape->center, from);
    double reach = shape->radius + m->margin;
    if (node[2] < m->lowest || v3_dot(from, from) > reach * reach)
        return;
    phys_into_geom(shape, from, local);
    if (shape->hull != NULL) {
        try_planes(m, row, column, local, shape->hull->planes, shape->hull->face_count, &best);
    } else if (shape->def.shape == PHYS_SHAPE_BOX) {
        try_box(m, row, column, local, &best);
    } else {
        try_round(m, row, column, local, &best);
    }
    if (!(best.gap > -shape->thickness))
        return;
    v3_copy(node, surface);
    v3_add_scaled(surface, -best.gap, best.outward);
    for (int i = 0; i < 3; i++)
        from[i] = -best.outward[i];
    phys_field_add(m, from, surface, best.gap);
}

void phys_field_add_nodes(field_meeting *m) {
    for (int64_t row = m->first[0]; row <= m->last[0] + 1; row++)
        for (int64_t column = m->first[1]; column <= m->last[1] + 1; column++)
            add_node(m, row, column);
}
