/* SPDX-License-Identifier: MIT */

/* y = W x + b for one vector. The order of every sum is fixed: number k of a row goes to lane k mod 8, and
 * the lanes are added in pairs. Vector instructions of any width do that order without being told to reorder
 * sums, so all twins give the same bits. */
#ifndef POLICY_KERNEL_H
#define POLICY_KERNEL_H

#include "policy_internal.h"

#define POLICY_LANES 8

#if defined(__clang__)
/* A fused multiply-add rounds once instead of twice, where the machine has one: other bits on other machines.
 */
#pragma clang fp contract(off)
#endif

/* Eight lanes: a vector where the compiler has them and the machine adds them at once, else an array. */
#if defined(__GNUC__) && (defined(__SSE2__) || defined(__ARM_NEON) || defined(__VSX__))
typedef float policy_lanes __attribute__((vector_size(4 * POLICY_LANES)));
#define POLICY_LANES_ADD(sum, a, b) ((sum) += (a) * (b))
#define POLICY_LANE(v, i) ((v)[i])
#define POLICY_INLINE static inline __attribute__((always_inline))
#else
typedef struct policy_lanes {
    float lane[POLICY_LANES];
} policy_lanes;
#define POLICY_LANES_ADD(sum, a, b)                                                                          \
    do {                                                                                                     \
        for (int lane_ = 0; lane_ < POLICY_LANES; lane_++) {                                                 \
            (sum).lane[lane_] += (a).lane[lane_] * (b).lane[lane_];                                          \
        }                                                                                                    \
    } while (0)
#define POLICY_LANE(v, i) ((v).lane[i])
#define POLICY_INLINE static inline
#endif

/* Adds what eight numbers of a row give. */
POLICY_INLINE void policy_add(policy_lanes *sum, const unsigned char *weight, const policy_lanes *numbers) {
    policy_lanes weights;
    memcpy(&weights, weight, sizeof weights);
    POLICY_LANES_ADD(*sum, weights, *numbers);
}

/* Takes in the last numbers of a row, fewer than eight, and adds the lanes up. */
POLICY_INLINE float policy_finish(policy_lanes *sum, const unsigned char *weight, const float *x,
                                  size_t count) {
    for (size_t i = 0; i < count; i++) {
        POLICY_LANE(*sum, i) += policy_float_at(weight, i) * x[i];
    }
    float even =
        (POLICY_LANE(*sum, 0) + POLICY_LANE(*sum, 4)) + (POLICY_LANE(*sum, 2) + POLICY_LANE(*sum, 6));
    float odd = (POLICY_LANE(*sum, 1) + POLICY_LANE(*sum, 5)) + (POLICY_LANE(*sum, 3) + POLICY_LANE(*sum, 7));
    return even + odd;
}

/* One row of W. */
POLICY_INLINE float policy_row(const unsigned char *weight, size_t inputs, const float *x) {
    policy_lanes sum, numbers;
    memset(&sum, 0, sizeof sum);
    size_t k = 0;
    for (; k + POLICY_LANES <= inputs; k += POLICY_LANES) {
        memcpy(&numbers, x + k, sizeof numbers);
        policy_add(&sum, weight + 4 * k, &numbers);
    }
    return policy_finish(&sum, weight + 4 * k, x + k, inputs - k);
}

/* Four rows of W at once: each x is loaded once for all, and no sum waits for another. Written out, since not
 * every compiler keeps an array of sums in registers. */
POLICY_INLINE void policy_four_rows(const unsigned char *weight, size_t inputs, const float *x, float *y) {
    const unsigned char *row0 = weight, *row1 = row0 + 4 * inputs, *row2 = row1 + 4 * inputs,
                        *row3 = row2 + 4 * inputs;
    policy_lanes sum0, sum1, sum2, sum3, numbers;
    memset(&sum0, 0, sizeof sum0);
    memset(&sum1, 0, sizeof sum1);
    memset(&sum2, 0, sizeof sum2);
    memset(&sum3, 0, sizeof sum3);
    size_t k = 0;
    for (; k + POLICY_LANES <= inputs; k += POLICY_LANES) {
        memcpy(&numbers, x + k, sizeof numbers);
        policy_add(&sum0, row0 + 4 * k, &numbers);
        policy_add(&sum1, row1 + 4 * k, &numbers);
        policy_add(&sum2, row2 + 4 * k, &numbers);
        policy_add(&sum3, row3 + 4 * k, &numbers);
    }
    y[0] = policy_finish(&sum0, row0 + 4 * k, x + k, inputs - k);
    y[1] = policy_finish(&sum1, row1 + 4 * k, x + k, inputs - k);
    y[2] = policy_finish(&sum2, row2 + 4 * k, x + k, inputs - k);
    y[3] = policy_finish(&sum3, row3 + 4 * k, x + k, inputs - k);
}

POLICY_INLINE void policy_dense_body(const policy_layer *layer, const float *x, float *y) {
    size_t row = 0, inputs = layer->inputs;
    for (; row + 4 <= layer->outputs; row += 4) {
        policy_four_rows(layer->weight + 4 * row * inputs, inputs, x, y + row);
    }
    for (; row < layer->outputs; row++) {
        y[row] = policy_row(layer->weight + 4 * row * inputs, inputs, x);
    }
    for (row = 0; row < layer->outputs; row++) {
        y[row] += policy_float_at(layer->bias, row);
    }
}

#endif
