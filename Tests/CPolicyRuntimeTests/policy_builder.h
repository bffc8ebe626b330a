/* SPDX-License-Identifier: MIT */

/* Makes policy files in memory for the tests, and checks claims about them. */
#ifndef POLICY_BUILDER_H
#define POLICY_BUILDER_H

#include "CPolicyRuntime.h"

#include <stdio.h>

/* Ends the test where a claim does not hold. */
#define CHECK(claim)                                                                                         \
    do {                                                                                                     \
        if (!(claim)) {                                                                                      \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #claim);                              \
            return 1;                                                                                        \
        }                                                                                                    \
    } while (0)

/* A tensor of a file; `numbers` are of single precision unless `type` says U32 or F64. */
typedef struct test_tensor {
    char name[32];
    const char *type;
    unsigned shape[2]; /* the second extent is 0 for a vector */
    const void *numbers;
} test_tensor;

#define TEST_TENSOR_LIMIT 40

/* A network with its numbers. */
typedef struct test_network {
    unsigned observations, actions, layers, choices, golden, states;
    unsigned widths[POLICY_LAYER_LIMIT];
    int is_stochastic;
    double period;
    float clip;
    float *mean, *inverse_std, *scale, *offset, *log_std_weight, *log_std_bias, *choice_numbers;
    float *bins, *values; /* of a table, which has no layers */
    float *low, *high;    /* limits of the commands; null unless the test sets them */
    float *weights[POLICY_LAYER_LIMIT], *biases[POLICY_LAYER_LIMIT];
    float *golden_observations, *golden_actions;
} test_network;

/* A file: its tensors as declared, its bytes once built. */
typedef struct test_file {
    test_tensor tensors[TEST_TENSOR_LIMIT];
    unsigned tensor_count;
    unsigned char *bytes;
    size_t count;
} test_file;

/* The next number of a fixed sequence, uniform in [-1, 1). */
double test_random(void);

/* A network of random numbers, golden actions computed by its own loops in double precision; free it with
 * test_network_free. Without layers it is a table of up to `width` bins for each observation. */
test_network *test_network_make(unsigned observations, unsigned actions, unsigned layers, unsigned width,
                                int is_stochastic, unsigned choices);
void test_network_free(test_network *network);

/* The action in double precision, for `noise` or (null) without. */
void test_network_act(const test_network *network, const float *observation, const float *noise, double *unit,
                      double *action);

/* Declares the tensors of a network, in the order of a file. */
void test_file_declare(test_file *file, const test_network *network);

/* Lays the declared tensors out with a right checksum, behind `metadata` (JSON, may be empty); free with
 * test_file_free. */
void test_file_build(test_file *file, const char *metadata);
void test_file_free(test_file *file);

/* Writes the right checksum into `bytes` of a file whose checksum is at `offset`. */
void test_file_sign(unsigned char *bytes, size_t count, size_t offset);

/* Loads a copy of exactly `count` bytes, so that a read beyond the end is found. */
policy_status test_load(const unsigned char *bytes, size_t count);

#endif
