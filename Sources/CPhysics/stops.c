/* SPDX-License-Identifier: MIT */
/* Stops as rows of ODE's equations.
 *
 * ODE's own stops act once they are passed, and know angles within +-pi only. Here a stop is a one-sided row
 * as soon as the joint could get there. ODE makes such a row, with target StopERP / h off the stop, of a
 * limit that is passed by 1: so the angle is set to 1 and the stop to 0.
 */
#include "physics_internal.h"

/* How near a stop must be to be felt, by the speed towards it: what the joint covers in two steps, and a
 * little for what speeds it up or turns it round meanwhile. */
static double stop_margin(const phys_world *world, double speed) {
    return 2 * world->def.time_step * fmax(speed, 0) + 0.05;
}

/* The row's law at a distance from the stop and a speed off it (`sign` 1: the joint's own direction), its
 * pull taken out of it as a known effort. */
static phys_row_law set_stop(const phys_world *world, phys_joint *joint, double distance, double v,
                             double sign) {
    double free_speed = v + sign * world->def.time_step * joint->mobility * joint->own_effort;
    phys_row_law law = phys_stop_law(world, joint, distance, v, free_speed, joint->mobility);
    phys_add_effort(world, joint, -sign * law.pull);
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

/* The stops of joint `n` in the coming substep. */
void phys_set_stops(phys_world *world, phys_joint *joint, size_t n) {
    if (joint->def.lower == -INFINITY && joint->def.upper == INFINITY)
        return;
    double q = world->joint_position[n], v = world->joint_velocity[n];
    if (joint->def.kind == PHYS_JOINT_HINGE) {
        set_hinge_stops(world, joint, q, v);
    } else {
        set_slider_stops(world, joint, q, v);
    }
}
