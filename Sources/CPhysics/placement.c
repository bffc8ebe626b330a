/* SPDX-License-Identifier: MIT */
/* Forward kinematics: from base and joints to bodies. */
#include "physics_internal.h"

#include <string.h>

#define PI 3.14159265358979323846

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

/* The centre of mass of a base or object from the origin of its frame. */
static void place_root(const phys_world *world, const phys_link *link, const phys_base_state *base,
                       pose *out) {
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
    if (!world->is_planar || link != &world->links[0])
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

static bool is_good_state(const phys_world *world, const phys_base_state *state) {
    return phys_is_vector(state->position, 3, MAX_PLACE) && phys_is_orientation(state->quaternion) &&
           phys_is_vector(state->linear_velocity, 3, world->def.max_linear_speed) &&
           phys_is_vector(state->angular_velocity, 3, world->def.max_angular_speed);
}

static bool is_good_base(const phys_world *world, const phys_base_state *base) {
    if (base == NULL)
        return true;
    if (world->def.base == PHYS_BASE_FIXED)
        return false;
    return is_good_state(world, base) && (!world->is_planar || is_planar_base(world, base));
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

/* A joint's value: of a follower that which its leader's gives it. */
static double value_of(const phys_world *world, const double *values, int32_t n, bool is_velocity) {
    const phys_joint_def *def = &world->joints[n].def;
    if (!phys_follows(def))
        return values != NULL ? values[n] : 0;
    return def->ratio * (values != NULL ? values[def->leader] : 0) + (is_velocity ? 0 : def->offset);
}

/* With the articulated solver the links on joints follow from those without. */
static void set_body(phys_world *world, size_t n, const pose *pose) {
    if (world->articulated == NULL) {
        phys_set_body(&world->links[n], pose->x, pose->q, pose->v, pose->w);
    } else if (world->links[n].joint < 0) {
        phys_art_set_root(world, n, pose->x, pose->q, pose->v, pose->w);
    }
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
    for (size_t k = 0; k < world->robot_link_count; k++) {
        size_t n = (size_t)world->order[k];
        const phys_link *link = &world->links[n];
        if (link->joint < 0) {
            poses[n] = rest;
            v3_copy(link->zero_com, poses[n].x);
            if (base != NULL)
                place_root(world, link, base, &poses[n]);
        } else {
            const phys_joint *joint = &world->joints[link->joint];
            const pose *parent = joint->def.parent >= 0 ? &poses[joint->def.parent] : &rest;
            place_child(joint, parent, value_of(world, positions, link->joint, false),
                        value_of(world, velocities, link->joint, true), &poses[n]);
        }
        if (!is_good_pose(world, &poses[n]) || !is_good_slide(world, poses, n))
            return PHYS_INVALID_ARGUMENT;
    }
    phys_forget_forces(world);
    for (size_t n = 0; n < joint_count; n++) {
        bool is_fixed = world->joints[n].def.kind == PHYS_JOINT_FIXED;
        world->joint_position[n] = is_fixed || positions == NULL ? 0 : positions[n];
        world->joint_velocity[n] = is_fixed || velocities == NULL ? 0 : velocities[n];
    }
    for (size_t n = 0; n < world->robot_link_count; n++)
        set_body(world, n, &poses[n]);
    if (world->articulated != NULL)
        phys_art_pose(world);
    world->is_diverged = false;
    return PHYS_OK;
}

phys_status phys_world_place_object(phys_world *world, size_t object, const phys_base_state *state) {
    if (world == NULL || state == NULL || object >= world->link_count - world->robot_link_count ||
        !is_good_state(world, state))
        return PHYS_INVALID_ARGUMENT;
    if (world->is_diverged)
        return PHYS_DIVERGED;
    size_t n = world->robot_link_count + object;
    pose placed;
    place_root(world, &world->links[n], state, &placed);
    if (!is_good_pose(world, &placed))
        return PHYS_INVALID_ARGUMENT;
    phys_forget_forces(world);
    set_body(world, n, &placed);
    if (world->articulated != NULL)
        phys_art_pose(world);
    return PHYS_OK;
}
