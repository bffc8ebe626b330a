/* SPDX-License-Identifier: MIT */

/* The runtime, the policy's numbers, and the functions of policy.h. */
#include "policy.h"

#include <stddef.h>

#define PENDULUM_PRIVATE static


/* A policy in memory. */
#ifndef PENDULUM_NETWORK_H
#define PENDULUM_NETWORK_H

#include <stddef.h>
#include <stdint.h>

/* Most layers of a network. */
#define PENDULUM_LAYER_LIMIT 8

/* Most states of a table. */
#define PENDULUM_STATE_LIMIT 16777216

/* Largest |difference| of an action from its golden one that the self-test lets pass, per unit of |scale| +
 * |offset|. */
#define PENDULUM_SELF_TEST_TOLERANCE 1e-5f

#if defined(__has_attribute)
#if __has_attribute(enum_extensibility)
#define PENDULUM_CLOSED __attribute__((enum_extensibility(closed)))
#endif
#endif
#ifndef PENDULUM_CLOSED
#define PENDULUM_CLOSED
#endif

/* How an action comes about. */
typedef enum PENDULUM_CLOSED pendulum_kind {
    PENDULUM_KIND_SQUASHED = 0, /* tanh of the last layer */
    PENDULUM_KIND_GREEDY = 1,   /* the choice that the last layer values highest */
    PENDULUM_KIND_TABLE = 2     /* the choice that the state's row of a table values highest */
} pendulum_kind;

/* A layer y = W x + b: W is (outputs, inputs), row-major. The pointers go into the file and need not be
 * aligned. */
typedef struct pendulum_layer {
    const unsigned char *weight;
    const unsigned char *bias;
    uint32_t inputs;
    uint32_t outputs;
} pendulum_layer;

/* A loaded policy: sizes, and views into the bytes that it was loaded from. Copy it freely; read the counts,
 * leave the rest. */
typedef struct policy {
    pendulum_kind kind;
    uint32_t observation_count; /* O */
    uint32_t action_count;      /* A */
    uint32_t layer_count;       /* 1 .. PENDULUM_LAYER_LIMIT; 0 for tables */
    uint32_t choice_count;      /* N for greedy policies and tables, else 0 */
    uint32_t golden_count;      /* G, at least 1 */
    uint32_t checksum;          /* tells one policy from another */
    int32_t instructions;       /* which twin of the kernels runs; chosen by pendulum_load */
    double control_period;      /* s; 0 where the file does not say */
    pendulum_layer layers[PENDULUM_LAYER_LIMIT];
    pendulum_layer log_std; /* weight is null for policies that are deterministic only */
    const unsigned char *mean;
    const unsigned char *inverse_std;
    const unsigned char *scale;
    const unsigned char *offset;
    const unsigned char *choices;
    const unsigned char *bins;   /* of each observation; null but for tables */
    const unsigned char *values; /* of each state and choice; null but for tables */
    const unsigned char *golden_observations;
    const unsigned char *golden_actions;
    float clip;
} policy;

#endif

/* How numbers are read from bytes. */
#ifndef PENDULUM_FLOATS_H
#define PENDULUM_FLOATS_H

#include <stdint.h>
#include <string.h>

/* Where wide registers read weights fastest. */
#define PENDULUM_ALIGNMENT 32
#if defined(__GNUC__)
#define PENDULUM_ALIGNED __attribute__((aligned(PENDULUM_ALIGNMENT)))
#else
#define PENDULUM_ALIGNED
#endif

/* Bytes of a file hold numbers at any address; these read them without asking for alignment. */
static inline float pendulum_float_at(const unsigned char *bytes, size_t index) {
    float value;
    memcpy(&value, bytes + 4 * index, sizeof value);
    return value;
}

/* By its bits, so that no compiler option can take the question away. */
static inline int pendulum_is_finite(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (bits & 0x7F800000u) != 0x7F800000u;
}

#endif

/* The checksum of files and of numbers in flash. */

PENDULUM_PRIVATE uint32_t pendulum_checksum(uint32_t before, const unsigned char *bytes, size_t count) {
    /* Four bits at a time: sixteen numbers instead of 256 are kinder to small flash, and loading happens
     * once. */
    static const uint32_t table[16] = {
        0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu, 0x76DC4190u, 0x6B6B51F4u,
        0x4DB26158u, 0x5005713Cu, 0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu,
        0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu,
    };
    uint32_t crc = ~before;
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        crc = (crc >> 4) ^ table[crc & 15u];
        crc = (crc >> 4) ^ table[crc & 15u];
    }
    return ~crc;
}

/* The twins of the kernel: same bits, other instructions. */

#if defined(__clang__)
/* A fused multiply-add rounds once instead of twice, where the machine has one: other bits on other machines.
 */
#pragma clang fp contract(off)
#endif

#define PENDULUM_LANES 8

enum { INSTRUCTIONS_BASIC = 0, INSTRUCTIONS_AVX2 = 1 };

#if defined(__GNUC__) && (defined(__SSE2__) || defined(__ARM_NEON) || defined(__VSX__))
#define PENDULUM_FOURS
#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define PENDULUM_MIX(a, b, i, k, l, m) __builtin_shufflevector(a, b, i, k, l, m)
#endif
#endif
#endif

#if defined(PENDULUM_FOURS)
/* A function of the wider twin must be a part of the one that has its instructions. */
#define PENDULUM_INLINE static inline __attribute__((always_inline))
#else
/* Small computers choose by what they are compiled for. */
#define PENDULUM_INLINE static inline
#endif

#if defined(PENDULUM_FOURS) && !defined(PENDULUM_MIX)
/* The total of eight lanes. */
PENDULUM_INLINE float pendulum_total(const void *lanes) {
    float v[PENDULUM_LANES];
    memcpy(v, lanes, sizeof v);
    return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}
#define PENDULUM_TOTALS_IN_MEMORY(y, a, b, c, d)                                                               \
    ((y)[0] = pendulum_total(&(a)), (y)[1] = pendulum_total(&(b)), (y)[2] = pendulum_total(&(c)),                  \
     (y)[3] = pendulum_total(&(d)))
#endif

#if defined(PENDULUM_FOURS)
/* Two registers of four lanes, which all of these machines have. */
typedef float pendulum_four __attribute__((vector_size(16)));
typedef int32_t pendulum_four_bits __attribute__((vector_size(16)));
typedef struct basic_lanes {
    pendulum_four low, high;
} basic_lanes;

