/* SPDX-License-Identifier: MIT */
#include "bodies.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 88172645463325252u;
static const uint32_t box_triangles[36] = {0, 2, 3, 0, 3, 1, 4, 5, 7, 4, 7, 6, 0, 1, 5, 0, 5, 4,
                                           2, 6, 7, 2, 7, 3, 0, 4, 6, 0, 6, 2, 1, 3, 7, 1, 7, 5};

double uniform(double low, double high) { /* xorshift64 */
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return low + (high - low) * (double)(state >> 11) * 0x1p-53;
}

void turn_at_random(double *q) {
    double length = 0;
    for (int i = 0; i < 4; i++)
        q[i] = uniform(-1, 1), length += q[i] * q[i];
    for (int i = 0; i < 4; i++)
        q[i] /= sqrt(length);
}

phys_geom_def random_shape(phys_shape shape, double *points) {
    phys_geom_def geom = phys_geom_default_def();
    geom.shape = shape, geom.link = 0;
    for (int i = 0; i < 3; i++)
        geom.size[i] = uniform(0.05, 0.3);
    turn_at_random(geom.quaternion);
    if (shape != PHYS_SHAPE_HULL)
        return geom;
    for (int k = 0; k < 8; k++)
        for (int i = 0; i < 3; i++)
            points[3 * k + i] = k >> i & 1 ? geom.size[i] / 2 : -geom.size[i] / 2;
    geom.points = points, geom.point_count = 8;
    geom.triangles = box_triangles, geom.triangle_count = 12;
    return geom;
}

phys_world *make(const phys_geom_def *moving, const phys_geom_def *still, phys_solver solver,
                 double friction) {
    phys_world_def def = phys_world_default_def();
    phys_link_def link = phys_link_default_def();
    phys_geom_def geoms[2] = {*moving, *still};
    phys_pair_def pair = {0, 1, friction, 0};
    phys_world *world = NULL;
    geoms[0].link = 0;
    link.inertia[0] = link.inertia[1] = link.inertia[2] = 0.004;
    def.solver = solver, def.time_step = 0.005, def.base = PHYS_BASE_FLOATING;
    def.links = &link, def.link_count = 1;
    def.geoms = geoms, def.geom_count = 2, def.pairs = &pair, def.pair_count = 1;
    char text[PHYS_TEXT_SIZE] = "";
    if (phys_world_create(&def, &world, text) != PHYS_OK)
        printf("refused: %s\n", text);
    return world;
}

void put(phys_world *world, double x, double y, double z) {
    phys_base_state base = {{x, y, z}, {1, 0, 0, 0}, {0}, {0}};
    if (phys_world_place(world, &base, NULL, NULL, 0) != PHYS_OK)
        abort();
}

float field_heights[FIELD_SIDE * FIELD_SIDE];

phys_geom_def sloping(double cell, double x, double y) {
    phys_geom_def field = phys_geom_default_def();
    field.shape = PHYS_SHAPE_FIELD;
    field.size[0] = cell;
    field.rows = field.columns = FIELD_SIDE;
    field.heights = field_heights;
    field.position[0] = field.position[1] = -(FIELD_SIDE / 2) * cell;
    for (int i = 0; i < FIELD_SIDE; i++)
        for (int j = 0; j < FIELD_SIDE; j++)
            field_heights[i * FIELD_SIDE + j] =
                (float)(cell * (x * (j - FIELD_SIDE / 2) + y * (i - FIELD_SIDE / 2)));
    return field;
}

double depth_at(const phys_geom_def *moving, const phys_geom_def *still, const double *place) {
    phys_world *world = make(moving, still, PHYS_SOLVER_ODE, 1);
    size_t pair;
    double depth = -1;
    put(world, place[0], place[1], place[2]);
    if (phys_world_deepest_overlap(world, &pair, &depth) != PHYS_OK)
        abort();
    phys_world_destroy(world);
    return depth;
}
