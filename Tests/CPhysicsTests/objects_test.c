/* SPDX-License-Identifier: MIT */
/* Objects move as a floating robot of one link does, and touch each other and the robot. */
#include "check.h"
#include "objects.h"

#include <string.h>

static const phys_solver solvers[] = {PHYS_SOLVER_ODE, PHYS_SOLVER_ARTICULATED};
#define EACH_SOLVER(solver)                                                                                  \
    for (const phys_solver *solver = solvers; solver < solvers + 2; solver++)

static phys_base_state thrown(void) {
    phys_base_state at = base_at(0.1, -0.2, 0.8);
    double length = sqrt(1 + 0.09 + 0.04 + 0.25);
    at.quaternion[0] = 1 / length, at.quaternion[1] = 0.3 / length, at.quaternion[2] = -0.2 / length;
    at.quaternion[3] = 0.5 / length;
    at.linear_velocity[0] = 1.5, at.linear_velocity[1] = -0.7;
    at.angular_velocity[0] = 3, at.angular_velocity[2] = -2;
    return at;
}

/* It falls, is hit by the ground, rolls and rests as a robot of this one link. */
static void test_like_a_robot(phys_solver solver, phys_shape shape) {
    robot alone, beside;
    phys_base_state at = thrown();
    make_body(&alone, solver, 0.002, shape, 0.1, 0.6);
    make_object(&beside, solver, 0.002, shape, 0.1, 0.6);
    phys_world *one = build(&alone), *two = build(&beside);
    CHECK(phys_world_place(one, &at, NULL, NULL, 0) == PHYS_OK);
    CHECK(phys_world_place_object(two, 0, &at) == PHYS_OK);
    double worst = 0, first[LINK_NUMBERS], second[LINK_NUMBERS];
    for (int i = 0; i < 1500; i++) {
        step_for(one, 0.002, 0.002, NULL);
        step_for(two, 0.002, 0.002, NULL);
        read_link(one, 0, first);
        read_link(two, 1, second);
        for (int k = 0; k < LINK_NUMBERS; k++)
            worst = larger(worst, first[k] - second[k]);
    }
    CHECK(worst <= 1e-12);
    CHECK(first[2] < 0.6 && fabs(first[5]) < 0.01); /* it came to the ground */
    phys_world_destroy(one);
    phys_world_destroy(two);
}

/* Linear and angular momentum about the world's origin, of all links that are free. */
static void add_momentum(const phys_world *world, const robot *r, size_t first, double *sum) {
    memset(sum, 0, 6 * sizeof *sum);
    for (size_t n = first; n < r->world.link_count; n++) {
        double m[LINK_NUMBERS], turning[3] = {0, 0, 0};
        read_link(world, n, m);
        /* inertias here are those of spheres */
        for (int i = 0; i < 3; i++) {
            turning[i] = r->links[n].inertia[0] * m[6 + i];
            sum[i] += r->links[n].mass * m[3 + i];
        }
        sum[3] += turning[0] + r->links[n].mass * (m[1] * m[5] - m[2] * m[4]);
        sum[4] += turning[1] + r->links[n].mass * (m[2] * m[3] - m[0] * m[5]);
        sum[5] += turning[2] + r->links[n].mass * (m[0] * m[4] - m[1] * m[3]);
    }
}

