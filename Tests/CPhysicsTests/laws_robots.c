/* SPDX-License-Identifier: MIT */
/* The small robots that the laws are measured on. */
#include "laws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A failing call ends the test: a law has nothing to measure then. */
static void expect(phys_status status, const char *text) {
    if (status == PHYS_OK)
        return;
    printf("%s: %s\n", phys_status_text(status), text);
    exit(1);
}

void make_robot(robot *r, phys_solver solver, double step, size_t links, size_t joints) {
    memset(r, 0, sizeof *r);
    r->world = phys_world_default_def();
    r->world.solver = solver;
    r->world.time_step = step;
    r->world.links = r->links, r->world.link_count = links;
    r->world.joints = r->joints, r->world.joint_count = joints;
    r->world.geoms = r->geoms, r->world.pairs = r->pairs;
    for (int i = 0; i < ROBOT_PARTS; i++) {
        r->links[i] = phys_link_default_def();
        r->joints[i] = phys_joint_default_def();
        r->geoms[i] = phys_geom_default_def();
        r->joints[i].parent = i - 1;
        r->joints[i].child = i;
    }
    if (joints < links)
        r->world.base = PHYS_BASE_FLOATING;
}

/* A free body of 1 kg over the ground z = 0; `size` is a radius or half an edge, a long shape is 4 of them
 * long between its ends' centres. */
void make_body(robot *r, phys_solver solver, double step, phys_shape shape, double size, double friction) {
    make_robot(r, solver, step, 1, 0);
    r->world.geom_count = 2, r->world.pair_count = 1;
    r->pairs[0] = (phys_pair_def){1, 0, friction, 0};
    phys_geom_def *geom = &r->geoms[1];
    geom->shape = shape;
    geom->link = 0;
    geom->size[0] = size;
    geom->size[1] = 4 * size;
    if (shape == PHYS_SHAPE_BOX)
        geom->size[0] = geom->size[1] = geom->size[2] = 2 * size;
    for (int i = 0; i < 3; i++)
        r->links[0].inertia[i] = 0.4 * size * size;
    if (shape == PHYS_SHAPE_CAPSULE || shape == PHYS_SHAPE_CYLINDER) {
        r->links[0].inertia[0] = r->links[0].inertia[1] = (3 + 16) * size * size / 12;
        r->links[0].inertia[2] = 0.5 * size * size;
    }
}

/* A wheel about z on the world, without gravity. */
void make_wheel(robot *r, phys_solver solver, double step, double inertia) {
    make_robot(r, solver, step, 1, 1);
    r->world.gravity[2] = 0;
    for (int i = 0; i < 3; i++)
        r->links[0].inertia[i] = inertia;
}

void set_solid_box(phys_link_def *link, double mass, double x, double y, double z) {
    link->mass = mass;
    link->inertia[0] = mass / 12 * (y * y + z * z);
    link->inertia[1] = mass / 12 * (x * x + z * z);
    link->inertia[2] = mass / 12 * (x * x + y * y);
}

/* Instead of the ground, gravity leans: down the slope is towards the azimuth. */
void tilt_gravity(robot *r, double slope, double azimuth) {
    r->world.gravity[0] = GRAVITY * sin(slope) * cos(azimuth);
    r->world.gravity[1] = GRAVITY * sin(slope) * sin(azimuth);
    r->world.gravity[2] = -GRAVITY * cos(slope);
}

phys_base_state base_at(double x, double y, double z) {
    return (phys_base_state){{x, y, z}, {1, 0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
}

phys_world *build(const robot *r) {
    char text[PHYS_TEXT_SIZE] = "";
    phys_world *world = NULL;
    expect(phys_world_create(&r->world, &world, text), text);
    return world;
}

void step_for(phys_world *world, double step, double seconds, const double *commands) {
    size_t joints = phys_world_value_count(world, PHYS_JOINT_POSITIONS);
    expect(phys_world_step(world, commands, commands != NULL ? joints : 0, (size_t)lround(seconds / step)),
           "step");
}

void read_all(const phys_world *world, phys_quantity quantity, double *values) {
    expect(phys_world_read(world, quantity, values, phys_world_value_count(world, quantity)), "read");
}

double read_one(const phys_world *world, phys_quantity quantity, size_t index) {
    double values[64];
    read_all(world, quantity, values);
    return values[index];
}

double length_of(const double *v) {
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* Of two errors; not a number counts as the largest. */
double larger(double a, double b) {
    if (isnan(a) || isnan(b))
        return INFINITY;
    return fabs(a) > fabs(b) ? fabs(a) : fabs(b);
}
