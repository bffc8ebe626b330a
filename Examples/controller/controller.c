/* SPDX-License-Identifier: MIT */

/* Runs a policy file at its control rate:  controller pendulum.safetensors [SECONDS]
 *
 * The pendulum of the scene `pendulum` stands in for the robot: replace sense() and drive() by yours.
 * Everything else is what a robot needs: load once, check the golden actions, act by an absolute clock, stop
 * on anything unexpected. */
#define _POSIX_C_SOURCE 200809L
#include <CPolicyRuntime.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double angle = 3.141592653589793, speed; /* rad from upright, rad/s: hanging at rest */

/* Reads the sensors: the observation in the order of the policy's contract. */
static void sense(float *observation) {
    observation[0] = (float)cos(angle);
    observation[1] = (float)sin(angle);
    observation[2] = (float)speed;
}

/* Commands the actuators for one period; here a rod of 1 kg and 1 m moves by `torque` (N m). */
static void drive(const float *action, double period) {
    double torque = fmax(-2, fmin(2, action[0]));
    for (int i = 0; i < 10; i++) {
        speed += (15 * sin(angle) + 3 * torque) * period / 10;
        speed = fmax(-8, fmin(8, speed));
        angle += speed * period / 10;
    }
}

static uint64_t nanoseconds(struct timespec time) {
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static unsigned char *read_file(const char *path, size_t *count) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        return NULL;
    }
    long size = ftell(file);
    rewind(file);
    unsigned char *bytes = size > 0 ? malloc((size_t)size) : NULL;
    *count = bytes == NULL ? 0 : fread(bytes, 1, (size_t)size, file);
    fclose(file);
    return bytes;
}

int main(int argument_count, char **arguments) {
    size_t count = 0;
    unsigned char *bytes = argument_count > 1 ? read_file(arguments[1], &count) : NULL;
    policy policy;
    policy_status status = policy_load(bytes, count, &policy);
    float *workspace =
        status == POLICY_STATUS_OK ? malloc(policy_self_test_count(&policy) * sizeof *workspace) : NULL;
    if (status == POLICY_STATUS_OK) {
        status = policy_self_test(&policy, workspace, NULL);
    }
    if (status != POLICY_STATUS_OK || policy.observation_count != 3 || policy.action_count != 1) {
        fprintf(stderr, "no policy for this robot: %s\n", policy_status_text(status));
        return 1;
    }
    double period = policy.control_period, seconds = argument_count > 2 ? atof(arguments[2]) : 10;
    policy_clock clock;
    if (policy_clock_init(&clock, period, 0.1 * period) != POLICY_STATUS_OK) {
        fprintf(stderr, "the policy has no control period\n");
        return 1;
    }
    struct timespec next, now;
    clock_gettime(CLOCK_MONOTONIC, &next);
    float observation[3], action[1];
    for (long step = 0; (double)step * period < seconds; step++) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        sense(observation);
        uint32_t flags = policy_step(&policy, &clock, nanoseconds(now), observation, action, workspace);
        if (flags & POLICY_FLAG_NOT_FINITE) {
            fprintf(stderr, "a sensor gave no number: stopped\n");
            return 1;
        }
        drive(action, period);
        /* An absolute time does not drift. */
        uint64_t wake = nanoseconds(next) + clock.period;
        next.tv_sec = (time_t)(wake / 1000000000u);
        next.tv_nsec = (long)(wake % 1000000000u);
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
    printf("%llu steps of %g s, %llu late, worst %.3f ms off; %.3f rad from upright\n",
           (unsigned long long)clock.step_count, period, (unsigned long long)clock.late_count,
           (double)clock.worst / 1e6, fabs(remainder(angle, 2 * 3.141592653589793)));
    free(workspace);
    free(bytes);
    return 0;
}
