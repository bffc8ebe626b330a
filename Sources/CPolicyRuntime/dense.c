/* SPDX-License-Identifier: MIT */

/* The twins of the kernel: same bits, other instructions. */
#include "policy_internal.h"

#if defined(__clang__)
/* A fused multiply-add rounds once instead of twice, where the machine has one: other bits on other machines.
 */
#pragma clang fp contract(off)
#endif

#define POLICY_LANES 8

enum { INSTRUCTIONS_BASIC = 0, INSTRUCTIONS_AVX2 = 1 };

#if defined(__GNUC__) && (defined(__SSE2__) || defined(__ARM_NEON) || defined(__VSX__))
#define POLICY_FOURS
#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define POLICY_MIX(a, b, i, k, l, m) __builtin_shufflevector(a, b, i, k, l, m)
#endif
#endif
#endif

#if defined(POLICY_FOURS)
/* A function of the wider twin must be a part of the one that has its instructions. */
#define POLICY_INLINE static inline __attribute__((always_inline))
#else
/* Small computers choose by what they are compiled for. */
#define POLICY_INLINE static inline
#endif

#if defined(POLICY_FOURS) && !defined(POLICY_MIX)
/* The total of eight lanes. */
POLICY_INLINE float policy_total(const void *lanes) {
    float v[POLICY_LANES];
    memcpy(v, lanes, sizeof v);
    return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}
#define POLICY_TOTALS_IN_MEMORY(y, a, b, c, d)                                                               \
    ((y)[0] = policy_total(&(a)), (y)[1] = policy_total(&(b)), (y)[2] = policy_total(&(c)),                  \
     (y)[3] = policy_total(&(d)))
#endif

#if defined(POLICY_FOURS)
/* Two registers of four lanes, which all of these machines have. */
typedef float policy_four __attribute__((vector_size(16)));
typedef int32_t policy_four_bits __attribute__((vector_size(16)));
typedef struct basic_lanes {
    policy_four low, high;
} basic_lanes;

#if defined(POLICY_MIX)
/* The totals of four rows, whose lanes i and i + 4 are added already. */
POLICY_INLINE void policy_totals(policy_four a, policy_four b, policy_four c, policy_four d, float *y) {
    policy_four ab = POLICY_MIX(a, b, 0, 1, 4, 5) + POLICY_MIX(a, b, 2, 3, 6, 7);
    policy_four cd = POLICY_MIX(c, d, 0, 1, 4, 5) + POLICY_MIX(c, d, 2, 3, 6, 7);
    policy_four totals = POLICY_MIX(ab, cd, 0, 2, 4, 6) + POLICY_MIX(ab, cd, 1, 3, 5, 7);
    memcpy(y, &totals, 16);
}
#endif

#define POLICY_ADD(sum, a, b) ((sum).low += (a).low * (b).low, (sum).high += (a).high * (b).high)
/* Part by part, so that compilers keep the parts in registers. */
#define POLICY_ZEROS {{0, 0, 0, 0}, {0, 0, 0, 0}}
#define POLICY_LOAD(v, bytes)                                                                                \
    (memcpy(&(v).low, (const unsigned char *)(bytes), 16),                                                   \
     memcpy(&(v).high, (const unsigned char *)(bytes) + 16, 16))
#define POLICY_STORE(floats, v) (memcpy((floats), &(v).low, 16), memcpy((floats) + 4, &(v).high, 16))
#if defined(POLICY_MIX)
#define POLICY_TOTALS(y, a, b, c, d)                                                                         \
    policy_totals((a).low + (a).high, (b).low + (b).high, (c).low + (c).high, (d).low + (d).high, y)
#else
#define POLICY_TOTALS POLICY_TOTALS_IN_MEMORY
#endif
#define POLICY_PLUS(sum, a) ((sum).low += (a).low, (sum).high += (a).high)
/* By the bits: a comparison gives all ones where it holds. */
#define POLICY_RAMP_FOUR(v) ((v) = (policy_four)((policy_four_bits)(v) & ~((v) < 0.0f)))
#define POLICY_RAMP(v) (POLICY_RAMP_FOUR((v).low), POLICY_RAMP_FOUR((v).high))
#else
/* Eight plain numbers. */
typedef struct basic_lanes {
    float a, b, c, d, e, f, g, h;
} basic_lanes;
#define POLICY_ADD(sum, x, y)                                                                                \
    ((sum).a += (x).a * (y).a, (sum).b += (x).b * (y).b, (sum).c += (x).c * (y).c, (sum).d += (x).d * (y).d, \
     (sum).e += (x).e * (y).e, (sum).f += (x).f * (y).f, (sum).g += (x).g * (y).g, (sum).h += (x).h * (y).h)
