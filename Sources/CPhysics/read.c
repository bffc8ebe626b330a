/* SPDX-License-Identifier: MIT */
/* Copies quantities out, in the caller's frame. */
#include "physics_internal.h"

#include <string.h>

size_t phys_world_value_count(const phys_world *world, phys_quantity quantity) {
    if (world == NULL)
        return 0;
    switch (quantity) {
    case PHYS_JOINT_POSITIONS:
    case PHYS_JOINT_VELOCITIES:
    case PHYS_JOINT_EFFORTS:
        return world->joint_count;
    case PHYS_JOINT_FORCES:
    case PHYS_JOINT_TORQUES:
        return 3 * world->joint_count;
    case PHYS_LINK_QUATERNIONS:
        return 4 * world->link_count;
    case PHYS_LINK_POSITIONS:
    case PHYS_LINK_LINEAR_VELOCITIES:
    case PHYS_LINK_ANGULAR_VELOCITIES:
    case PHYS_LINK_CENTERS_OF_MASS:
    case PHYS_LINK_CONTACT_FORCES:
    case PHYS_LINK_MEAN_CONTACT_FORCES:
        return 3 * world->link_count;
    case PHYS_GEOM_CONTACT_FORCES:
    case PHYS_GEOM_MEAN_CONTACT_FORCES:
        return 3 * world->geom_count;
    case PHYS_ENERGY:
        return 2;
    case PHYS_READING:
        return 3 * world->joint_count + 16 * world->link_count;
    }
    return 0;
}

/* The rotation since the zero configuration, in the caller's frame. */
static void read_turn(const phys_world *world, const phys_link *link, double *turn) {
    turn[0] = link->q[0];
    phys_from_ode(world, link->q + 1, turn + 1);
}

static void read_quaternion(const phys_world *world, const phys_link *link, double *out) {
    double turn[4];
    read_turn(world, link, turn);
    q_multiply(turn, link->zero_quaternion, out);
}

/* From the centre of mass back to the frame's origin, turned with the link, in the caller's frame. */
static void read_arm(const phys_world *world, const phys_link *link, double *arm) {
    double turn[4];
    read_turn(world, link, turn);
    q_rotate(turn, link->com_in_world_axes, arm);
    for (int i = 0; i < 3; i++)
        arm[i] = -arm[i];
}

static void read_position(const phys_world *world, const phys_link *link, double *out) {
    double arm[3];
    read_arm(world, link, arm);
    phys_point_from_ode(world, link->x, out);
    v3_add_scaled(out, 1, arm);
}

static void read_linear_velocity(const phys_world *world, const phys_link *link, double *out) {
    double arm[3], w[3], swing[3];
    read_arm(world, link, arm);
    phys_from_ode(world, link->w, w);
    v3_cross(w, arm, swing);
    phys_from_ode(world, link->v, out);
    v3_add_scaled(out, 1, swing);
}

static void read_link(const phys_world *world, phys_quantity quantity, const phys_link *link, double *out) {
    switch (quantity) {
    case PHYS_LINK_POSITIONS:
        read_position(world, link, out);
        return;
    case PHYS_LINK_QUATERNIONS:
        read_quaternion(world, link, out);
        return;
    case PHYS_LINK_LINEAR_VELOCITIES:
        read_linear_velocity(world, link, out);
        return;
    case PHYS_LINK_ANGULAR_VELOCITIES:
        phys_from_ode(world, link->w, out);
        return;
    default:
        phys_point_from_ode(world, link->x, out);
        return;
    }
}

static void read_link_forces(const phys_world *world, const double *geom_forces, double *out) {
    memset(out, 0, 3 * world->link_count * sizeof *out);
    for (size_t n = 0; n < world->geom_count; n++) {
        int32_t link = world->geoms[n].def.link;
        if (link >= 0)
            v3_add_scaled(&out[3 * link], 1, &geom_forces[3 * n]);
    }
}

