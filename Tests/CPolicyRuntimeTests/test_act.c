/* SPDX-License-Identifier: MIT */

/* Claims about acting: the answers of a plain loop in double precision, flags, and the self-test. */
#include "policy_builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

/* A network loaded from a file, and memory to run it. */
typedef struct loaded {
    test_network *network;
    test_file file;
    policy policy;
    float *observation, *action, *noise, *workspace;
    double *unit, *expected;
} loaded;

static int load(loaded *l, test_network *network) {
    l->network = network;
    test_file_declare(&l->file, network);
    test_file_build(&l->file, "");
    CHECK(policy_load(l->file.bytes, l->file.count, &l->policy) == POLICY_STATUS_OK);
    l->observation = calloc(network->observations, sizeof(float));
    l->action = calloc(network->actions, sizeof(float));
    l->noise = calloc(network->actions, sizeof(float));
    l->workspace = calloc(policy_self_test_count(&l->policy), sizeof(float));
    l->unit = calloc(network->actions, sizeof(double));
    l->expected = calloc(network->actions, sizeof(double));
    CHECK(l->observation && l->action && l->noise && l->workspace && l->unit && l->expected);
    return 0;
}

static void unload(loaded *l) {
    test_file_free(&l->file);
    test_network_free(l->network);
    free(l->observation);
    free(l->action);
    free(l->noise);
    free(l->workspace);
    free(l->unit);
    free(l->expected);
}

static unsigned between(unsigned low, unsigned high) {
    return low + (unsigned)((test_random() + 1) / 2 * (high - low + 1));
}

static int agrees_with_double_precision(void) {
    for (int round = 0; round < 60; round++) {
        unsigned choices = round % 4 == 3 ? between(1, 30) : 0;
        loaded l;
        /* Every eighth one is a table, with up to 7 bins for each observation. */
        test_network *network =
            round % 8 == 7 ? test_network_make(between(1, 5), between(1, 32), 0, between(1, 7), 0, choices)
                           : test_network_make(between(1, 64), between(1, 32),
                                               between(1, (unsigned)round % 8 + 1), between(1, 300),
                                               choices == 0 && round % 2, choices);
        if (load(&l, network)) {
            return 1;
        }
        for (int i = 0; i < 20; i++) {
            for (unsigned k = 0; k < l.network->observations; k++) {
                l.observation[k] = (float)(test_random() * (i % 5 == 4 ? 1e30 : 4));
            }
            for (unsigned k = 0; k < l.network->actions; k++) {
                l.noise[k] = (float)(2 * test_random());
            }
            test_network_act(l.network, l.observation, NULL, l.unit, l.expected);
            CHECK(!(policy_act(&l.policy, l.observation, l.action, l.workspace) & POLICY_FLAG_NOT_FINITE));
            for (unsigned k = 0; k < l.network->actions; k++) {
                double unit = fabs(l.network->scale[k]) + fabs(l.network->offset[k]);
                CHECK(fabs(l.action[k] - l.expected[k]) <= 1e-5 * unit);
            }
            test_network_act(l.network, l.observation, l.noise, l.unit, l.expected);
            policy_act_unit(&l.policy, l.observation, l.noise, l.action, l.workspace);
            for (unsigned k = 0; k < l.network->actions; k++) {
                CHECK(fabs(l.action[k] - l.unit[k]) <= 1e-4);
            }
        }
        float difference = 1;
        CHECK(policy_self_test(&l.policy, l.workspace, &difference) == POLICY_STATUS_OK);
        CHECK(difference <= POLICY_SELF_TEST_TOLERANCE);
        unload(&l);
    }
    return 0;
}

/* The kernel's twins, and files at any address, give the same bits. */
static int twins_and_addresses_give_the_same_bits(void) {
    loaded l;
    if (load(&l, test_network_make(19, 5, 3, 77, 0, 0))) {
        return 1;
    }
    unsigned char *moved = calloc(1, l.file.count + 8);
    CHECK(moved != NULL);
    for (int i = 0; i < 8; i++) {
        policy other;
        float action[5];
        memcpy(moved + i, l.file.bytes, l.file.count);
        CHECK(policy_load(moved + i, l.file.count, &other) == POLICY_STATUS_OK);
        other.instructions = i % 2 ? l.policy.instructions : 0;
        for (unsigned k = 0; k < 19; k++) {
            l.observation[k] = (float)(3 * test_random());
        }
        policy_act(&l.policy, l.observation, l.action, l.workspace);
        policy_act(&other, l.observation, action, l.workspace);
        CHECK(memcmp(action, l.action, sizeof action) == 0);
    }
    free(moved);
    unload(&l);
    return 0;
}

