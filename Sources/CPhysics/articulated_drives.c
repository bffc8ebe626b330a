/* SPDX-License-Identifier: MIT */
/* What joints do of themselves: springs, dampers, drives.
 *
 * The laws are ODE's rows' (rows.c): with q the position in the middle of the substep, where forces are
 * looked at, spring:  -k (q + h (after v' - before v)), before = after = beta of Newmark's rule, 1/12 where
 * the spring is slow for the substep (fourth order), 1/4 where it is not (stable for any k), damper:  -d
 * (after v' + (1 - after) v), after = 1/2. What is too fast for the substep altogether would ring for ever:
 * there both go over to backward Euler, the ends' values alone. */
#include "articulated.h"

static double clip(double value, double limit) {
    return value > limit ? limit : value < -limit ? -limit : value;
}

art_weights phys_art_choose_weights(double h, double stiffness, double damping, double inertia) {
    double spring = h * h * stiffness / inertia, damper = h * damping / inertia;
    double beta = 1.0 / 12 + fmin(spring, 1) / 6, late = spring > 1 ? 1 - 1 / spring : 0;
    return (art_weights){beta * (1 - late), beta + (1 - beta) * late, damper > 2 ? 1 - 1 / damper : 0.5};
}

/* The law k (target - q) + d (wanted - v), where `error` is target - q now. */
static art_law make_law(double h, art_weights weights, double k, double d, double error, double wanted,
                        double v) {
    art_law law;
    law.effort = k * (error + weights.spring_before * h * v) + d * (wanted - (1 - weights.damper_after) * v);
    law.gain = weights.spring_after * h * k + weights.damper_after * d;
    return law;
}

static bool is_servo(const phys_joint_def *def) {
    return def->drive == PHYS_DRIVE_POSITION || def->drive == PHYS_DRIVE_VELOCITY;
}

static void add_servo(const phys_world *world, art_dof *dof, double inertia, double v, art_law *law) {
    const art_law *servo = &dof->servo;
    if (dof->servo_place == ART_SERVO_ROW && servo->gain * world->def.time_step < 1e-3 * inertia)
        dof->servo_place = ART_SERVO_KNOWN;
    if (dof->servo_place == ART_SERVO_INSIDE) {
        law->effort += servo->effort;
        law->gain += servo->gain;
    } else if (dof->servo_place == ART_SERVO_KNOWN) {
        law->effort += clip(servo->effort - servo->gain * v, phys_art_servo_limit(world, (size_t)dof->joint));
    }
}

/* What a joint does beside dry friction and stops where it feels this inertia; without a servo that has a row
 * of its own. */
void phys_art_set_law(phys_world *world, art_dof *dof, size_t index, double inertia, art_law *law) {
    int32_t n = dof->joint;
    const phys_joint *joint = &world->joints[n];
    const phys_joint_def *def = &joint->def;
    double h = world->def.time_step, scale = world->drive_scale[n], q = world->joint_position[n];
    double v = world->articulated->start_velocity[index];
    double kp = def->drive == PHYS_DRIVE_POSITION ? scale * def->kp : 0,
           kd = is_servo(def) ? scale * def->kd : 0;
    art_weights weights = phys_art_choose_weights(h, def->stiffness + kp, def->damping + kd, inertia);
    *law = make_law(h, weights, def->stiffness, def->damping, def->rest_position - q, 0, v);
    if (def->drive == PHYS_DRIVE_TORQUE) {
        double torque = scale == 0 ? 0 : clip(scale * joint->command, scale * def->effort_limit);
        world->joint_effort[n] = torque;
        law->effort += torque;
    } else if (is_servo(def)) {
        bool is_position = def->drive == PHYS_DRIVE_POSITION;
        dof->servo = make_law(h, weights, kp, kd, is_position ? joint->command - q : 0,
                              is_position ? 0 : joint->command, v);
        add_servo(world, dof, inertia, v, law);
    }
}

/* The effort limit of the servo of joint n now. */
double phys_art_servo_limit(const phys_world *world, size_t n) {
    double scale = world->drive_scale[n];
    return scale == 0 ? 0 : scale * world->joints[n].def.effort_limit;
}

/* Before a substep: a servo far from its limit goes into the equations, which saves a row; where that turns
 * out wrong, the substep is solved again. */
void phys_art_place_servos(phys_world *world) {
    phys_articulated *art = world->articulated;
    for (size_t d = art->base_count; d < art->joint_end; d++) {
        art_dof *dof = &art->dofs[d];
        const phys_joint *joint = &world->joints[dof->joint];
        dof->servo_place = ART_SERVO_INSIDE;
        if (!is_servo(&joint->def) || joint->def.effort_limit == INFINITY)
            continue;
        double scale = world->drive_scale[dof->joint], v = art->start_velocity[d];
        double effort =
            joint->def.drive == PHYS_DRIVE_POSITION
                ? joint->def.kp * (joint->command - world->joint_position[dof->joint]) - joint->def.kd * v
                : joint->def.kd * (joint->command - v);
        if (!(fabs(scale * effort) < 0.9 * phys_art_servo_limit(world, (size_t)dof->joint)))
            dof->servo_place = ART_SERVO_ROW;
    }
}

static double servo_effort(const phys_articulated *art, size_t d) {
    return art->dofs[d].servo.effort - art->dofs[d].servo.gain * art->velocity[d];
}

/* After a substep's velocities are known: whether a servo within the equations went beyond its limit. Those
 * that did get a row, so that asking again ends. */
bool phys_art_is_servo_over(phys_world *world) {
    phys_articulated *art = world->articulated;
    bool is_over = false;
    for (size_t d = art->base_count; d < art->joint_end; d++) {
        art_dof *dof = &art->dofs[d];
        const phys_joint_def *def = &world->joints[dof->joint].def;
        if (!is_servo(def) || def->effort_limit == INFINITY || dof->servo_place != ART_SERVO_INSIDE)
            continue;
        if (fabs(servo_effort(art, d)) <= phys_art_servo_limit(world, (size_t)dof->joint))
            continue;
        dof->servo_place = ART_SERVO_ROW;
        is_over = true;
    }
    return is_over;
}

/* A servo's effort follows from its law and the new velocity. */
void phys_art_read_servos(phys_world *world) {
    phys_articulated *art = world->articulated;
    for (size_t d = art->base_count; d < art->joint_end; d++) {
        int32_t n = art->dofs[d].joint;
        if (is_servo(&world->joints[n].def))
            world->joint_effort[n] = clip(servo_effort(art, d), phys_art_servo_limit(world, (size_t)n));
    }
}