#if defined(PENDULUM_MIX)
/* The totals of four rows, whose lanes i and i + 4 are added already. */
PENDULUM_INLINE void pendulum_totals(pendulum_four a, pendulum_four b, pendulum_four c, pendulum_four d, float *y) {
    pendulum_four ab = PENDULUM_MIX(a, b, 0, 1, 4, 5) + PENDULUM_MIX(a, b, 2, 3, 6, 7);
    pendulum_four cd = PENDULUM_MIX(c, d, 0, 1, 4, 5) + PENDULUM_MIX(c, d, 2, 3, 6, 7);
    pendulum_four totals = PENDULUM_MIX(ab, cd, 0, 2, 4, 6) + PENDULUM_MIX(ab, cd, 1, 3, 5, 7);
    memcpy(y, &totals, 16);
}
#endif

#define PENDULUM_ADD(sum, a, b) ((sum).low += (a).low * (b).low, (sum).high += (a).high * (b).high)
/* Part by part, so that compilers keep the parts in registers. */
#define PENDULUM_ZEROS {{0, 0, 0, 0}, {0, 0, 0, 0}}
#define PENDULUM_LOAD(v, bytes)                                                                                \
    (memcpy(&(v).low, (const unsigned char *)(bytes), 16),                                                   \
     memcpy(&(v).high, (const unsigned char *)(bytes) + 16, 16))
#define PENDULUM_STORE(floats, v) (memcpy((floats), &(v).low, 16), memcpy((floats) + 4, &(v).high, 16))
#if defined(PENDULUM_MIX)
#define PENDULUM_TOTALS(y, a, b, c, d)                                                                         \
    pendulum_totals((a).low + (a).high, (b).low + (b).high, (c).low + (c).high, (d).low + (d).high, y)
#else
#define PENDULUM_TOTALS PENDULUM_TOTALS_IN_MEMORY
#endif
#define PENDULUM_PLUS(sum, a) ((sum).low += (a).low, (sum).high += (a).high)
/* By the bits: a comparison gives all ones where it holds. */
#define PENDULUM_RAMP_FOUR(v) ((v) = (pendulum_four)((pendulum_four_bits)(v) & ~((v) < 0.0f)))
#define PENDULUM_RAMP(v) (PENDULUM_RAMP_FOUR((v).low), PENDULUM_RAMP_FOUR((v).high))
#else
/* Eight plain numbers. */
typedef struct basic_lanes {
    float a, b, c, d, e, f, g, h;
} basic_lanes;
#define PENDULUM_ADD(sum, x, y)                                                                                \
    ((sum).a += (x).a * (y).a, (sum).b += (x).b * (y).b, (sum).c += (x).c * (y).c, (sum).d += (x).d * (y).d, \
     (sum).e += (x).e * (y).e, (sum).f += (x).f * (y).f, (sum).g += (x).g * (y).g, (sum).h += (x).h * (y).h)
#define PENDULUM_ZEROS {0, 0, 0, 0, 0, 0, 0, 0}
#define PENDULUM_LOAD(v, bytes) memcpy(&(v), (bytes), sizeof(v))
#define PENDULUM_STORE(floats, v) memcpy((floats), &(v), sizeof(v))
#define PENDULUM_TOTAL(v)                                                                                      \
    ((((v).a + (v).e) + ((v).c + (v).g)) + (((v).b + (v).f) + ((v).d + (v).h)))
#define PENDULUM_TOTALS(y, a, b, c, d)                                                                         \
    ((y)[0] = PENDULUM_TOTAL(a), (y)[1] = PENDULUM_TOTAL(b), (y)[2] = PENDULUM_TOTAL(c), (y)[3] = PENDULUM_TOTAL(d))
#define PENDULUM_PLUS(sum, x)                                                                                  \
    ((sum).a += (x).a, (sum).b += (x).b, (sum).c += (x).c, (sum).d += (x).d, (sum).e += (x).e,               \
     (sum).f += (x).f, (sum).g += (x).g, (sum).h += (x).h)
#define PENDULUM_RAMP_ONE(x) ((x) = (x) < 0 ? 0 : (x))
#define PENDULUM_RAMP(v)                                                                                       \
    (PENDULUM_RAMP_ONE((v).a), PENDULUM_RAMP_ONE((v).b), PENDULUM_RAMP_ONE((v).c), PENDULUM_RAMP_ONE((v).d),         \
     PENDULUM_RAMP_ONE((v).e), PENDULUM_RAMP_ONE((v).f), PENDULUM_RAMP_ONE((v).g), PENDULUM_RAMP_ONE((v).h))
#endif
#define PENDULUM_TWIN(name) basic_##name
#define PENDULUM_TARGET

/* y = W x + b for one vector, or max(0, W x + b): a pattern that is included once for each twin, with
 *
 *     PENDULUM_TWIN(name)        the twin's name for each function
 *     PENDULUM_TARGET            attributes that choose its instructions
 *     pendulum_lanes             (as PENDULUM_TWIN(lanes)) eight lanes: a type of eight floats
 *     PENDULUM_ADD(sum, a, b)    sum += a * b in each lane
 *     PENDULUM_ZEROS             what sets lanes to zero where they are declared
 *     PENDULUM_LOAD, PENDULUM_STORE    lanes from memory, to memory
 *     PENDULUM_TOTALS(y, a, b, c, d)    four floats: of each its lanes added in pairs, i to i + 4, then i to i + 2,
 *                                     then the two
 *     PENDULUM_PLUS(sum, a)      sum += a in each lane
 *     PENDULUM_RAMP(v)           0 in each lane that is below 0; NaN stays
 *
 * The order of every sum is fixed: number k of a row goes to lane k mod 8, and the lanes are added in pairs.
 * Vector instructions of any width do that order without being told to reorder sums, so all twins give the
 * same bits. */

/* Four rows of W at once: each x is loaded once for all, and no sum waits for another. The first `whole`
 * numbers of a row are taken eight by eight; its last ones, fewer, stand in `rest` and go with those of x in
 * `numbers_rest`, which zeros follow. Written out, since not every compiler keeps an array of sums in
 * registers. */
PENDULUM_INLINE void PENDULUM_TWIN(four_rows)(const unsigned char *const *row, const unsigned char *const *rest,
                                          size_t whole, int has_rest, const float *x,
                                          const float *numbers_rest, float *y) {
    const unsigned char *row0 = row[0], *row1 = row[1], *row2 = row[2], *row3 = row[3];
    PENDULUM_TWIN(lanes) sum0 = PENDULUM_ZEROS, sum1 = PENDULUM_ZEROS, sum2 = PENDULUM_ZEROS, sum3 = PENDULUM_ZEROS;
    PENDULUM_TWIN(lanes) numbers, weights;
    for (size_t k = 0; k < whole; k += PENDULUM_LANES) {
        PENDULUM_LOAD(numbers, x + k);
        PENDULUM_LOAD(weights, row0 + 4 * k);
        PENDULUM_ADD(sum0, weights, numbers);
        PENDULUM_LOAD(weights, row1 + 4 * k);
        PENDULUM_ADD(sum1, weights, numbers);
        PENDULUM_LOAD(weights, row2 + 4 * k);
        PENDULUM_ADD(sum2, weights, numbers);
        PENDULUM_LOAD(weights, row3 + 4 * k);
        PENDULUM_ADD(sum3, weights, numbers);
    }
    if (has_rest) {
        PENDULUM_LOAD(numbers, numbers_rest);
        PENDULUM_LOAD(weights, rest[0]);
        PENDULUM_ADD(sum0, weights, numbers);
        PENDULUM_LOAD(weights, rest[1]);
        PENDULUM_ADD(sum1, weights, numbers);
        PENDULUM_LOAD(weights, rest[2]);
        PENDULUM_ADD(sum2, weights, numbers);
        PENDULUM_LOAD(weights, rest[3]);
        PENDULUM_ADD(sum3, weights, numbers);
    }
    PENDULUM_TOTALS(y, sum0, sum1, sum2, sum3);
}

