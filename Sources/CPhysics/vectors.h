/* SPDX-License-Identifier: MIT */
/* Small vector and quaternion arithmetic; quaternions are (w, x, y, z). */
#ifndef VECTORS_H
#define VECTORS_H

#include <math.h>

static inline double phys_clip(double value, double limit) {
    return value > limit ? limit : value < -limit ? -limit : value;
}
static inline double v3_dot(const double *a, const double *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
static inline double v3_length(const double *a) {
    return sqrt(v3_dot(a, a));
}
static inline void v3_copy(const double *a, double *out) {
    out[0] = a[0];
    out[1] = a[1];
    out[2] = a[2];
}
static inline void v3_sub(const double *a, const double *b, double *out) {
    for (int i = 0; i < 3; i++)
        out[i] = a[i] - b[i];
}
static inline void v3_add_scaled(double *a, double s, const double *b) {
    for (int i = 0; i < 3; i++)
        a[i] += s * b[i];
}
static inline void v3_cross(const double *a, const double *b, double *out) {
    double x = a[1] * b[2] - a[2] * b[1];
    double y = a[2] * b[0] - a[0] * b[2];
    double z = a[0] * b[1] - a[1] * b[0];
    out[0] = x;
    out[1] = y;
    out[2] = z;
}
static inline void q_multiply(const double *a, const double *b, double *out) {
    double w = a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3];
    double x = a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2];
    double y = a[0] * b[2] + a[2] * b[0] + a[3] * b[1] - a[1] * b[3];
    double z = a[0] * b[3] + a[3] * b[0] + a[1] * b[2] - a[2] * b[1];
    out[0] = w;
    out[1] = x;
    out[2] = y;
    out[3] = z;
}
static inline void q_conjugate(const double *a, double *out) {
    out[0] = a[0];
    for (int i = 1; i < 4; i++)
        out[i] = -a[i];
}
static inline void q_normalize(double *a) {
    double n = 1 / sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2] + a[3] * a[3]);
    for (int i = 0; i < 4; i++)
        a[i] *= n;
}
/* a rotated by q: a + 2 w (u x a) + 2 u x (u x a) */
static inline void q_rotate(const double *q, const double *a, double *out) {
    double t[3], s[3];
    v3_cross(q + 1, a, t);
    for (int i = 0; i < 3; i++)
        t[i] *= 2;
    v3_cross(q + 1, t, s);
    for (int i = 0; i < 3; i++)
        out[i] = a[i] + q[0] * t[i] + s[i];
}
/* a rotated by an ODE 3x4 rotation matrix */
static inline void r_rotate(const double *r, const double *a, double *out) {
    double x = r[0] * a[0] + r[1] * a[1] + r[2] * a[2];
    double y = r[4] * a[0] + r[5] * a[1] + r[6] * a[2];
    double z = r[8] * a[0] + r[9] * a[1] + r[10] * a[2];
    out[0] = x;
    out[1] = y;
    out[2] = z;
}
/* one of the axes that it turns x, y and z to */
static inline void r_axis(const double *r, int axis, double *out) {
    for (int i = 0; i < 3; i++)
        out[i] = r[4 * i + axis];
}

#endif
