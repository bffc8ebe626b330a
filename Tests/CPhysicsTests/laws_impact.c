/* SPDX-License-Identifier: MIT */
/* Impacts: how far bodies go in, whether they bounce, and that nothing passes. */
#include "laws.h"

typedef struct {
    double deepest, rise; /* m below the surface, and above it after the impact */
} fall;

static fall drop(phys_solver solver, double step, double height, double restitution, double seconds) {
    double radius = 0.1, z = 0, lowest = 1, highest = 0;
    robot r;
    make_body(&r, solver, step, PHYS_SHAPE_SPHERE, radius, 0.5);
    r.pairs[0].restitution = restitution;
    phys_world *world = build(&r);
    phys_base_state base = base_at(0, 0, radius + height);
    phys_world_place(world, &base, 0, 0, 0);
    bool is_after = false;
    for (int i = 0; i < (int)(seconds / step); i++) {
        step_for(world, step, step, 0);
        z = read_one(world, PHYS_LINK_POSITIONS, 2) - radius;
        lowest = fmin(lowest, z);
        is_after = is_after || read_one(world, PHYS_LINK_LINEAR_VELOCITIES, 2) >= 0;
        if (is_after)
            highest = fmax(highest, z);
    }
    phys_world_destroy(world);
    return (fall){-lowest, highest};
}

/* Without restitution. Error: the speed with which it leaves, as a share of that of the impact. */
double law_no_bounce(phys_solver solver, double step) {
    double worst = 0;
    for (double height = 0.1; height < 20; height *= 10)
        worst = larger(worst, sqrt(drop(solver, step, height, 0, 4).rise / height));
    return worst;
}

/* Error: of the speed with which it leaves, as a share of that of the impact. */
double law_restitution(phys_solver solver, double step) {
    double worst = 0;
    for (double e = 0.3; e < 1.05; e += 0.175)
        worst = larger(worst, sqrt(drop(solver, step, 1, e, 0.45 + 0.45 * e).rise) - e);
    return worst;
}

/* A fall of 1 m goes in by v T / e. Error: as a share of it. */
double law_impact_depth(phys_solver solver, double step) {
    return drop(solver, step, 1, 0, 0.6).deepest / (sqrt(2 * GRAVITY) * 0.02 / exp(1)) - 1;
}

static double bullet_depth(phys_solver solver, double step, phys_shape shape, double speed, bool is_slab) {
    double radius = 0.02, lowest = 1;
    robot r;
    make_body(&r, solver, step, shape, radius, 0.5);
    if (is_slab) {
        r.geoms[0].shape = PHYS_SHAPE_BOX;
        r.geoms[0].size[0] = r.geoms[0].size[1] = 20;
        r.geoms[0].size[2] = 0.05;
        r.geoms[0].position[2] = -0.025;
    }
    phys_world *world = build(&r);
    phys_base_state base = base_at(0, 0, 1.0037);
    base.linear_velocity[2] = -speed;
    base.quaternion[0] = base.quaternion[1] = sqrt(0.5);
    phys_world_place(world, &base, 0, 0, 0);
    for (int i = 0; i < (int)(1 / step); i++) {
        step_for(world, step, step, 0);
        lowest = fmin(lowest, read_one(world, PHYS_LINK_POSITIONS, 2));
    }
    phys_world_destroy(world);
    return (radius - lowest) / radius;
}

/* Bodies of 2 cm radius at 5 to 150 m/s onto a slab of 5 cm and onto a plane. Error: how deep they are in it,
 * in radii: a contact grows hard before half a radius. */
double law_fast_on_slab(phys_solver solver, double step) {
    double worst = 0;
    for (int slab = 0; slab < 2; slab++)
        for (double speed = 5; speed < 200; speed *= 5.4)
            for (int shape = PHYS_SHAPE_BOX; shape <= PHYS_SHAPE_CYLINDER; shape++)
                worst = larger(worst, bullet_depth(solver, step, (phys_shape)shape, speed, slab));
    return worst;
}

/* A box starts deep in the ground: it comes out without a jump. Error: m above where it belongs, at most and
 * in the end. */
double law_deep_start(phys_solver solver, double step) {
    double worst = 0;
    for (double depth = 0.02; depth < 0.4; depth *= 4) {
        double highest = -1, z = 0;
        robot r;
        make_body(&r, solver, step, PHYS_SHAPE_BOX, 0.2, 0.5);
        phys_world *world = build(&r);
        phys_base_state base = base_at(0, 0, 0.2 - depth);
        phys_world_place(world, &base, 0, 0, 0);
        for (int i = 0; i < (int)(3 / step); i++) {
            step_for(world, step, step, 0);
            z = read_one(world, PHYS_LINK_POSITIONS, 2) - 0.2;
            highest = fmax(highest, z);
        }
        worst = larger(worst, larger(fmax(highest, 0), z));
        phys_world_destroy(world);
    }
    return worst;
}