/* Each link is gone through once, so that its arm is turned once. */
static void read_everything(const phys_world *world, double *out) {
    size_t joints = world->joint_count, links = world->link_count;
    memcpy(out, world->joint_position, joints * sizeof *out);
    memcpy(out + joints, world->joint_velocity, joints * sizeof *out);
    memcpy(out + 2 * joints, world->joint_effort, joints * sizeof *out);
    out += 3 * joints;
    for (size_t n = 0; n < links; n++) {
        const phys_link *link = &world->links[n];
        double *position = out + 3 * n, *quaternion = out + 3 * links + 4 * n;
        double *velocity = out + 7 * links + 3 * n, *rate = out + 10 * links + 3 * n;
        double turn[4], arm[3], swing[3];
        read_turn(world, link, turn);
        q_multiply(turn, link->zero_quaternion, quaternion);
        q_rotate(turn, link->com_in_world_axes, arm);
        for (int i = 0; i < 3; i++)
            arm[i] = -arm[i];
        phys_point_from_ode(world, link->x, position);
        v3_add_scaled(position, 1, arm);
        phys_from_ode(world, link->w, rate);
        v3_cross(rate, arm, swing);
        phys_from_ode(world, link->v, velocity);
        v3_add_scaled(velocity, 1, swing);
    }
    read_link_forces(world, world->geom_mean_force, out + 13 * links);
}

static void read_energy(const phys_world *world, double *out) {
    out[0] = out[1] = 0;
    for (size_t n = 0; n < world->link_count; n++) {
        const phys_link *link = &world->links[n];
        double w[3], com[3];
        /* into the body's axes: R' w */
        for (int i = 0; i < 3; i++)
            w[i] = link->r[i] * link->w[0] + link->r[4 + i] * link->w[1] + link->r[8 + i] * link->w[2];
        double spin = 0, scale = world->mass_scale[n], mass = link->def.mass;
        for (int i = 0; i < 3; i++)
            spin += w[i] * v3_dot(&link->mass.I[4 * i], w);
        phys_point_from_ode(world, link->x, com);
        out[0] += 0.5 * scale * (mass * v3_dot(link->v, link->v) + spin);
        out[1] -= scale * mass * v3_dot(world->def.gravity, com);
    }
    for (size_t n = 0; n < world->joint_count; n++) {
        const phys_joint_def *def = &world->joints[n].def;
        if (def->kind == PHYS_JOINT_FIXED)
            continue;
        double v = world->joint_velocity[n], stretch = world->joint_position[n] - def->rest_position;
        out[0] += 0.5 * def->armature * v * v;
        out[1] += 0.5 * def->stiffness * stretch * stretch;
    }
}

static const double *stored_values(const phys_world *world, phys_quantity quantity) {
    switch (quantity) {
    case PHYS_JOINT_POSITIONS:
        return world->joint_position;
    case PHYS_JOINT_VELOCITIES:
        return world->joint_velocity;
    case PHYS_JOINT_EFFORTS:
        return world->joint_effort;
    case PHYS_JOINT_FORCES:
        return world->joint_force;
    case PHYS_JOINT_TORQUES:
        return world->joint_torque;
    case PHYS_GEOM_CONTACT_FORCES:
        return world->geom_force;
    case PHYS_GEOM_MEAN_CONTACT_FORCES:
        return world->geom_mean_force;
    default:
        return NULL;
    }
}

phys_status phys_world_read(const phys_world *world, phys_quantity quantity, double *values, size_t count) {
    if (world == NULL || values == NULL || (int)quantity < PHYS_JOINT_POSITIONS ||
        (int)quantity > PHYS_READING || count != phys_world_value_count(world, quantity))
        return PHYS_INVALID_ARGUMENT;
    if (world->leaves_out_joint_forces && (quantity == PHYS_JOINT_FORCES || quantity == PHYS_JOINT_TORQUES))
        return PHYS_INVALID_ARGUMENT;
    if (world->is_diverged)
        return PHYS_DIVERGED;
    const double *stored = stored_values(world, quantity);
    if (stored != NULL) {
        memcpy(values, stored, count * sizeof *values);
    } else if (quantity == PHYS_ENERGY) {
        read_energy(world, values);
    } else if (quantity == PHYS_READING) {
        read_everything(world, values);
    } else if (quantity == PHYS_LINK_CONTACT_FORCES) {
        read_link_forces(world, world->geom_force, values);
    } else if (quantity == PHYS_LINK_MEAN_CONTACT_FORCES) {
        read_link_forces(world, world->geom_mean_force, values);
    } else {
        size_t width = count / world->link_count;
        for (size_t n = 0; n < world->link_count; n++)
            read_link(world, quantity, &world->links[n], &values[width * n]);
    }
    return PHYS_OK;
}
