/* SPDX-License-Identifier: MIT */

/* The twins of the kernel: same bits, other instructions. */
#include "policy_internal.h"

#if defined(__clang__)
/* A fused multiply-add rounds once instead of twice, where the machine has one: other bits on other machines.
 */
#pragma clang fp contract(off)
#endif

#define POLICY_LANES 8

#if defined(__GNUC__)
#define POLICY_INLINE static inline __attribute__((always_inline))
#else
#define POLICY_INLINE static inline
#endif

enum { INSTRUCTIONS_BASIC = 0, INSTRUCTIONS_AVX2 = 1 };

#if defined(__GNUC__) && (defined(__SSE2__) || defined(__ARM_NEON) || defined(__VSX__))
/* Two registers of four lanes, which all of these machines have. */
typedef float policy_four __attribute__((vector_size(16)));
typedef struct basic_lanes {
    policy_four low, high;
} basic_lanes;
#define POLICY_ADD(sum, a, b) ((sum).low += (a).low * (b).low, (sum).high += (a).high * (b).high)
/* Part by part, so that compilers keep the parts in registers. */
#define POLICY_ZERO(v) (memset(&(v).low, 0, 16), memset(&(v).high, 0, 16))
#define POLICY_LOAD(v, bytes)                                                                                \
    (memcpy(&(v).low, (const unsigned char *)(bytes), 16),                                                   \
     memcpy(&(v).high, (const unsigned char *)(bytes) + 16, 16))
#define POLICY_STORE(floats, v) (memcpy((floats), &(v).low, 16), memcpy((floats) + 4, &(v).high, 16))
#define POLICY_HALVE(half, v)                                                                                \
    do {                                                                                                     \
        policy_four added = (v).low + (v).high;                                                              \
        memcpy((half), &added, 16);                                                                          \
    } while (0)
#else
/* Eight plain numbers. */
typedef struct basic_lanes {
    float a, b, c, d, e, f, g, h;
} basic_lanes;
#define POLICY_ADD(sum, x, y)                                                                                \
    ((sum).a += (x).a * (y).a, (sum).b += (x).b * (y).b, (sum).c += (x).c * (y).c, (sum).d += (x).d * (y).d, \
     (sum).e += (x).e * (y).e, (sum).f += (x).f * (y).f, (sum).g += (x).g * (y).g, (sum).h += (x).h * (y).h)
#define POLICY_ZERO(v) memset(&(v), 0, sizeof(v))
#define POLICY_LOAD(v, bytes) memcpy(&(v), (bytes), sizeof(v))
#define POLICY_STORE(floats, v) memcpy((floats), &(v), sizeof(v))
#define POLICY_HALVE(half, v)                                                                                \
    ((half)[0] = (v).a + (v).e, (half)[1] = (v).b + (v).f, (half)[2] = (v).c + (v).g,                        \
     (half)[3] = (v).d + (v).h)
#endif
#define POLICY_TWIN(name) basic_##name
#define POLICY_TARGET
#include "kernel.h"

#if defined(__x86_64__) && defined(__GNUC__)
/* One register of eight lanes. AVX2 without FMA: twice as wide, the same bits. */
typedef float avx2_lanes __attribute__((vector_size(32)));
#define POLICY_ADD(sum, a, b) ((sum) += (a) * (b))
#define POLICY_ZERO(v) memset(&(v), 0, sizeof(v))
#define POLICY_LOAD(v, bytes) memcpy(&(v), (bytes), sizeof(v))
#define POLICY_STORE(floats, v) memcpy((floats), &(v), sizeof(v))
#define POLICY_HALVE(half, v)                                                                                \
    do {                                                                                                     \
        policy_four low, high;                                                                               \
        memcpy(&low, &(v), 16);                                                                              \
        memcpy(&high, (const unsigned char *)&(v) + 16, 16);                                                 \
        low += high;                                                                                         \
        memcpy((half), &low, 16);                                                                            \
    } while (0)
#define POLICY_TWIN(name) avx2_##name
#define POLICY_TARGET __attribute__((target("avx2")))
#include "kernel.h"

POLICY_PRIVATE int32_t policy_best_instructions(void) {
    return __builtin_cpu_supports("avx2") ? INSTRUCTIONS_AVX2 : INSTRUCTIONS_BASIC;
}

POLICY_PRIVATE void policy_dense(int32_t instructions, const policy_layer *layer, const float *x, float *y) {
    if (instructions < 0) {
        instructions = policy_best_instructions();
    }
    if (instructions == INSTRUCTIONS_AVX2) {
        avx2_dense(layer, x, y);
    } else {
        basic_dense(layer, x, y);
    }
}
#else
POLICY_PRIVATE int32_t policy_best_instructions(void) {
    return INSTRUCTIONS_BASIC;
}

POLICY_PRIVATE void policy_dense(int32_t instructions, const policy_layer *layer, const float *x, float *y) {
    (void)(instructions < 0 ? policy_best_instructions() : instructions);
    basic_dense(layer, x, y);
}
#endif
