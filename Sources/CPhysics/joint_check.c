/* SPDX-License-Identifier: MIT */
/* The check of joints, and that they make a tree. */
#include "physics_internal.h"

static bool is_within(double value, double low, double high) {
    return value >= low && value <= high;
}

static bool check_ends(const phys_world_def *def, size_t n, phys_report *report) {
    const phys_joint_def *joint = &def->joints[n];
    int32_t links = (int32_t)phys_robot_link_count(def);
    if ((int)joint->kind < PHYS_JOINT_HINGE || (int)joint->kind > PHYS_JOINT_FIXED)
        return phys_refuse(report, "joints[%zu].kind: %d must be hinge (0), slider (1) or fixed (2)", n,
                           (int)joint->kind);
    if (joint->child < 0 || joint->child >= links)
        return phys_refuse(report, "joints[%zu].child: %d must be a link, 0 to %d", n, joint->child,
                           links - 1);
    if (joint->parent < -1 || joint->parent >= links)
        return phys_refuse(report, "joints[%zu].parent: %d must be a link, 0 to %d, or -1", n, joint->parent,
                           links - 1);
    if (joint->parent == joint->child)
        return phys_refuse(report, "joints[%zu].parent: link %d cannot be joined to itself", n, joint->child);
    if (joint->parent == -1 && def->base != PHYS_BASE_FIXED)
        return phys_refuse(report, "joints[%zu].parent: -1 (the world) is for fixed bases only", n);
    if (joint->child == 0 && def->base != PHYS_BASE_FIXED)
        return phys_refuse(report, "joints[%zu].child: link 0 is the base and has no joint", n);
    if (!phys_is_vector(joint->anchor, 3, 1e4))
        return phys_refuse(report, "joints[%zu].anchor: each component must be within 1e4 m", n);
    return true;
}

static bool check_motion(const phys_joint_def *joint, size_t n, phys_report *report) {
    double length = sqrt(v3_dot(joint->axis, joint->axis));
    if (!phys_is_vector(joint->axis, 3, 1e6) || !is_within(length, 1e-6, 1e6))
        return phys_refuse(
            report, "joints[%zu].axis: (%g, %g, %g) must be a direction, with a length between 1e-6 and 1e6",
            n, joint->axis[0], joint->axis[1], joint->axis[2]);
    if (!(joint->lower == -INFINITY || fabs(joint->lower) <= 1e6))
        return phys_refuse(report, "joints[%zu].lower: %g must be within 1e6, or -infinity for none", n,
                           joint->lower);
    if (!(joint->upper == INFINITY || fabs(joint->upper) <= 1e6))
        return phys_refuse(report, "joints[%zu].upper: %g must be within 1e6, or infinity for none", n,
                           joint->upper);
    if (!(joint->lower < joint->upper))
        return phys_refuse(
            report, "joints[%zu].lower: %g must be below upper, %g; a joint that cannot move is a fixed one",
            n, joint->lower, joint->upper);
    if (!(joint->velocity_limit > 0))
        return phys_refuse(report, "joints[%zu].velocity_limit: %g must be positive, or infinite for none", n,
                           joint->velocity_limit);
    return true;
}

static bool check_forces(const phys_joint_def *joint, size_t n, phys_report *report) {
    const struct {
        const char *name;
        double value, low, high;
    } numbers[] = {
        {"armature", joint->armature, 0, 1e6},
        {"damping", joint->damping, 0, 1e9},
        {"stiffness", joint->stiffness, 0, 1e9},
        {"rest_position", joint->rest_position, -1e6, 1e6},
        {"dry_friction", joint->dry_friction, 0, 1e9},
        {"kp", joint->kp, 0, 1e9},
        {"kd", joint->kd, 0, 1e9},
        {"effort_limit", joint->effort_limit, 0, INFINITY},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!is_within(numbers[i].value, numbers[i].low, numbers[i].high))
            return phys_refuse(report, "joints[%zu].%s: %g must be between %g and %g", n, numbers[i].name,
                               numbers[i].value, numbers[i].low, numbers[i].high);
    if ((int)joint->drive < PHYS_DRIVE_NONE || (int)joint->drive > PHYS_DRIVE_VELOCITY)
        return phys_refuse(report,
                           "joints[%zu].drive: %d must be none (0), torque (1), position (2) or velocity (3)",
                           n, (int)joint->drive);
    return true;
}

