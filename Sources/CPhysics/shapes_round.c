/* SPDX-License-Identifier: MIT */
/* Where spheres and capsules are nearest to each other and to boxes: a sphere is a capsule of no length, and
 * a capsule is what is within its radius of a segment. Exact while the segments do not touch the other's. */
#include "physics_internal.h"

typedef struct {
    double start[3], along[3]; /* from one end to the other */
    double length, radius;
} segment;

static segment segment_of(const phys_geom *geom) {
    segment s;
    s.radius = geom->def.size[0];
    s.length = geom->def.shape == PHYS_SHAPE_CAPSULE ? geom->def.size[1] : 0;
    for (int i = 0; i < 3; i++) {
        s.along[i] = s.length * geom->rotation[4 * i + 2];
        s.start[i] = geom->center[i] - s.along[i] / 2;
    }
    return s;
}

static double clamp01(double t) {
    return t < 0 ? 0 : t > 1 ? 1 : t;
}

static void point_at(const segment *s, double t, double *out) {
    v3_copy(s->start, out);
    v3_add_scaled(out, t, s->along);
}

/* Two balls; nothing where their centres coincide, since that gives no direction. */
static int touch_balls(const double *a, double radius_a, const double *b, double radius_b, double margin,
                       phys_contact_point *out) {
    double apart[3];
    v3_sub(a, b, apart);
    double distance = sqrt(v3_dot(apart, apart)), gap = distance - radius_a - radius_b;
    if (!(gap < margin) || !(distance > 1e-12))
        return 0;
    out->gap = gap;
    for (int i = 0; i < 3; i++)
        out->normal[i] = apart[i] / distance;
    v3_copy(b, out->point);
    v3_add_scaled(out->point, radius_b + gap / 2, out->normal);
    return 1;
}

/* The parameter of the point of `s` that is nearest to `p`. */
static double nearest_on(const segment *s, const double *p) {
    double from[3];
    v3_sub(p, s->start, from);
    double square = s->length * s->length;
    return square > 0 ? clamp01(v3_dot(from, s->along) / square) : 0;
}

/* Nearest points of two segments (Ericson, Real-Time Collision Detection, 5.1.9). */
static void nearest_between(const segment *a, const segment *b, double *s, double *t) {
    double from[3], p[3], aa = a->length * a->length, bb = b->length * b->length;
    v3_sub(a->start, b->start, from);
    double ab = v3_dot(a->along, b->along), af = v3_dot(a->along, from), bf = v3_dot(b->along, from);
    double determinant = aa * bb - ab * ab;
    *s = determinant > 0 ? clamp01((ab * bf - af * bb) / determinant) : 0;
    point_at(a, *s, p);
    *t = nearest_on(b, p);
    point_at(b, *t, p);
    *s = nearest_on(a, p);
}

/* Capsules side by side touch at both ends of where they overlap. */
static int touch_parallel(const segment *a, const segment *b, double margin, phys_contact_point *out) {
    double end[3], other[3], s[2];
    int count = 0;
    for (int k = 0; k < 2; k++) {
        point_at(b, k, end);
        s[k] = nearest_on(a, end);
    }
    if (!(fabs(s[1] - s[0]) > 0.01))
        return 0;
    for (int k = 0; k < 2; k++) {
        point_at(a, s[k], end);
        point_at(b, nearest_on(b, end), other);
        count += touch_balls(end, a->radius, other, b->radius, margin, out + count);
    }
    return count;
}

/* At most 2 points between spheres and capsules. */
int phys_touch_round(const phys_geom *first, const phys_geom *second, double margin,
                     phys_contact_point *out) {
    segment a = segment_of(first), b = segment_of(second);
    double p[3], q[3], s, t, cross[3];
    v3_cross(a.along, b.along, cross);
    double sine = sqrt(v3_dot(cross, cross)), both = a.length * b.length;
    if (both > 0 && sine < 0.02 * both) {
        int count = touch_parallel(&a, &b, margin, out);
        if (count > 0)
            return count;
    }
    nearest_between(&a, &b, &s, &t);
    point_at(&a, s, p);
    point_at(&b, t, q);
    return touch_balls(p, a.radius, q, b.radius, margin, out);
}

