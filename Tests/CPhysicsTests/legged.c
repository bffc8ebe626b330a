/* SPDX-License-Identifier: MIT */
#include "legged.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t stream = 88172645463325252u;

double random_number(void) { /* xorshift64 */
    stream ^= stream << 13;
    stream ^= stream >> 7;
    stream ^= stream << 17;
    return (double)(stream >> 11) * 0x1p-52 - 1;
}

static void begin(legged *robot, const char *name, phys_solver solver, phys_base base, double step) {
    memset(robot, 0, sizeof *robot);
    robot->name = name;
    robot->world = phys_world_default_def();
    robot->world.solver = solver;
    robot->world.base = base;
    robot->world.time_step = step;
    robot->world.links = robot->links, robot->world.joints = robot->joints;
    robot->world.geoms = robot->geoms, robot->world.pairs = robot->pairs;
    robot->geoms[0] = phys_geom_default_def();
    robot->world.geom_count = 1;
}

/* A shape on a link that meets the ground: a sphere where `length` is 0, else a capsule along `along`. */
static void add_shape(legged *robot, int link, const double *center, const double *along, double radius,
                      double friction) {
    size_t n = robot->world.geom_count++;
    phys_geom_def *geom = &robot->geoms[n];
    double length = sqrt(along[0] * along[0] + along[1] * along[1] + along[2] * along[2]);
    *geom = phys_geom_default_def();
    geom->shape = length > 0 ? PHYS_SHAPE_CAPSULE : PHYS_SHAPE_SPHERE;
    geom->link = link;
    geom->size[0] = radius;
    geom->size[1] = length;
    memcpy(geom->position, center, sizeof geom->position);
    if (length > 0) { /* the turn that takes z to `along`, or against it: it has no ends */
        double sign = along[2] < 0 ? -1 : 1;
        double half = sqrt((1 + sign * along[2] / length) / 2), share = sign / (2 * half * length);
        geom->quaternion[0] = half;
        geom->quaternion[1] = -along[1] * share;
        geom->quaternion[2] = along[0] * share;
    }
    robot->pairs[robot->world.pair_count++] = (phys_pair_def){(int32_t)n, 0, friction, 0};
}

/* A rod of this mass from the link's origin to `along`, with its capsule. */
static int add_rod(legged *robot, double mass, const double *origin, const double *along, double radius,
                   double friction) {
    int n = (int)robot->world.link_count++;
    phys_link_def *link = &robot->links[n];
    *link = phys_link_default_def();
    link->mass = mass;
    double square = 0, center[3];
    for (int i = 0; i < 3; i++) {
        link->position[i] = origin[i];
        center[i] = link->center_of_mass[i] = along[i] / 2;
        square += along[i] * along[i];
    }
    for (int i = 0; i < 3; i++)
        link->inertia[i] = mass * ((square - along[i] * along[i]) / 12 + 0.4 * radius * radius);
    link->inertia[3] = -mass * along[0] * along[1] / 12;
    link->inertia[4] = -mass * along[0] * along[2] / 12;
    link->inertia[5] = -mass * along[1] * along[2] / 12;
    add_shape(robot, n, center, along, radius, friction);
    return n;
}

static phys_joint_def *join(legged *robot, int parent, int child, const double *axis, double lower,
                            double upper) {
    phys_joint_def *joint = &robot->joints[robot->world.joint_count++];
    *joint = phys_joint_default_def();
    joint->parent = parent;
    joint->child = child;
    memcpy(joint->axis, axis, sizeof joint->axis);
    memcpy(joint->anchor, robot->links[child].position, sizeof joint->anchor);
    joint->lower = lower;
    joint->upper = upper;
    return joint;
}

static const double along_x[3] = {1, 0, 0}, along_y[3] = {0, 1, 0}, along_z[3] = {0, 0, 1};

static void drive_by_torque(legged *robot, phys_joint_def *joint, double effort, double armature,
                            double stiffness, double damping) {
    robot->effort[joint - robot->joints] = effort;
    joint->drive = PHYS_DRIVE_TORQUE;
    joint->armature = armature;
    joint->stiffness = stiffness;
    joint->damping = damping;
}

void make_walker(legged *robot, phys_solver solver) {
    begin(robot, "walker", solver, PHYS_BASE_PLANAR, 0.002);
    robot->height = 1.05;
    int torso = add_rod(robot, 3.7, (double[]){0, 0, 0}, (double[]){0, 0, 0.4}, 0.05, 0.9);
    for (int side = 0; side < 2; side++) {
        double z[3] = {0, -0.45, -0.95};
        int thigh = add_rod(robot, 4, (double[]){0, 0, z[0]}, (double[]){0, 0, -0.45}, 0.05, 0.9);
        int leg = add_rod(robot, 2.8, (double[]){0, 0, z[1]}, (double[]){0, 0, -0.5}, 0.04, 0.9);
        int foot = add_rod(robot, 3.2, (double[]){0, 0, z[2]}, (double[]){0.2, 0, 0}, 0.06, 1.9);
        drive_by_torque(robot, join(robot, torso, thigh, along_y, -0.1, 2.6), 100, 0.01, 0, 0.1);
        drive_by_torque(robot, join(robot, thigh, leg, along_y, -0.1, 2.6), 100, 0.01, 0, 0.1);
        drive_by_torque(robot, join(robot, leg, foot, along_y, -0.8, 0.8), 100, 0.01, 0, 0.1);
    }
}

