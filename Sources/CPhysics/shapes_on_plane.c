/* SPDX-License-Identifier: MIT */
/* Where a shape is nearest to a plane: exact, near it or in it. */
#include "physics_internal.h"

typedef struct {
    const phys_geom *plane;
    double margin;
    phys_contact_point *out;
    int count;
} near_plane;

/* A point of a shape's surface; it counts where it is near. */
static void add(near_plane *found, const double *surface) {
    double from[3];
    v3_sub(surface, found->plane->center, from);
    double gap = v3_dot(from, found->plane->normal);
    if (!(gap < found->margin))
        return;
    phys_contact_point *point = &found->out[found->count++];
    point->gap = gap;
    v3_copy(found->plane->normal, point->normal);
    v3_copy(surface, point->point);
    v3_add_scaled(point->point, -0.5 * gap, point->normal);
}

static void add_ball(near_plane *found, const double *center, double radius) {
    double lowest[3];
    v3_copy(center, lowest);
    v3_add_scaled(lowest, -radius, found->plane->normal);
    add(found, lowest);
}

static void add_capsule(near_plane *found, const phys_geom *geom) {
    double axis[3], end[3];
    r_axis(geom->rotation, 2, axis);
    for (int side = -1; side <= 1; side += 2) {
        v3_copy(geom->center, end);
        v3_add_scaled(end, side * geom->def.size[1] / 2, axis);
        add_ball(found, end, geom->def.size[0]);
    }
}

/* The lowest corner, and the three that are next to it over the box's edges but for the steepest: the corners
 * of the face that it stands on. */
static void add_box(near_plane *found, const phys_geom *geom) {
    double half[3][3], steepness[3];
    int steepest = 0;
    for (int axis = 0; axis < 3; axis++) {
        r_axis(geom->rotation, axis, half[axis]);
        double along = v3_dot(half[axis], found->plane->normal), size = geom->def.size[axis] / 2;
        for (int i = 0; i < 3; i++)
            half[axis][i] *= along > 0 ? -size : size;
        steepness[axis] = fabs(along) * size;
        if (steepness[axis] > steepness[steepest])
            steepest = axis;
    }
    int a = (steepest + 1) % 3, b = (steepest + 2) % 3;
    for (int k = 0; k < 4; k++) {
        double corner[3];
        v3_copy(geom->center, corner);
        v3_add_scaled(corner, 1, half[steepest]);
        v3_add_scaled(corner, k & 1 ? -1 : 1, half[a]);
        v3_add_scaled(corner, k & 2 ? -1 : 1, half[b]);
        add(found, corner);
    }
}

/* Of each end the lowest point of the rim and the three at right angles to it, which it stands on when
 * upright.
 */
static void add_cylinder(near_plane *found, const phys_geom *geom) {
    double axis[3], down[3], across[3], rim[3];
    const double *normal = found->plane->normal;
    r_axis(geom->rotation, 2, axis);
    double along = v3_dot(axis, normal);
    for (int i = 0; i < 3; i++)
        down[i] = along * axis[i] - normal[i];
    double length = sqrt(v3_dot(down, down));
    if (length > 1e-6) {
        for (int i = 0; i < 3; i++)
            down[i] /= length;
    } else {
        r_axis(geom->rotation, 0, down);
    }
    v3_cross(axis, down, across);
    for (int side = -1; side <= 1; side += 2)
        for (int k = 0; k < 4; k++) {
            v3_copy(geom->center, rim);
            v3_add_scaled(rim, side * geom->def.size[1] / 2, axis);
            v3_add_scaled(rim, k & 2 ? -geom->def.size[0] : geom->def.size[0], k & 1 ? across : down);
            add(found, rim);
        }
}

/* At most 8 points, into `out`, of a shape that is not a plane. */
int phys_touch_plane(const phys_geom *geom, const phys_geom *plane, double margin, phys_contact_point *out) {
    near_plane found = {plane, margin, out, 0};
    switch (geom->def.shape) {
    case PHYS_SHAPE_PLANE:
    case PHYS_SHAPE_FIELD:
        break;
    case PHYS_SHAPE_BOX:
        add_box(&found, geom);
        break;
    case PHYS_SHAPE_SPHERE:
        add_ball(&found, geom->center, geom->def.size[0]);
        break;
    case PHYS_SHAPE_CAPSULE:
        add_capsule(&found, geom);
        break;
    case PHYS_SHAPE_CYLINDER:
        add_cylinder(&found, geom);
        break;
    case PHYS_SHAPE_HULL:
        return phys_touch_hull_plane(geom, plane, margin, out);
    }
    return found.count;
}