/* Number k of a row goes to lane k mod 8; lanes i and i + 4 are added, then i and i + 2, then the two, then the
 * bias: on every machine, so that all give the same bits. */
static float sum_in_lanes(const float *row, const float *x, unsigned count, float bias) {
    float lanes[8] = {0};
    for (unsigned k = 0; k < count; k++) {
        lanes[k % 8] += row[k] * x[k];
    }
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7])) +
           bias;
}

static int sums_have_their_order(void) {
    for (unsigned inputs = 1; inputs < 70; inputs++) {
        loaded l;
        test_network *network = test_network_make(inputs, 7, 1, 1, 0, 0);
        for (unsigned k = 0; k < inputs; k++) {
            network->mean[k] = 0;
            network->inverse_std[k] = 1;
        }
        if (load(&l, network)) {
            return 1;
        }
        for (unsigned k = 0; k < inputs; k++) {
            l.observation[k] = (float)test_random();
        }
        float unit[7];
        int32_t best = l.policy.instructions;
        for (int twin = 0; twin < 2; twin++) {
            l.policy.instructions = twin ? best : 0;
            policy_act_unit(&l.policy, l.observation, NULL, unit, l.workspace);
            for (unsigned i = 0; i < 7; i++) {
                float sum = sum_in_lanes(network->weights[0] + (size_t)i * inputs, l.observation, inputs,
                                         network->biases[0][i]);
                float expected = tanhf(sum);
                CHECK(memcmp(&unit[i], &expected, sizeof expected) == 0);
            }
        }
        unload(&l);
    }
    return 0;
}

/* Moved by what policy_shift says, the largest layer lies well, wherever the file lay. */
static int a_shift_aligns_the_largest_layer(void) {
    loaded l;
    if (load(&l, test_network_make(19, 5, 3, 77, 0, 0))) {
        return 1;
    }
    unsigned char *moved = calloc(1, l.file.count + 64);
    CHECK(moved != NULL);
    for (size_t i = 0; i < 32; i++) {
        policy other;
        memcpy(moved + i, l.file.bytes, l.file.count);
        CHECK(policy_load(moved + i, l.file.count, &other) == POLICY_STATUS_OK);
        size_t shift = policy_shift(&other);
        CHECK(shift < 32);
        memmove(moved + i + shift, moved + i, l.file.count);
        CHECK(policy_load(moved + i + shift, l.file.count, &other) == POLICY_STATUS_OK);
        CHECK(policy_shift(&other) == 0);
        CHECK((uintptr_t)other.layers[1].weight % 32 == 0);
    }
    free(moved);
    unload(&l);
    return 0;
}

