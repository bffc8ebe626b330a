/* SPDX-License-Identifier: MIT */
/* Where shapes are near a height field: corners, ends and rims over its triangles, edges across its ridges,
 * and its peaks under faces. Of these at most 8 are kept. */
#include "field.h"

/* Into the field's frame. */
static void place_shape(field_meeting *m, const phys_geom *geom, const phys_geom *field) {
    double from[3];
    m->shape = *geom;
    v3_sub(geom->center, field->center, from);
    phys_into_geom(field, from, m->shape.center);
    for (int axis = 0; axis < 3; axis++) {
        double column[3], turned[3];
        r_axis(geom->rotation, axis, column);
        phys_into_geom(field, column, turned);
        for (int i = 0; i < 3; i++)
            m->shape.rotation[4 * i + axis] = turned[i];
    }
}

/* The cells that the shape is over with its margin; false where all of it is above them. */
static bool find_cells(field_meeting *m) {
    const double down[3] = {0, 0, -1};
    double top = -INFINITY, node[3];
    for (int i = 0; i < 2; i++) {
        double along[3] = {0, 0, 0}, back[3] = {0, 0, 0};
        along[i] = 1, back[i] = -1;
        double high = phys_reach(&m->shape, along) + m->margin,
               low = -phys_reach(&m->shape, back) - m->margin;
        if (!(fabs(high) <= 1e9) || !(fabs(low) <= 1e9))
            return false;
        m->first[1 - i] = (int64_t)floor(low / m->field->size[0]);
        m->last[1 - i] = (int64_t)floor(high / m->field->size[0]);
    }
    m->lowest = -phys_reach(&m->shape, down) - m->margin;
    for (int64_t row = m->first[0]; row <= m->last[0] + 1; row++)
        for (int64_t column = m->first[1]; column <= m->last[1] + 1; column++) {
            phys_field_node(m->field, row, column, node);
            top = fmax(top, node[2]);
        }
    return m->lowest <= top;
}

static void add_corners(field_meeting *m) {
    double places[PHYS_MAX_HULL_POINTS][3], radius;
    int count = phys_corners(&m->shape, places, &radius);
    for (int n = 0; n < count; n++)
        phys_field_add_ball(m, places[n], radius);
}

/* At most 8 points of a shape that is neither plane nor field. */
int phys_touch_field(const phys_geom *geom, const phys_geom *field, double margin, phys_contact_point *out) {
    field_meeting m;
    m.field = &field->def;
    m.margin = margin;
    m.count = 0;
    place_shape(&m, geom, field);
    if (m.shape.center[2] - m.shape.radius - margin > field->highest || !find_cells(&m))
        return 0;
    if (geom->def.shape == PHYS_SHAPE_CYLINDER)
        phys_field_add_cylinder(&m);
    add_corners(&m);
    if (geom->def.shape != PHYS_SHAPE_SPHERE) {
        phys_field_add_edges(&m);
        phys_field_add_nodes(&m);
    }
    int count = phys_keep_spread(m.found, m.count, PAIR_CONTACTS, 1e-3 * geom->thickness, out);
    for (int k = 0; k < count; k++) {
        double point[3];
        phys_out_of_geom(field, out[k].point, point);
        v3_copy(point, out[k].point);
        r_rotate(field->rotation, out[k].normal, out[k].normal);
    }
    return count;
}

/* What is in both walls of a narrow gap, however little, cannot come out of it against friction that no force
 * overcomes: it has none until it is out. */
void phys_loosen_wedges(phys_contact_point *points, size_t count) {
    static const double narrow = -0.5;
    bool is_wedged[PAIR_CONTACTS] = {false};
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            is_wedged[i] |= points[i].gap < 0 && points[k].gap < 0 &&
                            v3_dot(points[i].normal, points[k].normal) < narrow;
    for (size_t i = 0; i < count; i++)
        if (is_wedged[i])
            points[i].friction = 0;
}
