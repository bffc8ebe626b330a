/* SPDX-License-Identifier: MIT */
#include "objects.h"

#include <string.h>

static void add_object(robot *r) {
    r->world.object_count = r->world.link_count - 1;
    r->world.base = PHYS_BASE_FIXED;
    r->world.joint_count = 1;
}

void make_object(robot *r, phys_solver solver, double step, phys_shape shape, double size, double friction) {
    robot body;
    make_body(&body, solver, step, shape, size, friction);
    make_robot(r, solver, step, 2, 2);
    add_object(r);
    r->joints[0].anchor[0] = r->links[0].position[0] = 50;
    r->world.geom_count = 2, r->world.pair_count = 1;
    r->links[0].inertia[0] = r->links[0].inertia[1] = r->links[0].inertia[2] = body.links[0].inertia[0];
    r->links[1] = body.links[0];
    memcpy(r->geoms, body.geoms, sizeof r->geoms);
    memcpy(r->pairs, body.pairs, sizeof r->pairs);
    r->geoms[1].link = 1;
}

void read_link(const phys_world *world, size_t link, double *out) {
    double values[10 * ROBOT_PARTS];
    static const phys_quantity quantities[] = {PHYS_LINK_POSITIONS, PHYS_LINK_LINEAR_VELOCITIES,
                                               PHYS_LINK_ANGULAR_VELOCITIES};
    for (int i = 0; i < 3; i++) {
        read_all(world, quantities[i], values);
        memcpy(out + 3 * i, values + 3 * link, 3 * sizeof *out);
    }
    read_all(world, PHYS_LINK_QUATERNIONS, values);
    memcpy(out + 9, values + 4 * link, 4 * sizeof *out);
}

void make_piston(robot *r, phys_solver solver) {
    make_object(r, solver, 0.002, PHYS_SHAPE_BOX, 0.1, 0.4);
    set_solid_box(&r->links[1], 2, 0.2, 0.2, 0.2);
    r->links[0] = phys_link_default_def();
    r->links[0].position[0] = r->joints[0].anchor[0] = -0.3, r->links[0].position[2] = 0.1;
    r->links[1].position[2] = 0.1;
    r->joints[0].kind = PHYS_JOINT_SLIDER;
    r->joints[0].axis[0] = 1, r->joints[0].axis[2] = 0;
    r->joints[0].drive = PHYS_DRIVE_VELOCITY, r->joints[0].kd = 1e4;
    r->geoms[2].shape = PHYS_SHAPE_SPHERE, r->geoms[2].size[0] = 0.05, r->geoms[2].link = 0;
    r->world.geom_count = 3, r->world.pair_count = 2;
    r->pairs[1] = (phys_pair_def){2, 1, 0, 0};
}