/* ---- Boxes */

static void into_box(const phys_geom *box, const double *point, double *local) {
    double from[3];
    v3_sub(point, box->center, from);
    for (int i = 0; i < 3; i++)
        local[i] =
            box->rotation[i] * from[0] + box->rotation[4 + i] * from[1] + box->rotation[8 + i] * from[2];
}

/* From the box's surface to `local`; how far outside it is. */
static double outside(const phys_geom *box, const double *local, double *from) {
    for (int i = 0; i < 3; i++) {
        double half = box->def.size[i] / 2;
        from[i] = local[i] > half ? local[i] - half : local[i] < -half ? local[i] + half : 0;
    }
    return sqrt(v3_dot(from, from));
}

/* The surface nearest to a point inside: its axis is the direction. */
static double inside(const phys_geom *box, const double *local, double *normal) {
    int axis = 0;
    double depth = INFINITY;
    for (int i = 0; i < 3; i++) {
        double left = box->def.size[i] / 2 - fabs(local[i]);
        if (left < depth)
            depth = left, axis = i;
    }
    for (int i = 0; i < 3; i++)
        normal[i] = i != axis ? 0 : local[i] < 0 ? -1 : 1;
    return -depth;
}

/* A ball of the first geom and the box; `sign` -1 where the box is the first. */
static int touch_ball_box(const double *center, double radius, const phys_geom *box, double sign,
                          double margin, phys_contact_point *out) {
    double local[3], normal[3], turned[3];
    into_box(box, center, local);
    double distance = outside(box, local, normal);
    if (distance > 1e-12) {
        for (int i = 0; i < 3; i++)
            normal[i] /= distance;
    } else {
        distance = inside(box, local, normal);
    }
    double gap = distance - radius;
    if (!(gap < margin))
        return 0;
    r_rotate(box->rotation, normal, turned);
    out->gap = gap;
    v3_copy(center, out->point);
    v3_add_scaled(out->point, -radius - gap / 2, turned);
    for (int i = 0; i < 3; i++)
        out->normal[i] = sign * turned[i];
    return 1;
}

/* The distance to a box is convex along a segment: halving finds where it turns. */
static double nearest_to_box(const segment *s, const phys_geom *box) {
    double low = 0, high = 1;
    for (int k = 0; k < 30; k++) {
        double t = (low + high) / 2, p[3], local[3], from[3], turned[3];
        point_at(s, t, p);
        into_box(box, p, local);
        if (outside(box, local, from) == 0)
            return t;
        r_rotate(box->rotation, from, turned);
        if (v3_dot(turned, s->along) > 0)
            high = t;
        else
            low = t;
    }
    return (low + high) / 2;
}

/* At most 3 points between a sphere or a capsule and a box: of the ends, and of what is nearer between them.
 */
int phys_touch_box(const phys_geom *round, const phys_geom *box, double sign, double margin,
                   phys_contact_point *out) {
    segment s = segment_of(round);
    double p[3];
    int count = 0;
    if (s.length == 0)
        return touch_ball_box(s.start, s.radius, box, sign, margin, out);
    for (int k = 0; k < 2; k++) {
        point_at(&s, k, p);
        count += touch_ball_box(p, s.radius, box, sign, margin, out + count);
    }
    double t = nearest_to_box(&s, box);
    if (t < 0.01 || t > 0.99)
        return count;
    point_at(&s, t, p);
    phys_contact_point *middle = out + count;
    if (touch_ball_box(p, s.radius, box, sign, margin, middle) == 0)
        return count;
    for (int k = 0; k < count; k++)
        if (out[k].gap <= middle->gap + 1e-3 * s.radius)
            return count;
    return count + 1;
}
