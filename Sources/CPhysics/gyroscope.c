/* SPDX-License-Identifier: MIT */
/* The gyroscopic torque by Euler's equation. ODE's own is implicit and takes energy off a tumbling body. */
#include "physics_internal.h"

/* The inverse of a symmetric 3x3 matrix in ODE's 3x4 form, as xx, yy, zz, xy, xz, yz. */
static void invert(const dReal *m, double *out) {
    double a = m[0], b = m[5], c = m[10], d = m[1], e = m[2], f = m[6];
    double xx = b * c - f * f, xy = e * f - d * c, xz = d * f - e * b;
    double scale = 1 / (a * xx + d * xy + e * xz);
    out[0] = xx * scale, out[1] = (a * c - e * e) * scale, out[2] = (a * b - d * d) * scale;
    out[3] = xy * scale, out[4] = xz * scale, out[5] = (d * e - a * f) * scale;
}

/* w' = I^-1 ((I w) x w), in the body's axes. */
static void turn_rate(const dReal *inertia, const double *inverse, const double *w, double *out) {
    double momentum[3], torque[3];
    for (int i = 0; i < 3; i++)
        momentum[i] = v3_dot(&inertia[4 * i], w);
    v3_cross(momentum, w, torque);
    out[0] = inverse[0] * torque[0] + inverse[3] * torque[1] + inverse[4] * torque[2];
    out[1] = inverse[3] * torque[0] + inverse[1] * torque[1] + inverse[5] * torque[2];
    out[2] = inverse[4] * torque[0] + inverse[5] * torque[1] + inverse[2] * torque[2];
}

/* One step of Runge and Kutta's fourth order. */
static void advance(const dReal *inertia, const double *inverse, double h, double *w) {
    double k[4][3], at[3];
    for (int stage = 0; stage < 4; stage++) {
        v3_copy(w, at);
        if (stage > 0)
            v3_add_scaled(at, stage < 3 ? h / 2 : h, k[stage - 1]);
        turn_rate(inertia, inverse, at, k[stage]);
    }
    for (int i = 0; i < 3; i++)
        w[i] += h / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
}

/* Adds the torque that turns a free body's velocity as Euler's equation does over the step. */
void phys_add_gyroscopic_torque(const phys_world *world, size_t n) {
    enum { MOST = 64 };
    const phys_link *link = &world->links[n];
    double h = world->def.time_step, turned = h * link->tumbling * sqrt(v3_dot(link->w, link->w));
    double parts = ceil(4 * turned);
    bool is_slow = parts <= MOST;
    dBodySetGyroscopicMode(link->body, !is_slow);
    if (!is_slow || turned < 1e-9)
        return;
    double before[3], after[3], inverse[6], change[3], torque[3];
    for (int i = 0; i < 3; i++)
        before[i] = link->r[i] * link->w[0] + link->r[4 + i] * link->w[1] + link->r[8 + i] * link->w[2];
    v3_copy(before, after);
    invert(link->mass.I, inverse);
    turn_rate(link->mass.I, inverse, before, change);
    if (h * sqrt(v3_dot(change, change)) < 1e-15)
        return; /* about a principal axis, as in a plane */
    for (int k = 0; k < (int)parts; k++)
        advance(link->mass.I, inverse, h / parts, after);
    v3_sub(after, before, change);
    for (int i = 0; i < 3; i++)
        torque[i] = v3_dot(&link->mass.I[4 * i], change) / h * world->mass_scale[n] * world->unit;
    r_rotate(link->r, torque, torque);
    dBodyAddTorque(link->body, torque[0], torque[1], torque[2]);
}
