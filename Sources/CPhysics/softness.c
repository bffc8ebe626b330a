/* SPDX-License-Identifier: MIT */
/* How contacts and stops give way: the law of CPhysics.h, taken implicitly over one step.
 *
 * With the gap g (negative: r = -g), the speed apart v = g' and impedance d the law is
 *     d (v' - v) / h + (1 - d) A f = -b v' - k (g + h v'),    b = 2 / T,    k = 1 / (T zeta)^2,
 * where A f is the acceleration that the force f gives: hence v' + mixing f = target. In the step in which a
 * gap closes, it holds for the rest of the step alone. */
#include "physics_internal.h"

typedef struct {
    double damping, stiffness, impedance;
} law;

static law make_law(const phys_world *world, double time_constant, double ratio, double impedance) {
    double t = fmax(time_constant, 2 * world->def.time_step);
    return (law){2 / t, 1 / (t * t * ratio * ratio), impedance};
}

/* `rest`: how much of the step is left when the gap has closed; `entry`: the speed at which it closes. */
static phys_row_law soft_row(const law *law, double h, double gap, double rest, double entry,
                             double mobility) {
    double d = law->impedance, softness = rest * (law->damping + rest * law->stiffness);
    double inside = (d * entry + rest * law->stiffness * fmax(-gap, 0)) / fmax(d + softness, 1e-9);
    phys_row_law row = {(rest * inside - fmax(gap, 0)) / h, h * (1 - d) * mobility / fmax(d + softness, 1e-9),
                        0};
    return row;
}

double phys_rest_of_step(double h, double gap, double v) {
    if (gap <= 0)
        return h;
    return gap + h * v < 0 ? h + gap / v : 0;
}

/* Below this speed impacts do not bounce. */
static double bounce_threshold(const phys_world *world) {
    return 0.05 + 2 * world->def.time_step * sqrt(v3_dot(world->gravity, world->gravity));
}

/* The speed after a bounce. A step moves by its last speed, and ends some way above the surface: both belong
 * to the energy that a share e of the speed at the surface has, with what gravity accelerates by. */
static double bounce_speed(double h, double gap, double v, double fall, double e) {
    double before = v + h * fall / 2;
    double leaving = e * sqrt(fmax(before * before - 2 * fall * gap, 0));
    double rise = gap + h * leaving;
    return sqrt(fmax(leaving * leaving + 2 * fall * rise, 0)) - h * fall / 2;
}

/* The fastest way out that half of gravity stops at the surface; without gravity, a slow one. */
static double exit_speed(const phys_world *world, double depth) {
    double gravity = sqrt(v3_dot(world->gravity, world->gravity));
    return gravity > 0 ? sqrt(gravity * depth) : depth / (8 * world->contact_time_constant[0]);
}

phys_row_law phys_contact_law(const phys_world *world, const phys_contact_point *point, double v, double fall,
                              double mobility) {
    double h = world->def.time_step, gap = point->gap, free_speed = v + h * fall;
    law law = make_law(world, world->contact_time_constant[0], world->def.contact_damping_ratio,
                       world->def.contact_impedance);
    double rest = phys_rest_of_step(h, gap, free_speed);
    double entry = rest < h ? fmin(v + (h - rest) * fall, 0) : v; /* it closes, however it had moved */
    phys_row_law row = soft_row(&law, h, gap, rest, entry, mobility);
    double thickness = fmin(world->geoms[point->first].thickness, world->geoms[point->second].thickness);
    double deepest = fmin(0, -(gap + thickness / 4) / h);
    row.target = fmax(row.target, deepest);
    if (row.target > 0)
        row.target = fmin(row.target, exit_speed(world, -gap));
    if (point->restitution > 0 && rest > 0 && -free_speed > bounce_threshold(world))
        row.target = fmax(row.target, bounce_speed(h, gap, v, fall, point->restitution));
    return row;
}

/* Rows that are too hard or too soft for ODE's equations, see mobility.c. What is too soft has nearly the
 * same force throughout the step: a harder row that has it at the present speed `v` does the same. */
void phys_fit_to_ode(const phys_world *world, double v, phys_row_law *law) {
    double softest = world->def.time_step * world->mobility;
    if (law->mixing > softest) {
        law->target = v + (law->target - v) * softest / law->mixing;
        law->mixing = softest;
    }
    law->mixing = fmax(fmax(law->mixing, ROW_CFM), world->least_cfm);
}

/* How far beyond a stop a joint gets at most. */
static double deepest_stop(const phys_joint_def *def) {
    double quarter = (def->upper - def->lower) / 4;
    return def->kind == PHYS_JOINT_HINGE ? fmin(quarter, 0.25) : quarter;
}

phys_row_law phys_stop_law(const phys_world *world, const phys_joint *joint, double distance, double v,
                           double free_speed, double mobility) {
    double h = world->def.time_step;
    law law = make_law(world, world->def.stop_time_constant, world->def.stop_damping_ratio,
                       world->def.stop_impedance);
    phys_row_law row = soft_row(&law, h, distance, phys_rest_of_step(h, distance, v), v, mobility);
    row.target = fmax(row.target, fmin(0, -(distance + deepest_stop(&joint->def)) / h));
    /* A joint that nobody drives is braked on its way out, so that it stays; one that is driven is let go. */
    double alone = (v - h * law.stiffness * distance) / (1 + h * (law.damping + h * law.stiffness));
    double braking = v - alone - fmax(free_speed - v, 0);
    if (distance < 0 && braking > 0)
        row.pull = braking / (h * mobility);
    return row;
}
