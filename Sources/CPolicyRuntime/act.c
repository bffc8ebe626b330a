/* SPDX-License-Identifier: MIT */

/* Acting: commands of u, control steps in time, and the self-test. */
#include "policy_internal.h"

#include <math.h>

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

size_t policy_workspace_count(const policy *p) {
    return 2 * policy_widest(p) + 2 * (size_t)p->action_count;
}

size_t policy_self_test_count(const policy *p) {
    return policy_workspace_count(p) + p->observation_count + p->action_count;
}

size_t policy_shift(const policy *p) {
    const unsigned char *weights = p->values;
    size_t most = 0;
    for (uint32_t i = 0; i < p->layer_count; i++) {
        size_t count = (size_t)p->layers[i].inputs * p->layers[i].outputs;
        if (count > most) {
            most = count;
            weights = p->layers[i].weight;
        }
    }
    return (size_t)(-(uintptr_t)weights % POLICY_ALIGNMENT);
}

policy_status policy_clock_init(policy_clock *clock, double period, double tolerance) {
    if (clock == NULL) {
        return POLICY_STATUS_NULL_ARGUMENT;
    }
    /* Written so that NaN fails. */
    if (!(period >= 1e-9 && period <= 1e6 && tolerance >= 0 && tolerance <= period)) {
        return POLICY_STATUS_RANGE;
    }
    clock->period = (uint64_t)(period * 1e9 + 0.5);
    clock->tolerance = (uint64_t)(tolerance * 1e9 + 0.5);
    policy_clock_reset(clock);
    return POLICY_STATUS_OK;
}

uint32_t policy_act_unit(const policy *p, const float *observation, const float *noise, float *unit_action,
                         float *workspace) {
    float *u = workspace;
    uint32_t flags = policy_run(p, observation, noise, workspace, &u);
    if (!(flags & POLICY_FLAG_NOT_FINITE)) {
        memcpy(unit_action, u, p->action_count * sizeof *u);
    }
    return flags;
}

uint32_t policy_act(const policy *p, const float *observation, float *action, float *workspace) {
    float *u = workspace;
    uint32_t flags = policy_run(p, observation, NULL, workspace, &u);
    return flags & POLICY_FLAG_NOT_FINITE ? flags : flags | policy_command(p, u, action);
}

policy_status policy_self_test(const policy *p, float *workspace, float *largest_difference) {
    if (p == NULL || workspace == NULL) {
        return POLICY_STATUS_NULL_ARGUMENT;
    }
    float *observation = workspace + policy_workspace_count(p), *action = observation + p->observation_count;
    float largest = 0;
    policy_status status = POLICY_STATUS_OK;
    for (uint32_t pair = 0; pair < p->golden_count; pair++) {
        size_t row = (size_t)pair * p->observation_count;
        memcpy(observation, p->golden_observations + 4 * row, p->observation_count * sizeof *observation);
        if (policy_act(p, observation, action, workspace) & POLICY_FLAG_NOT_FINITE) {
            return POLICY_STATUS_SELF_TEST;
        }
        for (uint32_t i = 0; i < p->action_count; i++) {
            float golden = policy_float_at(p->golden_actions, (size_t)pair * p->action_count + i);
            float unit = fabsf(policy_float_at(p->scale, i)) + fabsf(policy_float_at(p->offset, i));
            float difference = fabsf(action[i] - golden) / (unit > 0 ? unit : 1);
            /* Not finite where a golden action is absurd. */
            if (!(difference <= POLICY_SELF_TEST_TOLERANCE)) {
                status = POLICY_STATUS_SELF_TEST;
            }
            largest = difference > largest ? difference : largest;
        }
    }
    if (largest_difference != NULL) {
        *largest_difference = largest;
    }
    return status;
}

uint32_t policy_step(const policy *p, policy_clock *clock, uint64_t now, const float *observation,
                     float *action, float *workspace) {
    return policy_clock_tell(clock, now) | policy_act(p, observation, action, workspace);
}
