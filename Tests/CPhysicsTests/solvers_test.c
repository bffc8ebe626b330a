/* SPDX-License-Identifier: MIT */
/* The articulated solver beside dense arithmetic that is easy to believe, and beside ODE on random trees. */
#include "articulated.h"
#include "check.h"
#include "legged.h"
#include "trees.h"

#include <stdlib.h>
#include <string.h>

static phys_world *build(const tree *t, phys_solver solver, double step) {
    phys_world_def def = t->world;
    char text[PHYS_TEXT_SIZE] = "";
    phys_world *world = NULL;
    def.solver = solver;
    def.time_step = step;
    if (phys_world_create(&def, &world, text) != PHYS_OK ||
        phys_world_place(world, NULL, t->positions, t->velocities, def.joint_count) != PHYS_OK) {
        printf("a tree cannot be built: %s\n", text);
        exit(1);
    }
    return world;
}

/* ---- Dense twins of mass matrix, bias and solution, from energies alone. Fixed bases. */

static void energies(phys_world *world, const double *q, const double *v, double *out) {
    CHECK(phys_world_place(world, NULL, q, v, world->joint_count) == PHYS_OK);
    CHECK(phys_world_read(world, PHYS_ENERGY, out, 2) == PHYS_OK);
}

/* M from kinetic energies: E(e_i + e_j) - E(e_i) - E(e_j). */
static void dense_mass(phys_world *world, const double *q, double m[TREE_LINKS][TREE_LINKS]) {
    size_t n = world->joint_count;
    double alone[TREE_LINKS], energy[2];
    for (size_t i = 0; i < n; i++) {
        double v[TREE_LINKS] = {0};
        v[i] = 1;
        energies(world, q, v, energy);
        alone[i] = energy[0];
        m[i][i] = 2 * energy[0];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            double v[TREE_LINKS] = {0};
            v[i] = v[j] = 1;
            energies(world, q, v, energy);
            m[i][j] = m[j][i] = energy[0] - alone[i] - alone[j];
        }
}

/* Lagrange: c_i = sum_jk (dM_ij/dq_k - (1/2) dM_jk/dq_i) v_j v_k + dV/dq_i - the spring's own part. */
static void dense_bias(phys_world *world, const double *q, const double *v, double *bias) {
    size_t n = world->joint_count;
    double slope[TREE_LINKS][TREE_LINKS][TREE_LINKS], gravity[TREE_LINKS], h = 1e-5;
    static const double still[TREE_LINKS] = {0};
    for (size_t k = 0; k < n; k++) {
        double ahead[TREE_LINKS][TREE_LINKS], behind[TREE_LINKS][TREE_LINKS], near[TREE_LINKS], up[2],
            down[2];
        memcpy(near, q, n * sizeof *near);
        near[k] = q[k] + h;
        dense_mass(world, near, ahead);
        energies(world, near, still, up);
        near[k] = q[k] - h;
        dense_mass(world, near, behind);
        energies(world, near, still, down);
        const phys_joint_def *def = &world->joints[k].def;
        gravity[k] = (up[1] - down[1]) / (2 * h) - def->stiffness * (q[k] - def->rest_position);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                slope[i][j][k] = (ahead[i][j] - behind[i][j]) / (2 * h);
    }
    for (size_t i = 0; i < n; i++) {
        bias[i] = gravity[i];
        for (size_t j = 0; j < n; j++)
            for (size_t k = 0; k < n; k++)
                bias[i] += (slope[i][j][k] - 0.5 * slope[j][k][i]) * v[j] * v[k];
    }
}

/* A wrench on a link: the velocity along it, and what an impulse along it does. */
static double row_fault(phys_world *world, const double *v) {
    phys_articulated *art = world->articulated;
    double wrench[6], row[TREE_LINKS], moved[TREE_LINKS], sum = 0, worst = 0;
    for (int i = 0; i < 6; i++)
        wrench[i] = random_number();
    for (size_t k = 0; k < art->link_count; k++) {
        art->problem.row_count = art->half_count = 0;
        for (size_t d = 0; d < art->dof_count; d++) {
            memset(art->velocity, 0, art->dof_count * sizeof *art->velocity);
            art->velocity[d] = 1;
            art->half_count = 0;
            row[d] = moved[d] = phys_art_add_half(art, phys_art_new_row(art), &art->links[k], wrench);
            art->problem.row_count = 0;
        }
        art->half_count = 0;
        memcpy(art->velocity, v, art->dof_count * sizeof *v);
        art_row *made = phys_art_new_row(art);
        double along = phys_art_add_half(art, made, &art->links[k], wrench), twist = 0;
        for (int i = 0; i < 6; i++)
            twist += art->links[k].twist[i] * wrench[i];
        phys_art_solve(art, moved);
        sum = 0;
        for (size_t d = 0; d < art->dof_count; d++)
            sum += moved[d] * row[d];
        worst = fmax(worst, fabs(along - twist));
        worst = fmax(worst, fabs(phys_art_mobility(art, made) - sum) / (1 + sum));
        art->problem.row_count = 0;
    }
    return worst;
}