/* Two observations, the first in bins of 0.5 from -1 on, the second in bins of 2 from 0 on. */
static int a_table_acts_by_the_bins_that_it_lies_in(void) {
    static const struct {
        float first, second;
        unsigned state;
    } cases[] = {
        {-1, 0, 0},        {-0.51f, 1.99f, 0}, {-0.5f, 0, 2},        {-0.5f, 2, 3},
        {0, 2, 5},         {0.49f, -1e30f, 4}, {0.5f, 1e30f, 5},     {3e38f, -3e38f, 4},
        {-3e38f, 3e38f, 1}, {-1.01f, 2, 1},
    };
    test_network *network = test_network_make(2, 1, 0, 3, 0, 2);
    const float mean[] = {-1, 0}, inverse_std[] = {2, 0.5f}, bins[] = {3, 2}, choices[] = {-1, 0.5f};
    /* State s prefers choice 1 where bit s of 0x26 is set; state 3 values both the same. */
    const float values[] = {1, 0, -2, -1, 5, 9, 4, 4, 0, -1, -1e30f, 1e30f};
    memcpy(network->mean, mean, sizeof mean);
    memcpy(network->inverse_std, inverse_std, sizeof inverse_std);
    memcpy(network->bins, bins, sizeof bins);
    memcpy(network->choice_numbers, choices, sizeof choices);
    CHECK(network->states == 6);
    memcpy(network->values, values, sizeof values);
    network->clip = 3.402823466e38f;
    network->scale[0] = 2;
    network->offset[0] = 1;
    for (unsigned pair = 0; pair < network->golden; pair++) {
        const float *observation = network->golden_observations + 2 * (size_t)pair;
        double unit, action;
        test_network_act(network, observation, NULL, &unit, &action);
        network->golden_actions[pair] = (float)action;
    }
    loaded l;
    if (load(&l, network)) {
        return 1;
    }
    CHECK(l.policy.kind == POLICY_KIND_TABLE && l.policy.layer_count == 0 && l.policy.choice_count == 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        l.observation[0] = cases[i].first;
        l.observation[1] = cases[i].second;
        unsigned choice = 0x26u >> cases[i].state & 1;
        uint32_t flags = policy_act(&l.policy, l.observation, l.action, l.workspace);
        CHECK(l.action[0] == (choice ? 2.0f : -1.0f));
        CHECK((flags & POLICY_FLAG_SATURATED) == (choice ? 0u : (uint32_t)POLICY_FLAG_SATURATED));
    }
    l.observation[1] = NAN;
    CHECK(policy_act(&l.policy, l.observation, l.action, l.workspace) == POLICY_FLAG_NOT_FINITE);
    CHECK(policy_self_test(&l.policy, l.workspace, NULL) == POLICY_STATUS_OK);
    unload(&l);
    return 0;
}

static int flags_tell_what_happened(void) {
    loaded l;
    test_network *network = test_network_make(2, 1, 1, 1, 1, 0);
    const float mean[] = {1, -1}, inverse_std[] = {2, 4}, weight[] = {0.1f, -0.2f}, bias[] = {0.05f};
    memcpy(network->mean, mean, sizeof mean);
    memcpy(network->inverse_std, inverse_std, sizeof inverse_std);
    memcpy(network->weights[0], weight, sizeof weight);
    memcpy(network->biases[0], bias, sizeof bias);
    network->scale[0] = -2;
    network->offset[0] = 1;
    network->clip = 5;
    if (load(&l, network)) {
        return 1;
    }
    /* x = (2, 4): m = 0.2 - 0.8 + 0.05 = -0.55. */
    l.observation[0] = 2;
    l.observation[1] = 0;
    CHECK(policy_act(&l.policy, l.observation, l.action, l.workspace) == 0);
    CHECK(fabs(l.action[0] - (1 - 2 * tanh(-0.55))) < 1e-6);
    /* x = (5, -5), both clipped. */
    l.observation[0] = 1e30f;
    l.observation[1] = -3e38f;
    CHECK(policy_act(&l.policy, l.observation, l.action, l.workspace) == POLICY_FLAG_CLIPPED);
    CHECK(fabs(l.action[0] - (1 - 2 * tanh(1.55))) < 1e-6);
    l.noise[0] = 1e6f;
    CHECK(policy_act_unit(&l.policy, l.observation, l.noise, l.action, l.workspace) ==
          (POLICY_FLAG_CLIPPED | POLICY_FLAG_SATURATED));
    CHECK(l.action[0] == 1);
    const float bad[] = {NAN, INFINITY, -INFINITY};
    for (int i = 0; i < 6; i++) {
        l.observation[0] = l.observation[1] = 0;
        l.observation[i % 2] = bad[i / 2];
        l.action[0] = 123;
        CHECK(policy_act(&l.policy, l.observation, l.action, l.workspace) == POLICY_FLAG_NOT_FINITE);
        CHECK(l.action[0] == 123);
        l.observation[i % 2] = 0;
        l.noise[0] = bad[i / 2];
        CHECK(policy_act_unit(&l.policy, l.observation, l.noise, l.action, l.workspace) ==
              POLICY_FLAG_NOT_FINITE);
        CHECK(l.action[0] == 123);
    }
    unload(&l);
    return 0;
}

