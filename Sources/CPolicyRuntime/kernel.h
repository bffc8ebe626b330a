/* SPDX-License-Identifier: MIT */

/* y = W x + b for one vector. The order of every sum is fixed: number k of a row goes to lane k mod 8, and
 * the lanes are added in pairs. Vector instructions of any width do that order without being told to reorder
 * sums, so all twins give the same bits. */
#ifndef POLICY_KERNEL_H
#define POLICY_KERNEL_H

#include "policy_internal.h"

#define POLICY_LANES 8
#define POLICY_ROWS 4

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

/* `row_count` rows (1 .. POLICY_ROWS, a constant where it is called) of W at once: each x is loaded for all
 * of them. */
POLICY_INLINE void policy_rows(const unsigned char *weight, const unsigned char *bias, size_t inputs,
                               const float *x, float *y, int row_count) {
    policy_lanes sums[POLICY_ROWS];
    memset(sums, 0, sizeof sums);
    size_t k = 0;
    for (; k + POLICY_LANES <= inputs; k += POLICY_LANES) {
        policy_lanes numbers;
        memcpy(&numbers, x + k, sizeof numbers);
        for (int row = 0; row < row_count; row++) {
            policy_lanes weights;
            memcpy(&weights, weight + 4 * ((size_t)row * inputs + k), sizeof weights);
            POLICY_LANES_ADD(sums[row], weights, numbers);
        }
    }
    for (int row = 0; row < row_count; row++) {
        for (size_t rest = k; rest < inputs; rest++) {
            POLICY_LANE(sums[row], rest - k) +=
                policy_float_at(weight, (size_t)row * inputs + rest) * x[rest];
        }
        float even = (POLICY_LANE(sums[row], 0) + POLICY_LANE(sums[row], 4)) +
                     (POLICY_LANE(sums[row], 2) + POLICY_LANE(sums[row], 6));
        float odd = (POLICY_LANE(sums[row], 1) + POLICY_LANE(sums[row], 5)) +
                    (POLICY_LANE(sums[row], 3) + POLICY_LANE(sums[row], 7));
        y[row] = (even + odd) + policy_float_at(bias, (size_t)row);
    }
}

POLICY_INLINE void policy_dense_body(const policy_layer *layer, const float *x, float *y) {
    size_t row = 0, inputs = layer->inputs;
    for (; row + POLICY_ROWS <= layer->outputs; row += POLICY_ROWS) {
        policy_rows(layer->weight + 4 * row * inputs, layer->bias + 4 * row, inputs, x, y + row, POLICY_ROWS);
    }
    for (; row < layer->outputs; row++) {
        policy_rows(layer->weight + 4 * row * inputs, layer->bias + 4 * row, inputs, x, y + row, 1);
    }
}

#endif
