/* SPDX-License-Identifier: MIT */
/* The surface of a height field: two triangles a cell, along the diagonal from its low row and column to its
 * high ones. Outside of the grid the heights of its border go on. */
#include "field.h"

static double height_at(const phys_geom_def *field, int64_t row, int64_t column) {
    int64_t rows = (int64_t)field->rows, columns = (int64_t)field->columns;
    row = row < 0 ? 0 : row >= rows ? rows - 1 : row;
    column = column < 0 ? 0 : column >= columns ? columns - 1 : column;
    return (double)field->heights[row * columns + column];
}

void phys_field_node(const phys_geom_def *field, int64_t row, int64_t column, double *out) {
    out[0] = (double)column * field->size[0];
    out[1] = (double)row * field->size[0];
    out[2] = height_at(field, row, column);
}

/* The lower triangle of a cell is that of its low row. */
void phys_field_triangle(const phys_geom_def *field, int64_t row, int64_t column, bool is_upper,
                         field_triangle *out) {
    double first[3], second[3];
    phys_field_node(field, row, column, out->corners[0]);
    phys_field_node(field, row + (is_upper ? 1 : 0), column + 1, out->corners[1]);
    phys_field_node(field, row + 1, column + (is_upper ? 0 : 1), out->corners[2]);
    v3_sub(out->corners[1], out->corners[0], first);
    v3_sub(out->corners[2], out->corners[0], second);
    v3_cross(first, second, out->normal);
    double length = v3_length(out->normal);
    for (int i = 0; i < 3; i++)
        out->normal[i] /= length;
}

/* From a node along x (`which` 0), along y (1), or along the diagonal (2): end, left, right; rows and
 * columns. */
static const int64_t corners_of[3][6] = {{0, 1, 1, 1, -1, 0}, {1, 0, 1, 1, 0, -1}, {1, 1, 0, 1, 1, 0}};

static void from_start(const phys_geom_def *field, int64_t row, int64_t column, const double *start,
                       double *out) {
    phys_field_node(field, row, column, out);
    v3_add_scaled(out, -1, start);
}

void phys_field_edge(const phys_geom_def *field, int64_t row, int64_t column, int which, field_edge *out) {
    phys_field_node(field, row, column, out->start);
    from_start(field, row + corners_of[which][0], column + corners_of[which][1], out->start, out->along);
}

/* The third corners, which are needed of few. */
void phys_field_sides(const phys_geom_def *field, int64_t row, int64_t column, int which, field_edge *out) {
    from_start(field, row + corners_of[which][2], column + corners_of[which][3], out->start, out->left);
    from_start(field, row + corners_of[which][4], column + corners_of[which][5], out->start, out->right);
}

/* Whether an edge from a node of a range of cells is one of these cells. */
bool phys_field_is_edge_of(const int64_t *last, int64_t row, int64_t column, int which) {
    return (row <= last[0] || which == 0) && (column <= last[1] || which == 1);
}

/* The triangle over or under a place. */
void phys_field_below(const phys_geom_def *field, double x, double y, field_triangle *out) {
    double column = floor(x / field->size[0]), row = floor(y / field->size[0]);
    bool is_upper = y / field->size[0] - row > x / field->size[0] - column;
    phys_field_triangle(field, (int64_t)row, (int64_t)column, is_upper, out);
}

double phys_field_top(const field_triangle *triangle) {
    return fmax(triangle->corners[0][2], fmax(triangle->corners[1][2], triangle->corners[2][2]));
}

/* Whether a point stands over a triangle, or under it, along its normal. */
bool phys_is_over_triangle(const field_triangle *triangle, const double *point) {
    double along[3], from[3], across[3];
    for (int k = 0; k < 3; k++) {
        v3_sub(triangle->corners[(k + 1) % 3], triangle->corners[k], along);
        v3_sub(point, triangle->corners[k], from);
        v3_cross(along, from, across);
        if (v3_dot(across, triangle->normal) < -1e-9 * v3_dot(along, along))
            return false;
    }
    return true;
}

/* Whether no point of the two triangles is farther along a normal of the edge than the edge itself, nor what
 * is below them. */
bool phys_is_over_edge(const field_edge *edge, const double *normal, double slack) {
    return normal[2] >= 0 && v3_dot(normal, edge->left) <= slack * v3_length(edge->left) &&
           v3_dot(normal, edge->right) <= slack * v3_length(edge->right);
}

bool phys_is_ridge(const field_edge *edge) {
    double normal[3];
    v3_cross(edge->along, edge->left, normal);
    double sign = normal[2] > 0 ? 1 : -1;
    return sign * v3_dot(normal, edge->right) < -FIELD_RIDGE * v3_length(normal) * v3_length(edge->right);
}

/* The same for the triangles around a node; a peak also falls off somewhere. */
bool phys_is_over_node(const phys_geom_def *field, int64_t row, int64_t column, const double *normal,
                       double slack, bool is_peak) {
    static const int64_t around[6][2] = {{0, 1}, {1, 1}, {1, 0}, {0, -1}, {-1, -1}, {-1, 0}};
    double node[3], other[3];
    bool falls = false;
    if (normal[2] < 0)
        return false;
    phys_field_node(field, row, column, node);
    for (int k = 0; k < 6; k++) {
        phys_field_node(field, row + around[k][0], column + around[k][1], other);
        v3_add_scaled(other, -1, node);
        double rise = v3_dot(normal, other), length = v3_length(other);
        if (rise > slack * length)
            return false;
        falls |= rise < -FIELD_RIDGE * length;
    }
    return falls || !is_peak;
}

double phys_field_height(const phys_geom_def *field, double x, double y, double *normal) {
    field_triangle triangle;
    if (field == NULL || field->shape != PHYS_SHAPE_FIELD || field->heights == NULL || field->rows < 2 ||
        field->columns < 2 || !(field->size[0] >= 1e-3) || !(fabs(x) <= 1e9) || !(fabs(y) <= 1e9))
        return NAN;
    phys_field_below(field, x, y, &triangle);
    const double *n = triangle.normal, *corner = triangle.corners[0];
    if (normal != NULL)
        v3_copy(n, normal);
    return corner[2] - (n[0] * (x - corner[0]) + n[1] * (y - corner[1])) / n[2];
}
