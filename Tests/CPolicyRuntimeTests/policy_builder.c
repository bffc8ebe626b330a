/* SPDX-License-Identifier: MIT */
#include "policy_builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void *grab(size_t size) {
    void *memory = calloc(1, size ? size : 1);
    if (memory == NULL) {
        fprintf(stderr, "out of memory\n");
        exit(2);
    }
    return memory;
}

double test_random(void) {
    static uint64_t state = 0x9E3779B97F4A7C15u;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) / 4503599627370496.0 - 1.0;
}

static float *random_numbers(size_t count, double center, double spread) {
    float *numbers = grab(count * sizeof *numbers);
    for (size_t i = 0; i < count; i++) {
        numbers[i] = (float)(center + spread * test_random());
    }
    return numbers;
}

test_network *test_network_make(unsigned observations, unsigned actions, unsigned layers, unsigned width,
                                int is_stochastic, unsigned choices) {
    test_network *n = grab(sizeof *n);
    n->observations = observations;
    n->actions = actions;
    n->layers = layers;
    n->choices = choices;
    n->golden = 16;
    n->is_stochastic = is_stochastic;
    n->period = 0.05;
    n->clip = 10;
    n->mean = random_numbers(observations, 0, 1);
    n->inverse_std = random_numbers(observations, 1.5, 1);
    n->scale = random_numbers(actions, 0, 3);
    n->offset = random_numbers(actions, 0, 1);
    unsigned inputs = observations;
    for (unsigned i = 0; i < layers; i++) {
        unsigned last = choices ? choices : actions;
        n->widths[i] = i + 1 < layers ? width : last;
        double spread = 1.5 / sqrt(inputs);
        n->weights[i] = random_numbers((size_t)inputs * n->widths[i], 0, spread);
        n->biases[i] = random_numbers(n->widths[i], 0, 0.1);
        if (i + 1 == layers && is_stochastic) {
            n->log_std_weight = random_numbers((size_t)inputs * actions, 0, spread);
            n->log_std_bias = random_numbers(actions, -1, 2);
        }
        inputs = n->widths[i];
    }
    if (layers == 0) {
        n->states = 1;
        n->bins = grab(observations * sizeof *n->bins);
        for (unsigned i = 0; i < observations; i++) {
            n->bins[i] = (float)(1 + (5 * i + width - 1) % width);
            n->states *= (unsigned)n->bins[i];
        }
        n->values = random_numbers((size_t)n->states * choices, 0, 1);
    }
    n->choice_numbers = random_numbers((size_t)choices * actions, 0, 1);
    n->golden_observations = random_numbers((size_t)n->golden * observations, 0, 3);
    n->golden_actions = grab((size_t)n->golden * actions * sizeof(float));
    double *unit = grab(2 * actions * sizeof *unit), *action = unit + actions;
    for (unsigned pair = 0; pair < n->golden; pair++) {
        test_network_act(n, n->golden_observations + (size_t)pair * observations, NULL, unit, action);
        for (unsigned i = 0; i < actions; i++) {
            n->golden_actions[(size_t)pair * actions + i] = (float)action[i];
        }
    }
    free(unit);
    return n;
}

void test_network_free(test_network *n) {
    for (unsigned i = 0; i < n->layers; i++) {
        free(n->weights[i]);
        free(n->biases[i]);
    }
    free(n->mean);
    free(n->inverse_std);
    free(n->scale);
    free(n->offset);
    free(n->log_std_weight);
    free(n->log_std_bias);
    free(n->choice_numbers);
    free(n->bins);
    free(n->low);
    free(n->high);
    free(n->values);
    free(n->golden_observations);
    free(n->golden_actions);
    free(n);
}

static void layer(const float *weight, const float *bias, unsigned inputs, unsigned outputs, const double *x,
                  double *y) {
    for (unsigned row = 0; row < outputs; row++) {
        double sum = bias[row];
        for (unsigned k = 0; k < inputs; k++) {
            sum += (double)weight[(size_t)row * inputs + k] * x[k];
        }
        y[row] = sum;
    }
}

