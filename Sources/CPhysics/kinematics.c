/* SPDX-License-Identifier: MIT */
/* Setting bodies, and reading joint positions and velocities off them. */
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

/* A body's numbers, bit by bit, R included. */
void phys_get_raw_body(const phys_link *link, double *body) {
    memcpy(body, link->x, 3 * sizeof(double));
    memcpy(body + 3, link->q, 4 * sizeof(double));
    memcpy(body + 7, link->r, 12 * sizeof(double));
    memcpy(body + 19, link->v, 3 * sizeof(double));
    memcpy(body + 22, link->w, 3 * sizeof(double));
}

void phys_set_raw_body(phys_link *link, const double *body) {
    phys_set_body(link, body, body + 3, body + 19, body + 22);
    memcpy((void *)dBodyGetRotation(link->body), body + 7, 12 * sizeof(double));
}

void phys_forget_forces(phys_world *world) {
    memset(world->joint_effort, 0, world->joint_count * sizeof(double));
    memset(world->joint_force, 0, 3 * world->joint_count * sizeof(double));
    memset(world->joint_torque, 0, 3 * world->joint_count * sizeof(double));
    memset(world->geom_force, 0, 3 * world->geom_count * sizeof(double));
    memset(world->geom_mean_force, 0, 3 * world->geom_count * sizeof(double));
    phys_forget_pushes(world);
    phys_forget_contacts(world);
}

void phys_set_zero_configuration(phys_world *world) {
    static const double unit[4] = {1, 0, 0, 0}, zero[3] = {0, 0, 0};
    memset(world->joint_position, 0, world->joint_count * sizeof(double));
    memset(world->joint_velocity, 0, world->joint_count * sizeof(double));
    if (world->articulated != NULL) {
        for (size_t i = 0; i < world->link_count; i++)
            if (world->links[i].joint < 0)
                phys_art_set_root(world, i, world->links[i].zero_com, unit, zero, zero);
        phys_art_pose(world);
    } else {
        for (size_t i = 0; i < world->link_count; i++)
            phys_set_body(&world->links[i], world->links[i].zero_com, unit, zero, zero);
    }
    phys_forget_forces(world);
}

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

/* Slows a joint that is faster than its limit, with all that hangs on it: in the step that ends here the
 * subtree has turned (slid) too far against the parent by `change` times the step, and goes on too fast by
 * `change`. Both are taken off rigidly, so that the other joints keep their positions and speeds. */
static void clip_joint(phys_world *world, const phys_joint *joint, double change) {
    static const double zero[3] = {0, 0, 0};
    const phys_link *child = &world->links[joint->def.child];
    const phys_link *parent = joint->def.parent >= 0 ? &world->links[joint->def.parent] : NULL;
    const double *parent_x = parent != NULL ? parent->x : zero, *parent_v = parent != NULL ? parent->v : zero;
    const double *parent_w = parent != NULL ? parent->w : zero;
    bool is_hinge = joint->def.kind == PHYS_JOINT_HINGE;
    double axis[3], anchor[3], distance = change * world->def.time_step;
    double half = is_hinge ? distance / 2 : 0, turn[4] = {cos(half), 0, 0, 0};
    r_rotate(child->r, joint->axis, axis);
    r_rotate(child->r, joint->from_child, anchor);
    v3_add_scaled(anchor, 1, child->x);
    v3_add_scaled(turn + 1, sin(half), axis);
    int32_t first = world->rank[joint->def.child];
    for (int32_t k = first; k < first + world->subtree_size[joint->def.child]; k++) {
        phys_link *link = &world->links[world->order[k]];
        double x[3], q[4], v[3], w[3], arm[3], swing[3];
        /* velocity against the parent, as if it reached that far */
        v3_sub(link->x, parent_x, arm);
        v3_cross(parent_w, arm, swing);
        v3_sub(link->v, parent_v, v);
        v3_add_scaled(v, -1, swing);
        v3_sub(link->w, parent_w, w);
        /* the turn (slide) of pose and velocity */
        v3_sub(link->x, anchor, arm);
        q_rotate(turn, arm, arm);
        q_rotate(turn, v, v);
        q_rotate(turn, w, w);
        q_multiply(turn, link->q, q);
        q_normalize(q);
        if (is_hinge) {
            v3_cross(axis, arm, swing);
            v3_add_scaled(v, change, swing);
            v3_add_scaled(w, change, axis);
        } else {
            v3_add_scaled(v, change, axis);
            v3_add_scaled(arm, distance, axis);
        }
        v3_copy(anchor, x);
        v3_add_scaled(x, 1, arm);
        /* back to the world */
        v3_sub(x, parent_x, arm);
        v3_cross(parent_w, arm, swing);
        v3_add_scaled(v, 1, parent_v);
        v3_add_scaled(v, 1, swing);
        v3_add_scaled(w, 1, parent_w);
        phys_set_body(link, x, q, v, w);
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
        world->joint_position[n] += (clipped - rate) * world->def.time_step;
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
            !(fabs(link->x[0]) <= MAX_PLACE && fabs(link->x[1]) <= MAX_PLACE &&
              fabs(link->x[2]) <= MAX_PLACE) ||
            !(fabs(length - 1) <= 1e-6))
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
