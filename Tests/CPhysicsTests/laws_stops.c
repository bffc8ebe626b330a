/* SPDX-License-Identifier: MIT */
/* Joint stops: how joints hit them, and come back from beyond them. */
#include "laws.h"

typedef struct {
    double peak, overshoot; /* of the speed back, and of the way past the stop */
} way_back;

/* A joint of mass or inertia 0.05 is placed `start` beyond its upper stop, 0, of time constant `t`. */
static way_back release(phys_solver solver, double step, phys_joint_kind kind, double start, double t) {
    way_back found = {0, 0};
    robot r;
    make_wheel(&r, solver, step, 0.05);
    r.links[0].mass = 0.05;
    r.joints[0].kind = kind;
    r.joints[0].upper = 0;
    r.joints[0].lower = -10;
    r.world.stop_time_constant = t;
    phys_world *world = build(&r);
    phys_world_place(world, 0, &start, 0, 1);
    for (int i = 0; i < (int)(40 * t / step); i++) {
        step_for(world, step, step, 0);
        found.peak = fmax(found.peak, -read_one(world, PHYS_JOINT_VELOCITIES, 0));
        found.overshoot = fmax(found.overshoot, -read_one(world, PHYS_JOINT_POSITIONS, 0));
    }
    phys_world_destroy(world);
    return found;
}

/* At steps from a hundredth to half of the time constant. Error: how far the peak is above x0 / (e T), a
 * share. */
double law_stop_peak(phys_solver solver, double step) {
    double worst = 0;
    for (double steps = 2; steps <= 128; steps *= 2)
        for (int kind = PHYS_JOINT_HINGE; kind <= PHYS_JOINT_SLIDER; kind++) {
            double t = steps * step;
            way_back found = release(solver, step, (phys_joint_kind)kind, 0.1, t);
            worst = larger(worst, fmax(found.peak / (0.1 / (exp(1) * t)) - 1, 0));
        }
    return worst;
}

/* Error: how far it goes past the stop, as a share of where it began. */
double law_stop_overshoot(phys_solver solver, double step) {
    double worst = 0;
    for (double steps = 2; steps <= 128; steps *= 2)
        for (int kind = PHYS_JOINT_HINGE; kind <= PHYS_JOINT_SLIDER; kind++)
            worst = larger(worst,
                           release(solver, step, (phys_joint_kind)kind, 0.1, steps * step).overshoot / 0.1);
    return worst;
}

/* A motor drives a joint off its stop faster than the stop leads it back: nothing holds it. Error: of the
 * speed, a share. */
double law_stop_driven(phys_solver solver, double step) {
    double worst = 0, start = 0.02, torque = -5;
    for (int kind = PHYS_JOINT_HINGE; kind <= PHYS_JOINT_SLIDER; kind++) {
        robot r;
        make_wheel(&r, solver, step, 0.05);
        r.links[0].mass = 0.05;
        r.joints[0].kind = (phys_joint_kind)kind;
        r.joints[0].drive = PHYS_DRIVE_TORQUE;
        r.joints[0].upper = 0;
        r.joints[0].lower = -10;
        r.world.stop_time_constant = 0.04;
        phys_world *world = build(&r);
        phys_world_place(world, 0, &start, 0, 1);
        step_for(world, step, 0.05, &torque);
        worst = larger(worst, read_one(world, PHYS_JOINT_VELOCITIES, 0) / (torque / 0.05 * 0.05) - 1);
        phys_world_destroy(world);
    }
    return worst;
}

/* A wheel hits its stop at v: it goes v T / e beyond, a quarter of a radian at most, comes back, and stays.
 * Error: of the depth as a share, and of the place in the end. */
double law_stop_depth(phys_solver solver, double step) {
    double worst = 0;
    for (double v = 0.1; v < 200; v *= 10) {
        double q = 0, deepest = 0, t = 0.04;
        robot r;
        make_wheel(&r, solver, step, 0.05);
        r.joints[0].upper = 1;
        r.world.stop_time_constant = t;
        phys_world *world = build(&r);
        double start = 1 - v * 0.05;
        phys_world_place(world, 0, &start, &v, 1);
        for (int i = 0; i < (int)(1 / step); i++) {
            step_for(world, step, step, 0);
            q = read_one(world, PHYS_JOINT_POSITIONS, 0);
            deepest = fmax(deepest, q - 1);
        }
        phys_world_destroy(world);
        double expected = fmin(v * t / exp(1), 0.25);
        worst = larger(worst, larger(deepest / expected - 1, (q - 1) / expected));
    }
    return worst;
}

/* Two free wheels with a stop between them end with one speed, and lose what a soft impact loses. Error:
 * rad/s. */
double law_stop_momentum(phys_solver solver, double step) {
    double start = 3, q = 0, w[6];
    robot r;
    make_robot(&r, solver, step, 2, 1);
    r.world.gravity[2] = 0;
    r.joints[0].parent = 0, r.joints[0].child = 1;
    r.joints[0].lower = -0.5, r.joints[0].upper = 0.5;
    for (int i = 0; i < 3; i++)
        r.links[0].inertia[i] = 0.05, r.links[1].inertia[i] = 0.02;
    phys_world *world = build(&r);
    phys_base_state base = base_at(0, 0, 0);
    base.angular_velocity[2] = 1;
    phys_world_place(world, &base, &q, &start, 1);
    step_for(world, step, 1.5, 0);
    read_all(world, PHYS_LINK_ANGULAR_VELOCITIES, w);
    phys_world_destroy(world);
    return larger(w[2] - 13.0 / 7, w[5] - 13.0 / 7);
}