/* A joint that follows another. */
static bool check_leader(const phys_world_def *def, size_t n, phys_report *report) {
    const phys_joint_def *joint = &def->joints[n];
    int32_t leader = joint->leader;
    if (leader == -1)
        return true;
    if (def->solver == PHYS_SOLVER_ODE)
        return phys_refuse(report,
                           "joints[%zu].leader: joints that follow others need the articulated solver", n);
    if (leader < 0 || leader >= (int32_t)def->joint_count || leader == (int32_t)n)
        return phys_refuse(report, "joints[%zu].leader: %d must be another joint, 0 to %zu, or -1", n, leader,
                           def->joint_count - 1);
    if (def->joints[leader].kind == PHYS_JOINT_FIXED || def->joints[leader].leader != -1)
        return phys_refuse(report, "joints[%zu].leader: joint %d is fixed, or follows another itself", n,
                           leader);
    if (!is_within(fabs(joint->ratio), 1e-6, 1e6))
        return phys_refuse(report, "joints[%zu].ratio: %g must be between 1e-6 and 1e6, or negative so", n,
                           joint->ratio);
    if (!is_within(joint->offset, -1e6, 1e6))
        return phys_refuse(report, "joints[%zu].offset: %g must be within 1e6", n, joint->offset);
    if (joint->drive != PHYS_DRIVE_NONE)
        return phys_refuse(report, "joints[%zu].drive: it follows joint %d, which is the one to drive", n,
                           leader);
    return true;
}

/* A leader with what its followers add to it. */
static bool check_sum(const phys_world_def *def, size_t n, phys_report *report) {
    phys_joint_def sum = phys_with_followers(def->joints, def->joint_count, n);
    if (!(sum.lower < sum.upper))
        return phys_refuse(report,
                           "joints[%zu].lower: its stops and those of the joints that follow it leave no "
                           "room: %g to %g",
                           n, sum.lower, sum.upper);
    return check_motion(&sum, n, report) && check_forces(&sum, n, report);
}

bool phys_check_joints(const phys_world_def *def, phys_report *report) {
    for (size_t n = 0; n < def->joint_count; n++) {
        if (!check_ends(def, n, report))
            return false;
        if (def->joints[n].kind == PHYS_JOINT_FIXED)
            continue;
        if (!check_motion(&def->joints[n], n, report) || !check_forces(&def->joints[n], n, report))
            return false;
    }
    for (size_t n = 0; n < def->joint_count; n++)
        if (def->joints[n].kind != PHYS_JOINT_FIXED && !check_leader(def, n, report))
            return false;
    for (size_t n = 0; n < def->joint_count; n++)
        if (def->joints[n].kind != PHYS_JOINT_FIXED && !check_sum(def, n, report))
            return false;
    return true;
}

/* The links that are no objects; they come first. */
size_t phys_robot_link_count(const phys_world_def *def) {
    return def->link_count - def->object_count;
}

/* Whether a link is one of those without mass that the articulated solver takes: not the base, no object. */
bool phys_is_massless(const phys_world_def *def, size_t link) {
    return def->links[link].mass == 0 && def->solver == PHYS_SOLVER_ARTICULATED &&
           (link > 0 || def->base == PHYS_BASE_FIXED) && link < phys_robot_link_count(def);
}

/* Whether another joint moves with this one. */
static bool is_coupled(const phys_world_def *def, int32_t n) {
    for (size_t k = 0; k < def->joint_count && n >= 0; k++)
        if (phys_follows(&def->joints[k]) && (k == (size_t)n || def->joints[k].leader == n))
            return true;
    return false;
}

/* A link without mass must carry one that has some, or move together with one. `parent`, `joint_of`: of each
 * link. */
static bool check_massless(const phys_world_def *def, const int32_t *parent, const int32_t *joint_of,
                           phys_report *report) {
    bool carries[PHYS_MAX_LINKS] = {false};
    for (size_t i = 0; i < def->link_count; i++)
        for (int32_t link = (int32_t)i; link >= 0 && !phys_is_massless(def, i) && !carries[link];
             link = parent[link])
            carries[link] = true;
    for (size_t i = 0; i < def->link_count; i++)
        if (!carries[i] && !is_coupled(def, joint_of[i]))
            return phys_refuse(report, "links[%zu].mass: it is 0, and no link with a mass hangs on it", i);
    return true;
}

/* Each link is a child once, and going up from any link ends. */
bool phys_check_tree(const phys_world_def *def, phys_report *report) {
    int32_t parent[PHYS_MAX_LINKS], joint_of[PHYS_MAX_LINKS];
    for (size_t i = 0; i < def->link_count; i++)
        parent[i] = joint_of[i] = -1;
    for (size_t n = 0; n < def->joint_count; n++) {
        const phys_joint_def *joint = &def->joints[n];
        if (joint_of[joint->child] >= 0)
            return phys_refuse(
                report, "joints[%zu].child: link %d is already the child of joints[%d]; a robot is a tree", n,
                joint->child, joint_of[joint->child]);
        joint_of[joint->child] = (int32_t)n;
        parent[joint->child] = joint->parent;
    }
    for (size_t i = 0; i < def->link_count; i++) {
        size_t steps = 0;
        for (int32_t link = (int32_t)i; link >= 0; link = parent[link])
            if (++steps > def->link_count)
                return phys_refuse(report,
                                   "joints[%d]: link %zu hangs on itself; a robot is a tree without loops",
                                   joint_of[i], i);
    }
    return check_massless(def, parent, joint_of, report);
}
