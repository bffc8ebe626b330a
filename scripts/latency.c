/* SPDX-License-Identifier: MIT */

/* Microseconds per action of the runtime and of exported C (prefix `p`), one thread:  latency POLICY CALLS
 * Prints for each its median and 99.9th percentile, and how often it allocated. */
#define _POSIX_C_SOURCE 200809L
#include "CPolicyRuntime.h"
#include "policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Every allocation of the program passes here: `-Wl,--wrap=malloc`. */
void *__real_malloc(size_t count);
void *__wrap_malloc(size_t count);
static long allocations;
void *__wrap_malloc(size_t count) {
    allocations++;
    return __real_malloc(count);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Observations of another place each call, so that no branch is learned by heart: sums of four uniform numbers within [-2, 2]. */
enum { OBSERVATIONS = 1024 };
static float observations[OBSERVATIONS][P_OBSERVATION_COUNT];
static void draw(void) {
    unsigned seed = 1;
    for (int row = 0; row < OBSERVATIONS; row++) {
        for (int i = 0; i < P_OBSERVATION_COUNT; i++) {
            for (int k = 0; k < 4; k++) {
                seed = seed * 1664525u + 1013904223u;
                observations[row][i] += (float)(seed >> 8) / 16777216.0f - 0.5f;
            }
        }
    }
}

static void report(const char *name, double *times, long calls, long allocated) {
    qsort(times, (size_t)calls, sizeof *times, ascending);
    printf("%s %.3f %.3f %ld\n", name, times[calls / 2], times[calls - 1 - calls / 1000], allocated);
}

int main(int count, char **arguments) {
    static unsigned char bytes[(16 << 20) + 64];
    static p_state state;
    float action[P_ACTION_COUNT];
    FILE *file = count > 2 ? fopen(arguments[1], "rb") : NULL;
    long calls = count > 2 ? atol(arguments[2]) : 0;
    policy policy;
    size_t size = file == NULL ? 0 : fread(bytes, 1, sizeof bytes - 64, file), shift = 0;
    if (calls < 1000 || policy_load(bytes, size, &policy) != POLICY_STATUS_OK) {
        return 1;
    }
    /* With a third argument the file stays where it is. */
    shift = count > 3 ? 0 : policy_shift(&policy);
    memmove(bytes + shift, bytes, size);
    if (policy_load(bytes + shift, size, &policy) != POLICY_STATUS_OK) {
        return 1;
    }
    float *workspace = malloc(policy_workspace_count(&policy) * sizeof *workspace);
    double *times = malloc((size_t)calls * sizeof *times);
    draw();
    p_init(&state, 0);
    for (int which = 0; which < 2; which++) {
        long before = allocations;
        for (long i = -500; i < calls; i++) {
            const float *observation = observations[(i + 500) % OBSERVATIONS];
            double start = now();
            if (which == 0) {
                policy_act(&policy, observation, action, workspace);
            } else {
                p_act(&state, observation, action);
            }
            if (i >= 0) {
                times[i] = now() - start;
            }
        }
        report(which == 0 ? "runtime" : "generated", times, calls, allocations - before);
    }
    return 0;
}