/* The last rows of W, four or fewer: a missing one is the last one again, and no number beyond W is read. */
PENDULUM_INLINE void PENDULUM_TWIN(last_rows)(const pendulum_layer *layer, size_t first, size_t whole,
                                          const float *x, const float *numbers_rest, float *y) {
    size_t inputs = layer->inputs, rest_count = inputs - whole;
    const unsigned char *row[4], *rest[4];
    float copies[4][PENDULUM_LANES] = {{0}}, sums[4];
    for (size_t i = 0; i < 4; i++) {
        size_t index = first + i < layer->outputs ? first + i : layer->outputs - 1;
        row[i] = layer->weight + 4 * index * inputs;
        memcpy(copies[i], row[i] + 4 * whole, 4 * rest_count);
        rest[i] = (const unsigned char *)copies[i];
    }
    PENDULUM_TWIN(four_rows)(row, rest, whole, rest_count > 0, x, numbers_rest, sums);
    for (size_t i = 0; i < 4 && first + i < layer->outputs; i++) {
        y[first + i] = sums[i];
    }
}

/* y += b, and with `ramp` negative numbers become 0; without a branch, since whether a unit is at rest cannot
 * be guessed. */
PENDULUM_INLINE void PENDULUM_TWIN(finish)(const pendulum_layer *layer, int ramp, float *y) {
    size_t outputs = layer->outputs, i = 0;
    for (; i + PENDULUM_LANES <= outputs; i += PENDULUM_LANES) {
        PENDULUM_TWIN(lanes) numbers, bias;
        PENDULUM_LOAD(numbers, y + i);
        PENDULUM_LOAD(bias, layer->bias + 4 * i);
        PENDULUM_PLUS(numbers, bias);
        if (ramp) {
            PENDULUM_RAMP(numbers);
        }
        PENDULUM_STORE(y + i, numbers);
    }
    for (; i < outputs; i++) {
        float number = y[i] + pendulum_float_at(layer->bias, i);
        /* Written so that NaN passes and is found at the end. */
        y[i] = ramp && number < 0 ? 0 : number;
    }
}

PENDULUM_TARGET static void PENDULUM_TWIN(dense)(const pendulum_layer *layer, int ramp, const float *x, float *y) {
    size_t inputs = layer->inputs, outputs = layer->outputs, whole = inputs - inputs % PENDULUM_LANES;
    size_t first = 0, count = inputs * outputs;
    float numbers_rest[PENDULUM_LANES] = {0};
    memcpy(numbers_rest, x + whole, (inputs - whole) * sizeof *x);
    /* Of a row's rest eight numbers are read, those beyond it from the next row: zeros of x leave them out. */
    for (; first + 4 <= outputs && (first + 3) * inputs + whole + PENDULUM_LANES <= count; first += 4) {
        const unsigned char *start = layer->weight + 4 * first * inputs, *end = start + 4 * whole;
        const unsigned char *row[4] = {start, start + 4 * inputs, start + 8 * inputs, start + 12 * inputs};
        const unsigned char *rest[4] = {end, end + 4 * inputs, end + 8 * inputs, end + 12 * inputs};
        PENDULUM_TWIN(four_rows)(row, rest, whole, inputs > whole, x, numbers_rest, y + first);
    }
    for (; first < outputs; first += 4) {
        PENDULUM_TWIN(last_rows)(layer, first, whole, x, numbers_rest, y);
    }
    PENDULUM_TWIN(finish)(layer, ramp, y);
}

#undef PENDULUM_TWIN
#undef PENDULUM_TARGET
#undef PENDULUM_ADD
#undef PENDULUM_ZEROS
#undef PENDULUM_LOAD
#undef PENDULUM_STORE
#undef PENDULUM_TOTALS
#undef PENDULUM_PLUS
#undef PENDULUM_RAMP


#if defined(__x86_64__) && defined(__GNUC__)
/* One register of eight lanes. AVX2 without FMA: twice as wide, the same bits. */
typedef float avx2_lanes __attribute__((vector_size(32)));
typedef int32_t avx2_bits __attribute__((vector_size(32)));
#define PENDULUM_ADD(sum, a, b) ((sum) += (a) * (b))
#define PENDULUM_ZEROS {0, 0, 0, 0, 0, 0, 0, 0}
#define PENDULUM_LOAD(v, bytes) memcpy(&(v), (bytes), sizeof(v))
#define PENDULUM_STORE(floats, v) memcpy((floats), &(v), sizeof(v))
#if defined(PENDULUM_MIX)
#define PENDULUM_HALF(v) (PENDULUM_MIX(v, v, 0, 1, 2, 3) + PENDULUM_MIX(v, v, 4, 5, 6, 7))
#define PENDULUM_TOTALS(y, a, b, c, d)                                                                         \
    pendulum_totals(PENDULUM_HALF(a), PENDULUM_HALF(b), PENDULUM_HALF(c), PENDULUM_HALF(d), y)
#else
#define PENDULUM_TOTALS PENDULUM_TOTALS_IN_MEMORY
#endif
#define PENDULUM_PLUS(sum, a) ((sum) += (a))
#define PENDULUM_RAMP(v) ((v) = (avx2_lanes)((avx2_bits)(v) & ~((v) < 0.0f)))
#define PENDULUM_TWIN(name) avx2_##name
#define PENDULUM_TARGET __attribute__((target("avx2")))

/* y = W x + b for one vector, or max(0, W x + b): a pattern that is included once for each twin, with
 *
 *     PENDULUM_TWIN(name)        the twin's name for each function
 *     PENDULUM_TARGET            attributes that choose its instructions
 *     pendulum_lanes             (as PENDULUM_TWIN(lanes)) eight lanes: a type of eight floats
 *     PENDULUM_ADD(sum, a, b)    sum += a * b in each lane
 *     PENDULUM_ZEROS             what sets lanes to zero where they are declared
 *     PENDULUM_LOAD, PENDULUM_STORE    lanes from memory, to memory
 *     PENDULUM_TOTALS(y, a, b, c, d)    four floats: of each its lanes added in pairs, i to i + 4, then i to i + 2,
 *                                     then the two
 *     PENDULUM_PLUS(sum, a)      sum += a in each lane
 *     PENDULUM_RAMP(v)           0 in each lane that is below 0; NaN stays
 *
 * The order of every sum is fixed: number k of a row goes to lane k mod 8, and the lanes are added in pairs.
 * Vector instructions of any width do that order without being told to reorder sums, so all twins give the
 * same bits. */

