/* SPDX-License-Identifier: MIT */
/* What a joint does beside holding: armature, damping, spring, drive, dry friction and stops, as rows of
 * ODE's equations.
 *
 * A row is J v' + cfm f = target with low <= f <= high, where v' is the joint's velocity after the step and f
 * its effort. A force law f = u - den v' is therefore the row with cfm = 1 / den and target = u / den, taken
 * implicitly, and stable for any gain.
 * - Implicit row: u = torque + (a/h) v + spring and damper, and a servo without effort limit.
 *   A servo that is not near its limit is taken into this row too, which is the same law and a bounded row
 * less; where it then turns out to be beyond the limit, the substep is done again with a row of its own.
 * - Servo row: the same law, |f| <= effort limit.
 * - Dry friction: v' = 0, |f| <= dry friction.
 *
 * Springs and dampers act by the trapezoidal rule, which neither damps nor delays, as long as they are slow enough
 * for the step. The rule lets what is faster ring for ever; so the weight of the step's end grows from 1/2 (the
 * trapezoid) to 1 (backward Euler): that of a damper d so that it never turns a velocity round, 1 - 1 / (h d A),
 * that of a spring k from h^2 k A = 1 on as 1 - 1 / (2 h^2 k A), with A the joint's mobility. The position of the
 * rule is Q = q - h v / 2, since q' = q + h v' makes Q' = Q + h (v + v') / 2.
 */
#include "physics_internal.h"

/* The rows of one direction. A hinge's own motor has the implicit one. */
typedef enum { IMPLICIT_ROW, SERVO_ROW, DRY_FRICTION_ROW } phys_row;

static void set_parameter(const phys_joint *joint, phys_row row, int parameter, double value) {
    int in_group = parameter + (int)row * dParamGroup;
    if (joint->def.kind == PHYS_JOINT_SLIDER) {
        if (joint->motor != NULL)
            dJointSetLMotorParam(joint->motor, in_group, value);
    } else if (row == IMPLICIT_ROW) {
        dJointSetHingeParam(joint->bearing, parameter, value);
    } else if (joint->motor != NULL) {
        dJointSetAMotorParam(joint->motor, in_group, value);
    }
}

static double clip(double value, double limit) {
    return value > limit ? limit : value < -limit ? -limit : value;
}

/* An effort that is known beforehand needs no row. */
static void add_effort(const phys_world *world, phys_joint *joint, double effort) {
    if (effort == 0)
        return;
    joint->known_effort += effort;
    if (joint->def.kind == PHYS_JOINT_HINGE) {
        dJointAddHingeTorque(joint->bearing, effort * world->unit);
    } else {
        dJointAddSliderForce(joint->bearing, effort * world->unit);
    }
}

/* The law f = effort - gain v', |f| <= limit. One that is too weak to change v' within a step by a thousandth
 * is taken explicitly: its row would be all softness. One that is stiffer than what the equations can tell
 * apart is as stiff as that. */
static void set_row(const phys_world *world, phys_joint *joint, phys_row row, double gain,
                    double effort, double v, double limit) {
    if (!(gain * world->def.time_step * world->mobility > 1e-3) || !(limit > 0)) {
        set_parameter(joint, row, dParamFMax, 0);
        add_effort(world, joint, clip(effort - gain * v, limit));
        return;
    }
    set_parameter(joint, row, dParamCFM, fmax(1 / gain, world->least_cfm) / world->unit);
    set_parameter(joint, row, dParamVel, effort / gain);
    set_parameter(joint, row, dParamFMax, limit * world->unit);
}

/* A force law: effort = target - gain v'. */
typedef struct {
    double target, gain;
} force_law;

/* How much the end of the step weighs, by what all springs and dampers of the joint do in it together. */
typedef struct {
    double spring, damper;
} weights;

static weights choose_weights(const phys_world *world, const phys_joint *joint, double servo) {
    const phys_joint_def *def = &joint->def;
    double h = world->def.time_step, stiffness = def->stiffness, damping = def->damping;
    if (def->drive == PHYS_DRIVE_POSITION)
        stiffness += servo * def->kp;
    if (def->drive == PHYS_DRIVE_POSITION || def->drive == PHYS_DRIVE_VELOCITY)
        damping += servo * def->kd;
    double spring = h * h * stiffness * joint->mobility, damper = h * damping * joint->mobility;
    return (weights){spring > 1 ? 1 - 0.5 / spring : 0.5, damper > 2 ? 1 - 1 / damper : 0.5};
}

/* A spring that is stretched by `stretch` (to where it pulls), in the mean of the step. */
static void add_spring(force_law *law, double stiffness, double stretch, double h, double v, double weight) {
    double late = 2 * weight - 1;
    law->target += stiffness * (stretch + h * v / 4 * (1 - late));
    law->gain += stiffness * h * (0.25 + 0.75 * late);
}

