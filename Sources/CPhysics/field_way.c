/* SPDX-License-Identifier: MIT */
/* What is fast may come to another part of a height field within the step: it is looked for along its way. */
#include "physics_internal.h"

/* Where a geom's link will be: turned about its centre of mass, and moved. */
typedef struct {
    double turn[12], from[3], to[3];
} motion;

static motion motion_of(const phys_world *world, const phys_geom *geom, double time) {
    const phys_link *link = &world->links[geom->def.link];
    double speed = v3_length(link->w), half = 0.5 * time * speed;
    double share = half > 1e-8 ? sin(half) / speed : 0.5 * time, q[4] = {cos(half)};
    motion m;
    v3_add_scaled(q + 1, share, link->w);
    dRfromQ(m.turn, q);
    v3_copy(link->x, m.from);
    v3_copy(link->x, m.to);
    v3_add_scaled(m.to, time, link->v);
    return m;
}

static void move_geom(const motion *m, const phys_geom *geom, phys_geom *out) {
    double arm[3];
    v3_sub(geom->center, m->from, arm);
    r_rotate(m->turn, arm, out->center);
    v3_add_scaled(out->center, 1, m->to);
    for (int axis = 0; axis < 3; axis++) {
        double column[3];
        r_axis(geom->rotation, axis, column);
        r_rotate(m->turn, column, column);
        for (int i = 0; i < 3; i++)
            out->rotation[4 * i + axis] = column[i];
    }
}

/* A point that was found ahead as it is now; false where it does not come nearer, or stands for one of `out`.
 */
static bool bring_back(const motion *m, double apart, const phys_contact_point *out, int count,
                       phys_contact_point *point) {
    double arm[3], now[3];
    v3_sub(point->point, m->to, arm);
    for (int i = 0; i < 3; i++)
        now[i] = m->from[i] + m->turn[i] * arm[0] + m->turn[4 + i] * arm[1] + m->turn[8 + i] * arm[2];
    double closing = v3_dot(point->normal, point->point) - v3_dot(point->normal, now);
    for (int n = 0; n < count; n++) {
        v3_sub(out[n].point, now, arm);
        if (v3_dot(arm, arm) < apart * apart)
            return false;
    }
    v3_copy(now, point->point);
    point->gap -= closing;
    return closing < 0;
}

/* Where a shape is near a field now, and what it comes near to at so many places of its way: that of the step
 * and half of it more, since what hits with one end gets faster at its other. */
int phys_touch_field_ahead(const phys_world *world, const phys_geom *geom, const phys_geom *field,
                           double margin, int stopovers, phys_contact_point *out) {
    phys_geom ahead = *geom;
    int kept = phys_touch_field(geom, field, margin, out);
    for (int k = 1; k <= stopovers && kept < PAIR_CONTACTS; k++) {
        phys_contact_point found[PAIR_CONTACTS];
        motion moved = motion_of(world, geom, 1.5 * k * world->def.time_step / stopovers);
        move_geom(&moved, geom, &ahead);
        int count = phys_touch_field(&ahead, field, margin, found), before = kept;
        for (int n = 0; n < count && kept < PAIR_CONTACTS; n++)
            if (bring_back(&moved, geom->thickness / 2, out, before, &found[n]))
                out[kept++] = found[n];
    }
    return kept;
}
