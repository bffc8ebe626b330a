/* SPDX-License-Identifier: MIT */
/* Coulomb's law of friction. */
#include "laws.h"

/* A rod that slides on its lower end while it falls: friction turns it, and so changes the normal force. Its
 * end neither leaves the ground nor sinks in, which gives N in closed form. Error: of Fx / Fz against mu. */
static double rod_error(phys_solver solver, double step, double angle, double friction, double direction) {
    double radius = 0.02, inertia = 1.0 / 12, pitch = PI / 2 - angle, force[6];
    robot r;
    make_body(&r, solver, step, PHYS_SHAPE_SPHERE, radius, friction);
    r.world.base = PHYS_BASE_PLANAR;
    r.links[0].inertia[0] = r.links[0].inertia[1] = inertia;
    r.links[0].inertia[2] = 1e-3;
    r.geoms[1].position[2] = -0.5;
    phys_world *world = build(&r);
    phys_base_state base = base_at(0, 0, 0.5 * sin(angle) + radius);
    base.quaternion[0] = cos(pitch / 2);
    base.quaternion[2] = sin(pitch / 2);
    base.linear_velocity[0] = 2 * direction;
    phys_world_place(world, &base, 0, 0, 0);
    step_for(world, step, step, 0);
    read_all(world, PHYS_GEOM_CONTACT_FORCES, force);
    phys_world_destroy(world);
    double x = -0.5 * cos(angle), z = -0.5 * sin(angle) - radius;
    double normal = GRAVITY / (1 + x * (x + z * direction * friction) / inertia);
    double ratio = force[3] / force[5] / (-direction * friction) - 1;
    return larger(ratio, (force[5] - normal) / normal);
}

double law_leaning_rod(phys_solver solver, double step) {
    double worst = 0;
    for (double degrees = 20; degrees <= 70; degrees += 25)
        for (double friction = 0.2; friction <= 1; friction += 0.4)
            for (int direction = -1; direction <= 1; direction += 2)
                worst = larger(worst, rod_error(solver, step, degrees * PI / 180, friction, direction));
    return worst;
}

static void make_block(robot *r, phys_solver solver, double step, double mass, double friction) {
    make_body(r, solver, step, PHYS_SHAPE_BOX, 0.2, friction);
    r->geoms[1].size[1] = 0.3;
    r->geoms[1].size[2] = 0.05;
    set_solid_box(&r->links[0], mass, 0.4, 0.3, 0.05);
}

/* Pushes a block at its centre of mass, during each of its steps. */
static void push(phys_world *world, double step, double seconds, double x, double y) {
    double force[3] = {x, y, 0}, torque[3] = {0, 0, 0};
    phys_world_set_external_force(world, 0, force, torque);
    step_for(world, step, seconds, 0);
}

static bool does_break_loose(phys_solver solver, double step, double share, double azimuth) {
    double force = share * 0.5 * GRAVITY, before[3], after[3];
    robot r;
    make_block(&r, solver, step, 1, 0.5);
    phys_world *world = build(&r);
    phys_base_state base = base_at(0, 0, 0.025);
    phys_world_place(world, &base, 0, 0, 0);
    step_for(world, step, 0.1, 0);
    read_all(world, PHYS_LINK_POSITIONS, before);
    push(world, step, 1, force * cos(azimuth), force * sin(azimuth));
    read_all(world, PHYS_LINK_POSITIONS, after);
    phys_world_destroy(world);
    return hypot(after[0] - before[0], after[1] - before[1]) > 1e-3;
}

/* Error: of the force that it takes, against mu m g, in every direction. */
double law_breaking_loose(phys_solver solver, double step) {
    double worst = 0;
    for (double degrees = 0; degrees < 90; degrees += 22.5) {
        double low = 0.5, high = 2;
        for (int i = 0; i < 11; i++) {
            double middle = (low + high) / 2;
            if (does_break_loose(solver, step, middle, degrees * PI / 180))
                high = middle;
            else
                low = middle;
        }
        worst = larger(worst, (low + high) / 2 - 1);
    }
    return worst;
}

/* A sliding block is pushed across its way: friction is against the velocity alone. Error: of the velocity
 * after 0.2 s, as a share of it. */
double law_sideways_push(phys_solver solver, double step) {
    double x = 2, y = 0, v[3];
    robot r;
    make_block(&r, solver, step, 1, 0.5);
    phys_world *world = build(&r);
    phys_base_state base = base_at(0, 0, 0.025);
    base.linear_velocity[0] = x;
    phys_world_place(world, &base, 0, 0, 0);
    push(world, step, 0.2, 0, 0.3 * GRAVITY);
    read_all(world, PHYS_LINK_LINEAR_VELOCITIES, v);
    phys_world_destroy(world);
    for (int i = 0; i < 200000; i++) {
        double speed = hypot(x, y), dt = 0.2 / 200000;
        x -= dt * 0.5 * GRAVITY * x / speed;
        y += dt * (0.3 - 0.5 * y / speed) * GRAVITY;
    }
    return hypot(v[0] - x, v[1] - y) / hypot(x, y);
}

