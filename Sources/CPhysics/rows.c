/* SPDX-License-Identifier: MIT */
/* What a joint does beside holding: armature, damping, spring, drive and dry friction, as rows of ODE's
 * equations.
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
 * A damper acts by the mean of the velocities before and after, which neither damps more nor less than it
 * should, as long as it is slow enough for the step; what is faster would turn the velocity round in each
 * step. So the weight of the end grows from 1/2 as 1 - 1 / (h d A), up to backward Euler, with A the joint's
 * mobility.
 *
 * A spring's velocity is one of half a step ago, (q - q_before) / h, so that its law
 *     a = -k A (b q_after + (1 - 2 b) q + b q_before) = -k A (q + h b (v' - v))
 * is Newmark's with beta b: of second order, without damping of its own. With b = 1/12 it is of fourth order
 * (Fox and Goodwin); with b = 1/4, the trapezoid, it is stable for any k. b goes from the one to the other
 * with x = h^2 k A up to 1. What is faster yet would ring for ever: from there the weight of the end grows as
 * 1 - 1 / x to backward Euler's -k A q_after.
 */
#include "physics_internal.h"

#include <string.h>

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

/* What an effort without a row does to the child: ODE's feedback leaves it out. */
static void add_known(const phys_world *world, phys_joint *joint, double effort) {
    const phys_link *child = &world->links[joint->def.child];
    double force[3], torque[3], arm[3];
    r_rotate(child->r, joint->axis, force);
    for (int i = 0; i < 3; i++)
        force[i] *= effort;
    if (joint->def.kind == PHYS_JOINT_HINGE) {
        v3_add_scaled(joint->known_torque, 1, force);
        return;
    }
    v3_add_scaled(joint->known_force, 1, force);
    if (joint->def.parent < 0)
        return;
    /* a pair of forces whose lines are apart: both links bear half of its torque */
    v3_sub(world->links[joint->def.parent].x, child->x, arm);
    v3_cross(arm, force, torque);
    v3_add_scaled(joint->known_torque, 0.5, torque);
}

/* An effort that is known beforehand needs no row. */
void phys_add_effort(const phys_world *world, phys_joint *joint, double effort) {
    if (effort == 0)
        return;
    add_known(world, joint, effort);
    if (joint->def.kind == PHYS_JOINT_HINGE) {
        dJointAddHingeTorque(joint->bearing, effort * world->unit);
    } else {
        dJointAddSliderForce(joint->bearing, effort * world->unit);
    }
}

/* The law f = effort - gain v', |f| <= limit. One that is too weak to change v' within a step by a thousandth
 * is taken explicitly: its row would be all softness. One that is stiffer than what the equations can tell
 * apart is as stiff as that. */
static void set_row(const phys_world *world, phys_joint *joint, phys_row row, double gain, double effort,
                    double v, double limit) {
    if (!(gain * world->def.time_step * world->mobility > 1e-3) || !(limit > 0)) {
        set_parameter(joint, row, dParamFMax, 0);
        phys_add_effort(world, joint, phys_clip(effort - gain * v, limit));
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

/* What springs and dampers take from the step's ends, by what all of the joint do in it together: f is -k (q
 * + h (after v' - before v)) and -d (after v' + (1 - after) v). */
typedef struct {
    double spring_before, spring_after, damper_after;
} weights;

static weights choose_weights(const phys_world *world, const phys_joint *joint, double servo) {
    const phys_joint_def *def = &joint->def;
    double h = world->def.time_step, stiffness = def->stiffness, damping = def->damping;
    if (def->drive == PHYS_DRIVE_POSITION)
        stiffness += servo * def->kp;
    if (def->drive == PHYS_DRIVE_POSITION || def->drive == PHYS_DRIVE_VELOCITY)
        damping += servo * def->kd;
    double spring = h * h * stiffness * joint->mobility, damper = h * damping * joint->mobility;
    double beta = 1.0 / 12 + fmin(spring, 1) / 6, late = spring > 1 ? 1 - 1 / spring : 0;
    return (weights){beta * (1 - late), beta + (1 - beta) * late, damper > 2 ? 1 - 1 / damper : 0.5};
}

/* A spring that is stretched by `stretch`, to where it pulls. */
static void add_spring(force_law *law, double stiffness, double stretch, double h, double v, weights w) {
    law->target += stiffness * (stretch + h * w.spring_before * v);
    law->gain += stiffness * h * w.spring_after;
}

/* A damper towards the speed `wanted`. */
static void add_damper(force_law *law, double damping, double wanted, double v, weights w) {
    law->target += damping * (wanted - (1 - w.damper_after) * v);
    law->gain += damping * w.damper_after;
}

/* The servo's law at the current state, and its limit. */
static force_law set_servo(phys_world *world, phys_joint *joint, size_t n, weights w) {
    const phys_joint_def *def = &joint->def;
    double scale = world->drive_scale[n], v = world->joint_velocity[n], h = world->def.time_step;
    force_law law = {0, 0};
    joint->servo_limit = scale == 0 ? 0 : def->effort_limit * scale;
    if (def->drive == PHYS_DRIVE_POSITION) {
        add_spring(&law, scale * def->kp, joint->command - world->joint_position[n], h, v, w);
        add_damper(&law, scale * def->kd, 0, v, w);
    } else if (def->drive == PHYS_DRIVE_VELOCITY) {
        add_damper(&law, scale * def->kd, joint->command, v, w);
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
    add_spring(&law, def->stiffness, def->rest_position - world->joint_position[n], h, v, w);
    add_damper(&law, def->damping, 0, v, w);
    if (def->drive == PHYS_DRIVE_TORQUE) {
        double torque = scale == 0 ? 0 : phys_clip(scale * joint->command, scale * def->effort_limit);
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
    joint->own_effort =
        law.target - law.gain * v + phys_clip(servo.target - servo.gain * v, joint->servo_limit);
    set_row(world, joint, IMPLICIT_ROW, law.gain, law.target, v, dInfinity);
    if (joint->motor == NULL)
        return;
    set_row(world, joint, SERVO_ROW, servo.gain, servo.target, v, joint->servo_limit);
    set_parameter(joint, DRY_FRICTION_ROW, dParamVel, 0);
    set_parameter(joint, DRY_FRICTION_ROW, dParamFMax, def->dry_friction * world->unit);
}

/* Sets everything that joint `n` does in the coming substep. */
void phys_set_rows(phys_world *world, phys_joint *joint, size_t n) {
    const phys_joint_def *def = &joint->def;
    memset(joint->known_force, 0, sizeof joint->known_force);
    memset(joint->known_torque, 0, sizeof joint->known_torque);
    if (def->kind == PHYS_JOINT_FIXED)
        return;
    set_motor(world, joint, n);
    phys_set_stops(world, joint, n);
}
