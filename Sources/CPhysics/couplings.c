/* SPDX-License-Identifier: MIT */
/* Joints that follow others: the leader's coordinate moves both, so what a follower has of its own acts on
 * it. With q = ratio q_leader + offset a force f on q is one of ratio f on q_leader. */
#include "physics_internal.h"

bool phys_follows(const phys_joint_def *joint) {
    return joint->kind != PHYS_JOINT_FIXED && joint->leader >= 0;
}

/* Two springs on one coordinate are one, between their rests. */
static void add_spring(phys_joint_def *sum, double stiffness, double rest) {
    double both = sum->stiffness + stiffness;
    if (!(stiffness > 0))
        return;
    sum->rest_position = (sum->stiffness * sum->rest_position + stiffness * rest) / both;
    sum->stiffness = both;
}

static void add_follower(phys_joint_def *sum, const phys_joint_def *follower) {
    double ratio = follower->ratio, square = ratio * ratio;
    double one = (follower->lower - follower->offset) / ratio,
           two = (follower->upper - follower->offset) / ratio;
    sum->lower = fmax(sum->lower, fmin(one, two));
    sum->upper = fmin(sum->upper, fmax(one, two));
    sum->velocity_limit = fmin(sum->velocity_limit, follower->velocity_limit / fabs(ratio));
    sum->armature += square * follower->armature;
    sum->damping += square * follower->damping;
    sum->dry_friction += fabs(ratio) * follower->dry_friction;
    add_spring(sum, square * follower->stiffness, (follower->rest_position - follower->offset) / ratio);
}

/* A joint with all that its followers add to it. */
phys_joint_def phys_with_followers(const phys_joint_def *joints, size_t count, size_t leader) {
    phys_joint_def sum = joints[leader];
    for (size_t n = 0; n < count; n++)
        if (phys_follows(&joints[n]) && joints[n].leader == (int32_t)leader)
            add_follower(&sum, &joints[n]);
    return sum;
}

/* Gives leaders all that their followers have of their own. */
void phys_merge_followers(phys_world *world) {
    for (size_t n = 0; n < world->joint_count; n++) {
        phys_joint_def *def = &world->joints[n].def;
        if (!phys_follows(def))
            continue;
        add_follower(&world->joints[def->leader].def, def);
        def->lower = -INFINITY, def->upper = def->velocity_limit = INFINITY;
        def->armature = def->damping = def->stiffness = def->dry_friction = 0;
    }
}
