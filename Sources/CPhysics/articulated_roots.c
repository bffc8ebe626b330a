/* SPDX-License-Identifier: MIT */
/* What moves without a joint: the base of a planar or floating robot, and each object. */
#include "articulated.h"

#include <string.h>

void phys_art_set_root(phys_world *world, size_t n, const double *x, const double *q, const double *v,
                       const double *w) {
    phys_articulated *art = world->articulated;
    art_link *root = &art->links[art->place_of[n]];
    v3_copy(x, root->x);
    memcpy(root->q, q, sizeof root->q);
    v3_copy(v, root->v);
    v3_copy(w, root->w);
}

/* It moves and turns at its velocity: the exponential map. */
static void move_root(art_link *root, double time) {
    v3_add_scaled(root->x, time, root->v);
    double speed = sqrt(v3_dot(root->w, root->w)), half = 0.5 * time * speed;
    double share = half > 1e-8 ? sin(half) / speed : 0.5 * time, q[4];
    double turn[4] = {cos(half), share * root->w[0], share * root->w[1], share * root->w[2]};
    q_multiply(turn, root->q, q);
    q_normalize(q);
    memcpy(root->q, q, sizeof q);
}

void phys_art_move_roots(phys_articulated *art, double time) {
    for (size_t k = 0; k < art->link_count; k++)
        if (art->links[k].joint < 0)
            move_root(&art->links[k], time);
}

/* The velocities of their dofs. */
void phys_art_read_roots(const phys_articulated *art, double *velocity) {
    for (size_t k = 0; k < art->link_count; k++) {
        const art_link *root = &art->links[k];
        double *out = velocity + root->root_dof;
        if (root->joint >= 0)
            continue;
        if (root->root_count == 3) {
            out[0] = root->v[0], out[1] = root->v[1], out[2] = root->w[2];
        } else {
            v3_copy(root->w, out);
            v3_copy(root->v, out + 3);
        }
    }
}

/* They take the solved velocities. */
void phys_art_take_roots(phys_articulated *art) {
    for (size_t k = 0; k < art->link_count; k++) {
        art_link *root = &art->links[k];
        double twist[6];
        if (root->joint >= 0)
            continue;
        phys_art_root_twist(root, art->velocity, twist);
        v3_copy(twist, root->w);
        v3_copy(twist + 3, root->v);
    }
}

void phys_art_root_twist(const art_link *root, const double *velocity, double *twist) {
    const double *own = velocity + root->root_dof;
    if (root->root_count == 3) {
        twist[0] = twist[1] = twist[5] = 0;
        twist[2] = own[2], twist[3] = own[0], twist[4] = own[1];
    } else {
        memcpy(twist, own, 6 * sizeof *twist);
    }
}

/* A wrench as what it does to the dofs of a base or object. */
void phys_art_put_wrench(int32_t root_count, const double *wrench, double *out) {
    if (root_count == 3) {
        out[0] = wrench[3], out[1] = wrench[4], out[2] = wrench[2];
    } else if (root_count == 6) {
        memcpy(out, wrench, 6 * sizeof *out);
    }
}
