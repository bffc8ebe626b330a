/* SPDX-License-Identifier: MIT */
/* Drives, springs and friction of a joint, each beside its closed form. */
#include "laws.h"

static double servo_exact(double inertia, double kp, double kd, double t) {
    double w = sqrt(kp / inertia), z = kd / (2 * sqrt(kp * inertia)), d = w * sqrt(1 - z * z);
    return 1 - exp(-z * w * t) * (cos(d * t) + z * w / d * sin(d * t));
}

/* A step of a servo of damping ratio 0.25. Error: of its peak, as a share of the closed form's 1.444. */
double law_servo_peak(phys_solver solver, double step) {
    double command = 1, peak = 0, expected = 0;
    robot r;
    make_wheel(&r, solver, step, 0.05);
    r.joints[0].drive = PHYS_DRIVE_POSITION;
    r.joints[0].kp = 20;
    r.joints[0].kd = 0.5;
    phys_world *world = build(&r);
    for (int i = 0; i < (int)(0.5 / step); i++) {
        step_for(world, step, step, &command);
        peak = fmax(peak, read_one(world, PHYS_JOINT_POSITIONS, 0));
    }
    for (int i = 0; i < 50000; i++)
        expected = fmax(expected, servo_exact(0.05, 20, 0.5, i * 1e-5));
    phys_world_destroy(world);
    return peak / expected - 1;
}

/* A servo far too stiff for the step, h sqrt(k / I) of 4 to 45, without damping of its own: it must not ring
 * for ever. Error: after half a second. */
double law_stiff_servo(phys_solver solver, double step) {
    double command = 1;
    robot r;
    make_wheel(&r, solver, step, 0.05);
    r.joints[0].drive = PHYS_DRIVE_POSITION;
    r.joints[0].kp = 1e6;
    phys_world *world = build(&r);
    step_for(world, step, 0.5, &command);
    double q = read_one(world, PHYS_JOINT_POSITIONS, 0);
    phys_world_destroy(world);
    return q - 1;
}

/* Four links on springs of any stiffness swing against each other: together they are stiffer than each alone.
 * Error: the energy that they gain, as a share. */
double law_spring_chain(phys_solver solver, double step) {
    double worst = 0;
    for (double stiffness = 1; stiffness < 1e8; stiffness *= 4) {
        double q[4] = {0.1, -0.1, 0.1, -0.1}, start[2], now[2];
        robot r;
        make_robot(&r, solver, step, 4, 4);
        r.world.gravity[2] = 0;
        for (int i = 0; i < 4; i++) {
            r.links[i].mass = pow(0.5, i);
            for (int k = 0; k < 3; k++)
                r.links[i].inertia[k] = 0.01 * r.links[i].mass;
            r.links[i].position[0] = r.joints[i].anchor[0] = 0.3 * i;
            r.links[i].center_of_mass[0] = 0.15;
            r.joints[i].stiffness = stiffness;
        }
        phys_world *world = build(&r);
        phys_world_place(world, 0, q, 0, 4);
        read_all(world, PHYS_ENERGY, start);
        for (int i = 0; i < 200; i++) {
            step_for(world, step, 5 * step, 0);
            read_all(world, PHYS_ENERGY, now);
            worst = fmax(worst, (now[0] + now[1]) / start[1] - 1);
        }
        phys_world_destroy(world);
    }
    return worst;
}

/* A damper of any strength never turns a velocity round, and one slow enough for the step is right. Error:
 * rad/s of 1. */
double law_stiff_damper(phys_solver solver, double step) {
    double worst = 0;
    for (double damping = 0.01; damping < 1e5; damping *= 3) {
        double start = 1;
        robot r;
        make_wheel(&r, solver, step, 0.05);
        r.joints[0].damping = damping;
        phys_world *world = build(&r);
        phys_world_place(world, 0, 0, &start, 1);
        for (int i = 0; i < 20; i++) {
            step_for(world, step, step, 0);
            double v = read_one(world, PHYS_JOINT_VELOCITIES, 0);
            worst = larger(worst, fmin(v, 0));
            if (damping * step < 0.05 * 0.05)
                worst = larger(worst, v - exp(-damping / 0.05 * (i + 1) * step));
        }
        phys_world_destroy(world);
    }
    return worst;
}

/* Error: the most that a velocity drive's speed is off, as a share of what is wanted. */
double law_velocity_drive(phys_solver solver, double step) {
    double command = 3, worst = 0;
    robot r;
    make_wheel(&r, solver, step, 0.05);
    r.joints[0].armature = 0.03;
    r.joints[0].drive = PHYS_DRIVE_VELOCITY;
    r.joints[0].kd = 2;
    phys_world *world = build(&r);
    for (int i = 1; i <= (int)(0.3 / step); i++) {
        step_for(world, step, step, &command);
        double v = read_one(world, PHYS_JOINT_VELOCITIES, 0);
        worst = larger(worst, v / 3 - (1 - exp(-2 * i * step / 0.08)));
    }
    phys_world_destroy(world);
    return worst;
}

