/* SPDX-License-Identifier: MIT */
/* Which dofs there are, and on which each hangs.
 *
 * Two dofs are coupled where there is a link that both move. In a tree those that a dof is coupled with above
 * it are its ancestors. A joint that follows another shares its dof, which then is in more than one branch;
 * what takes the ancestors' part is the elimination tree (Liu 1990; Davis 2006, ch. 4): factoring M from the
 * last dof to the first fills no entry but those of a dof with its ancestors there, and all that is coupled
 * is on one of its chains. Without followers it is the robot's own tree. The six dofs of an object are a
 * chain of their own. */
#include "articulated.h"

#include <string.h>

typedef struct {
    bool is[ART_MAX_ROBOT_DOFS][ART_MAX_ROBOT_DOFS]; /* [later][earlier] */
} coupling;

static void couple(coupling *coupled, int32_t one, int32_t two) {
    coupled->is[one > two ? one : two][one > two ? two : one] = true;
}

static void number_dofs(const phys_world *world, int32_t base_count, art_order *order) {
    for (int32_t d = 0; d < base_count; d++)
        order->joint[d] = -1;
    order->count = base_count;
    for (size_t k = 0; k < world->link_count; k++) {
        int32_t n = world->links[world->order[k]].joint;
        if (n < 0)
            continue;
        order->dof_of[n] = -1;
        if (world->joints[n].def.kind == PHYS_JOINT_FIXED || phys_follows(&world->joints[n].def))
            continue;
        order->joint[order->count] = n;
        order->dof_of[n] = order->count++;
    }
    for (size_t n = 0; n < world->joint_count; n++)
        if (phys_follows(&world->joints[n].def))
            order->dof_of[n] = order->dof_of[world->joints[n].def.leader];
}

static void find_couplings(const phys_world *world, int32_t base_count, const art_order *order,
                           coupling *coupled) {
    memset(coupled, 0, sizeof *coupled);
    for (int32_t d = 0; d < order->count; d++)
        for (int32_t b = 0; b < base_count && b < d; b++)
            couple(coupled, d, b);
    for (size_t n = 0; n < world->joint_count; n++) {
        int32_t link = world->joints[n].def.parent;
        while (link >= 0 && order->dof_of[n] >= 0) {
            int32_t above = world->links[link].joint;
            if (above < 0)
                break;
            if (order->dof_of[above] >= 0)
                couple(coupled, order->dof_of[n], order->dof_of[above]);
            link = world->joints[above].def.parent;
        }
    }
}

/* Each dof, from the last to the first, becomes the root of all trees that it is coupled with. */
static void hang_up(const coupling *coupled, art_order *order) {
    for (int32_t d = order->count - 1; d >= 0; d--) {
        order->parent[d] = -1;
        for (int32_t i = d + 1; i < order->count; i++) {
            int32_t root = i;
            if (!coupled->is[i][d])
                continue;
            while (order->parent[root] >= 0)
                root = order->parent[root];
            if (root != d)
                order->parent[root] = d;
        }
    }
}

static void add_objects(size_t count, art_order *order) {
    for (size_t i = 0; i < 6 * count; i++) {
        order->joint[order->count] = -1;
        order->parent[order->count] = i % 6 == 0 ? -1 : order->count - 1;
        order->count++;
    }
}

void phys_art_order(const phys_world *world, int32_t base_count, art_order *order) {
    coupling coupled;
    number_dofs(world, base_count, order);
    find_couplings(world, base_count, order, &coupled);
    hang_up(&coupled, order);
    order->robot_count = order->count;
    add_objects(world->link_count - world->robot_link_count, order);
    order->deepest = 0;
    order->packed_count = 0;
    for (int32_t d = 0; d < order->count; d++) {
        int32_t parent = order->parent[d], length;
        order->depth[d] = parent >= 0 ? order->depth[parent] + 1 : 0;
        length = order->depth[d] + 1;
        order->packed_count += (size_t)length;
        order->deepest = length > order->deepest ? length : order->deepest;
    }
}
