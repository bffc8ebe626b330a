/* SPDX-License-Identifier: MIT */
/* From joint positions to bodies (placing), and from bodies to joint positions (measuring). */
#include "physics_internal.h"

#include <string.h>

#define PI 3.14159265358979323846

/* Sets a body's pose and velocity; `q` must have length one. The bits of q are kept: dBodySetQuaternion would
 * change them. */
void phys_set_body(phys_link *link, const double *x, const double *q, const double *v, const double *w) {
    dQuaternion raw;
    dMatrix3 rotation;
    memcpy(raw, q, 4 * sizeof *q);
    dQtoR(raw, rotation);
    memcpy((void *)dBodyGetQuaternion(link->body), raw, sizeof raw);
    memcpy((void *)dBodyGetRotation(link->body), rotation, sizeof rotation);
    dBodySetPosition(link->body, x[0], x[1], x[2]); /* last: it tells the geoms that the body moved */
    dBodySetLinearVel(link->body, v[0], v[1], v[2]);
    dBodySetAngularVel(link->body, w[0], w[1], w[2]);
    dBodySetForce(link->body, 0, 0, 0);
    dBodySetTorque(link->body, 0, 0, 0);
}

void phys_forget_forces(phys_world *world) {
    memset(world->joint_effort, 0, world->joint_count * sizeof(double));
    memset(world->joint_force, 0, 3 * world->joint_count * sizeof(double));
    memset(world->joint_torque, 0, 3 * world->joint_count * sizeof(double));
    memset(world->geom_force, 0, 3 * world->geom_count * sizeof(double));
    memset(world->geom_mean_force, 0, 3 * world->geom_count * sizeof(double));
    memset(world->external_force, 0, 3 * world->link_count * sizeof(double));
    memset(world->external_torque, 0, 3 * world->link_count * sizeof(double));
    world->has_external_force = false;
}

void phys_set_zero_configuration(phys_world *world) {
    static const double unit[4] = {1, 0, 0, 0}, zero[3] = {0, 0, 0};
    for (size_t i = 0; i < world->link_count; i++)
        phys_set_body(&world->links[i], world->links[i].zero_com, unit, zero, zero);
    memset(world->joint_position, 0, world->joint_count * sizeof(double));
    memset(world->joint_velocity, 0, world->joint_count * sizeof(double));
    phys_forget_forces(world);
}

/* ---- Placing */

typedef struct {
    double x[3], q[4], v[3], w[3];
} pose;

/* The child's pose and velocity from the parent's: q_c = q_p turn(axis, position), with all vectors given at
 * the zero configuration, where every body's axes are those of the world. */
static void place_child(const phys_joint *joint, const pose *parent, double position, double velocity,
                        pose *child) {
    double axis[3], arm[3], point[3];
    q_rotate(parent->q, joint->axis, axis);
    q_rotate(parent->q, joint->from_parent, arm);
    v3_copy(parent->w, child->w);
    memcpy(child->q, parent->q, sizeof child->q);
    if (joint->def.kind == PHYS_JOINT_HINGE) {
        double half = 0.5 * remainder(position, 4 * PI), turn[4] = {cos(half), 0, 0, 0};
        for (int i = 0; i < 3; i++)
            turn[i + 1] = sin(half) * joint->axis[i];
        q_multiply(parent->q, turn, child->q);
        q_normalize(child->q);
        v3_add_scaled(child->w, velocity, axis);
    } else if (joint->def.kind == PHYS_JOINT_SLIDER) {
        v3_add_scaled(arm, position, axis);
    }
    /* the anchor moves with the parent, the child's centre with the child */
    v3_copy(parent->x, point);
    v3_add_scaled(point, 1, arm);
    v3_cross(parent->w, arm, child->v);
    v3_add_scaled(child->v, 1, parent->v);
    if (joint->def.kind == PHYS_JOINT_SLIDER)
        v3_add_scaled(child->v, velocity, axis);
    q_rotate(child->q, joint->from_child, arm);
    v3_copy(point, child->x);
    v3_add_scaled(child->x, -1, arm);
    double swing[3];
    v3_cross(child->w, arm, swing);
    v3_add_scaled(child->v, -1, swing);
}

