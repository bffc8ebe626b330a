/* SPDX-License-Identifier: MIT */
/* The articulated solver beside dense arithmetic that is easy to believe, and beside ODE on random trees. */
#include "articulated.h"
#include "check.h"
#include "legged.h"

#include <stdlib.h>
#include <string.h>

enum { LINKS = 7 };

typedef struct {
    phys_world_def world;
    phys_link_def links[LINKS];
    phys_joint_def joints[LINKS];
    double positions[LINKS], velocities[LINKS], commands[LINKS];
} tree;

static double between(double low, double high) {
    return low + (high - low) * 0.5 * (random_number() + 1);
}

static void random_link(phys_link_def *link, bool is_planar) {
    *link = phys_link_default_def();
    link->mass = between(0.5, 2);
    for (int i = 0; i < 3; i++) {
        link->inertia[i] = between(0.02, 0.06);
        link->inertia[3 + i] = between(-0.005, 0.005);
        link->center_of_mass[i] = between(-0.1, 0.1);
        link->position[i] = between(-0.4, 0.4);
    }
    double half = between(-1, 1);
    link->quaternion[0] = cos(half);
    link->quaternion[is_planar ? 2 : 1] = sin(half);
}

static void random_joint(phys_joint_def *joint, int32_t parent, int32_t child, bool is_planar) {
    *joint = phys_joint_default_def();
    joint->kind = random_number() < 0.4   ? PHYS_JOINT_HINGE
                  : random_number() < 0.5 ? PHYS_JOINT_SLIDER
                                          : PHYS_JOINT_FIXED;
    joint->parent = parent;
    joint->child = child;
    for (int i = 0; i < 3; i++) {
        joint->anchor[i] = between(-0.4, 0.4);
        joint->axis[i] = between(-1, 1);
    }
    if (is_planar && joint->kind == PHYS_JOINT_HINGE) {
        joint->axis[0] = joint->axis[2] = 0;
        joint->axis[1] = 1;
    }
    /* With ODE the armature of a slider whose parent turns resists J (v' - v) at one pose, without the turn
     * of J. */
    if (joint->kind != PHYS_JOINT_SLIDER || parent < 0)
        joint->armature = 0.02;
    joint->damping = between(0, 0.3);
    joint->stiffness = between(0, 20);
    joint->rest_position = between(-0.3, 0.3);
    joint->drive = (phys_drive)(int)between(0, 3.999);
    joint->kp = between(0, 30);
    joint->kd = between(0, 1);
}

static void make_tree(tree *t, phys_base base) {
    memset(t, 0, sizeof *t);
    bool is_planar = base == PHYS_BASE_PLANAR;
    int32_t offset = base == PHYS_BASE_FIXED ? 0 : 1;
    t->world = phys_world_default_def();
    t->world.base = base;
    t->world.links = t->links, t->world.link_count = LINKS;
    t->world.joints = t->joints, t->world.joint_count = (size_t)(LINKS - offset);
    for (int i = 0; i < LINKS; i++)
        random_link(&t->links[i], is_planar);
    for (int32_t i = 0; i < LINKS - offset; i++) {
        int32_t child = i + offset, parent = (int32_t)floor(between(offset - 1, child - 1e-9));
        random_joint(&t->joints[i], parent, child, is_planar);
        t->positions[i] = between(-0.5, 0.5);
        t->velocities[i] = between(-1, 1);
        t->commands[i] = between(-1, 1);
        if (t->joints[i].kind == PHYS_JOINT_FIXED)
            t->positions[i] = t->velocities[i] = 0;
    }
}

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
static void dense_mass(phys_world *world, const double *q, double m[LINKS][LINKS]) {
    size_t n = world->joint_count;
    double alone[LINKS], energy[2];
    for (size_t i = 0; i < n; i++) {
        double v[LINKS] = {0};
        v[i] = 1;
        energies(world, q, v, energy);
        alone[i] = energy[0];
        m[i][i] = 2 * energy[0];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            double v[LINKS] = {0};
            v[i] = v[j] = 1;
            energies(world, q, v, energy);
            m[i][j] = m[j][i] = energy[0] - alone[i] - alone[j];
        }
}

/* Lagrange: c_i = sum_jk (dM_ij/dq_k - (1/2) dM_jk/dq_i) v_j v_k + dV/dq_i - the spring's own part. */
static void dense_bias(phys_world *world, const double *q, const double *v, double *bias) {
    size_t n = world->joint_count;
    double slope[LINKS][LINKS][LINKS], gravity[LINKS], h = 1e-5;
    static const double still[LINKS] = {0};
    for (size_t k = 0; k < n; k++) {
        double ahead[LINKS][LINKS], behind[LINKS][LINKS], near[LINKS], up[2], down[2];
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

static void test_twins(void) {
    double worst_mass = 0, worst_bias = 0, worst_solution = 0;
    for (int round = 0; round < 20; round++) {
        tree t;
        make_tree(&t, PHYS_BASE_FIXED);
        for (int i = 0; i < LINKS; i++)
            t.joints[i].stiffness = t.joints[i].kp = 0; /* their gains depend on what the joint carries */
        phys_world *world = build(&t, PHYS_SOLVER_ARTICULATED, 0.001);
        phys_articulated *art = world->articulated;
        size_t n = world->joint_count;
        double m[LINKS][LINKS], bias[LINKS], found[LINKS], v[LINKS], x[LINKS], force[LINKS];
        dense_mass(world, t.positions, m);
        dense_bias(world, t.positions, t.velocities, bias);
        CHECK(phys_world_place(world, NULL, t.positions, t.velocities, n) == PHYS_OK);
        phys_art_set_inertia(world);
        for (size_t d = 0; d < art->dof_count; d++) {
            v[d] = t.velocities[art->dofs[d].joint];
            x[d] = force[d] = random_number();
        }
        phys_art_bias(world, v, found);
        CHECK(phys_art_factor(world));
        phys_art_solve(art, x);
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
    printf("dense twins: mass %.1e, bias %.1e, solution %.1e\n", worst_mass, worst_bias, worst_solution);
    CHECK(worst_mass < 1e-12 && worst_bias < 1e-7 && worst_solution < 1e-11);
}

/* ---- Beside ODE */

static double difference(phys_world *a, phys_world *b, phys_quantity quantity, double *size) {
    double one[16 * LINKS], two[16 * LINKS], most = 0;
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
    test_twins();
    test_beside_ode();
    printf("%d failures\n", check_failures);
    return check_failures != 0;
}