/* Four rows of W at once: each x is loaded once for all, and no sum waits for another. The first `whole`
 * numbers of a row are taken eight by eight; its last ones, fewer, stand in `rest` and go with those of x in
 * `numbers_rest`, which zeros follow. Written out, since not every compiler keeps an array of sums in
 * registers. */
PENDULUM_INLINE void PENDULUM_TWIN(four_rows)(const unsigned char *const *row, const unsigned char *const *rest,
                                          size_t whole, int has_rest, const float *x,
                                          const float *numbers_rest, float *y) {
    const unsigned char *row0 = row[0], *row1 = row[1], *row2 = row[2], *row3 = row[3];
    PENDULUM_TWIN(lanes) sum0 = PENDULUM_ZEROS, sum1 = PENDULUM_ZEROS, sum2 = PENDULUM_ZEROS, sum3 = PENDULUM_ZEROS;
    PENDULUM_TWIN(lanes) numbers, weights;
    for (size_t k = 0; k < whole; k += PENDULUM_LANES) {
        PENDULUM_LOAD(numbers, x + k);
        PENDULUM_LOAD(weights, row0 + 4 * k);
        PENDULUM_ADD(sum0, weights, numbers);
        PENDULUM_LOAD(weights, row1 + 4 * k);
        PENDULUM_ADD(sum1, weights, numbers);
        PENDULUM_LOAD(weights, row2 + 4 * k);
        PENDULUM_ADD(sum2, weights, numbers);
        PENDULUM_LOAD(weights, row3 + 4 * k);
        PENDULUM_ADD(sum3, weights, numbers);
    }
    if (has_rest) {
        PENDULUM_LOAD(numbers, numbers_rest);
        PENDULUM_LOAD(weights, rest[0]);
        PENDULUM_ADD(sum0, weights, numbers);
        PENDULUM_LOAD(weights, rest[1]);
        PENDULUM_ADD(sum1, weights, numbers);
        PENDULUM_LOAD(weights, rest[2]);
        PENDULUM_ADD(sum2, weights, numbers);
        PENDULUM_LOAD(weights, rest[3]);
        PENDULUM_ADD(sum3, weights, numbers);
    }
    PENDULUM_TOTALS(y, sum0, sum1, sum2, sum3);
}

/* The last rows of W, four or fewer: a missing one is the last one again, and no number beyond W is read. */
PENDULUM_INLINE void PENDULUM_TWIN(last_rows)(const pendulum_layer *layer, size_t first, size_t whole,
                                          const float *x, const float *numbers_rest, float *y) {
    size_t inputs = layer->inputs, rest_count = inputs - whole;
    const unsigned char *row[4], *rest[4];
    float copies[4][PENDULUM_LANES] = {{0}}, sums[4];
    for (size_t i = 0; i < 4; i++) {
        size_t index = first + i < layer->outputs ? first + i : layer->outputs - 1;
        row[i] = layer->weight + 4 * index * inputs;
        memcpy(copies[i], row[i] + 4 * whole, 4 * rest_count);
        rest[i] = (const unsigned char *)copies[i];
    }
    PENDULUM_TWIN(four_rows)(row, rest, whole, rest_count > 0, x, numbers_rest, sums);
    for (size_t i = 0; i < 4 && first + i < layer->outputs; i++) {
        y[first + i] = sums[i];
    }
}

/* y += b, and with `ramp` negative numbers become 0; without a branch, since whether a unit is at rest cannot
 * be guessed. */
PENDULUM_INLINE void PENDULUM_TWIN(finish)(const pendulum_layer *layer, int ramp, float *y) {
    size_t outputs = layer->outputs, i = 0;
    for (; i + PENDULUM_LANES <= outputs; i += PENDULUM_LANES) {
        PENDULUM_TWIN(lanes) numbers, bias;
        PENDULUM_LOAD(numbers, y + i);
        PENDULUM_LOAD(bias, layer->bias + 4 * i);
        PENDULUM_PLUS(numbers, bias);
        if (ramp) {
            PENDULUM_RAMP(numbers);
        }
        PENDULUM_STORE(y + i, numbers);
    }
    for (; i < outputs; i++) {
        float number = y[i] + pendulum_float_at(layer->bias, i);
        /* Written so that NaN passes and is found at the end. */
        y[i] = ramp && number < 0 ? 0 : number;
    }
}

PENDULUM_TARGET static void PENDULUM_TWIN(dense)(const pendulum_layer *layer, int ramp, const float *x, float *y) {
    size_t inputs = layer->inputs, outputs = layer->outputs, whole = inputs - inputs % PENDULUM_LANES;
    size_t first = 0, count = inputs * outputs;
    float numbers_rest[PENDULUM_LANES] = {0};
    memcpy(numbers_rest, x + whole, (inputs - whole) * sizeof *x);
    /* Of a row's rest eight numbers are read, those beyond it from the next row: zeros of x leave them out. */
    for (; first + 4 <= outputs && (first + 3) * inputs + whole + PENDULUM_LANES <= count; first += 4) {
        const unsigned char *start = layer->weight + 4 * first * inputs, *end = start + 4 * whole;
        const unsigned char *row[4] = {start, start + 4 * inputs, start + 8 * inputs, start + 12 * inputs};
        const unsigned char *rest[4] = {end, end + 4 * inputs, end + 8 * inputs, end + 12 * inputs};
        PENDULUM_TWIN(four_rows)(row, rest, whole, inputs > whole, x, numbers_rest, y + first);
    }
    for (; first < outputs; first += 4) {
        PENDULUM_TWIN(last_rows)(layer, first, whole, x, numbers_rest, y);
    }
    PENDULUM_TWIN(finish)(layer, ramp, y);
}

#undef PENDULUM_TWIN
#undef PENDULUM_TARGET
#undef PENDULUM_ADD
#undef PENDULUM_ZEROS
#undef PENDULUM_LOAD
#undef PENDULUM_STORE
#undef PENDULUM_TOTALS
#undef PENDULUM_PLUS
#undef PENDULUM_RAMP


PENDULUM_PRIVATE int32_t pendulum_best_instructions(void) {
    return __builtin_cpu_supports("avx2") ? INSTRUCTIONS_AVX2 : INSTRUCTIONS_BASIC;
}

