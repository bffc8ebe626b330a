/* SPDX-License-Identifier: MIT */
/* Height fields, and what of a shape meets one. Everything is in the field's own frame: the node of row i and
 * column j stands at x = j cell, y = i cell, and its height is z. */
#ifndef FIELD_H
#define FIELD_H

#include "physics_internal.h"

/* How far a normal may lean out of what a corner or an edge allows, as a sine: where a face lies on it nearly
 * flat, all of it counts, so that what stands does not rock. */
#define FIELD_SLACK 0.03
/* What rises less than this, as a slope, is no ridge: the corners of shapes are enough there. */
#define FIELD_RIDGE 1e-3

typedef struct {
    double corners[3][3], normal[3]; /* counter-clockwise from above; normal upwards */
} field_triangle;

/* An edge of the grid, and from its start to the third corners of its two triangles. */
typedef struct {
    double start[3], along[3], left[3], right[3];
} field_edge;

/* A shape near a field. */
typedef struct {
    const phys_geom_def *field;
    phys_geom shape; /* center and rotation are in the field's frame */
    double margin;
    double lowest;             /* what ends below this is out of question */
    int64_t first[2], last[2]; /* rows and columns of the cells that the shape is over, with its margin */
    phys_contact_point found[HULL_CANDIDATES];
    int count;
} field_meeting;

/* field.c */
void phys_field_node(const phys_geom_def *field, int64_t row, int64_t column, double *out);
void phys_field_triangle(const phys_geom_def *field, int64_t row, int64_t column, bool is_upper,
                         field_triangle *out);
void phys_field_edge(const phys_geom_def *field, int64_t row, int64_t column, int which, field_edge *out);
void phys_field_sides(const phys_geom_def *field, int64_t row, int64_t column, int which, field_edge *out);
bool phys_field_is_edge_of(const int64_t *last, int64_t row, int64_t column, int which);
void phys_field_below(const phys_geom_def *field, double x, double y, field_triangle *out);
double phys_field_top(const field_triangle *triangle);
bool phys_is_over_triangle(const field_triangle *triangle, const double *point);
bool phys_is_over_edge(const field_edge *edge, const double *normal, double slack);
bool phys_is_over_node(const phys_geom_def *field, int64_t row, int64_t column, const double *normal,
                       double slack, bool is_peak);
bool phys_is_ridge(const field_edge *edge);

/* field_balls.c */
void phys_field_add(field_meeting *m, const double *normal, const double *surface, double gap);
void phys_field_add_buried(field_meeting *m, const double *center, double radius);
void phys_field_add_ball(field_meeting *m, const double *center, double radius);

/* field_edges.c, field_faces.c, field_cylinder.c */
void phys_field_add_segment(field_meeting *m, const double *start, const double *along, double radius,
                            const field_edge *ridge);
void phys_field_add_edges(field_meeting *m);
void phys_field_add_nodes(field_meeting *m);
void phys_field_add_axis(field_meeting *m, const field_edge *ridge);
void phys_field_add_round(field_meeting *m, const field_edge *ridge);
void phys_field_add_cylinder(field_meeting *m);

#endif