#define POLICY_ZEROS {0, 0, 0, 0, 0, 0, 0, 0}
#define POLICY_LOAD(v, bytes) memcpy(&(v), (bytes), sizeof(v))
#define POLICY_STORE(floats, v) memcpy((floats), &(v), sizeof(v))
#define POLICY_TOTAL(v)                                                                                      \
    ((((v).a + (v).e) + ((v).c + (v).g)) + (((v).b + (v).f) + ((v).d + (v).h)))
#define POLICY_TOTALS(y, a, b, c, d)                                                                         \
    ((y)[0] = POLICY_TOTAL(a), (y)[1] = POLICY_TOTAL(b), (y)[2] = POLICY_TOTAL(c), (y)[3] = POLICY_TOTAL(d))
#define POLICY_PLUS(sum, x)                                                                                  \
    ((sum).a += (x).a, (sum).b += (x).b, (sum).c += (x).c, (sum).d += (x).d, (sum).e += (x).e,               \
     (sum).f += (x).f, (sum).g += (x).g, (sum).h += (x).h)
#define POLICY_RAMP_ONE(x) ((x) = (x) < 0 ? 0 : (x))
#define POLICY_RAMP(v)                                                                                       \
    (POLICY_RAMP_ONE((v).a), POLICY_RAMP_ONE((v).b), POLICY_RAMP_ONE((v).c), POLICY_RAMP_ONE((v).d),         \
     POLICY_RAMP_ONE((v).e), POLICY_RAMP_ONE((v).f), POLICY_RAMP_ONE((v).g), POLICY_RAMP_ONE((v).h))
#endif
#define POLICY_TWIN(name) basic_##name
#define POLICY_TARGET
#include "kernel.h"

#if defined(__x86_64__) && defined(__GNUC__)
/* One register of eight lanes. AVX2 without FMA: twice as wide, the same bits. */
typedef float avx2_lanes __attribute__((vector_size(32)));
typedef int32_t avx2_bits __attribute__((vector_size(32)));
#define POLICY_ADD(sum, a, b) ((sum) += (a) * (b))
#define POLICY_ZEROS {0, 0, 0, 0, 0, 0, 0, 0}
#define POLICY_LOAD(v, bytes) memcpy(&(v), (bytes), sizeof(v))
#define POLICY_STORE(floats, v) memcpy((floats), &(v), sizeof(v))
#if defined(POLICY_MIX)
#define POLICY_HALF(v) (POLICY_MIX(v, v, 0, 1, 2, 3) + POLICY_MIX(v, v, 4, 5, 6, 7))
#define POLICY_TOTALS(y, a, b, c, d)                                                                         \
    policy_totals(POLICY_HALF(a), POLICY_HALF(b), POLICY_HALF(c), POLICY_HALF(d), y)
#else
#define POLICY_TOTALS POLICY_TOTALS_IN_MEMORY
#endif
#define POLICY_PLUS(sum, a) ((sum) += (a))
#define POLICY_RAMP(v) ((v) = (avx2_lanes)((avx2_bits)(v) & ~((v) < 0.0f)))
#define POLICY_TWIN(name) avx2_##name
#define POLICY_TARGET __attribute__((target("avx2")))
#include "kernel.h"

POLICY_PRIVATE int32_t policy_best_instructions(void) {
    return __builtin_cpu_supports("avx2") ? INSTRUCTIONS_AVX2 : INSTRUCTIONS_BASIC;
}

POLICY_PRIVATE void policy_dense(int32_t instructions, const policy_layer *layer, int ramp, const float *x,
                                 float *y) {
    if (instructions < 0) {
        instructions = policy_best_instructions();
    }
    if (instructions == INSTRUCTIONS_AVX2) {
        avx2_dense(layer, ramp, x, y);
    } else {
        basic_dense(layer, ramp, x, y);
    }
}
#else
POLICY_PRIVATE int32_t policy_best_instructions(void) {
    return INSTRUCTIONS_BASIC;
}

POLICY_PRIVATE void policy_dense(int32_t instructions, const policy_layer *layer, int ramp, const float *x,
                                 float *y) {
    (void)(instructions < 0 ? policy_best_instructions() : instructions);
    basic_dense(layer, ramp, x, y);
}
#endif
