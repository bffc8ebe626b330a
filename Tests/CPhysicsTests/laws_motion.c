/* SPDX-License-Identifier: MIT */
/* What free motion keeps. */
#include "laws.h"

#include <string.h>

static const double moments[3] = {0.01, 0.02, 0.028};

/* v into the axes that q turns to. */
static void turn_back(const double *q, const double *v, double *out) {
    double u[3] = {-q[1], -q[2], -q[3]}, t[3];
    for (int i = 0; i < 3; i++)
        t[i] = 2 * (u[(i + 1) % 3] * v[(i + 2) % 3] - u[(i + 2) % 3] * v[(i + 1) % 3]);
    for (int i = 0; i < 3; i++)
        out[i] = v[i] + q[0] * t[i] + u[(i + 1) % 3] * t[(i + 2) % 3] - u[(i + 2) % 3] * t[(i + 1) % 3];
}

/* |L| and energy after 60 s of tumbling, as shares of those at first. */
static void tumble(phys_solver solver, double step, const double *w, double *momentum, double *energy) {
    double before[3], after[3], q[4], velocity[3], L[2][3], start[2], end[2];
    robot r;
    make_robot(&r, solver, step, 1, 0);
    r.world.gravity[2] = 0;
    memcpy(r.links[0].inertia, moments, sizeof moments);
    phys_world *world = build(&r);
    phys_base_state base = base_at(0, 0, 0);
    memcpy(base.angular_velocity, w, sizeof base.angular_velocity);
    phys_world_place(world, &base, 0, 0, 0);
    read_all(world, PHYS_ENERGY, start);
    step_for(world, step, 60, 0);
    read_all(world, PHYS_ENERGY, end);
    read_all(world, PHYS_LINK_QUATERNIONS, q);
    read_all(world, PHYS_LINK_ANGULAR_VELOCITIES, velocity);
    phys_world_destroy(world);
    memcpy(before, w, sizeof before);
    turn_back(q, velocity, after);
    for (int i = 0; i < 3; i++)
        L[0][i] = moments[i] * before[i], L[1][i] = moments[i] * after[i];
    *momentum = length_of(L[1]) / length_of(L[0]);
    *energy = end[0] / start[0];
}

static double tumbling(phys_solver solver, double step, bool is_energy) {
    static const double spins[3][3] = {{0.1, 5, 0.1}, {2, 1, 5}, {8, 0.5, 0.3}};
    double worst = 0, momentum, energy;
    for (int i = 0; i < 3; i++) {
        tumble(solver, step, spins[i], &momentum, &energy);
        worst = larger(worst, (is_energy ? energy : momentum) - 1);
    }
    return worst;
}

double law_tumbling_momentum(phys_solver solver, double step) {
    return tumbling(solver, step, false);
}

double law_tumbling_energy(phys_solver solver, double step) {
    return tumbling(solver, step, true);
}

/* Error: the most that a double pendulum's energy is off in 60 s, J of 19.6. */
double law_double_pendulum(phys_solver solver, double step) {
    double q[2] = {2, -1}, energy[2], worst = 0;
    robot r;
    make_robot(&r, solver, step, 2, 2);
    for (int i = 0; i < 2; i++) {
        r.links[i].inertia[0] = r.links[i].inertia[1] = 1.0 / 12 + 0.001;
        r.links[i].inertia[2] = 0.001;
        r.links[i].position[2] = r.joints[i].anchor[2] = -i;
        r.links[i].center_of_mass[2] = -0.5;
        r.joints[i].axis[1] = 1, r.joints[i].axis[2] = 0;
    }
    phys_world *world = build(&r);
    phys_world_place(world, 0, q, 0, 2);
    read_all(world, PHYS_ENERGY, energy);
    double start = energy[0] + energy[1];
    for (int i = 0; i < 6000; i++) {
        step_for(world, step, 0.01, 0);
        read_all(world, PHYS_ENERGY, energy);
        worst = larger(worst, energy[0] + energy[1] - start);
    }
    phys_world_destroy(world);
    return worst;
}
