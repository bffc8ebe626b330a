/* SPDX-License-Identifier: MIT */
/* How large shapes are. */
#include "physics_internal.h"

/* Of the sphere around the centre that holds the shape; 0 for what has no end. */
double phys_bounding_radius(const phys_geom_def *def) {
    const double *s = def->size;
    switch (def->shape) {
    case PHYS_SHAPE_PLANE:
    case PHYS_SHAPE_FIELD:
        return 0;
    case PHYS_SHAPE_HULL: {
        double square = 0;
        for (size_t n = 0; n < def->point_count; n++)
            square = fmax(square, v3_dot(def->points + 3 * n, def->points + 3 * n));
        return sqrt(square);
    }
    case PHYS_SHAPE_SPHERE:
        return s[0];
    case PHYS_SHAPE_CAPSULE:
        return s[0] + s[1] / 2;
    case PHYS_SHAPE_CYLINDER:
        return sqrt(s[0] * s[0] + s[1] * s[1] / 4);
    case PHYS_SHAPE_BOX:
        return sqrt(v3_dot(s, s)) / 2;
    }
    return 0;
}

/* The smallest extent; a hull has its own. */
double phys_thickness(const phys_geom_def *def) {
    const double *s = def->size;
    switch (def->shape) {
    case PHYS_SHAPE_PLANE:
    case PHYS_SHAPE_HULL:
    case PHYS_SHAPE_FIELD:
        return INFINITY;
    case PHYS_SHAPE_SPHERE:
    case PHYS_SHAPE_CAPSULE:
        return 2 * s[0];
    case PHYS_SHAPE_CYLINDER:
        return fmin(2 * s[0], s[1]);
    case PHYS_SHAPE_BOX:
        return fmin(s[0], fmin(s[1], s[2]));
    }
    return 0;
}
