/* SPDX-License-Identifier: MIT */
#include "trees.h"

#include "legged.h"

#include <math.h>
#include <string.h>

static double between(double low, double high) {
    return low + (high - low) * 0.5 * (random_number() + 1);
}

static void random_link(phys_link_def *link, bool is_planar) {
    *link = phys_link_default_def();
    link->mass = between(0.5, 2);
    for (int i = 0; i < 3; i++) {
        link->inertia[i] = between(0.02, 0.06);
        link->inertia[3 + i] = between(-0.005, 0.005);
        link->center_of_mass[i] = between(-0.1, 0.1);
        link->position[i] = between(-0.4, 0.4);
    }
    double half = between(-1, 1);
    link->quaternion[0] = cos(half);
    link->quaternion[is_planar ? 2 : 1] = sin(half);
}

static void random_joint(phys_joint_def *joint, int32_t parent, int32_t child, bool is_planar) {
    *joint = phys_joint_default_def();
    joint->kind = random_number() < 0.4   ? PHYS_JOINT_HINGE
                  : random_number() < 0.5 ? PHYS_JOINT_SLIDER
                                          : PHYS_JOINT_FIXED;
    joint->parent = parent;
    joint->child = child;
    for (int i = 0; i < 3; i++) {
        joint->anchor[i] = between(-0.4, 0.4);
        joint->axis[i] = between(-1, 1);
    }
    if (is_planar && joint->kind == PHYS_JOINT_HINGE) {
        joint->axis[0] = joint->axis[2] = 0;
        joint->axis[1] = 1;
    }
    /* With ODE the armature of a slider whose parent turns resists J (v' - v) at one pose, without the turn
     * of J. */
    if (joint->kind != PHYS_JOINT_SLIDER || parent < 0)
        joint->armature = 0.02;
    joint->damping = between(0, 0.3);
    joint->stiffness = between(0, 20);
    joint->rest_position = between(-0.3, 0.3);
    joint->drive = (phys_drive)(int)between(0, 3.999);
    joint->kp = between(0, 30);
    joint->kd = between(0, 1);
}

void make_tree(tree *t, phys_base base) {
    memset(t, 0, sizeof *t);
    bool is_planar = base == PHYS_BASE_PLANAR;
    int32_t offset = base == PHYS_BASE_FIXED ? 0 : 1;
    t->world = phys_world_default_def();
    t->world.base = base;
    t->world.links = t->links, t->world.link_count = TREE_LINKS;
    t->world.joints = t->joints, t->world.joint_count = (size_t)(TREE_LINKS - offset);
    for (int i = 0; i < TREE_LINKS; i++)
        random_link(&t->links[i], is_planar);
    for (int32_t i = 0; i < TREE_LINKS - offset; i++) {
        int32_t child = i + offset, parent = (int32_t)floor(between(offset - 1, child - 1e-9));
        random_joint(&t->joints[i], parent, child, is_planar);
        t->positions[i] = between(-0.5, 0.5);
        t->velocities[i] = between(-1, 1);
        t->commands[i] = between(-1, 1);
        if (t->joints[i].kind == PHYS_JOINT_FIXED)
            t->positions[i] = t->velocities[i] = 0;
    }
}

void couple_tree(tree *t) {
    size_t count = t->world.joint_count;
    for (size_t n = 0; n < count; n++) {
        size_t leader = (size_t)between(0, (double)count - 1e-9);
        bool leads = false;
        for (size_t i = 0; i < count; i++)
            leads |= t->joints[i].leader == (int32_t)n;
        if (leads || n == leader || t->joints[leader].leader >= 0 || random_number() < -0.2 ||
            t->joints[n].kind == PHYS_JOINT_FIXED || t->joints[leader].kind == PHYS_JOINT_FIXED)
            continue;
        t->joints[n].leader = (int32_t)leader;
        t->joints[n].ratio = between(0.5, 2) * (random_number() < 0 ? -1 : 1);
        t->joints[n].offset = between(-0.3, 0.3);
        t->joints[n].drive = PHYS_DRIVE_NONE;
    }
}
