/* SPDX-License-Identifier: MIT */
/* Worlds with an object beside a robot. */
#ifndef OBJECTS_H
#define OBJECTS_H

#include "laws.h"

/* Position, velocity, turning velocity and orientation of a link. */
enum { LINK_NUMBERS = 13 };
void read_link(const phys_world *world, size_t link, double *out);

/* Link 0 on a hinge far away, and an object that is as the body of `make_body`. */
void make_object(robot *r, phys_solver solver, double step, phys_shape shape, double size, double friction);

/* A piston pushes a box along, by its velocity. */
void make_piston(robot *r, phys_solver solver);

#endif