/* Two that hit each other off centre, with friction; the first is a floating robot, or an object too. */
static void test_momentum(phys_solver solver, bool is_robot, double restitution) {
    robot r;
    size_t first = is_robot ? 0 : 1, links = first + 2;
    make_robot(&r, solver, 0.002, links, links);
    r.world.gravity[2] = 0;
    r.world.object_count = is_robot ? 1 : 2;
    r.world.base = is_robot ? PHYS_BASE_FLOATING : PHYS_BASE_FIXED;
    r.world.joint_count = is_robot ? 0 : 1;
    r.world.geom_count = 2, r.world.pair_count = 1;
    r.pairs[0] = (phys_pair_def){0, 1, 0.5, restitution};
    for (size_t i = 0; i < 2; i++) {
        phys_link_def *link = &r.links[first + i];
        link->mass = i == 0 ? 1 : 3;
        link->inertia[0] = link->inertia[1] = link->inertia[2] = 0.004 * link->mass;
        link->position[0] = i == 0 ? 0 : 0.5;
        link->position[1] = i == 0 ? 0 : 0.05;
        r.geoms[i].shape = i == 0 ? PHYS_SHAPE_SPHERE : PHYS_SHAPE_BOX;
        r.geoms[i].link = (int32_t)(first + i);
        r.geoms[i].size[0] = i == 0 ? 0.1 : 0.2;
        r.geoms[i].size[1] = r.geoms[i].size[2] = 0.2;
    }
    phys_world *world = build(&r);
    phys_base_state at = base_at(0, 0, 0.02);
    at.linear_velocity[0] = 2, at.angular_velocity[2] = 5;
    CHECK((is_robot ? phys_world_place(world, &at, NULL, NULL, 0)
                    : phys_world_place_object(world, 0, &at)) == PHYS_OK);
    double before[6], after[6], target[LINK_NUMBERS];
    add_momentum(world, &r, first, before);
    step_for(world, 0.002, 0.4, NULL);
    add_momentum(world, &r, first, after);
    for (int i = 0; i < 6; i++)
        CHECK(fabs(after[i] - before[i]) < (i < 3 ? 1e-9 : 1e-5));
    read_link(world, first + 1, target);
    CHECK(target[3] > 0.3 && fabs(target[4]) > 1e-3 && fabs(target[8]) > 0.1);
    if (restitution == 1) {
        double energy[2];
        read_all(world, PHYS_ENERGY, energy);
        CHECK(energy[0] < 0.5 * 4 + 0.5 * 0.004 * 25 + 1e-9);
    }
    phys_world_destroy(world);
}

/* A box of 2 kg on the ground: it stays where the push is below mu m g, else it goes by what is above. */
static void test_coulomb(phys_solver solver) {
    robot r;
    make_object(&r, solver, 0.005, PHYS_SHAPE_BOX, 0.1, 0.4);
    set_solid_box(&r.links[1], 2, 0.2, 0.2, 0.2);
    phys_world *world = build(&r);
    phys_base_state at = base_at(0, 0, 0.1);
    double bound = 0.4 * 2 * GRAVITY, numbers[LINK_NUMBERS];
    for (int is_above = 0; is_above < 2; is_above++) {
        double push[3] = {is_above ? 1.5 * bound : 0.95 * bound, 0, 0}, torque[3] = {0, 0, 0};
        CHECK(phys_world_place(world, NULL, NULL, NULL, 1) == PHYS_OK);
        CHECK(phys_world_place_object(world, 0, &at) == PHYS_OK);
        step_for(world, 0.005, 0.1, NULL);
        for (int i = 0; i < 100; i++) {
            CHECK(phys_world_set_external_force(world, 1, push, torque) == PHYS_OK);
            step_for(world, 0.005, 0.005, NULL);
        }
        read_link(world, 1, numbers);
        double expected = is_above ? 0.5 * bound / 2 * 0.5 : 0;
        CHECK(fabs(numbers[3] - expected) < 1e-6);
    }
    phys_world_destroy(world);
}

/* What a piston does that pushes a box is what friction takes. */
static void test_pushed_by_robot(phys_solver solver) {
    robot r;
    make_piston(&r, solver);
    phys_world *world = build(&r);
    double command = 0.2, box[LINK_NUMBERS], forces[9];
    step_for(world, 0.002, 2, &command);
    read_link(world, 1, box);
    read_all(world, PHYS_GEOM_CONTACT_FORCES, forces);
    CHECK(fabs(box[3] - 0.2) < 1e-3);
    CHECK(fabs(box[0] - (-0.3 + 0.4 + 0.15)) < 0.01);
    CHECK(fabs(forces[6] + 0.4 * 2 * GRAVITY) < 0.02 * GRAVITY);
    phys_world_destroy(world);
}

int main(void) {
    EACH_SOLVER(solver) {
        test_like_a_robot(*solver, PHYS_SHAPE_SPHERE);
        test_like_a_robot(*solver, PHYS_SHAPE_BOX);
        test_like_a_robot(*solver, PHYS_SHAPE_CAPSULE);
        test_like_a_robot(*solver, PHYS_SHAPE_CYLINDER);
        for (int is_robot = 0; is_robot < 2; is_robot++) {
            test_momentum(*solver, is_robot, 0);
            test_momentum(*solver, is_robot, 1);
        }
        test_coulomb(*solver);
        test_pushed_by_robot(*solver);
    }
    printf("%d failures\n", check_failures);
    return check_failures != 0;
}