PENDULUM_PRIVATE void pendulum_dense(int32_t instructions, const pendulum_layer *layer, int ramp, const float *x,
                                 float *y) {
    if (instructions < 0) {
        instructions = pendulum_best_instructions();
    }
    if (instructions == INSTRUCTIONS_AVX2) {
        avx2_dense(layer, ramp, x, y);
    } else {
        basic_dense(layer, ramp, x, y);
    }
}
#else
PENDULUM_PRIVATE int32_t pendulum_best_instructions(void) {
    return INSTRUCTIONS_BASIC;
}

PENDULUM_PRIVATE void pendulum_dense(int32_t instructions, const pendulum_layer *layer, int ramp, const float *x,
                                 float *y) {
    (void)(instructions < 0 ? pendulum_best_instructions() : instructions);
    basic_dense(layer, ramp, x, y);
}
#endif

/* The forward pass: from an observation to u, each number within [-1, 1]. */

#include <math.h>

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

/* The logarithm of a standard deviation stays within these, as in training. */
#define LOG_STD_LOW (-20.0f)
#define LOG_STD_HIGH 2.0f
#define SATURATED 0.999f

static void dense(const policy *p, const pendulum_layer *layer, const float *x, float *y) {
    pendulum_dense(p->instructions, layer, 0, x, y);
}

/* The longest vector between two layers. */
PENDULUM_PRIVATE size_t pendulum_widest(const policy *p) {
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
        if (!pendulum_is_finite(observation[i])) {
            return PENDULUM_FLAG_NOT_FINITE;
        }
        float value = (observation[i] - pendulum_float_at(p->mean, i)) * pendulum_float_at(p->inverse_std, i);
        if (value > p->clip || value < -p->clip) {
            value = value > 0 ? p->clip : -p->clip;
            flags |= PENDULUM_FLAG_CLIPPED;
        }
        x[i] = value;
    }
    return flags;
}

/* Runs the hidden layers from `x`, swapping it with `spare`; returns where their result is. */
static float *run_hidden(const policy *p, float *x, float *spare) {
    for (uint32_t i = 0; i + 1 < p->layer_count; i++) {
        pendulum_dense(p->instructions, &p->layers[i], 1, x, spare);
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
        if (!pendulum_is_finite(value)) {
            return PENDULUM_FLAG_NOT_FINITE;
        }
        u[i] = tanhf(value);
        if (u[i] >= SATURATED || u[i] <= -SATURATED) {
            flags |= PENDULUM_FLAG_SATURATED;
        }
    }
    return flags;
}

/* u = row `choice` of the choices. */
static uint32_t take_choice(const policy *p, uint32_t choice, float *u) {
    uint32_t flags = 0;
    for (uint32_t i = 0; i < p->action_count; i++) {
        u[i] = pendulum_float_at(p->choices, (size_t)choice * p->action_count + i);
        if (u[i] >= SATURATED || u[i] <= -SATURATED) {
            flags |= PENDULUM_FLAG_SATURATED;
        }
    }
    return flags;
}

