/* SPDX-License-Identifier: MIT */
/* The check of geoms and pairs. */
#include "physics_internal.h"

static int size_count(phys_shape shape) {
    switch (shape) {
    case PHYS_SHAPE_PLANE:
    case PHYS_SHAPE_HULL:
        return 0;
    case PHYS_SHAPE_SPHERE:
    case PHYS_SHAPE_FIELD:
        return 1;
    case PHYS_SHAPE_CAPSULE:
    case PHYS_SHAPE_CYLINDER:
        return 2;
    case PHYS_SHAPE_BOX:
        return 3;
    }
    return 0;
}

static bool check_hull(const phys_geom_def *geom, size_t n, phys_report *report) {
    if (geom->point_count < 4 || geom->point_count > PHYS_MAX_HULL_POINTS)
        return phys_refuse(report, "geoms[%zu].point_count: %zu must be between 4 and %d", n,
                           geom->point_count, PHYS_MAX_HULL_POINTS);
    if (geom->triangle_count < 4 || geom->triangle_count > 2 * geom->point_count - 4)
        return phys_refuse(report, "geoms[%zu].triangle_count: %zu must be between 4 and %zu", n,
                           geom->triangle_count, 2 * geom->point_count - 4);
    if (geom->points == NULL || geom->triangles == NULL)
        return phys_refuse(report, "geoms[%zu].points, triangles: a hull needs both", n);
    if (!phys_is_vector(geom->points, 3 * (int)geom->point_count, 1e4))
        return phys_refuse(report, "geoms[%zu].points: each coordinate must be within 1e4 m", n);
    for (size_t i = 0; i < 3 * geom->triangle_count; i++)
        if (geom->triangles[i] >= geom->point_count)
            return phys_refuse(report, "geoms[%zu].triangles[%zu]: %u must be a point, 0 to %zu", n, i,
                               (unsigned)geom->triangles[i], geom->point_count - 1);
    phys_hull hull;
    if (!phys_build_hull(geom, &hull))
        return phys_refuse(report, "geoms[%zu]: the triangles are no convex surface that is 1e-6 m thick", n);
    return true;
}

static bool check_field(const phys_geom_def *geom, size_t n, phys_report *report) {
    const size_t sides[2] = {geom->rows, geom->columns};
    for (int i = 0; i < 2; i++)
        if (sides[i] < 2 || sides[i] > PHYS_MAX_FIELD_SIDE)
            return phys_refuse(report, "geoms[%zu].%s: %zu must be between 2 and %d", n,
                               i == 0 ? "rows" : "columns", sides[i], PHYS_MAX_FIELD_SIDE);
    if (geom->rows * geom->columns > (size_t)1 << 24)
        return phys_refuse(report, "geoms[%zu]: %zu rows and %zu columns are more than 2^24 heights", n,
                           geom->rows, geom->columns);
    if (!(geom->size[0] >= 1e-3 && geom->size[0] <= 1e3))
        return phys_refuse(report, "geoms[%zu].size[0]: cells of %g m must be between 1e-3 and 1e3", n,
                           geom->size[0]);
    if (geom->heights == NULL)
        return phys_refuse(report, "geoms[%zu].heights: a height field needs them", n);
    for (size_t i = 0; i < geom->rows * geom->columns; i++)
        if (!(fabs((double)geom->heights[i]) <= 1e4))
            return phys_refuse(report, "geoms[%zu].heights: %g m in row %zu, column %zu must be within 1e4",
                               n, (double)geom->heights[i], i / geom->columns, i % geom->columns);
    return true;
}