/* A damper towards the speed `wanted`. */
static void add_damper(force_law *law, double damping, double wanted, double v, double weight) {
    law->target += damping * (wanted - (1 - weight) * v);
    law->gain += damping * weight;
}

/* The servo's law at the current state, and its limit. */
static force_law set_servo(phys_world *world, phys_joint *joint, size_t n, weights w) {
    const phys_joint_def *def = &joint->def;
    double scale = world->drive_scale[n], v = world->joint_velocity[n], h = world->def.time_step;
    force_law law = {0, 0};
    joint->servo_limit = scale == 0 ? 0 : def->effort_limit * scale;
    if (def->drive == PHYS_DRIVE_POSITION) {
        add_spring(&law, scale * def->kp, joint->command - world->joint_position[n], h, v, w.spring);
        add_damper(&law, scale * def->kd, 0, v, w.damper);
    } else if (def->drive == PHYS_DRIVE_VELOCITY) {
        add_damper(&law, scale * def->kd, joint->command, v, w.damper);
    }
    joint->servo_gain = law.gain;
    joint->servo_target = law.target;
    return law;
}

static void set_motor(phys_world *world, phys_joint *joint, size_t n) {
    const phys_joint_def *def = &joint->def;
    double h = world->def.time_step, scale = world->drive_scale[n], v = world->joint_velocity[n];
    weights w = choose_weights(world, joint, scale);
    force_law law = {def->armature / h * v, def->armature / h}, servo = set_servo(world, joint, n, w);
    add_spring(&law, def->stiffness, def->rest_position - world->joint_position[n], h, v, w.spring);
    add_damper(&law, def->damping, 0, v, w.damper);
    if (def->drive == PHYS_DRIVE_TORQUE) {
        double torque = scale == 0 ? 0 : clip(scale * joint->command, scale * def->effort_limit);
        world->joint_effort[n] = torque;
        law.target += torque;
    }
    joint->is_servo_merged =
        joint->servo_limit == INFINITY ||
        (!world->is_splitting && fabs(servo.target - servo.gain * v) < 0.9 * joint->servo_limit);
    if (joint->is_servo_merged) {
        law.gain += servo.gain;
        law.target += servo.target;
        servo = (force_law){0, 0};
    }
    set_row(world, joint, IMPLICIT_ROW, law.gain, law.target, v, dInfinity);
    if (joint->motor == NULL)
        return;
    set_row(world, joint, SERVO_ROW, servo.gain, servo.target, v, joint->servo_limit);
    set_parameter(joint, DRY_FRICTION_ROW, dParamVel, 0);
    set_parameter(joint, DRY_FRICTION_ROW, dParamFMax, def->dry_friction * world->unit);
}

/* ODE's own stops act once they are passed, and know angles within +-pi only. Here a stop is a one-sided row
 * as soon as the joint could get there. ODE makes such a row, with target StopERP / h off the stop, of a limit
 * that is passed by 1: so the angle is set to 1 and the stop to 0. */

/* How near a stop must be to be felt, by the speed towards it: what the joint covers in two steps, and a
 * little for what speeds it up or turns it round meanwhile. */
static double stop_margin(const phys_world *world, double speed) {
    return 2 * world->def.time_step * fmax(speed, 0) + 0.05;
}

/* The row's law at a distance from the stop and a speed off it (`sign` 1: the joint's own direction), its pull
 * taken out of it as a known effort. */
static phys_row_law set_stop(const phys_world *world, phys_joint *joint, double distance, double v, double sign) {
    phys_row_law law = phys_stop_law(world, distance, v, joint->mobility);
    add_effort(world, joint, -sign * law.pull);
    law.target += law.mixing * law.pull;
    phys_fit_to_ode(world, v, &law);
    law.mixing /= world->unit;
    return law;
}

static void set_hinge_stops(const phys_world *world, phys_joint *joint, double q, double v) {
    double h = world->def.time_step, below = q - joint->def.lower, above = joint->def.upper - q;
    bool is_low = below < stop_margin(world, -v), is_high = above < stop_margin(world, v);
    dJointSetAMotorParam(joint->stops, dParamLoStop1, is_low ? 0 : -dInfinity);
    dJointSetAMotorParam(joint->stops, dParamHiStop2, is_high ? 0 : dInfinity);
    if (is_low) {
        phys_row_law law = set_stop(world, joint, below, v, 1);
        dJointSetAMotorAngle(joint->stops, 0, -1);
        dJointSetAMotorParam(joint->stops, dParamStopERP1, h * law.target);
        dJointSetAMotorParam(joint->stops, dParamStopCFM1, law.mixing);
    }
    if (is_high) {
        phys_row_law law = set_stop(world, joint, above, -v, -1);
        dJointSetAMotorAngle(joint->stops, 1, 1);
        dJointSetAMotorParam(joint->stops, dParamStopERP2, h * law.target);
        dJointSetAMotorParam(joint->stops, dParamStopCFM2, law.mixing);
    }
}