static double slide_error(phys_solver solver, double step, double mass, double friction, double slope) {
    double expected = GRAVITY * (sin(slope) - friction * cos(slope)), before[3], after[3];
    robot r;
    make_block(&r, solver, step, mass, friction);
    tilt_gravity(&r, slope, 0.3);
    phys_world *world = build(&r);
    phys_base_state base = base_at(0, 0, 0.025);
    phys_world_place(world, &base, 0, 0, 0);
    step_for(world, step, 0.2, 0);
    read_all(world, PHYS_LINK_LINEAR_VELOCITIES, before);
    step_for(world, step, 1, 0);
    read_all(world, PHYS_LINK_LINEAR_VELOCITIES, after);
    phys_world_destroy(world);
    double gained = (after[0] - before[0]) * cos(0.3) + (after[1] - before[1]) * sin(0.3);
    return gained / expected - 1;
}

/* Error: of the acceleration g (sin a - mu cos a), as a share of it. */
double law_sliding_on_slopes(phys_solver solver, double step) {
    double worst = 0;
    for (double mass = 0.1; mass < 2000; mass *= 100)
        for (double friction = 0; friction < 1; friction += 0.3)
            for (double degrees = 10; degrees <= 50; degrees += 20)
                if (tan(degrees * PI / 180) > friction + 0.05)
                    worst = larger(worst, slide_error(solver, step, mass, friction, degrees * PI / 180));
    return worst;
}

/* Error: m/s of a block that friction holds. */
double law_creeping_on_slopes(phys_solver solver, double step) {
    double before[3], after[3];
    robot r;
    make_block(&r, solver, step, 1, 0.5);
    tilt_gravity(&r, 20 * PI / 180, 0.3);
    phys_world *world = build(&r);
    phys_base_state base = base_at(0, 0, 0.025);
    phys_world_place(world, &base, 0, 0, 0);
    step_for(world, step, 0.5, 0);
    read_all(world, PHYS_LINK_POSITIONS, before);
    step_for(world, step, 10, 0);
    read_all(world, PHYS_LINK_POSITIONS, after);
    phys_world_destroy(world);
    return hypot(after[0] - before[0], after[1] - before[1]) / 10;
}

static double drag_error(phys_solver solver, double step, phys_shape shape) {
    double command[2] = {0.7, 0}, force[6], worst = 0;
    robot r;
    make_body(&r, solver, step, shape, 0.05, 0.6);
    r.world.base = PHYS_BASE_FIXED;
    r.world.link_count = r.world.joint_count = 2;
    for (int i = 0; i < 2; i++) {
        set_solid_box(&r.links[i], i + 1, 0.1, 0.1, 0.1);
        r.joints[i].kind = PHYS_JOINT_SLIDER;
    }
    r.joints[0].axis[0] = 1, r.joints[0].axis[2] = 0;
    r.joints[0].drive = PHYS_DRIVE_VELOCITY;
    r.joints[0].kd = 1e4;
    r.geoms[1].link = 1;
    if (shape == PHYS_SHAPE_CAPSULE)
        r.geoms[1].quaternion[0] = r.geoms[1].quaternion[2] = sqrt(0.5);
    r.geoms[0].position[2] = -0.05;
    phys_world *world = build(&r);
    step_for(world, step, 0.5, command);
    for (int i = 0; i < 100; i++) {
        step_for(world, step, step, command);
        read_all(world, PHYS_GEOM_CONTACT_FORCES, force);
        worst = larger(worst, force[3] / force[5] / -0.6 - 1);
        worst = larger(worst, force[5] / (2 * GRAVITY) - 1);
    }
    phys_world_destroy(world);
    return worst;
}

/* A weighted foot on a slider is dragged at a speed. Error: of the forces' ratio and of the weight. */
double law_dragged_foot(phys_solver solver, double step) {
    return larger(
        drag_error(solver, step, PHYS_SHAPE_SPHERE),
        larger(drag_error(solver, step, PHYS_SHAPE_CAPSULE), drag_error(solver, step, PHYS_SHAPE_BOX)));
}

/* An upright cylinder stands on its rim: it slows down by mu m g r / I, and stays upright. */
double law_spinning_cylinder(phys_solver solver, double step) {
    double before[3], after[3], q[4];
    robot r;
    make_body(&r, solver, step, PHYS_SHAPE_CYLINDER, 0.1, 1);
    phys_world *world = build(&r);
    phys_base_state base = base_at(0, 0, 0.2);
    base.angular_velocity[2] = 30;
    phys_world_place(world, &base, 0, 0, 0);
    step_for(world, step, 0.05, 0);
    read_all(world, PHYS_LINK_ANGULAR_VELOCITIES, before);
    step_for(world, step, 0.05, 0);
    read_all(world, PHYS_LINK_ANGULAR_VELOCITIES, after);
    step_for(world, step, 2, 0);
    read_all(world, PHYS_LINK_QUATERNIONS, q);
    phys_world_destroy(world);
    double expected = 0.05 * GRAVITY * 0.1 / r.links[0].inertia[2];
    return larger((before[2] - after[2]) / expected - 1, 2 * hypot(q[1], q[2]));
}
