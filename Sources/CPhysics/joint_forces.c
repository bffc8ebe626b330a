/* SPDX-License-Identifier: MIT */
/* What joints and drives did in a substep. */
#include "physics_internal.h"

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
    if (world->articulated != NULL || (is_on && world->leaves_out_joint_forces))
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
    phys_from_ode(world, joint->known_force, force);
    phys_from_ode(world, joint->known_torque, torque);
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
            world->joint_effort[n] = phys_clip(
                joint->servo_target - joint->servo_gain * world->joint_velocity[n], joint->servo_limit);
    }
}
