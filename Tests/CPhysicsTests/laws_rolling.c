/* SPDX-License-Identifier: MIT */
/* Rolling and standing. */
#include "laws.h"

static double roll_error(phys_solver solver, double step, phys_shape shape, double mass) {
    double radius = 0.1, slope = 15 * PI / 180, before[3], after[3];
    robot r;
    make_body(&r, solver, step, shape, radius, 1);
    r.links[0].mass = mass;
    for (int i = 0; i < 3; i++)
        r.links[0].inertia[i] *= mass;
    tilt_gravity(&r, slope, 0);
    phys_world *world = build(&r);
    phys_base_state base = base_at(0, 0, radius);
    base.quaternion[0] = base.quaternion[1] = sqrt(0.5); /* the long axis lies across the slope */
    phys_world_place(world, &base, 0, 0, 0);
    step_for(world, step, 0.1, 0);
    read_all(world, PHYS_LINK_LINEAR_VELOCITIES, before);
    step_for(world, step, 1, 0);
    read_all(world, PHYS_LINK_LINEAR_VELOCITIES, after);
    phys_world_destroy(world);
    double expected = GRAVITY * sin(slope) / (1 + r.links[0].inertia[2] / (mass * radius * radius));
    return larger((after[0] - before[0]) / expected - 1, after[1]);
}

/* Error: of the acceleration down a slope, as a share of it; and m/s to the side. */
double law_rolling(phys_solver solver, double step) {
    double worst = 0;
    for (double mass = 0.1; mass < 200; mass *= 10) {
        worst = larger(worst, roll_error(solver, step, PHYS_SHAPE_SPHERE, mass));
        worst = larger(worst, roll_error(solver, step, PHYS_SHAPE_CAPSULE, mass));
        worst = larger(worst, roll_error(solver, step, PHYS_SHAPE_CYLINDER, mass));
    }
    return worst;
}

/* A ball thrown along x that spins about x: it ends rolling at 5/7 v along x and 2/7 r w along y. */
double law_hooked_ball(phys_solver solver, double step) {
    double v[3];
    robot r;
    make_body(&r, solver, step, PHYS_SHAPE_SPHERE, 0.1, 0.3);
    phys_world *world = build(&r);
    phys_base_state base = base_at(0, 0, 0.1);
    base.linear_velocity[0] = 2;
    base.angular_velocity[0] = -30;
    phys_world_place(world, &base, 0, 0, 0);
    step_for(world, step, 3, 0);
    read_all(world, PHYS_LINK_LINEAR_VELOCITIES, v);
    phys_world_destroy(world);
    return hypot(v[0] - 10.0 / 7, v[1] - 6.0 / 7);
}

static double stack_error(phys_solver solver, double step, double bottom, double top) {
    double force[9], q[2], weight[2] = {bottom * GRAVITY, top * GRAVITY};
    robot r;
    make_robot(&r, solver, step, 2, 2);
    r.world.geom_count = 3, r.world.pair_count = 2;
    for (int i = 0; i < 2; i++) {
        set_solid_box(&r.links[i], i == 0 ? bottom : top, 0.2, 0.2, 0.2);
        r.links[i].position[2] = 0.1 + 0.2 * i;
        r.joints[i].kind = PHYS_JOINT_SLIDER;
        r.joints[i].parent = -1;
        r.geoms[i + 1].shape = PHYS_SHAPE_BOX;
        r.geoms[i + 1].link = i;
        for (int k = 0; k < 3; k++)
            r.geoms[i + 1].size[k] = 0.2;
    }
    r.pairs[0] = (phys_pair_def){1, 0, 1, 0};
    r.pairs[1] = (phys_pair_def){2, 1, 1, 0};
    phys_world *world = build(&r);
    step_for(world, step, 5, 0);
    read_all(world, PHYS_GEOM_CONTACT_FORCES, force);
    read_all(world, PHYS_JOINT_POSITIONS, q);
    phys_world_destroy(world);
    double worst = larger(force[2] / -(weight[0] + weight[1]) - 1, force[8] / weight[1] - 1);
    return larger(worst, larger(q[0], q[1]) / 0.2);
}

/* Error: of the forces under a stack of two boxes, as shares; and how deep it is in the ground, in its
 * heights. */
double law_stacks(phys_solver solver, double step) {
    double worst = larger(stack_error(solver, step, 1, 1), stack_error(solver, step, 1000, 1));
    return larger(worst, larger(stack_error(solver, step, 1, 100), stack_error(solver, step, 1, 1000)));
}

static double rest_error(phys_solver solver, double step, phys_shape shape, bool is_on_slab, bool is_lying) {
    double radius = 0.1, place[3], v[3], w[3];
    bool is_long = shape == PHYS_SHAPE_CAPSULE || shape == PHYS_SHAPE_CYLINDER;
    robot r;
    make_body(&r, solver, step, shape, radius, 0.8);
    if (is_on_slab) {
        r.geoms[0].shape = PHYS_SHAPE_BOX;
        r.geoms[0].size[0] = r.geoms[0].size[1] = 2;
        r.geoms[0].size[2] = 0.2;
        r.geoms[0].position[2] = -0.1;
    }
    phys_world *world = build(&r);
    double height = is_long && !is_lying ? 2 * radius : radius;
    phys_base_state base = base_at(0, 0, height + 0.01);
    if (is_lying)
        base.quaternion[0] = base.quaternion[1] = sqrt(0.5);
    phys_world_place(world, &base, 0, 0, 0);
    step_for(world, step, 3, 0);
    read_all(world, PHYS_LINK_POSITIONS, place);
    read_all(world, PHYS_LINK_LINEAR_VELOCITIES, v);
    read_all(world, PHYS_LINK_ANGULAR_VELOCITIES, w);
    phys_world_destroy(world);
    return larger(larger(place[2] - height, hypot(place[0], place[1])), larger(length_of(v), length_of(w)));
}

/* Every shape falls 1 cm onto the ground and onto a slab, and lies still. Error: m, m/s and rad/s. */
double law_resting_shapes(phys_solver solver, double step) {
    double worst = 0;
    for (int slab = 0; slab < 2; slab++) {
        worst = larger(worst, rest_error(solver, step, PHYS_SHAPE_SPHERE, slab, false));
        worst = larger(worst, rest_error(solver, step, PHYS_SHAPE_BOX, slab, false));
        worst = larger(worst, rest_error(solver, step, PHYS_SHAPE_CAPSULE, slab, true));
        worst = larger(worst, rest_error(solver, step, PHYS_SHAPE_CYLINDER, slab, true));
        worst = larger(worst, rest_error(solver, step, PHYS_SHAPE_CYLINDER, slab, false));
    }
    return worst;
}

/* A ball on a contact of impedance d lies (1 - d) g T^2 deep. Error: as a share of g T^2. */
double law_load_sinks(phys_solver solver, double step) {
    double worst = 0, t = 0.04;
    for (double impedance = 0; impedance <= 1; impedance += 0.25) {
        robot r;
        make_body(&r, solver, step, PHYS_SHAPE_SPHERE, 0.1, 0.5);
        r.world.contact_time_constant = t;
        r.world.contact_impedance = impedance;
        phys_world *world = build(&r);
        phys_base_state base = base_at(0, 0, 0.1);
        phys_world_place(world, &base, 0, 0, 0);
        step_for(world, step, 2, 0);
        double depth = 0.1 - read_one(world, PHYS_LINK_POSITIONS, 2);
        worst = larger(worst, depth / (GRAVITY * t * t) - (1 - impedance));
        phys_world_destroy(world);
    }
    return worst;
}