/* A slider has a single stop row: it goes to the stop that is nearer in time. */
static void set_slider_stops(const phys_world *world, phys_joint *joint, double q, double v) {
    double h = world->def.time_step;
    double below = q - joint->def.lower, above = joint->def.upper - q;
    bool is_high = above + h * -v < below + h * v;
    double distance = is_high ? above : below, at = dJointGetSliderPosition(joint->bearing);
    bool is_near = distance < stop_margin(world, is_high ? v : -v);
    dJointSetSliderParam(joint->bearing, dParamLoStop, is_near && !is_high ? at + 1 : -dInfinity);
    dJointSetSliderParam(joint->bearing, dParamHiStop, is_near && is_high ? at - 1 : dInfinity);
    if (!is_near)
        return;
    phys_row_law law = set_stop(world, joint, distance, is_high ? -v : v, is_high ? -1 : 1);
    dJointSetSliderParam(joint->bearing, dParamStopERP, h * law.target);
    dJointSetSliderParam(joint->bearing, dParamStopCFM, law.mixing);
}

/* Sets everything that joint `n` does in the coming substep. */
void phys_set_rows(phys_world *world, phys_joint *joint, size_t n) {
    const phys_joint_def *def = &joint->def;
    joint->known_effort = 0;
    if (def->kind == PHYS_JOINT_FIXED)
        return;
    set_motor(world, joint, n);
    if (def->lower == -INFINITY && def->upper == INFINITY)
        return;
    double q = world->joint_position[n], v = world->joint_velocity[n];
    if (def->kind == PHYS_JOINT_HINGE) {
        set_hinge_stops(world, joint, q, v);
    } else {
        set_slider_stops(world, joint, q, v);
    }
}

static void add_feedback(const phys_world *world, const dJointFeedback *feedback, double *force,
                         double *torque) {
    double turned[3];
    phys_from_ode(world, feedback->f1, turned);
    v3_add_scaled(force, 1 / world->unit, turned);
    phys_from_ode(world, feedback->t1, turned);
    v3_add_scaled(torque, 1 / world->unit, turned);
}

/* Whether ODE computes the forces of joints: a part of its work in each step. */
void phys_set_feedback(phys_world *world, bool is_on) {
    if (is_on && world->leaves_out_joint_forces)
        return;
    for (size_t n = 0; n < world->joint_count; n++) {
        phys_joint *joint = &world->joints[n];
        dJointSetFeedback(joint->bearing, is_on ? &joint->bearing_force : NULL);
        if (joint->motor != NULL)
            dJointSetFeedback(joint->motor, is_on ? &joint->motor_force : NULL);
        if (joint->stops != NULL)
            dJointSetFeedback(joint->stops, is_on ? &joint->stop_force : NULL);
    }
}

/* Whether a servo that was taken into the implicit row went beyond its limit. */
bool phys_is_servo_over(const phys_world *world) {
    for (size_t n = 0; n < world->joint_count; n++) {
        const phys_joint *joint = &world->joints[n];
        if (joint->is_servo_merged &&
            !(fabs(joint->servo_target - joint->servo_gain * world->joint_velocity[n]) <= joint->servo_limit))
            return true;
    }
    return false;
}

static void collect_joint_force(phys_world *world, const phys_joint *joint, size_t n) {
    double *force = &world->joint_force[3 * n], *torque = &world->joint_torque[3 * n];
    for (int i = 0; i < 3; i++)
        force[i] = torque[i] = 0;
    add_feedback(world, &joint->bearing_force, force, torque);
    if (joint->motor != NULL)
        add_feedback(world, &joint->motor_force, force, torque);
    if (joint->stops != NULL)
        add_feedback(world, &joint->stop_force, force, torque);
}

/* After a substep: what joints and drives did. A servo's effort follows from its row and the new velocity. */
void phys_collect_joint_forces(phys_world *world) {
    for (size_t n = 0; n < world->joint_count; n++) {
        phys_joint *joint = &world->joints[n];
        if (!world->leaves_out_joint_forces)
            collect_joint_force(world, joint, n);
        if (joint->def.drive == PHYS_DRIVE_POSITION || joint->def.drive == PHYS_DRIVE_VELOCITY)
            world->joint_effort[n] =
                clip(joint->servo_target - joint->servo_gain * world->joint_velocity[n], joint->servo_limit);
    }
}