static void test_twins(bool is_coupled) {
    double worst_mass = 0, worst_bias = 0, worst_solution = 0, worst_row = 0;
    size_t followers = 0;
    for (int round = 0; round < (is_coupled ? 60 : 20); round++) {
        tree t;
        make_tree(&t, PHYS_BASE_FIXED);
        if (is_coupled)
            couple_tree(&t);
        for (int i = 0; i < TREE_LINKS; i++)
            t.joints[i].stiffness = t.joints[i].kp = 0; /* their gains depend on what the joint carries */
        t.joints[0].lower = -100;                       /* room for a row */
        phys_world *world = build(&t, PHYS_SOLVER_ARTICULATED, 0.001);
        phys_articulated *art = world->articulated;
        size_t n = world->joint_count;
        double m[TREE_LINKS][TREE_LINKS], bias[TREE_LINKS], found[TREE_LINKS], v[TREE_LINKS], x[TREE_LINKS],
            force[TREE_LINKS];
        dense_mass(world, t.positions, m);
        dense_bias(world, t.positions, t.velocities, bias);
        CHECK(phys_world_place(world, NULL, t.positions, t.velocities, n) == PHYS_OK);
        phys_art_set_inertia(world);
        for (size_t d = 0; d < art->dof_count; d++) {
            v[d] = art->start_velocity[d] = t.velocities[art->dofs[d].joint];
            x[d] = force[d] = random_number();
        }
        phys_art_bias(world, v, found);
        CHECK(phys_art_factor(world));
        phys_art_solve(art, x);
        followers += art->follower_count;
        if (art->row_limit > 0)
            worst_row = fmax(worst_row, row_fault(world, v));
        for (size_t d = 0; d < art->dof_count; d++) {
            size_t i = (size_t)art->dofs[d].joint;
            const art_dof *dof = &art->dofs[d];
            worst_bias = fmax(worst_bias, fabs(found[d] - bias[i]));
            for (int32_t p = 0; p <= dof->depth; p++) {
                size_t j = (size_t)art->dofs[art->chain[dof->start + (size_t)p]].joint;
                worst_mass = fmax(worst_mass, fabs(art->mass[dof->start + (size_t)p] - m[i][j]));
            }
        }
        /* (M + h gains) x must be the force again; the gains are those of the laws */
        for (size_t d = 0; d < art->dof_count; d++) {
            size_t i = (size_t)art->dofs[d].joint;
            art_law law;
            phys_art_set_law(world, &art->dofs[d], d, 1e9, &law);
            double sum = 0.001 * law.gain * x[d];
            for (size_t e = 0; e < art->dof_count; e++)
                sum += m[i][(size_t)art->dofs[e].joint] * x[e];
            worst_solution = fmax(worst_solution, fabs(sum - force[d]));
        }
        phys_world_destroy(world);
    }
    printf("dense twins, %zu followers: mass %.1e, bias %.1e, solution %.1e, rows %.1e\n", followers,
           worst_mass, worst_bias, worst_solution, worst_row);
    CHECK(worst_mass < 1e-12 && worst_bias < 1e-7 && worst_solution < 1e-11 && worst_row < 1e-12);
    CHECK(followers > (is_coupled ? 60 : 0) || !is_coupled);
}

/* ---- Beside ODE */

static double difference(phys_world *a, phys_world *b, phys_quantity quantity, double *size) {
    double one[16 * TREE_LINKS], two[16 * TREE_LINKS], most = 0;
    size_t n = phys_world_value_count(a, quantity);
    CHECK(phys_world_read(a, quantity, one, n) == PHYS_OK && phys_world_read(b, quantity, two, n) == PHYS_OK);
    *size = 0;
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fabs(one[i] - two[i]));
        *size = fmax(*size, fabs(two[i]));
    }
    return most;
}

/* How far the two are apart after 0.05 s, as a share. */
static double apart(const tree *t, double step, phys_quantity quantity) {
    phys_world *ode = build(t, PHYS_SOLVER_ODE, step), *articulated = build(t, PHYS_SOLVER_ARTICULATED, step);
    size_t steps = (size_t)lround(0.05 / step), joints = t->world.joint_count;
    CHECK(phys_world_step(ode, t->commands, joints, steps) == PHYS_OK);
    CHECK(phys_world_step(articulated, t->commands, joints, steps) == PHYS_OK);
    double size, most = difference(articulated, ode, quantity, &size);
    phys_world_destroy(ode);
    phys_world_destroy(articulated);
    return most / (size + 1e-3);
}

static void test_beside_ode(void) {
    static const phys_quantity quantities[] = {PHYS_JOINT_POSITIONS,        PHYS_JOINT_VELOCITIES,
                                               PHYS_LINK_POSITIONS,         PHYS_LINK_QUATERNIONS,
                                               PHYS_JOINT_FORCES,           PHYS_JOINT_TORQUES,
                                               PHYS_LINK_LINEAR_VELOCITIES, PHYS_LINK_ANGULAR_VELOCITIES};
    for (int base = PHYS_BASE_FIXED; base <= PHYS_BASE_FLOATING; base++)
        for (size_t k = 0; k < sizeof quantities / sizeof *quantities; k++) {
            double worst = 0;
            for (int round = 0; round < 6; round++) {
                tree t;
                make_tree(&t, (phys_base)base);
                worst = fmax(worst, apart(&t, 1e-4, quantities[k]));
            }
            printf("beside ode: base %d, quantity %d: %.1e\n", base, (int)quantities[k], worst);
            CHECK(worst < 2e-3);
        }
}

int main(void) {
    test_twins(false);
    test_twins(true);
    test_beside_ode();
    printf("%d failures\n", check_failures);
    return check_failures != 0;
}