/* u = the choice of the highest value. */
static uint32_t choose(const policy *p, const float *values, float *u) {
    uint32_t best = 0;
    for (uint32_t i = 0; i < p->choice_count; i++) {
        if (!pendulum_is_finite(values[i])) {
            return PENDULUM_FLAG_NOT_FINITE;
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
        float bins = pendulum_float_at(p->bins, i);
        /* Held first, so that the conversion is defined. */
        float digit = x[i] < 0 ? 0 : x[i] > bins - 1 ? bins - 1 : x[i];
        state = state * (size_t)bins + (size_t)digit;
    }
    const unsigned char *row = p->values + 4 * state * p->choice_count;
    for (uint32_t i = 1; i < p->choice_count; i++) {
        best = pendulum_float_at(row, i) > pendulum_float_at(row, best) ? i : best;
    }
    return take_choice(p, best, u);
}

/* Computes u into the workspace and says where it is. */
PENDULUM_PRIVATE uint32_t pendulum_run(const policy *p, const float *observation, const float *noise,
                                   float *workspace, float **u) {
    size_t width = pendulum_widest(p);
    float *first = workspace, *second = workspace + width, *action = second + width;
    uint32_t flags = normalise(p, observation, first);
    if (flags & PENDULUM_FLAG_NOT_FINITE) {
        return flags;
    }
    *u = action;
    if (p->kind == PENDULUM_KIND_TABLE) {
        return flags | look_up(p, first, action);
    }
    float *x = run_hidden(p, first, second);
    if (p->kind == PENDULUM_KIND_GREEDY) {
        float *values = x == first ? second : first;
        dense(p, &p->layers[p->layer_count - 1], x, values);
        return flags | choose(p, values, action);
    }
    dense(p, &p->layers[p->layer_count - 1], x, action);
    return flags | squash(p, x, noise, action, action + p->action_count);
}

/* The clock of control steps. */

PENDULUM_PRIVATE void pendulum_clock_reset(pendulum_clock *clock) {
    clock->last = 0;
    clock->step_count = 0;
    clock->late_count = 0;
    clock->worst = 0;
}

/* What the clock says about a step at `now`. */
PENDULUM_PRIVATE uint32_t pendulum_clock_tell(pendulum_clock *clock, uint64_t now) {
    uint32_t flags = 0;
    if (clock->step_count > 0 && now <= clock->last) {
        flags = PENDULUM_FLAG_TIME;
    } else if (clock->step_count > 0) {
        uint64_t since = now - clock->last;
        uint64_t off = since > clock->period ? since - clock->period : clock->period - since;
        if (off > clock->tolerance) {
            flags |= PENDULUM_FLAG_JITTER;
        }
        if (since > clock->period && off >= clock->period / 2) {
            flags |= PENDULUM_FLAG_LATE;
            clock->late_count++;
        }
        clock->worst = off > clock->worst ? off : clock->worst;
    }
    clock->last = now;
    clock->step_count++;
    return flags;
}

/* ---- The policy's numbers ---- */

static const float mean[] = {
    -1.0f, -1.0f, -8.0f,
};
static const float inverse_std[] = {
    1.0f, 3.5f, 0.3125f,
};
static const float bins[] = {
    2.0f, 7.0f, 5.0f,
};
static const float table_values[] = {
    -9.297403f, -7.806106f, -10.822334f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f,
    0.0f, -4.909706f, 0.0f, 0.0f, -7.7490377f, -13.672121f, -15.686851f, -10.660888f,
    -12.565247f, -10.996037f, 0.0f, -7.0109296f, -7.488327f, -11.616117f, -14.948327f, -22.2552f,
    -7.2466154f, 0.0f, 0.0f, -19.346916f, -9.669002f, -18.277058f, 0.0f, -13.638217f,
    0.0f, -18.887184f, 0.0f, -8.809897f, -23.962954f, -19.61232f, -26.433222f, -32.25128f,
    -9.070359f, -8.09623f, -14.816461f, -20.005995f, -21.87104f, -13.412971f, -16.10753f, 0.0f,
    -17.243423f, -11.899223f, -14.424491f, -32.846478f, -31.720322f, -43.72084f, -15.007373f, -12.050412f,
    -10.081317f, -15.928687f, -24.50703f, -25.842169f, -13.581866f, -12.986259f, -14.16529f, -9.649166f,
    0.0f, -18.41713f, -22.362118f, -23.772182f, -19.699545f, -19.058455f, -10.6521225f, -15.406109f,
    0.0f, -12.575349f, -27.118736f, 0.0f, -17.282204f, -11.232829f, 0.0f, 0.0f,
    0.0f, -17.292412f, -16.963158f, -22.555164f, 0.0f, 0.0f, 0.0f, -10.4200325f,
    -26.206423f, -10.996697f, -13.4768715f, -6.902695f, -12.730863f, 0.0f, -4.12454f, 0.0f,
    0.0f, 0.0f, 0.0f, 0.0f, -11.516247f, -3.830335f, -16.590773f, -17.526909f,
    -17.019117f, -10.064316f, 0.0f, 0.0f, -4.140823f, -3.504033f, -3.7919328f, -1.5787722f,
    -1.1290323f, -0.7554721f, -4.317025f, -3.3547685f, -5.247106f, -5.587767f, -5.489731f, -7.0254145f,
    0.0f, 0.0f, 0.0f, -2.7464747f, 0.0f, 0.0f, -0.38471586f, 0.0f,
    -0.32780412f, -1.0309956f, -1.0775727f, -1.2249036f, 0.0f, 0.0f, 0.0f, 0.0f,
    0.0f, 0.0f, 0.0f, 0.0f, 0.0f, -0.21729311f, -0.3203937f, -0.34336263f,
    0.0f, -0.47224557f, -0.42920887f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f,
    0.0f, 0.0f, 0.0f, 0.0f, -0.23547935f, 0.0f, -0.23007718f, -0.36771956f,
    0.0f, -1.4286591f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f,
    0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, -0.7880429f, -0.5227058f,
    0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f,
    0.0f, 0.0f, -1.1661308f, -1.0286118f, -1.77934f, -1.6704385f, -1.5068378f, -7.220438f,
    0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, -1.6149306f, -2.3785577f,
    -1.9780973f, -1.6120354f, -1.404087f, -4.58728f, -9.9627075f, -5.649123f, -5.1107984f, -13.552868f,
    0.0f, -13.032192f,
};
static const float choices[] = {
    -1.0f, 0.0f, 1.0f,
};
static const float action_scale[] = {
    2.0f,
};
static const float action_offset[] = {
    0.0f,
};
static const float golden_observations[] = {
    0.22911285f, 0.5681324f, 4.7968893f, 0.6761299f, 0.05604331f, 1.5395575f, -0.9314521f, -0.35283595f,
    -3.910842f, -0.5044465f, 0.7494954f, -3.2672963f, -0.8488484f, 0.31085432f, -8.424677f, -0.007183183f,
    -0.088755056f, 5.6419716f, 0.43005902f, 0.20085694f, 6.60784f, -0.35998923f, -0.5405911f, -10.992514f,
    -0.55239916f, -0.74095726f, 0.7355677f, 0.4878668f, -0.059798393f, -5.1068006f, -0.8741452f, 0.47639725f,
    3.0923853f, 0.2940106f, -0.04833781f, 4.769722f, -0.95600384f, -0.629131f, 6.3654947f, -0.20919669f,
    -0.96997297f, 8.282142f, -0.8918522f, 0.7600515f, -10.906102f, -0.71941847f, 0.5615813f, -4.8633113f,
};
static const float golden_actions[] = {
    0.0f, 0.0f, 0.0f, -2.0f, 0.0f, -2.0f, -2.0f, -2.0f,
    -2.0f, -2.0f, -2.0f, 0.0f, 0.0f, -2.0f, 0.0f, -2.0f,
};

/* Every number, for the self-test. */
static const struct {
    const float *numbers;
    size_t count;
} parts[] = {
    {mean, sizeof mean / sizeof *mean},
    {inverse_std, sizeof inverse_std / sizeof *inverse_std},
    {bins, sizeof bins / sizeof *bins},
    {table_values, sizeof table_values / sizeof *table_values},
    {choices, sizeof choices / sizeof *choices},
    {action_scale, sizeof action_scale / sizeof *action_scale},
    {action_offset, sizeof action_offset / sizeof *action_offset},
    {golden_observations, sizeof golden_observations / sizeof *golden_observations},
    {golden_actions, sizeof golden_actions / sizeof *golden_actions},
};

static const policy model = {
    PENDULUM_KIND_TABLE, 3, 1, 0, 3, 16, 0, -1, 0.05,
    {{NULL, NULL, 0, 0}},
    {NULL, NULL, 0, 0},
    (const unsigned char *)mean, (const unsigned char *)inverse_std,
    (const unsigned char *)action_scale, (const unsigned char *)action_offset, (const unsigned char *)choices,
    (const unsigned char *)bins, (const unsigned char *)table_values,
    (const unsigned char *)golden_observations, (const unsigned char *)golden_actions,
    3.4028235e+38f};

static const char contract[] = {
    '{', '"', 'a', 'c', 't', 'i', 'o', 'n', 's', '"', ':', '[', '{', '"', 'h', 'i', 'g', 'h', '"', ':',
    '2', ',', '"', 'j', 'o', 'i', 'n', 't', '"', ':', '"', 'h', 'i', 'n', 'g', 'e', '"', ',', '"', 'k',
    'i', 'n', 'd', '"', ':', '"', 't', 'o', 'r', 'q', 'u', 'e', '"', ',', '"', 'l', 'o', 'w', '"', ':',
    '-', '2', ',', '"', 'n', 'a', 'm', 'e', '"', ':', '"', 'h', 'i', 'n', 'g', 'e', '"', ',', '"', 'o',
    'f', 'f', 's', 'e', 't', '"', ':', '0', ',', '"', 's', 'c', 'a', 'l', 'e', '"', ':', '2', ',', '"',
    'u', 'n', 'i', 't', '"', ':', '"', 'N', ' ', 'm', '"', '}', ']', ',', '"', 'f', 'o', 'r', 'm', 'a',
    't', '"', ':', '1', ',', '"', 'g', 'o', 'l', 'd', 'e', 'n', '"', ':', '[', '{', '"', 'a', 'c', 't',
    'i', 'o', 'n', '"', ':', '[', '0', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o',
    'n', '"', ':', '[', '0', '.', '2', '2', '9', '1', '1', '2', '8', '5', ',', '0', '.', '5', '6', '8',
    '1', '3', '2', '4', ',', '4', '.', '7', '9', '6', '8', '8', '9', '3', ']', '}', ',', '{', '"', 'a',
    'c', 't', 'i', 'o', 'n', '"', ':', '[', '0', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't',
    'i', 'o', 'n', '"', ':', '[', '0', '.', '6', '7', '6', '1', '2', '9', '9', ',', '0', '.', '0', '5',
    '6', '0', '4', '3', '3', '1', ',', '1', '.', '5', '3', '9', '5', '5', '7', '5', ']', '}', ',', '{',
    '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '0', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v',
    'a', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '9', '3', '1', '4', '5', '2', '1', ',', '-',
    '0', '.', '3', '5', '2', '8', '3', '5', '9', '5', ',', '-', '3', '.', '9', '1', '0', '8', '4', '2',
    ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '2', ']', ',', '"', 'o',
    'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '5', '0', '4', '4',
    '4', '6', '5', ',', '0', '.', '7', '4', '9', '4', '9', '5', '4', ',', '-', '3', '.', '2', '6', '7',
    '2', '9', '6', '3', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '0', ']',
    ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '8',
    '4', '8', '8', '4', '8', '4', ',', '0', '.', '3', '1', '0', '8', '5', '4', '3', '2', ',', '-', '8',
    '.', '4', '2', '4', '6', '7', '7', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':',
    '[', '-', '2', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[',
    '-', '0', '.', '0', '0', '7', '1', '8', '3', '1', '8', '3', ',', '-', '0', '.', '0', '8', '8', '7',
    '5', '5', '0', '5', '6', ',', '5', '.', '6', '4', '1', '9', '7', '1', '6', ']', '}', ',', '{', '"',
    'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '2', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v',
    'a', 't', 'i', 'o', 'n', '"', ':', '[', '0', '.', '4', '3', '0', '0', '5', '9', '0', '2', ',', '0',
    '.', '2', '0', '0', '8', '5', '6', '9', '4', ',', '6', '.', '6', '0', '7', '8', '4', ']', '}', ',',
    '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '2', ']', ',', '"', 'o', 'b', 's', 'e',
    'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '3', '5', '9', '9', '8', '9', '2',
    '3', ',', '-', '0', '.', '5', '4', '0', '5', '9', '1', '1', ',', '-', '1', '0', '.', '9', '9', '2',
    '5', '1', '4', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '2', ']',
    ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '5',
    '5', '2', '3', '9', '9', '1', '6', ',', '-', '0', '.', '7', '4', '0', '9', '5', '7', '2', '6', ',',
    '0', '.', '7', '3', '5', '5', '6', '7', '7', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n',
    '"', ':', '[', '-', '2', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"',
    ':', '[', '0', '.', '4', '8', '7', '8', '6', '6', '8', ',', '-', '0', '.', '0', '5', '9', '7', '9',
    '8', '3', '9', '3', ',', '-', '5', '.', '1', '0', '6', '8', '0', '0', '6', ']', '}', ',', '{', '"',
    'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '2', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v',
    'a', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '8', '7', '4', '1', '4', '5', '2', ',', '0',
    '.', '4', '7', '6', '3', '9', '7', '2', '5', ',', '3', '.', '0', '9', '2', '3', '8', '5', '3', ']',
    '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '0', ']', ',', '"', 'o', 'b', 's',
    'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '0', '.', '2', '9', '4', '0', '1', '0', '6',
    ',', '-', '0', '.', '0', '4', '8', '3', '3', '7', '8', '1', ',', '4', '.', '7', '6', '9', '7', '2',
    '2', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '0', ']', ',', '"', 'o',
    'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '9', '5', '6', '0',
    '0', '3', '8', '4', ',', '-', '0', '.', '6', '2', '9', '1', '3', '1', ',', '6', '.', '3', '6', '5',
    '4', '9', '4', '7', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '2',
    ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.',
    '2', '0', '9', '1', '9', '6', '6', '9', ',', '-', '0', '.', '9', '6', '9', '9', '7', '2', '9', '7',
    ',', '8', '.', '2', '8', '2', '1', '4', '2', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n',
    '"', ':', '[', '0', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':',
    '[', '-', '0', '.', '8', '9', '1', '8', '5', '2', '2', ',', '0', '.', '7', '6', '0', '0', '5', '1',
    '5', ',', '-', '1', '0', '.', '9', '0', '6', '1', '0', '2', ']', '}', ',', '{', '"', 'a', 'c', 't',
    'i', 'o', 'n', '"', ':', '[', '-', '2', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i',
    'o', 'n', '"', ':', '[', '-', '0', '.', '7', '1', '9', '4', '1', '8', '4', '7', ',', '0', '.', '5',
    '6', '1', '5', '8', '1', '3', ',', '-', '4', '.', '8', '6', '3', '3', '1', '1', '3', ']', '}', ']',
    ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', 's', '"', ':', '[', '{', '"', 'b',
    'i', 'n', 's', '"', ':', '2', ',', '"', 'c', 'l', 'i', 'p', '"', ':', '3', '.', '4', '0', '2', '8',
    '2', '3', '5', 'e', '+', '3', '8', ',', '"', 'j', 'o', 'i', 'n', 't', '"', ':', '"', 'h', 'i', 'n',
    'g', 'e', '"', ',', '"', 'm', 'e', 'a', 'n', '"', ':', '-', '1', ',', '"', 'n', 'a', 'm', 'e', '"',
    ':', '"', 'j', 'o', 'i', 'n', 't', '_', 'c', 'o', 's', 'i', 'n', 'e', 's', '.', 'h', 'i', 'n', 'g',
    'e', '"', ',', '"', 's', 't', 'd', '"', ':', '1', ',', '"', 'u', 'n', 'i', 't', '"', ':', '"', '1',
    '"', '}', ',', '{', '"', 'b', 'i', 'n', 's', '"', ':', '7', ',', '"', 'c', 'l', 'i', 'p', '"', ':',
    '3', '.', '4', '0', '2', '8', '2', '3', '5', 'e', '+', '3', '8', ',', '"', 'j', 'o', 'i', 'n', 't',
    '"', ':', '"', 'h', 'i', 'n', 'g', 'e', '"', ',', '"', 'm', 'e', 'a', 'n', '"', ':', '-', '1', ',',
    '"', 'n', 'a', 'm', 'e', '"', ':', '"', 'j', 'o', 'i', 'n', 't', '_', 's', 'i', 'n', 'e', 's', '.',
    'h', 'i', 'n', 'g', 'e', '"', ',', '"', 's', 't', 'd', '"', ':', '0', '.', '2', '8', '5', '7', '1',
    '4', '3', ',', '"', 'u', 'n', 'i', 't', '"', ':', '"', '1', '"', '}', ',', '{', '"', 'b', 'i', 'n',
    's', '"', ':', '5', ',', '"', 'c', 'l', 'i', 'p', '"', ':', '3', '.', '4', '0', '2', '8', '2', '3',
    '5', 'e', '+', '3', '8', ',', '"', 'j', 'o', 'i', 'n', 't', '"', ':', '"', 'h', 'i', 'n', 'g', 'e',
    '"', ',', '"', 'm', 'e', 'a', 'n', '"', ':', '-', '8', ',', '"', 'n', 'a', 'm', 'e', '"', ':', '"',
    'j', 'o', 'i', 'n', 't', '_', 'v', 'e', 'l', 'o', 'c', 'i', 't', 'i', 'e', 's', '.', 'h', 'i', 'n',
    'g', 'e', '"', ',', '"', 's', 't', 'd', '"', ':', '3', '.', '2', ',', '"', 'u', 'n', 'i', 't', '"',
    ':', '"', 'r', 'a', 'd', '/', 's', '"', '}', ']', ',', '"', 'r', 'o', 'b', 'o', 't', '"', ':', '"',
    'p', 'e', 'n', 'd', 'u', 'l', 'u', 'm', '"', ',', '"', 's', 'c', 'e', 'n', 'e', '"', ':', '"', 'p',
    'e', 'n', 'd', 'u', 'l', 'u', 'm', '"', ',', '"', 't', 'i', 'm', 'i', 'n', 'g', '"', ':', '{', '"',
    'c', 'o', 'n', 't', 'r', 'o', 'l', '_', 'p', 'e', 'r', 'i', 'o', 'd', '"', ':', '0', '.', '0', '5',
    ',', '"', 'p', 'h', 'y', 's', 'i', 'c', 's', '_', 's', 't', 'e', 'p', '"', ':', '0', '.', '0', '0',
    '5', ',', '"', 's', 'u', 'b', 's', 't', 'e', 'p', 's', '"', ':', '1', '0', '}', ',', '"', 't', 'r',
    'a', 'i', 'n', 'i', 'n', 'g', '"', ':', '{', '"', 'a', 'l', 'g', 'o', 'r', 'i', 't', 'h', 'm', '"',
    ':', '"', 'q', '-', 'l', 'e', 'a', 'r', 'n', 'i', 'n', 'g', '"', ',', '"', 'e', 'p', 'i', 's', 'o',
    'd', 'e', 's', '"', ':', '2', ',', '"', 'm', 'e', 'a', 'n', '_', 'r', 'e', 't', 'u', 'r', 'n', '"',
    ':', '-', '1', '1', '9', '3', '.', '1', '1', '3', '6', '5', '8', '1', '4', '1', '8', '4', '6', '6',
    ',', '"', 's', 'e', 'e', 'd', '"', ':', '0', ',', '"', 's', 't', 'd', '_', 'r', 'e', 't', 'u', 'r',
    'n', '"', ':', '9', '5', '.', '2', '3', '2', '9', '5', '0', '4', '6', '3', '1', '9', '0', '7', '2',
    ',', '"', 's', 't', 'e', 'p', 's', '"', ':', '4', '5', '0', '}', ',', '"', 'v', 'e', 'r', 's', 'i',
    'o', 'n', 's', '"', ':', '{', '"', 's', 'i', 'n', 'e', 'w', '"', ':', '"', '0', '.', '1', '.', '0',
    '"', '}', '}', 0,
};

