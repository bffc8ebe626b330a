/* SPDX-License-Identifier: MIT */

/* The forward pass: from an observation to u, each number within [-1, 1]. */
#include "policy_internal.h"

#include <math.h>

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

/* The logarithm of a standard deviation stays within these, as in training. */
#define LOG_STD_LOW (-20.0f)
#define LOG_STD_HIGH 2.0f
#define SATURATED 0.999f

static void dense(const policy *p, const policy_layer *layer, const float *x, float *y) {
    policy_dense(p->instructions, layer, 0, x, y);
}

/* The longest vector between two layers. */
POLICY_PRIVATE size_t policy_widest(const policy *p) {
    size_t width = p->observation_count;
    for (uint32_t i = 0; i < p->layer_count; i++) {
        width = p->layers[i].outputs > width ? p->layers[i].outputs : width;
    }
    return width;
}

/* x = clip((o - mean) / std, +-clip). An overflow of the difference is infinite and clipped like any large
 * number. */
static uint32_t normalise(const policy *p, const float *observation, float *x) {
    uint32_t flags = 0;
    for (uint32_t i = 0; i < p->observation_count; i++) {
        if (!policy_is_finite(observation[i])) {
            return POLICY_FLAG_NOT_FINITE;
        }
        float value = (observation[i] - policy_float_at(p->mean, i)) * policy_float_at(p->inverse_std, i);
        if (value > p->clip || value < -p->clip) {
            value = value > 0 ? p->clip : -p->clip;
            flags |= POLICY_FLAG_CLIPPED;
        }
        x[i] = value;
    }
    return flags;
}

/* Runs the hidden layers from `x`, swapping it with `spare`; returns where their result is. */
static float *run_hidden(const policy *p, float *x, float *spare) {
    for (uint32_t i = 0; i + 1 < p->layer_count; i++) {
        policy_dense(p->instructions, &p->layers[i], 1, x, spare);
        float *result = spare;
        spare = x;
        x = result;
    }
    return x;
}

/* u = tanh(m), or with noise tanh(m + exp(s) noise), in place of m. */
static uint32_t squash(const policy *p, const float *x, const float *noise, float *u, float *log_std) {
    uint32_t flags = 0;
    int draws = noise != NULL && p->log_std.weight != NULL;
    if (draws) {
        dense(p, &p->log_std, x, log_std);
    }
    for (uint32_t i = 0; i < p->action_count; i++) {
        float value = u[i];
        if (draws) {
            float s = log_std[i];
            /* NaN fails both comparisons and reaches the check below. */
            s = s < LOG_STD_LOW ? LOG_STD_LOW : s > LOG_STD_HIGH ? LOG_STD_HIGH : s;
            value += expf(s) * noise[i];
        }
        if (!policy_is_finite(value)) {
            return POLICY_FLAG_NOT_FINITE;
        }
        u[i] = tanhf(value);
        if (u[i] >= SATURATED || u[i] <= -SATURATED) {
            flags |= POLICY_FLAG_SATURATED;
        }
    }
    return flags;
}

/* u = row `choice` of the choices. */
static uint32_t take_choice(const policy *p, uint32_t choice, float *u) {
    uint32_t flags = 0;
    for (uint32_t i = 0; i < p->action_count; i++) {
        u[i] = policy_float_at(p->choices, (size_t)choice * p->action_count + i);
        if (u[i] >= SATURATED || u[i] <= -SATURATED) {
            flags |= POLICY_FLAG_SATURATED;
        }
    }
    return flags;
}

/* u = the choice of the highest value. */
static uint32_t choose(const policy *p, const float *values, float *u) {
    uint32_t best = 0;
    for (uint32_t i = 0; i < p->choice_count; i++) {
        if (!policy_is_finite(values[i])) {
            return POLICY_FLAG_NOT_FINITE;
        }
        best = values[i] > values[best] ? i : best;
    }
    return take_choice(p, best, u);
}

/* u = the choice of the highest value in the row of the state that x lies in. */
static uint32_t look_up(const policy *p, const float *x, float *u) {
    size_t state = 0;
    uint32_t best = 0;
    for (uint32_t i = 0; i < p->observation_count; i++) {
        float bins = policy_float_at(p->bins, i);
        /* Held first, so that the conversion is defined. */
        float digit = x[i] < 0 ? 0 : x[i] > bins - 1 ? bins - 1 : x[i];
        state = state * (size_t)bins + (size_t)digit;
    }
    const unsigned char *row = p->values + 4 * state * p->choice_count;
    for (uint32_t i = 1; i < p->choice_count; i++) {
        best = policy_float_at(row, i) > policy_float_at(row, best) ? i : best;
    }
    return take_choice(p, best, u);
}

/* Computes u into the workspace and says where it is. */
POLICY_PRIVATE uint32_t policy_run(const policy *p, const float *observation, const float *noise,
                                   float *workspace, float **u) {
    size_t width = policy_widest(p);
    float *first = workspace, *second = workspace + width, *action = second + width;
    uint32_t flags = normalise(p, observation, first);
    if (flags & POLICY_FLAG_NOT_FINITE) {
        return flags;
    }
    *u = action;
    if (p->kind == POLICY_KIND_TABLE) {
        return flags | look_up(p, first, action);
    }
    float *x = run_hidden(p, first, second);
    if (p->kind == POLICY_KIND_GREEDY) {
        float *values = x == first ? second : first;
        dense(p, &p->layers[p->layer_count - 1], x, values);
        return flags | choose(p, values, action);
    }
    dense(p, &p->layers[p->layer_count - 1], x, action);
    return flags | squash(p, x, noise, action, action + p->action_count);
}

/* action = offset + scale u, within the limits: what cut a command off in training does so on the robot.
 * `action` may be `u`. */
POLICY_PRIVATE uint32_t policy_command(const policy *p, const float *u, float *action) {
    uint32_t flags = 0;
    for (uint32_t i = 0; i < p->action_count; i++) {
        float command = policy_float_at(p->offset, i) + policy_float_at(p->scale, i) * u[i];
        if (p->low != NULL) {
            float low = policy_float_at(p->low, i), high = policy_float_at(p->high, i);
            if (command < low || command > high) {
                command = command < low ? low : high;
                flags |= POLICY_FLAG_SATURATED;
            }
        }
        action[i] = command;
    }
    return flags;
}