static bool check_geom(const phys_world_def *def, size_t n, phys_report *report) {
    const phys_geom_def *geom = &def->geoms[n];
    if ((int)geom->shape < PHYS_SHAPE_PLANE || (int)geom->shape > PHYS_SHAPE_FIELD)
        return phys_refuse(report, "geoms[%zu].shape: %d must be a shape, 0 to 6", n, (int)geom->shape);
    if (geom->link < -1 || geom->link >= (int32_t)def->link_count)
        return phys_refuse(report, "geoms[%zu].link: %d must be a link, 0 to %zu, or -1", n, geom->link,
                           def->link_count - 1);
    if (geom->shape == PHYS_SHAPE_PLANE && geom->link != -1)
        return phys_refuse(report, "geoms[%zu].link: a plane stands still in the world; it must be -1", n);
    if (geom->shape == PHYS_SHAPE_FIELD && geom->link != -1)
        return phys_refuse(report, "geoms[%zu].link: a height field stands still in the world; it must be -1",
                           n);
    for (int i = 0; i < size_count(geom->shape); i++)
        if (!(geom->size[i] >= 1e-6 && geom->size[i] <= 1e4))
            return phys_refuse(report, "geoms[%zu].size[%d]: %g m must be between 1e-6 and 1e4", n, i,
                               geom->size[i]);
    if (geom->shape == PHYS_SHAPE_HULL && !check_hull(geom, n, report))
        return false;
    if (geom->shape == PHYS_SHAPE_FIELD && !check_field(geom, n, report))
        return false;
    if (!phys_is_vector(geom->position, 3, 1e4))
        return phys_refuse(report, "geoms[%zu].position: each component must be within 1e4 m", n);
    if (!phys_is_orientation(geom->quaternion))
        return phys_refuse(report, "geoms[%zu].quaternion: (%g, %g, %g, %g) must have length 1", n,
                           geom->quaternion[0], geom->quaternion[1], geom->quaternion[2],
                           geom->quaternion[3]);
    return true;
}

/* What a geom may be near to is gone through cell by cell. */
static bool check_width(const phys_world_def *def, size_t n, int32_t field, int32_t other,
                        phys_report *report) {
    if (def->geoms[field].shape != PHYS_SHAPE_FIELD)
        return true;
    double width = 2.5 * phys_bounding_radius(&def->geoms[other]) + 2 * def->contact_margin;
    double cell = def->geoms[field].size[0];
    if (width <= PHYS_MAX_FIELD_WIDTH * cell)
        return true;
    return phys_refuse(report,
                       "pairs[%zu]: geom %d, %g m wide, is over more than %d cells of %g m of geom %d", n,
                       other, width, PHYS_MAX_FIELD_WIDTH, cell, field);
}

static bool check_pair(const phys_world_def *def, size_t n, phys_report *report) {
    const phys_pair_def *pair = &def->pairs[n];
    int32_t geoms = (int32_t)def->geom_count;
    if (pair->geom_a < 0 || pair->geom_a >= geoms)
        return phys_refuse(report, "pairs[%zu].geom_a: %d must be a geom, 0 to %d", n, pair->geom_a,
                           geoms - 1);
    if (pair->geom_b < 0 || pair->geom_b >= geoms)
        return phys_refuse(report, "pairs[%zu].geom_b: %d must be a geom, 0 to %d", n, pair->geom_b,
                           geoms - 1);
    if (def->geoms[pair->geom_a].link == def->geoms[pair->geom_b].link)
        return phys_refuse(report, "pairs[%zu]: geoms %d and %d are on the same link, or both static", n,
                           pair->geom_a, pair->geom_b);
    if (!(pair->friction >= 0 && pair->friction <= 1e3))
        return phys_refuse(report, "pairs[%zu].friction: %g must be between 0 and 1000", n, pair->friction);
    if (!(pair->restitution >= 0 && pair->restitution <= 1))
        return phys_refuse(report, "pairs[%zu].restitution: %g must be between 0 and 1", n,
                           pair->restitution);
    if (pair->restitution > 0 && def->contact_law == PHYS_LAW_CONVEX)
        return phys_refuse(report, "pairs[%zu].restitution: the convex law of contacts has none", n);
    return check_width(def, n, pair->geom_a, pair->geom_b, report) &&
           check_width(def, n, pair->geom_b, pair->geom_a, report);
}

bool phys_check_geoms(const phys_world_def *def, phys_report *report) {
    for (size_t n = 0; n < def->geom_count; n++)
        if (!check_geom(def, n, report))
            return false;
    for (size_t n = 0; n < def->pair_count; n++)
        if (!check_pair(def, n, report))
            return false;
    return true;
}
