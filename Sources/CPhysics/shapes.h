/* SPDX-License-Identifier: MIT */
/* Where shapes are near each other; a part of physics_internal.h, which includes it. */
#ifndef SHAPES_H
#define SHAPES_H

/* shapes_on_plane.c, shapes_round.c: points nearer than `margin`, into `out`; they set point, normal and gap.
 */
int phys_touch_plane(const phys_geom *geom, const phys_geom *plane, double margin, phys_contact_point *out);
int phys_touch_round(const phys_geom *first, const phys_geom *second, double margin, phys_contact_point *out);
int phys_touch_box(const phys_geom *round, const phys_geom *box, double sign, double margin,
                   phys_contact_point *out);

/* hull.c, hull_on_plane.c, nearest.c, shapes_hull.c */
bool phys_build_hull(const phys_geom_def *def, phys_hull *hull);
bool phys_compile_hull(phys_geom *geom, const phys_geom_def *def);
double phys_hull_reach(const phys_hull *hull, const double *direction);
void phys_into_geom(const phys_geom *geom, const double *direction, double *out);
void phys_out_of_geom(const phys_geom *geom, const double *point, double *out);
int phys_keep_spread(const phys_contact_point *points, int count, int wanted, double tolerance,
                     phys_contact_point *out);
int phys_touch_hull_plane(const phys_geom *geom, const phys_geom *plane, double margin,
                          phys_contact_point *out);
double phys_reach(const phys_geom *geom, const double *direction);
int phys_corners(const phys_geom *geom, double (*out)[3], double *radius);
int phys_touch_hull(const phys_geom *first, const phys_geom *second, double margin, phys_contact_point *out);
bool phys_nearest(const phys_geom *first, const phys_geom *second, double share, double limit, double *apart,
                  double *middle);

/* field_contacts.c, field_way.c, geom_size.c */
int phys_touch_field(const phys_geom *geom, const phys_geom *field, double margin, phys_contact_point *out);
int phys_touch_field_ahead(const phys_world *world, const phys_geom *geom, const phys_geom *field,
                           double margin, int stopovers, phys_contact_point *out);
void phys_loosen_wedges(phys_contact_point *points, size_t count);
double phys_bounding_radius(const phys_geom_def *def);
double phys_thickness(const phys_geom_def *def);

#endif