/* ---- The functions ---- */

void pendulum_init(pendulum_state *state, double tolerance) {
    state->clock.period = (uint64_t)(PENDULUM_CONTROL_PERIOD * 1e9 + 0.5);
    /* Written so that NaN gives 0. */
    tolerance = tolerance > 0 ? tolerance : 0;
    tolerance = tolerance < PENDULUM_CONTROL_PERIOD ? tolerance : PENDULUM_CONTROL_PERIOD;
    state->clock.tolerance = (uint64_t)(tolerance * 1e9 + 0.5);
    pendulum_clock_reset(&state->clock);
}

void pendulum_reset(pendulum_state *state) {
    pendulum_clock_reset(&state->clock);
}

static uint32_t command(pendulum_state *state, const float *observation, const float *noise, float *action) {
    float *u = state->workspace;
    uint32_t flags = pendulum_run(&model, observation, noise, state->workspace, &u);
    if (!(flags & PENDULUM_FLAG_NOT_FINITE)) {
        for (size_t i = 0; i < PENDULUM_ACTION_COUNT; i++) {
            action[i] = action_offset[i] + action_scale[i] * u[i];
        }
    }
    return flags;
}

uint32_t pendulum_act(pendulum_state *state, const float observation[PENDULUM_OBSERVATION_COUNT],
                    float action[PENDULUM_ACTION_COUNT]) {
    return command(state, observation, NULL, action);
}

