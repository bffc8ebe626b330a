/* SPDX-License-Identifier: MIT */
/* The same calls give the same bits with both solvers: in any thread, and after a state is restored. */
#include "check.h"
#include "legged.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    phys_solver solver;
    unsigned char *state;
    size_t size;
} life;

static void *live(void *context) {
    life *job = context;
    legged robot;
    make_cheetah(&robot, job->solver);
    phys_world *world = build_legged(&robot);
    double commands[LEGGED_PARTS];
    phys_base_state base = {{-0.5, 0, 0.5}, {1, 0, 0, 0}, {1, 0, 0}, {0, 0, 0}};
    bool is_fine = phys_world_place(world, &base, NULL, NULL, robot.world.joint_count) == PHYS_OK;
    for (int i = 0; i < 400; i++) {
        for (size_t n = 0; n < robot.world.joint_count; n++)
            commands[n] = robot.effort[n] * sin(0.3 * i + (double)n);
        is_fine &= phys_world_step(world, commands, robot.world.joint_count, 2) == PHYS_OK;
    }
    job->size = phys_world_state_size(world);
    job->state = malloc(job->size);
    is_fine &= job->state != NULL && phys_world_save(world, job->state, job->size) == PHYS_OK;
    phys_world_destroy(world);
    return is_fine ? job : NULL;
}

static void test_threads(phys_solver solver) {
    life lives[4] = {{solver, NULL, 0}, {solver, NULL, 0}, {solver, NULL, 0}, {solver, NULL, 0}};
    pthread_t threads[4];
    void *result;
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, live, &lives[i]) == 0);
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], &result) == 0 && result != NULL);
        CHECK(memcmp(lives[0].state, lives[i].state, lives[0].size) == 0);
    }
    for (int i = 0; i < 4; i++)
        free(lives[i].state);
}

/* Saved in mid-contact, restored into another world: what follows has the same bits. */
static void test_restore(phys_solver solver) {
    legged robot;
    make_quadruped(&robot, solver);
    phys_world *world = build_legged(&robot), *other = build_legged(&robot);
    double commands[LEGGED_PARTS], one[19 * LEGGED_PARTS], two[19 * LEGGED_PARTS];
    size_t joints = robot.world.joint_count, count = phys_world_value_count(world, PHYS_READING);
    size_t size = phys_world_state_size(world), contacts = 0;
    unsigned char *state = malloc(size);
    place_legged(&robot, world);
    CHECK(phys_world_set_mass_scale(world, 2, 1.3) == PHYS_OK);
    CHECK(phys_world_set_contact_time_constant(world, 0.03) == PHYS_OK);
    for (int i = 0; i < 60; i++) {
        act_legged(&robot, commands);
        CHECK(phys_world_step(world, commands, joints, 2) == PHYS_OK);
        CHECK(phys_world_save(world, state, size) == PHYS_OK &&
              phys_world_restore(other, state, size) == PHYS_OK);
        act_legged(&robot, commands);
        CHECK(phys_world_step(world, commands, joints, 3) == PHYS_OK);
        CHECK(phys_world_step(other, commands, joints, 3) == PHYS_OK);
        CHECK(phys_world_read(world, PHYS_READING, one, count) == PHYS_OK);
        CHECK(phys_world_read(other, PHYS_READING, two, count) == PHYS_OK);
        CHECK(memcmp(one, two, count * sizeof *one) == 0);
        CHECK(phys_world_read(world, PHYS_LINK_CONTACT_FORCES, one, 3 * robot.world.link_count) == PHYS_OK);
        for (size_t n = 0; n < robot.world.link_count; n++)
            contacts += one[3 * n + 2] > 0;
    }
    CHECK(contacts > 60);
    free(state);
    phys_world_destroy(world);
    phys_world_destroy(other);
}

int main(void) {
    for (int solver = PHYS_SOLVER_ODE; solver <= PHYS_SOLVER_ARTICULATED; solver++) {
        test_threads((phys_solver)solver);
        test_restore((phys_solver)solver);
    }
    printf("%d failures\n", check_failures);
    return check_failures != 0;
}
