/* SPDX-License-Identifier: MIT */
/* Which of ODE's two solvers moves a world.
 *
 * dWorldStep is exact and draws no random numbers. dWorldQuickStep relaxes row after row, and from the eighth
 * iteration on shuffles the rows by the one random generator of the process: so each step begins from the same
 * seed, and no two worlds do it at once. Then its bits are those of a world that is alone. */
#include "physics_internal.h"

#include <pthread.h>

static pthread_mutex_t quick_solver = PTHREAD_MUTEX_INITIALIZER;

/* One step of ODE; false where memory ran out. */
bool phys_solve(phys_world *world) {
    if (world->def.quick_iterations == 0)
        return dWorldStep(world->ode, world->def.time_step) != 0;
    dRandSetSeed(0);
    return dWorldQuickStep(world->ode, world->def.time_step) != 0;
}

/* Around all steps of a call, outside of the guard: what leaves a step by it must not keep the lock. */
void phys_lock_solver(const phys_world *world) {
    if (world->def.quick_iterations != 0)
        pthread_mutex_lock(&quick_solver);
}

void phys_unlock_solver(const phys_world *world) {
    if (world->def.quick_iterations != 0)
        pthread_mutex_unlock(&quick_solver);
}