uint32_t pendulum_step(pendulum_state *state, uint64_t now, const float observation[PENDULUM_OBSERVATION_COUNT],
                     float action[PENDULUM_ACTION_COUNT]) {
    return pendulum_clock_tell(&state->clock, now) | pendulum_act(state, observation, action);
}

/* The CRC-32 of the numbers, each with its low byte first on any machine. */
static uint32_t data_checksum(void) {
    uint32_t crc = 0;
    for (size_t part = 0; part < sizeof parts / sizeof *parts; part++) {
        for (size_t i = 0; i < parts[part].count; i++) {
            uint32_t bits;
            unsigned char bytes[4];
            memcpy(&bits, parts[part].numbers + i, 4);
            for (int k = 0; k < 4; k++) {
                bytes[k] = (unsigned char)(bits >> (8 * k) & 255u);
            }
            crc = pendulum_checksum(crc, bytes, 4);
        }
    }
    return crc;
}

int pendulum_self_test(pendulum_state *state, float *largest_difference) {
    float largest = 0;
    int passed = data_checksum() == PENDULUM_DATA_CHECKSUM;
    for (size_t pair = 0; pair < 16; pair++) {
        const float *observation = golden_observations + pair * PENDULUM_OBSERVATION_COUNT;
        const float *golden = golden_actions + pair * PENDULUM_ACTION_COUNT;
        float *u = state->workspace;
        if (pendulum_run(&model, observation, NULL, state->workspace, &u) & PENDULUM_FLAG_NOT_FINITE) {
            passed = 0;
            continue;
        }
        for (size_t i = 0; i < PENDULUM_ACTION_COUNT; i++) {
            float unit = fabsf(action_scale[i]) + fabsf(action_offset[i]);
            float difference = fabsf(action_offset[i] + action_scale[i] * u[i] - golden[i]);
            difference /= unit > 0 ? unit : 1;
            if (!(difference <= PENDULUM_SELF_TEST_TOLERANCE)) {
                passed = 0;
            }
            largest = difference > largest ? difference : largest;
        }
    }
    if (largest_difference != NULL) {
        *largest_difference = largest;
    }
    return passed;
}

const char *pendulum_contract(void) {
    return contract;
}