void make_cheetah(legged *robot, phys_solver solver) {
    static const double effort[6] = {120, 90, 60, 120, 60, 30}, stiffness[6] = {240, 180, 120, 180, 120, 60};
    begin(robot, "cheetah", solver, PHYS_BASE_PLANAR, 0.01);
    robot->height = 0.6;
    int torso = add_rod(robot, 6.3, (double[]){-0.5, 0, 0}, (double[]){1, 0, 0}, 0.05, 0.4);
    for (int side = 0; side < 2; side++) {
        double x = side == 0 ? -0.5 : 0.5, bend = side == 0 ? 0.15 : -0.12;
        int thigh = add_rod(robot, 1.5, (double[]){x, 0, 0}, (double[]){bend, 0, -0.25}, 0.046, 0.4);
        int shin =
            add_rod(robot, 1.5, (double[]){x + bend, 0, -0.25}, (double[]){-1.5 * bend, 0, -0.2}, 0.046, 0.4);
        int foot =
            add_rod(robot, 1, (double[]){x - bend / 2, 0, -0.45}, (double[]){0.12, 0, -0.08}, 0.046, 0.4);
        int links[4] = {torso, thigh, shin, foot};
        for (int i = 0; i < 3; i++)
            drive_by_torque(robot, join(robot, links[i], links[i + 1], along_y, -0.6, 0.9),
                            effort[3 * side + i], 0.1, stiffness[3 * side + i],
                            0.025 * stiffness[3 * side + i]);
    }
}

void make_ant(legged *robot, phys_solver solver) {
    begin(robot, "ant", solver, PHYS_BASE_FLOATING, 0.01);
    robot->height = 0.55;
    robot->world.link_count = 1;
    robot->links[0] = phys_link_default_def();
    robot->links[0].mass = 0.35;
    for (int i = 0; i < 3; i++)
        robot->links[0].inertia[i] = 0.01;
    add_shape(robot, 0, (double[]){0, 0, 0}, (double[]){0, 0, 0}, 0.25, 1);
    for (int leg = 0; leg < 4; leg++) {
        double x = leg % 2 == 0 ? 0.2 : -0.2, y = leg < 2 ? 0.2 : -0.2;
        int upper = add_rod(robot, 0.04, (double[]){x, y, 0}, (double[]){x, y, 0}, 0.08, 1);
        int lower =
            add_rod(robot, 0.08, (double[]){2 * x, 2 * y, 0}, (double[]){2 * x, 2 * y, -0.3}, 0.08, 1);
        double across[3] = {-y, x, 0};
        drive_by_torque(robot, join(robot, 0, upper, along_z, -0.5, 0.5), 150, 1, 0, 1);
        drive_by_torque(robot, join(robot, upper, lower, across, -0.5, 0.9), 150, 1, 0, 1);
    }
}

void make_quadruped(legged *robot, phys_solver solver) {
    begin(robot, "quadruped", solver, PHYS_BASE_FLOATING, 0.005);
    robot->height = 0.31;
    int trunk = add_rod(robot, 6, (double[]){-0.18, 0, 0}, (double[]){0.36, 0, 0}, 0.06, 1);
    for (int leg = 0; leg < 4; leg++) {
        double x = leg < 2 ? 0.18 : -0.18, y = leg % 2 == 0 ? 0.06 : -0.06;
        int hip = add_rod(robot, 0.6, (double[]){x, y, 0}, (double[]){0, y, 0}, 0.03, 1);
        int thigh = add_rod(robot, 0.8, (double[]){x, 2 * y, 0}, (double[]){0, 0, -0.2}, 0.02, 1);
        int calf = add_rod(robot, 0.2, (double[]){x, 2 * y, -0.2}, (double[]){0, 0, -0.2}, 0.012, 1);
        add_shape(robot, calf, (double[]){0, 0, -0.2}, (double[]){0, 0, 0}, 0.02, 1);
        phys_joint_def *joints[3] = {join(robot, trunk, hip, along_x, -0.8, 0.8),
                                     join(robot, hip, thigh, along_y, -1, 2.6),
                                     join(robot, thigh, calf, along_y, -2.6, -0.6)};
        for (int i = 0; i < 3; i++) {
            joints[i]->drive = PHYS_DRIVE_POSITION;
            joints[i]->kp = 40, joints[i]->kd = 1;
            joints[i]->effort_limit = 24;
            joints[i]->armature = 0.01;
            joints[i]->dry_friction = i == 0 ? 0.2 : 0;
        }
        robot->start[joints[1] - robot->joints] = 0.8;
        robot->start[joints[2] - robot->joints] = -1.6;
    }
}

phys_world *build_legged(const legged *robot) {
    char text[PHYS_TEXT_SIZE];
    phys_world *world = NULL;
    if (phys_world_create(&robot->world, &world, text) != PHYS_OK) {
        printf("%s: %s\n", robot->name, text);
        exit(1);
    }
    return world;
}

void place_legged(const legged *robot, phys_world *world) {
    double positions[LEGGED_PARTS], velocities[LEGGED_PARTS];
    for (size_t n = 0; n < robot->world.joint_count; n++) {
        positions[n] = robot->start[n] + 0.05 * random_number();
        velocities[n] = 0.1 * random_number();
    }
    phys_base_state base = {{0, 0, robot->height}, {1, 0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
    for (int i = 0; i < 2; i++)
        base.position[i] = robot->links[0].position[i];
    if (phys_world_place(world, &base, positions, velocities, robot->world.joint_count) != PHYS_OK) {
        printf("%s cannot be placed\n", robot->name);
        exit(1);
    }
}

void act_legged(const legged *robot, double *commands) {
    for (size_t n = 0; n < robot->world.joint_count; n++)
        commands[n] = robot->effort[n] > 0 ? robot->effort[n] * random_number()
                                           : robot->start[n] + 0.3 * random_number();
}
