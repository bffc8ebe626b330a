/* SPDX-License-Identifier: MIT */

/* What the runtime's files share: the table of tensors, and how numbers are read from a file's bytes. */
#ifndef POLICY_INTERNAL_H
#define POLICY_INTERNAL_H

#include "CPolicyRuntime.h"
#include "floats.h"

#include <string.h>

/* The tensors that a policy file may have; the order is that of their names in header.c. */
enum {
    POLICY_TENSOR_MEAN,
    POLICY_TENSOR_INVERSE_STD,
    POLICY_TENSOR_CLIP,
    POLICY_TENSOR_LOG_STD_WEIGHT,
    POLICY_TENSOR_LOG_STD_BIAS,
    POLICY_TENSOR_CHOICES,
    POLICY_TENSOR_BINS,
    POLICY_TENSOR_VALUES,
    POLICY_TENSOR_SCALE,
    POLICY_TENSOR_OFFSET,
    POLICY_TENSOR_LOW,
    POLICY_TENSOR_HIGH,
    POLICY_TENSOR_PERIOD,
    POLICY_TENSOR_GOLDEN_OBSERVATIONS,
    POLICY_TENSOR_GOLDEN_ACTIONS,
    POLICY_TENSOR_CHECKSUM,
    POLICY_TENSOR_WEIGHT, /* of the first layer; the others follow */
    POLICY_TENSOR_BIAS = POLICY_TENSOR_WEIGHT + POLICY_LAYER_LIMIT,
    POLICY_TENSOR_COUNT = POLICY_TENSOR_BIAS + POLICY_LAYER_LIMIT
};

typedef enum policy_type { POLICY_TYPE_F32, POLICY_TYPE_F64, POLICY_TYPE_U32 } policy_type;

/* A row of the table: what the header says about one tensor. */
typedef struct policy_tensor {
    int present;
    policy_type type;
    uint32_t rank; /* 1 or 2 */
    uint32_t shape[2];
    uint64_t begin; /* from the first tensor's first byte */
    uint64_t end;
} policy_tensor;

/* The whole table; `data` are the tensors' bytes. */
typedef struct policy_table {
    policy_tensor tensors[POLICY_TENSOR_COUNT];
    const unsigned char *data;
    uint64_t data_count;
} policy_table;

/* Reads the header of a file into `table`. Everything is checked but what the tensors mean together. */
policy_status policy_read_table(const unsigned char *bytes, size_t count, policy_table *table);

/* The CRC-32 (IEEE) of `count` bytes that follow bytes of checksum `before` (0 for none). */
uint32_t policy_checksum(uint32_t before, const unsigned char *bytes, size_t count);

/* Functions that the runtime's files share: exported C source makes them static. */
#define POLICY_PRIVATE

/* The best twin of the kernels on this processor. */
int32_t policy_best_instructions(void);

/* y = W x + b by the twin `instructions`, a negative one stands for the best; with `ramp` max(0, W x + b). */
void policy_dense(int32_t instructions, const policy_layer *layer, int ramp, const float *x, float *y);

/* Computes u into the workspace and says where it is; `noise` may be null. */
uint32_t policy_run(const policy *policy, const float *observation, const float *noise, float *workspace,
                    float **u);

/* Writes the commands of `u`, within the limits; POLICY_FLAG_SATURATED where one cut a command off. */
uint32_t policy_command(const policy *policy, const float *u, float *action);

/* The longest vector between two layers. */
size_t policy_widest(const policy *policy);

/* What the clock says about a step at `now`. */
uint32_t policy_clock_tell(policy_clock *clock, uint64_t now);

static inline uint32_t policy_bits_at(const unsigned char *bytes, size_t index) {
    uint32_t value;
    memcpy(&value, bytes + 4 * index, sizeof value);
    return value;
}

#endif
