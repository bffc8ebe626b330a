/* SPDX-License-Identifier: MIT */
/* Inverse dynamics by the recursive Newton-Euler algorithm: which efforts it takes to keep the velocities as
 * they are (Featherstone 2008, ch. 5). */
#include "articulated.h"

#include <string.h>

/* The change of a vector that moves along with a twist: twist x s. */
static void cross_motion(const double *twist, const double *s, double *out) {
    double linear[3], more[3];
    v3_cross(twist, s, out);
    v3_cross(twist, s + 3, linear);
    v3_cross(twist + 3, s, more);
    for (int i = 0; i < 3; i++)
        out[3 + i] = linear[i] + more[i];
}

/* The force that gives a body this acceleration at this twist: I a + twist x* I twist. */
static void inertial_force(const art_inertia *body, const double *a, const double *twist, double *out) {
    const double *i = body->inertia, *m = body->moment;
    const double *w = twist, *v = twist + 3, *linear = a + 3;
    double spin[3], push[3], t[3], u[3];
    spin[0] = i[0] * w[0] + i[3] * w[1] + i[4] * w[2] + m[1] * v[2] - m[2] * v[1];
    spin[1] = i[3] * w[0] + i[1] * w[1] + i[5] * w[2] + m[2] * v[0] - m[0] * v[2];
    spin[2] = i[4] * w[0] + i[5] * w[1] + i[2] * w[2] + m[0] * v[1] - m[1] * v[0];
    v3_cross(w, m, push);
    v3_add_scaled(push, body->mass, v);
    v3_cross(w, spin, t);
    v3_cross(v, push, u);
    out[0] = i[0] * a[0] + i[3] * a[1] + i[4] * a[2] + m[1] * linear[2] - m[2] * linear[1] + t[0] + u[0];
    out[1] = i[3] * a[0] + i[1] * a[1] + i[5] * a[2] + m[2] * linear[0] - m[0] * linear[2] + t[1] + u[1];
    out[2] = i[4] * a[0] + i[5] * a[1] + i[2] * a[2] + m[0] * linear[1] - m[1] * linear[0] + t[2] + u[2];
    v3_cross(a, m, t);
    v3_cross(w, push, u);
    for (int k = 0; k < 3; k++)
        out[3 + k] = body->mass * linear[k] + t[k] + u[k];
}

/* The pushes of the caller, taken off the force that is needed. */
static void take_off_external(const phys_world *world, art_link *link) {
    double force[3], torque[3], moment[3];
    phys_read_push(world, (size_t)link->link, force, torque);
    v3_cross(link->center, force, moment);
    for (int i = 0; i < 3; i++) {
        link->force[i] -= torque[i] + moment[i];
        link->force[3 + i] -= force[i];
    }
}

/* Twists, accelerations and the force that each link alone needs. */
static void go_up(phys_world *world, const double *velocity) {
    phys_articulated *art = world->articulated;
    for (size_t k = 0; k < art->link_count; k++) {
        art_link *link = &art->links[k];
        double *a = link->acceleration;
        if (link->parent < 0) {
            memset(a, 0, sizeof link->acceleration);
            memset(link->twist, 0, sizeof link->twist);
            if (link->joint < 0) { /* its linear velocity is that of its centre, which moves */
                phys_art_root_twist(link, velocity, link->twist);
                v3_cross(link->twist + 3, link->twist, a + 3);
            }
            v3_add_scaled(a + 3, -1, world->gravity);
        } else {
            memcpy(a, art->links[link->parent].acceleration, sizeof link->acceleration);
            memcpy(link->twist, art->links[link->parent].twist, sizeof link->twist);
        }
        if (link->dof >= 0) {
            const double *s = link->axis;
            double v = velocity[link->dof], turned[6];
            cross_motion(link->twist, s, turned);
            for (int i = 0; i < 6; i++) {
                link->twist[i] += v * s[i];
                a[i] += v * turned[i];
            }
        }
        inertial_force(&link->own, a, link->twist, link->force);
        if (phys_has_pushes(world))
            take_off_external(world, link);
    }
}

/* The efforts that keep the dofs at these velocities: gravity, velocity products and, with the sign turned,
 * the pushes. */
void phys_art_bias(phys_world *world, const double *velocity, double *bias) {
    phys_articulated *art = world->articulated;
    go_up(world, velocity);
    if (art->follower_count > 0) /* more than one link adds to a dof */
        memset(bias, 0, art->dof_count * sizeof *bias);
    for (size_t k = art->link_count; k-- > 0;) {
        const art_link *link = &art->links[k];
        if (link->dof >= 0) {
            const double *s = link->axis, *f = link->force;
            double effort = s[0] * f[0] + s[1] * f[1] + s[2] * f[2] + s[3] * f[3] + s[4] * f[4] + s[5] * f[5];
            bias[link->dof] = art->follower_count > 0 ? bias[link->dof] + effort : effort;
        }
        if (link->parent < 0)
            continue;
        double *parent = art->links[link->parent].force;
        for (int i = 0; i < 6; i++)
            parent[i] += link->force[i];
    }
    for (size_t k = 0; k < art->link_count; k++)
        if (art->links[k].joint < 0)
            phys_art_put_wrench(art->links[k].root_count, art->links[k].force, bias + art->links[k].root_dof);
}
