/* SPDX-License-Identifier: MIT */
/* Grounds to drop things on, and how deep a shape is in one: found by samples of both surfaces, with nothing
 * of the code that finds contacts. */
#ifndef GROUNDS_H
#define GROUNDS_H

#include "CPhysics.h"

typedef enum {
    GROUND_PLANE,
    GROUND_BOX,
    GROUND_STAIRS,
    GROUND_ROUGH,
    GROUND_STONES,
    GROUND_COUNT
} ground_kind;

enum { GROUND_ROWS = 81, GROUND_COLUMNS = 81 };

/* A ground around the world's origin, whose top is near z = 0. The heights of fields live in the caller's
 * `heights`, GROUND_ROWS * GROUND_COLUMNS of them, as `seed` says. */
phys_geom_def make_ground(ground_kind kind, unsigned seed, float *heights);

/* How deep a shape at a pose is in the ground, m: the largest of the ways out of points of the one that are
 * in the other. The pose is of the geom. */
double depth_in_ground(const phys_geom_def *shape, const double *position, const double *quaternion,
                       const phys_geom_def *ground);

/* What share of points of the shape's surface is more than 5 mm deep in the ground, 0 ... 1. */
double share_in_ground(const phys_geom_def *shape, const double *position, const double *quaternion,
                       const phys_geom_def *ground);

/* How far a point is over the ground, straight down. */
double height_over_ground(const phys_geom_def *ground, const double *point);

#endif