/* A servo at its limit is a torque. Error: of the speed, as a share, and of the effort that it reports. */
double law_effort_limit(phys_solver solver, double step) {
    double command = 10;
    robot r;
    make_wheel(&r, solver, step, 0.08);
    r.joints[0].drive = PHYS_DRIVE_POSITION;
    r.joints[0].kp = 1000;
    r.joints[0].kd = 10;
    r.joints[0].effort_limit = 2;
    phys_world *world = build(&r);
    step_for(world, step, 0.2, &command);
    double v = read_one(world, PHYS_JOINT_VELOCITIES, 0), effort = read_one(world, PHYS_JOINT_EFFORTS, 0);
    phys_world_destroy(world);
    return larger(v / 5 - 1, effort / 2 - 1);
}

/* Error: of the speed that a torque gives with an armature, as a share. */
double law_armature(phys_solver solver, double step) {
    double command = 0.7;
    robot r;
    make_wheel(&r, solver, step, 0.05);
    r.joints[0].armature = 0.03;
    r.joints[0].drive = PHYS_DRIVE_TORQUE;
    phys_world *world = build(&r);
    step_for(world, step, 0.2, &command);
    double v = read_one(world, PHYS_JOINT_VELOCITIES, 0);
    phys_world_destroy(world);
    return v / (0.7 * 0.2 / 0.08) - 1;
}

/* Error: of the speed while dry friction brakes, and after it has: rad/s of 5. */
double law_dry_friction(phys_solver solver, double step) {
    double start = 5;
    robot r;
    make_wheel(&r, solver, step, 0.05);
    r.joints[0].dry_friction = 0.3;
    phys_world *world = build(&r);
    phys_world_place(world, 0, 0, &start, 1);
    step_for(world, step, 0.5, 0);
    double v = read_one(world, PHYS_JOINT_VELOCITIES, 0) - 2;
    step_for(world, step, 1, 0);
    v = larger(v, read_one(world, PHYS_JOINT_VELOCITIES, 0));
    phys_world_destroy(world);
    return v;
}

/* What a joint says that it does to its child is what changes the child's momentum, together with gravity:
 * with a torque, a damper, dry friction and a stop that is passed. Error: N and N m, as shares of the
 * drive's. */
static double balance_error(phys_solver solver, double step, phys_joint_kind kind, int features) {
    double command = 3, q = 0.5, v = 0.7, before[12], after[12], force[3], torque[3], worst = 0;
    robot r;
    make_robot(&r, solver, step, 2, 1);
    r.joints[0].parent = 0, r.joints[0].child = 1;
    r.joints[0].kind = kind;
    r.joints[0].drive = PHYS_DRIVE_TORQUE;
    r.joints[0].anchor[0] = 0.3;
    r.joints[0].damping = features & 1 ? 0.2 : 0;
    r.joints[0].dry_friction = features & 2 ? 0.5 : 0;
    r.joints[0].upper = features & 4 ? 0.4 : 10;
    r.links[1].position[0] = 0.5;
    phys_world *world = build(&r);
    phys_base_state base = base_at(0, 0, 0);
    phys_world_place(world, &base, &q, &v, 1);
    read_all(world, PHYS_LINK_LINEAR_VELOCITIES, before);
    read_all(world, PHYS_LINK_ANGULAR_VELOCITIES, before + 6);
    step_for(world, step, step, &command);
    read_all(world, PHYS_LINK_LINEAR_VELOCITIES, after);
    read_all(world, PHYS_LINK_ANGULAR_VELOCITIES, after + 6);
    read_all(world, PHYS_JOINT_FORCES, force);
    read_all(world, PHYS_JOINT_TORQUES, torque);
    phys_world_destroy(world);
    force[2] -= GRAVITY;
    for (int i = 0; i < 3; i++) {
        worst = larger(worst, (force[i] - (after[3 + i] - before[3 + i]) / step) / 3);
        worst = larger(worst, (torque[i] - 0.1 * (after[9 + i] - before[9 + i]) / step) / 3);
    }
    return worst;
}

double law_reported_forces(phys_solver solver, double step) {
    double worst = 0;
    for (int kind = PHYS_JOINT_HINGE; kind <= PHYS_JOINT_SLIDER; kind++)
        for (int features = 0; features < 8; features++)
            worst = larger(worst, balance_error(solver, step, (phys_joint_kind)kind, features));
    return worst;
}

/* A command acts in the step that it is given for, and no longer. Error: rad/s of the speeds of two steps. */
double law_latency(phys_solver solver, double step) {
    double command = 0.7, rest = 0;
    robot r;
    make_wheel(&r, solver, step, 0.05);
    r.joints[0].drive = PHYS_DRIVE_TORQUE;
    phys_world *world = build(&r);
    step_for(world, step, step, &command);
    double first = read_one(world, PHYS_JOINT_VELOCITIES, 0) - 0.7 * step / 0.05;
    step_for(world, step, step, &rest);
    double second = read_one(world, PHYS_JOINT_VELOCITIES, 0) - 0.7 * step / 0.05;
    phys_world_destroy(world);
    return larger(first, second);
}
