/* SPDX-License-Identifier: MIT */
/* The convex law of CPhysics.h over one step, by its speed and depth in the middle: of second order while the
 * row is felt. What is too fast for the step is taken at its end, as springs and dampers are. */
#include "physics_internal.h"

/* MuJoCo's bounds on impedances. */
#define SOFTEST 0.0001
#define HARDEST 0.9999

typedef struct {
    double time_constant, ratio, impedance;
} material;

/* `rest`: how much of the step is left when the gap has closed. */
static phys_row_law make_row(const material *material, double h, double rest, const phys_approach *way,
                             double depth, double mobility) {
    double d = fmin(fmax(material->impedance, SOFTEST), HARDEST), t = fmax(material->time_constant, 2 * h);
    double damping = rest * 2 / (d * t),
           spring = rest * rest / (d * t * t * material->ratio * material->ratio);
    double after = damping > 2 ? 1 - 1 / damping : 0.5, late = spring > 1 ? 1 - 1 / spring : 0;
    double share = 1 / (1 + after * damping + late * spring);
    double entry = way->before + (h - rest) * (way->after - way->before) / h;
    phys_row_law row = {share * (entry * (1 - (1 - after) * damping) + spring / rest * depth),
                        h * share * (1 - d) / d * mobility, 0};
    return row;
}

/* The law of a row of a contact that is felt in this step; `normal`: along the normal. */
phys_row_law phys_convex_contact_law(const phys_world *world, const phys_contact_point *point,
                                     const phys_approach *normal, const phys_approach *way, double mobility) {
    double h = world->def.time_step, gap = point->gap, rest = phys_rest_of_step(h, gap, normal->after);
    double entry = normal->before + (h - rest) * (normal->after - normal->before) / h;
    material material = {world->contact_time_constant[0], world->def.contact_damping_ratio,
                         world->def.contact_impedance};
    phys_row_law row =
        make_row(&material, h, rest, way, gap < 0 ? -gap : fmax(-entry, 0) * rest / 2, mobility);
    double thickness = fmin(world->geoms[point->first].thickness, world->geoms[point->second].thickness);
    row.target = fmax(row.target, fmin(0, -(gap + thickness / 2) / h)); /* nothing passes */
    return row;
}

/* Of a stop that the joint meets in this step. */
phys_row_law phys_convex_stop_law(const phys_world *world, double distance, const phys_approach *way,
                                  double mobility) {
    double h = world->def.time_step, rest = phys_rest_of_step(h, distance, way->after);
    material material = {world->def.stop_time_constant, world->def.stop_damping_ratio,
                         world->def.stop_impedance};
    return make_row(&material, h, rest, way, distance < 0 ? -distance : fmax(-way->after, 0) * rest / 2,
                    mobility);
}