void test_network_act(const test_network *n, const float *observation, const float *noise, double *unit,
                      double *action) {
    static double x[POLICY_WIDTH_LIMIT], y[POLICY_WIDTH_LIMIT], s[POLICY_WIDTH_LIMIT];
    unsigned inputs = n->observations;
    for (unsigned i = 0; i < inputs; i++) {
        double value = ((double)observation[i] - n->mean[i]) * n->inverse_std[i];
        x[i] = fmin(fmax(value, -n->clip), n->clip);
    }
    for (unsigned i = 0; i < n->layers; i++) {
        layer(n->weights[i], n->biases[i], inputs, n->widths[i], x, y);
        if (i + 1 < n->layers) {
            for (unsigned k = 0; k < n->widths[i]; k++) {
                x[k] = fmax(y[k], 0);
            }
            inputs = n->widths[i];
        }
    }
    if (n->layers == 0) {
        size_t state = 0, place = 1;
        for (unsigned i = n->observations; i-- > 0;) {
            double bin = floor(x[i]);
            state += place * (size_t)fmin(fmax(bin, 0), n->bins[i] - 1);
            place *= (size_t)n->bins[i];
        }
        for (unsigned i = 0; i < n->choices; i++) {
            y[i] = n->values[state * n->choices + i];
        }
    }
    if (n->log_std_weight && noise) {
        layer(n->log_std_weight, n->log_std_bias, inputs, n->actions, x, s);
    }
    unsigned best = 0;
    for (unsigned i = 0; i < n->choices; i++) {
        best = y[i] > y[best] ? i : best;
    }
    for (unsigned i = 0; i < n->actions; i++) {
        if (n->choices) {
            unit[i] = n->choice_numbers[(size_t)best * n->actions + i];
        } else if (n->log_std_weight && noise) {
            unit[i] = tanh(y[i] + exp(fmin(fmax(s[i], -20), 2)) * noise[i]);
        } else {
            unit[i] = tanh(y[i]);
        }
        action[i] = n->offset[i] + n->scale[i] * unit[i];
        if (n->low) {
            action[i] = fmin(fmax(action[i], n->low[i]), n->high[i]);
        }
    }
}

static void declare(test_file *f, const char *name, const char *type, unsigned rows, unsigned columns,
                    const void *numbers) {
    test_tensor *tensor = &f->tensors[f->tensor_count++];
    snprintf(tensor->name, sizeof tensor->name, "%s", name);
    tensor->type = type;
    tensor->shape[0] = rows;
    tensor->shape[1] = columns;
    tensor->numbers = numbers;
}

void test_file_declare(test_file *f, const test_network *n) {
    static const uint32_t no_checksum = 0;
    char name[32];
    unsigned inputs = n->observations;
    memset(f, 0, sizeof *f);
    declare(f, "control.period", "F64", 1, 0, &n->period);
    declare(f, "observation.mean", "F32", n->observations, 0, n->mean);
    declare(f, "observation.inverse_std", "F32", n->observations, 0, n->inverse_std);
    declare(f, "observation.clip", "F32", 1, 0, &n->clip);
    for (unsigned i = 0; i < n->layers; i++) {
        snprintf(name, sizeof name, "actor.%u.weight", 2 * i);
        declare(f, name, "F32", n->widths[i], inputs, n->weights[i]);
        snprintf(name, sizeof name, "actor.%u.bias", 2 * i);
        declare(f, name, "F32", n->widths[i], 0, n->biases[i]);
        if (i + 1 == n->layers && n->is_stochastic) {
            declare(f, "log_std.weight", "F32", n->actions, inputs, n->log_std_weight);
            declare(f, "log_std.bias", "F32", n->actions, 0, n->log_std_bias);
        }
        inputs = n->widths[i];
    }
    if (n->layers == 0) {
        declare(f, "table.bins", "F32", n->observations, 0, n->bins);
        declare(f, "table.values", "F32", n->states, n->choices, n->values);
    }
    if (n->choices) {
        declare(f, "action.choices", "F32", n->choices, n->actions, n->choice_numbers);
    }
    declare(f, "action.scale", "F32", n->actions, 0, n->scale);
    declare(f, "action.offset", "F32", n->actions, 0, n->offset);
    if (n->low) {
        declare(f, "action.low", "F32", n->actions, 0, n->low);
        declare(f, "action.high", "F32", n->actions, 0, n->high);
    }
    declare(f, "golden.observations", "F32", n->golden, n->observations, n->golden_observations);
    declare(f, "golden.actions", "F32", n->golden, n->actions, n->golden_actions);
    declare(f, "checksum", "U32", 1, 0, &no_checksum);
}

