/* SPDX-License-Identifier: MIT */
/* Balls, and corners as balls of no size, near a height field: at each point of the surface that is nearer
 * than all around it. */
#include "field.h"

/* A point where the two are near; `surface`: of the shape. */
void phys_field_add(field_meeting *m, const double *normal, const double *surface, double gap) {
    double point[3], apart[3];
    int place = m->count;
    v3_copy(surface, point);
    v3_add_scaled(point, -0.5 * gap, normal);
    for (int k = 0; k < m->count; k++) { /* two triangles of one plane say the same */
        v3_sub(m->found[k].point, point, apart);
        if (v3_dot(apart, apart) < 1e-14 && v3_dot(m->found[k].normal, normal) > 1 - 1e-9)
            return;
    }
    if (place == HULL_CANDIDATES) {
        place = 0;
        for (int k = 1; k < m->count; k++)
            if (m->found[k].gap > m->found[place].gap)
                place = k;
        if (gap >= m->found[place].gap)
            return;
    } else {
        m->count++;
    }
    v3_copy(point, m->found[place].point);
    v3_copy(normal, m->found[place].normal);
    m->found[place].gap = gap;
}

static void add_round(field_meeting *m, const double *normal, const double *center, double radius,
                      double distance) {
    double surface[3];
    v3_copy(center, surface);
    v3_add_scaled(surface, -radius, normal);
    phys_field_add(m, normal, surface, distance - radius);
}

typedef struct {
    int64_t low[2], high[2];
} cells;

/* The cells that a ball is over. */
static cells cells_near(const field_meeting *m, const double *center, double reach) {
    cells c;
    for (int k = 0; k < 2; k++) { /* rows by y, columns by x */
        c.low[k] = (int64_t)floor((center[1 - k] - reach) / m->field->size[0]);
        c.high[k] = (int64_t)floor((center[1 - k] + reach) / m->field->size[0]);
    }
    return c;
}

/* A centre below the surface comes out by the shortest way there is through a triangle near by. */
void phys_field_add_buried(field_meeting *m, const double *center, double radius) {
    field_triangle best, triangle;
    double from[3];
    phys_field_below(m->field, center[0], center[1], &best);
    v3_sub(center, best.corners[0], from);
    double distance = fmin(v3_dot(from, best.normal), 0);
    cells c = cells_near(m, center, fmin(-distance, 3 * m->field->size[0]));
    for (int64_t row = c.low[0]; row <= c.high[0]; row++)
        for (int64_t column = c.low[1]; column <= c.high[1]; column++)
            for (int k = 0; k < 2; k++) {
                phys_field_triangle(m->field, row, column, k == 1, &triangle);
                v3_sub(center, triangle.corners[0], from);
                double d = v3_dot(from, triangle.normal);
                if (d > 0 || d <= distance || !phys_is_over_triangle(&triangle, center))
                    continue;
                distance = d;
                best = triangle;
            }
    add_round(m, best.normal, center, radius, distance);
}

static void add_face(field_meeting *m, const double *center, double radius, const field_triangle *triangle) {
    double from[3];
    v3_sub(center, triangle->corners[0], from);
    double distance = v3_dot(from, triangle->normal);
    if (distance > 0 && distance < radius + m->margin && phys_is_over_triangle(triangle, center))
        add_round(m, triangle->normal, center, radius, distance);
}

/* From a point of the surface to the centre: its length, and the direction as `normal`; 0 where it is too
 * far. */
static double direction_to(const field_meeting *m, const double *center, double radius, const double *point,
                           double *normal) {
    v3_sub(center, point, normal);
    double distance = v3_length(normal);
    if (!(distance < radius + m->margin) || !(distance > 1e-9))
        return 0;
    for (int i = 0; i < 3; i++)
        normal[i] /= distance;
    return distance;
}

static void add_edge(field_meeting *m, const double *center, double radius, int64_t row, int64_t column,
                     int which) {
    field_edge found, *edge = &found;
    double from[3], nearest[3], normal[3];
    phys_field_edge(m->field, row, column, which, edge);
    v3_sub(center, edge->start, from);
    double t = v3_dot(from, edge->along) / v3_dot(edge->along, edge->along);
    if (!(t > 0 && t < 1))
        return;
    v3_copy(edge->start, nearest);
    v3_add_scaled(nearest, t, edge->along);
    double distance = direction_to(m, center, radius, nearest, normal);
    if (!(distance > 0))
        return;
    phys_field_sides(m->field, row, column, which, edge);
    if (phys_is_over_edge(edge, normal, 1e-9))
        add_round(m, normal, center, radius, distance);
}

static void add_node(field_meeting *m, const double *center, double radius, int64_t row, int64_t column) {
    double node[3], normal[3];
    phys_field_node(m->field, row, column, node);
    double distance = direction_to(m, center, radius, node, normal);
    if (distance > 0 && phys_is_over_node(m->field, row, column, normal, 1e-9, false))
        add_round(m, normal, center, radius, distance);
}

void phys_field_add_ball(field_meeting *m, const double *center, double radius) {
    field_triangle triangle;
    double from[3], reach = radius + m->margin, lowest = center[2] - reach;
    phys_field_below(m->field, center[0], center[1], &triangle);
    v3_sub(center, triangle.corners[0], from);
    if (!(v3_dot(from, triangle.normal) > 0)) {
        phys_field_add_buried(m, center, radius);
        return;
    }
    cells c = cells_near(m, center, reach);
    for (int64_t row = c.low[0]; row <= c.high[0] + 1; row++)
        for (int64_t column = c.low[1]; column <= c.high[1] + 1; column++) {
            for (int k = 0; k < 2 && row <= c.high[0] && column <= c.high[1]; k++) {
                phys_field_triangle(m->field, row, column, k == 1, &triangle);
                if (phys_field_top(&triangle) >= lowest)
                    add_face(m, center, radius, &triangle);
            }
            for (int which = 0; which < 3; which++)
                if (phys_field_is_edge_of(c.high, row, column, which))
                    add_edge(m, center, radius, row, column, which);
            add_node(m, center, radius, row, column);
        }
}