/* The base's centre of mass from the origin of its frame. */
static void place_base(const phys_world *world, const phys_base_state *base, pose *out) {
    const phys_link *link = &world->links[0];
    double q[4], back[4], turn[4], arm[3], com[3], v[3], swing[3];
    memcpy(q, base->quaternion, sizeof q);
    q_normalize(q);
    q_conjugate(link->zero_quaternion, back);
    q_multiply(q, back, turn); /* since the zero configuration, caller's frame */
    q_rotate(turn, link->com_in_world_axes, arm);
    v3_copy(base->position, com);
    v3_add_scaled(com, 1, arm);
    v3_copy(base->linear_velocity, v);
    v3_cross(base->angular_velocity, arm, swing);
    v3_add_scaled(v, 1, swing);
    phys_point_to_ode(world, com, out->x);
    out->q[0] = turn[0];
    phys_to_ode(world, turn + 1, out->q + 1);
    phys_to_ode(world, v, out->v);
    phys_to_ode(world, base->angular_velocity, out->w);
    if (!world->is_planar)
        return;
    out->x[2] = out->v[2] = 0;
    out->w[0] = out->w[1] = 0;
    out->q[1] = out->q[2] = 0;
    q_normalize(out->q);
}

static bool is_planar_base(const phys_world *world, const phys_base_state *base) {
    const phys_link *link = &world->links[0];
    double back[4], turn[4], scale = fabs(link->def.position[1]) + 1;
    q_conjugate(link->zero_quaternion, back);
    q_multiply(base->quaternion, back, turn);
    return fabs(base->position[1] - link->def.position[1]) <= 1e-9 * scale && base->linear_velocity[1] == 0 &&
           base->angular_velocity[0] == 0 && base->angular_velocity[2] == 0 && fabs(turn[1]) <= 1e-9 &&
           fabs(turn[3]) <= 1e-9;
}

static bool is_good_base(const phys_world *world, const phys_base_state *base) {
    if (base == NULL)
        return true;
    if (world->def.base == PHYS_BASE_FIXED)
        return false;
    if (!phys_is_vector(base->position, 3, MAX_PLACE) || !phys_is_orientation(base->quaternion) ||
        !phys_is_vector(base->linear_velocity, 3, world->def.max_linear_speed) ||
        !phys_is_vector(base->angular_velocity, 3, world->def.max_angular_speed))
        return false;
    return !world->is_planar || is_planar_base(world, base);
}

static bool is_good_pose(const phys_world *world, const pose *p) {
    double linear = world->def.max_linear_speed, angular = world->def.max_angular_speed;
    return phys_is_vector(p->x, 3, MAX_PLACE) && v3_dot(p->v, p->v) <= linear * linear &&
           v3_dot(p->w, p->w) <= angular * angular;
}

static bool is_good_slide(const phys_world *world, const pose *poses, size_t link) {
    int32_t n = world->links[link].joint;
    if (n < 0 || world->joints[n].longest_slide == INFINITY)
        return true;
    double apart[3];
    v3_sub(poses[link].x, poses[world->joints[n].def.parent].x, apart);
    return v3_dot(apart, apart) <= world->joints[n].longest_slide * world->joints[n].longest_slide;
}