static size_t byte_count(const test_tensor *tensor) {
    size_t numbers = (size_t)tensor->shape[0] * (tensor->shape[1] ? tensor->shape[1] : 1);
    return numbers * (strcmp(tensor->type, "F64") == 0 ? 8 : 4);
}

void test_file_build(test_file *f, const char *metadata) {
    size_t data_count = 0, room = strlen(metadata) + 160 * (size_t)f->tensor_count + 64, used = 0,
           checksum = 0;
    char *header = grab(room);
    used += (size_t)snprintf(header, room, "{%s%s", metadata, *metadata ? "," : "");
    for (unsigned i = 0; i < f->tensor_count; i++) {
        const test_tensor *tensor = &f->tensors[i];
        char shape[32];
        snprintf(shape, sizeof shape, tensor->shape[1] ? "%u,%u" : "%u", tensor->shape[0], tensor->shape[1]);
        used += (size_t)snprintf(header + used, room - used,
                                 "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%zu,%zu]}",
                                 i ? "," : "", tensor->name, tensor->type, shape, data_count,
                                 data_count + byte_count(tensor));
        checksum = strcmp(tensor->name, "checksum") == 0 ? data_count : checksum;
        data_count += byte_count(tensor);
    }
    header[used++] = '}';
    while (used % 8) {
        header[used++] = ' ';
    }
    f->count = 8 + used + data_count;
    f->bytes = grab(f->count);
    for (int i = 0; i < 8; i++) {
        f->bytes[i] = (unsigned char)(used >> (8 * i));
    }
    memcpy(f->bytes + 8, header, used);
    free(header);
    size_t offset = 8 + used;
    for (unsigned i = 0; i < f->tensor_count; i++) {
        memcpy(f->bytes + offset, f->tensors[i].numbers, byte_count(&f->tensors[i]));
        offset += byte_count(&f->tensors[i]);
    }
    test_file_sign(f->bytes, f->count, 8 + used + checksum);
}

void test_file_free(test_file *f) {
    free(f->bytes);
    f->bytes = NULL;
}

void test_file_sign(unsigned char *bytes, size_t count, size_t offset) {
    uint32_t crc = 0xFFFFFFFFu;
    if (offset + 4 > count) {
        return;
    }
    memset(bytes + offset, 0, 4);
    /* One bit at a time, unlike the runtime. */
    for (size_t i = 0; i < 8 * count; i++) {
        uint32_t bit = (crc ^ ((uint32_t)bytes[i / 8] >> (i % 8))) & 1u;
        crc = (crc >> 1) ^ (bit ? 0xEDB88320u : 0);
    }
    crc = ~crc;
    memcpy(bytes + offset, &crc, 4);
}

policy_status test_load(const unsigned char *bytes, size_t count) {
    unsigned char *copy = grab(count);
    policy p;
    memcpy(copy, bytes, count);
    policy_status status = policy_load(copy, count, &p);
    free(copy);
    return status;
}