/* A motor of 10 N behind a gear of 40, and a thruster that only pushes. */
static int limits_cut_commands_off(void) {
    test_network *network = test_network_make(2, 2, 2, 8, 1, 0);
    const float scale[] = {40, 4}, offset[] = {0, 4}, low[] = {-10, 1}, high[] = {10, 7.5f};
    memcpy(network->scale, scale, sizeof scale);
    memcpy(network->offset, offset, sizeof offset);
    network->low = malloc(sizeof low);
    network->high = malloc(sizeof high);
    CHECK(network->low && network->high);
    memcpy(network->low, low, sizeof low);
    memcpy(network->high, high, sizeof high);
    for (unsigned pair = 0; pair < network->golden; pair++) {
        double unit[2], action[2];
        test_network_act(network, network->golden_observations + 2 * (size_t)pair, NULL, unit, action);
        network->golden_actions[2 * pair] = (float)action[0];
        network->golden_actions[2 * pair + 1] = (float)action[1];
    }
    loaded l;
    if (load(&l, network)) {
        return 1;
    }
    CHECK(policy_self_test(&l.policy, l.workspace, NULL) == POLICY_STATUS_OK);
    int cut = 0, free_ones = 0;
    for (int i = 0; i < 10000; i++) {
        for (unsigned k = 0; k < 2; k++) {
            l.observation[k] = (float)(test_random() * (i % 5 == 4 ? 3e38 : i % 5 == 3 ? 100 : 1));
        }
        uint32_t flags = policy_act(&l.policy, l.observation, l.action, l.workspace);
        float unit[2];
        policy_act_unit(&l.policy, l.observation, NULL, unit, l.workspace);
        for (unsigned k = 0; k < 2; k++) {
            float command = offset[k] + scale[k] * unit[k];
            CHECK(l.action[k] >= low[k] && l.action[k] <= high[k]);
            CHECK(l.action[k] == (command < low[k] ? low[k] : command > high[k] ? high[k] : command));
            CHECK(l.action[k] == command || (flags & POLICY_FLAG_SATURATED));
            cut += l.action[k] != command;
            free_ones += l.action[k] == command;
        }
    }
    CHECK(cut > 1000 && free_ones > 1000);
    unload(&l);
    return 0;
}

/* Weights that overflow on the way are found, even where ReLU would hide NaN. */
/* Hidden numbers become infinite, their sums NaN, which no ramp may turn into 0: in whole lanes, in the rest of
 * them, by each twin. */
static int overflow_within_is_told(void) {
    static const unsigned widths[] = {8, 5, 13};
    for (int round = 0; round < 6; round++) {
        loaded l;
        unsigned width = widths[round / 2];
        test_network *network = test_network_make(2, 1, 3, width, 0, 0);
        for (unsigned i = 0; i < 2 * width; i++) {
            network->weights[0][i] = 3e38f;
        }
        for (unsigned i = 0; i < width * width; i++) {
            network->weights[1][i] = i % width % 2 ? 3e38f : -3e38f;
        }
        memset(network->golden_actions, 0, 16 * sizeof(float));
        if (load(&l, network)) {
            return 1;
        }
        l.policy.instructions = round % 2 ? l.policy.instructions : 0;
        l.observation[0] = l.observation[1] = 100;
        l.action[0] = 123;
        CHECK(policy_act(&l.policy, l.observation, l.action, l.workspace) & POLICY_FLAG_NOT_FINITE);
        CHECK(l.action[0] == 123);
        unload(&l);
    }
    return 0;
}

static int self_test_finds_one_changed_weight(void) {
    for (int which = 0; which < 3; which++) {
        loaded l;
        test_network *network = test_network_make(4, 2, 3, 16, 0, 0);
        network->weights[which][3] += 0.01f;
        if (which == 2) {
            network->biases[0][0] += 0.01f;
        }
        if (load(&l, network)) {
            return 1;
        }
        float difference = 0;
        CHECK(policy_self_test(&l.policy, l.workspace, &difference) == POLICY_STATUS_SELF_TEST);
        CHECK(difference > POLICY_SELF_TEST_TOLERANCE);
        CHECK(policy_self_test(NULL, l.workspace, &difference) == POLICY_STATUS_NULL_ARGUMENT);
        unload(&l);
    }
    return 0;
}

int main(void) {
    return agrees_with_double_precision() || twins_and_addresses_give_the_same_bits() ||
           sums_have_their_order() || a_shift_aligns_the_largest_layer() || limits_cut_commands_off() ||
           a_table_acts_by_the_bins_that_it_lies_in() || flags_tell_what_happened() ||
           overflow_within_is_told() || self_test_finds_one_changed_weight();
}