phys_status phys_world_place(phys_world *world, const phys_base_state *base, const double *positions,
                             const double *velocities, size_t joint_count) {
    if (world == NULL || joint_count != world->joint_count)
        return PHYS_INVALID_ARGUMENT;
    if (positions != NULL && !phys_is_vector(positions, (int)joint_count, 1e6))
        return PHYS_INVALID_ARGUMENT;
    if (velocities != NULL && !phys_is_vector(velocities, (int)joint_count, 1e6))
        return PHYS_INVALID_ARGUMENT;
    if (!is_good_base(world, base))
        return PHYS_INVALID_ARGUMENT;
    static const pose rest = {{0, 0, 0}, {1, 0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
    pose poses[PHYS_MAX_LINKS];
    for (size_t k = 0; k < world->link_count; k++) {
        size_t n = (size_t)world->order[k];
        const phys_link *link = &world->links[n];
        if (link->joint < 0) {
            poses[n] = rest;
            v3_copy(link->zero_com, poses[n].x);
            if (base != NULL)
                place_base(world, base, &poses[n]);
        } else {
            const phys_joint *joint = &world->joints[link->joint];
            const pose *parent = joint->def.parent >= 0 ? &poses[joint->def.parent] : &rest;
            place_child(joint, parent, positions != NULL ? positions[link->joint] : 0,
                        velocities != NULL ? velocities[link->joint] : 0, &poses[n]);
        }
        if (!is_good_pose(world, &poses[n]) || !is_good_slide(world, poses, n))
            return PHYS_INVALID_ARGUMENT;
    }
    phys_forget_forces(world);
    for (size_t n = 0; n < world->link_count; n++)
        phys_set_body(&world->links[n], poses[n].x, poses[n].q, poses[n].v, poses[n].w);
    for (size_t n = 0; n < joint_count; n++) {
        bool is_fixed = world->joints[n].def.kind == PHYS_JOINT_FIXED;
        world->joint_position[n] = is_fixed || positions == NULL ? 0 : positions[n];
        world->joint_velocity[n] = is_fixed || velocities == NULL ? 0 : velocities[n];
    }
    world->is_diverged = false;
    return PHYS_OK;
}

/* ---- Measuring */

static double hinge_rate(const phys_joint *joint, const phys_link *child, const phys_link *parent) {
    double axis[3];
    r_rotate(child->r, joint->axis, axis);
    return v3_dot(axis, child->w) - (parent != NULL ? v3_dot(axis, parent->w) : 0);
}

static double slider_rate(const phys_joint *joint, const phys_link *child, const phys_link *parent) {
    if (parent == NULL)
        return v3_dot(joint->axis, child->v);
    double axis[3], apart[3], swing[3], relative[3];
    r_rotate(parent->r, joint->axis, axis);
    v3_sub(child->x, parent->x, apart);
    v3_cross(parent->w, apart, swing);
    v3_sub(child->v, parent->v, relative);
    return v3_dot(axis, relative) - v3_dot(axis, swing);
}

/* The angle that ODE's bodies show lies in (-pi, pi]; the true one is that plus the turns that bring it
 * nearest to what the velocity predicts from the last one. */
static double hinge_position(const phys_joint *joint, const phys_link *child, const phys_link *parent,
                             double predicted) {
    double turn[4], back[4];
    memcpy(turn, child->q, sizeof turn);
    if (parent != NULL) {
        q_conjugate(parent->q, back);
        q_multiply(back, child->q, turn);
    }
    double angle = 2 * atan2(v3_dot(turn + 1, joint->axis), turn[0]);
    return angle + 2 * PI * nearbyint((predicted - angle) / (2 * PI));
}

static double slider_position(const phys_joint *joint, const phys_link *child, const phys_link *parent) {
    double axis[3], arm[3], apart[3];
    if (parent == NULL) {
        v3_sub(child->x, joint->from_parent, apart);
        return v3_dot(joint->axis, apart);
    }
    r_rotate(parent->r, joint->axis, axis);
    r_rotate(parent->r, joint->from_parent, arm);
    v3_sub(child->x, parent->x, apart);
    return v3_dot(axis, apart) - v3_dot(axis, arm);
}

/* Reads joint positions and velocities off the bodies, `elapsed` seconds after the last time. */
void phys_measure_joints(phys_world *world, double elapsed) {
    for (size_t n = 0; n < world->joint_count; n++) {
        const phys_joint *joint = &world->joints[n];
        const phys_link *child = &world->links[joint->def.child];
        const phys_link *parent = joint->def.parent >= 0 ? &world->links[joint->def.parent] : NULL;
        if (joint->def.kind == PHYS_JOINT_HINGE) {
            double rate = hinge_rate(joint, child, parent);
            world->joint_position[n] =
                hinge_position(joint, child, parent, world->joint_position[n] + elapsed * rate);
            world->joint_velocity[n] = rate;
        } else if (joint->def.kind == PHYS_JOINT_SLIDER) {
            world->joint_position[n] = slider_position(joint, child, parent);
            world->joint_velocity[n] = slider_rate(joint, child, parent);
        }
    }
}

/* Slows a joint that is faster than its limit, with all that hangs on it: the subtree turns (slides) rigidly,
 * so that the other joints keep their speeds. */
static void clip_joint(phys_world *world, const phys_joint *joint, double change) {
    const phys_link *child = &world->links[joint->def.child];
    double axis[3], anchor[3];
    r_rotate(child->r, joint->axis, axis);
    r_rotate(child->r, joint->from_child, anchor);
    v3_add_scaled(anchor, 1, child->x);
    int32_t first = world->rank[joint->def.child];
    for (int32_t k = first; k < first + world->subtree_size[joint->def.child]; k++) {
        const phys_link *link = &world->links[world->order[k]];
        double v[3], w[3], arm[3], swing[3];
        v3_copy(link->v, v);
        v3_copy(link->w, w);
        if (joint->def.kind == PHYS_JOINT_HINGE) {
            v3_sub(link->x, anchor, arm);
            v3_cross(axis, arm, swing);
            v3_add_scaled(v, change, swing);
            v3_add_scaled(w, change, axis);
        } else {
            v3_add_scaled(v, change, axis);
        }
        dBodySetLinearVel(link->body, v[0], v[1], v[2]);
        dBodySetAngularVel(link->body, w[0], w[1], w[2]);
    }
}

void phys_clip_velocities(phys_world *world) {
    for (size_t k = 0; k < world->link_count; k++) {
        int32_t n = world->links[world->order[k]].joint;
        if (n < 0 || world->joints[n].def.kind == PHYS_JOINT_FIXED)
            continue;
        double limit = world->joints[n].def.velocity_limit, rate = world->joint_velocity[n];
        if (fabs(rate) <= limit)
            continue;
        double clipped = rate > 0 ? limit : -limit;
        clip_joint(world, &world->joints[n], clipped - rate);
        world->joint_velocity[n] = clipped;
    }
}

/* Plane2D holds the base's height and turning velocities, but leaves what tilt rounding brings: take it off.
 */
void phys_project_base(phys_world *world) {
    const phys_link *link = &world->links[0];
    double x[3] = {link->x[0], link->x[1], 0}, v[3] = {link->v[0], link->v[1], 0}, w[3] = {0, 0, link->w[2]};
    double q[4] = {link->q[0], 0, 0, link->q[3]};
    q_normalize(q);
    phys_set_body(&world->links[0], x, q, v, w);
}

/* Whether all bodies are finite, near and slow enough; a NaN fails every comparison. */
bool phys_is_in_bounds(const phys_world *world) {
    double linear = world->def.max_linear_speed * world->def.max_linear_speed;
    double angular = world->def.max_angular_speed * world->def.max_angular_speed;
    for (size_t i = 0; i < world->link_count; i++) {
        const phys_link *link = &world->links[i];
        double length = link->q[0] * link->q[0] + link->q[1] * link->q[1] + link->q[2] * link->q[2] +
                        link->q[3] * link->q[3];
        if (!(v3_dot(link->v, link->v) <= linear) || !(v3_dot(link->w, link->w) <= angular) ||
            !phys_is_vector(link->x, 3, MAX_PLACE) || !(fabs(length - 1) <= 1e-6))
            return false;
    }
    for (size_t n = 0; n < world->joint_count; n++) {
        const phys_joint *joint = &world->joints[n];
        if (joint->longest_slide == INFINITY)
            continue;
        double apart[3];
        v3_sub(world->links[joint->def.child].x, world->links[joint->def.parent].x, apart);
        if (!(v3_dot(apart, apart) <= joint->longest_slide * joint->longest_slide))
            return false;
    }
    return true;
}
