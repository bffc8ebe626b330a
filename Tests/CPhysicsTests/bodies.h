/* SPDX-License-Identifier: MIT */
/* One free body of 1 kg over something that stands still. */
#ifndef BODIES_H
#define BODIES_H

#include "CPhysics.h"

double uniform(double low, double high);
void turn_at_random(double *q);

/* A shape of 0.05 to 0.3 m, turned at random; a hull is a box, whose corners take 24 numbers. */
phys_geom_def random_shape(phys_shape shape, double *points);

/* The body at the origin, with steps of 5 ms. */
phys_world *make(const phys_geom_def *moving, const phys_geom_def *still, phys_solver solver,
                 double friction);
void put(phys_world *world, double x, double y, double z);

/* How deep the body is in what stands still, at a place. */
double depth_at(const phys_geom_def *moving, const phys_geom_def *still, const double *place);

/* A field around the origin that rises by two slopes; all have the same heights, which tests may change. */
enum { FIELD_SIDE = 41 };
extern float field_heights[FIELD_SIDE * FIELD_SIDE];
phys_geom_def sloping(double cell, double x, double y);

#endif
