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
    -0.2382052f, -0.02489848f, -0.032021068f,
};
static const float inverse_std[] = {
    1.2685649f, 1.7643694f, 0.2950213f,
};
PENDULUM_ALIGNED static const float weight_0[] = {
    0.39882442f, -0.09800237f, 0.32501718f, -0.22670421f, -0.38944447f, 0.38798162f, 0.34615624f, 0.28361708f,
    -0.06937699f, 0.06058424f, 0.53487545f, 0.4176064f, -0.2219915f, -0.43411958f, 0.14352924f, 0.46521613f,
    0.42285103f, 0.27704334f, -0.4189826f, -0.48956478f, -0.60207593f, 0.21467452f, -0.2755622f, 0.33467063f,
    -0.3101454f, -0.5975533f, 0.3982812f, 0.15743883f, -0.024907287f, 0.2651105f, 0.27658126f, -0.36363563f,
    0.4825465f, -0.033980068f, -0.10268771f, 0.36343396f, -0.40867582f, -0.017992975f, -0.4574267f, 0.4108398f,
    -0.46925214f, 0.4180271f, 0.3372217f, 0.43135807f, 0.064274654f, -0.45017338f, 0.17042622f, -0.097340584f,
};
static const float bias_0[] = {
    -0.32025605f, -0.21606839f, -0.18620518f, -0.21080054f, 0.5735787f, 0.16112809f, -0.23333026f, -0.11129957f,
    0.1040588f, 0.55402327f, -0.10201198f, 0.4906804f, -0.13273957f, 0.43591216f, -0.38231438f, -0.42140085f,
};
PENDULUM_ALIGNED static const float weight_1[] = {
    -0.10761511f, 0.068491034f, 0.17873327f, 0.0037686503f, 0.24007344f, 0.20020817f, 0.27587363f, 0.045662005f,
    0.2099811f, 0.03446116f, -0.08427733f, -0.094756246f, -0.080922775f, -0.19161357f, -0.23773639f, -0.11168784f,
    0.09203647f, 0.19530584f, -0.051603816f, 0.2209706f, 0.24377061f, 0.035430096f, -0.15920055f, -0.022100773f,
    0.1588479f, -0.1762321f, -0.1743894f, -0.06306371f, -0.1751208f, 0.16729216f, -0.26212272f, -0.080684505f,
    0.05244875f, 0.099215366f, -0.10543952f, 0.091020696f, 0.0136761535f, -0.2326859f, -0.19798052f, -0.23455992f,
    0.21100275f, -0.06390873f, 0.07155326f, 0.10347793f, -0.14686559f, 0.16654377f, 0.18628132f, 0.1467372f,
    -0.071919665f, -0.17839193f, -0.053665835f, -0.050603554f, 0.044282183f, -0.12729391f, 0.12064222f, -0.041843623f,
    0.033590164f, -0.1715842f, 0.1222543f, -0.21920672f, 0.013717229f, -0.21160606f, -0.1818926f, 0.22189853f,
    -0.11473471f, -0.07927694f, -0.25941107f, 0.11049413f, 0.023794917f, -0.24628025f, 0.1162338f, 0.19509846f,
    -0.0930498f, 0.008101272f, 0.16768467f, 0.024649806f, -0.17363733f, -0.050625656f, -0.08545972f, -0.025037369f,
    0.020853732f, 0.081459485f, 0.099006936f, 0.0126855085f, -0.07167449f, 0.105930746f, 0.07941539f, 0.17000335f,
    -0.07398797f, -0.22420603f, 0.032100018f, 0.15892331f, 0.12093476f, -0.04342557f, -0.120186485f, -0.18291126f,
    0.21931893f, 0.15066236f, 0.006458657f, -0.02207417f, -0.09718942f, 0.2762431f, -0.046274155f, 0.19165608f,
    -0.003383424f, 0.14491452f, -0.2361909f, 0.019195344f, 0.033024866f, -0.11209629f, -0.15352178f, 0.1403578f,
    0.22193247f, 0.021203917f, -0.1910865f, 0.026493696f, -0.14380784f, 0.06781448f, -0.04577042f, 0.24377121f,
    0.15471713f, 0.07253919f, -0.21967027f, -0.071732074f, 0.06948979f, -0.24556759f, 0.00033354058f, -0.23281223f,
    0.20509294f, -0.05568075f, 0.19496997f, -0.0035531013f, -0.1410164f, -0.045970146f, 0.10839106f, -0.1639991f,
    0.25838906f, 0.009145432f, -0.059545275f, 0.059505146f, 0.11367122f, -0.09674411f, 0.18245088f, 0.05056875f,
    -0.10754578f, -0.121180564f, 0.10674936f, -0.05981255f, 0.0016237634f, -0.12168927f, -0.15921812f, 0.10874704f,
    -0.16201721f, -0.048076678f, 0.1245053f, -0.1860993f, -0.133823f, -0.15769054f, -0.07107453f, 0.014422984f,
    0.13991103f, 0.09922513f, 0.21992397f, 0.04971988f, 0.01906215f, -0.12679923f, 0.092055045f, -0.1315385f,
    0.12315434f, -0.061462857f, -0.060185842f, 0.13887788f, -0.14323194f, 0.11643743f, -0.103944294f, 0.045813657f,
    -0.120036624f, 0.12598392f, 0.03741822f, -0.07527143f, -0.24828784f, 0.06742978f, 0.12507282f, -0.124813415f,
    -0.11253139f, -0.13958018f, 0.02358981f, 0.031400036f, 0.09941983f, -0.0045733294f, 0.035509292f, -0.16190186f,
    -0.1082801f, -0.2387912f, 0.15269165f, 0.12236334f, -0.026235685f, 0.18182828f, -0.12952244f, -0.03784561f,
    0.1519075f, -0.13734889f, 0.18228956f, 0.00345862f, 0.08841586f, -0.13046257f, -0.19810432f, -0.03304972f,
    -0.023517212f, -0.014523449f, 0.19257227f, -0.14025365f, -0.021106131f, 0.1601761f, -0.096818626f, -0.0607948f,
    0.084369f, -0.18547745f, -0.12406187f, 0.046641443f, -0.25677314f, 0.20432232f, -0.01736696f, -0.13944532f,
    -0.055635273f, 0.11816681f, -0.096438855f, -0.21090291f, -0.17099392f, 0.035651505f, -0.0774353f, -0.020553803f,
    -0.11321417f, -0.030045519f, -0.18369712f, -0.14219874f, 0.10744338f, 0.06393096f, 0.121369205f, 0.19098426f,
    0.17906737f, -0.23164377f, 0.0992589f, 0.1166624f, 0.113974765f, 0.105447605f, 0.25448048f, 0.19213824f,
    0.07975117f, 0.031354453f, -0.061203897f, 0.21481709f, 0.22020309f, -0.03430032f, -0.24916644f, -0.12879097f,
};
static const float bias_1[] = {
    0.12524952f, -0.116690755f, -0.1318808f, 0.19016844f, -0.113383576f, 0.19626564f, -0.029704241f, -0.061287172f,
    -0.07605541f, -0.12079834f, -0.06630087f, 0.136799f, 0.08041607f, 0.10300885f, -0.14754738f, 0.13852733f,
};
PENDULUM_ALIGNED static const float weight_2[] = {
    0.045801207f, 0.1433435f, -0.11977868f, 0.0066568153f, -0.062199187f, 0.12372294f, -0.038094975f, -0.1803434f,
    -0.15249628f, 0.1389531f, 0.14506854f, 0.030881865f, 0.2044262f, -0.04930286f, 0.09352912f, 0.23419844f,
};
static const float bias_2[] = {
    -0.2347439f,
};
static const float action_scale[] = {
    2.0f,
};
static const float action_offset[] = {
    0.0f,
};
static const float golden_observations[] = {
    0.22911285f, 0.5681324f, 4.3231936f, 0.6761299f, 0.05604331f, 1.3657813f, -0.9314521f, -0.35283595f,
    -3.5827713f, -0.5044465f, 0.7494954f, -2.9984803f, -0.8488484f, 0.31085432f, -7.6809936f, -0.007183183f,
    -0.088755056f, 5.0904646f, 0.43005902f, 0.20085694f, 5.9674006f, -0.35998923f, -0.5405911f, -10.012396f,
    -0.55239916f, -0.74095726f, 0.635819f, 0.4878668f, -0.059798393f, -4.668612f, -0.8741452f, 0.47639725f,
    2.7756321f, 0.2940106f, -0.04833781f, 4.2985277f, -0.95600384f, -0.629131f, 5.7473693f, -0.20919669f,
    -0.96997297f, 7.4875407f, -0.8918522f, 0.7600515f, -9.933941f, -0.71941847f, 0.5615813f, -4.4475417f,
};
static const float golden_actions[] = {
    -0.09886462f, -0.21434224f, -0.013894245f, -0.18743676f, -0.04048712f, -0.04466825f, 0.0069353003f, 0.15279213f,
    -0.0457119f, -0.25609714f, -0.11831676f, -0.0630363f, -0.036419954f, 0.07496604f, -0.03315598f, -0.18623345f,
};

/* Every number, for the self-test. */
static const struct {
    const float *numbers;
    size_t count;
} parts[] = {
    {mean, sizeof mean / sizeof *mean},
    {inverse_std, sizeof inverse_std / sizeof *inverse_std},
    {weight_0, sizeof weight_0 / sizeof *weight_0},
    {bias_0, sizeof bias_0 / sizeof *bias_0},
    {weight_1, sizeof weight_1 / sizeof *weight_1},
    {bias_1, sizeof bias_1 / sizeof *bias_1},
    {weight_2, sizeof weight_2 / sizeof *weight_2},
    {bias_2, sizeof bias_2 / sizeof *bias_2},
    {action_scale, sizeof action_scale / sizeof *action_scale},
    {action_offset, sizeof action_offset / sizeof *action_offset},
    {golden_observations, sizeof golden_observations / sizeof *golden_observations},
    {golden_actions, sizeof golden_actions / sizeof *golden_actions},
};

static const policy model = {
    PENDULUM_KIND_SQUASHED, 3, 1, 3, 0, 16, 0, -1, 0.05,
    {{(const unsigned char *)weight_0, (const unsigned char *)bias_0, 3, 16},
     {(const unsigned char *)weight_1, (const unsigned char *)bias_1, 16, 16},
     {(const unsigned char *)weight_2, (const unsigned char *)bias_2, 16, 1}},
    {NULL, NULL, 0, 0},
    (const unsigned char *)mean, (const unsigned char *)inverse_std,
    (const unsigned char *)action_scale, (const unsigned char *)action_offset, NULL,
    NULL, NULL,
    (const unsigned char *)golden_observations, (const unsigned char *)golden_actions,
    10.0f};

static const char contract[] = {
    '{', '"', 'a', 'c', 't', 'i', 'o', 'n', 's', '"', ':', '[', '{', '"', 'h', 'i', 'g', 'h', '"', ':',
    '2', ',', '"', 'j', 'o', 'i', 'n', 't', '"', ':', '"', 'h', 'i', 'n', 'g', 'e', '"', ',', '"', 'k',
    'i', 'n', 'd', '"', ':', '"', 't', 'o', 'r', 'q', 'u', 'e', '"', ',', '"', 'l', 'o', 'w', '"', ':',
    '-', '2', ',', '"', 'n', 'a', 'm', 'e', '"', ':', '"', 'h', 'i', 'n', 'g', 'e', '"', ',', '"', 'o',
    'f', 'f', 's', 'e', 't', '"', ':', '0', ',', '"', 's', 'c', 'a', 'l', 'e', '"', ':', '2', ',', '"',
    'u', 'n', 'i', 't', '"', ':', '"', 'N', ' ', 'm', '"', '}', ']', ',', '"', 'f', 'o', 'r', 'm', 'a',
    't', '"', ':', '1', ',', '"', 'g', 'o', 'l', 'd', 'e', 'n', '"', ':', '[', '{', '"', 'a', 'c', 't',
    'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '0', '9', '8', '8', '6', '4', '6', '2', ']', ',', '"',
    'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '0', '.', '2', '2', '9', '1',
    '1', '2', '8', '5', ',', '0', '.', '5', '6', '8', '1', '3', '2', '4', ',', '4', '.', '3', '2', '3',
    '1', '9', '3', '6', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0',
    '.', '2', '1', '4', '3', '4', '2', '2', '4', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't',
    'i', 'o', 'n', '"', ':', '[', '0', '.', '6', '7', '6', '1', '2', '9', '9', ',', '0', '.', '0', '5',
    '6', '0', '4', '3', '3', '1', ',', '1', '.', '3', '6', '5', '7', '8', '1', '3', ']', '}', ',', '{',
    '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '0', '1', '3', '8', '9', '4', '2',
    '4', '5', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '-',
    '0', '.', '9', '3', '1', '4', '5', '2', '1', ',', '-', '0', '.', '3', '5', '2', '8', '3', '5', '9',
    '5', ',', '-', '3', '.', '5', '8', '2', '7', '7', '1', '3', ']', '}', ',', '{', '"', 'a', 'c', 't',
    'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '1', '8', '7', '4', '3', '6', '7', '6', ']', ',', '"',
    'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '5', '0', '4',
    '4', '4', '6', '5', ',', '0', '.', '7', '4', '9', '4', '9', '5', '4', ',', '-', '2', '.', '9', '9',
    '8', '4', '8', '0', '3', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-',
    '0', '.', '0', '4', '0', '4', '8', '7', '1', '2', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a',
    't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '8', '4', '8', '8', '4', '8', '4', ',', '0', '.',
    '3', '1', '0', '8', '5', '4', '3', '2', ',', '-', '7', '.', '6', '8', '0', '9', '9', '3', '6', ']',
    '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '0', '4', '4', '6',
    '6', '8', '2', '5', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':',
    '[', '-', '0', '.', '0', '0', '7', '1', '8', '3', '1', '8', '3', ',', '-', '0', '.', '0', '8', '8',
    '7', '5', '5', '0', '5', '6', ',', '5', '.', '0', '9', '0', '4', '6', '4', '6', ']', '}', ',', '{',
    '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '0', '.', '0', '0', '6', '9', '3', '5', '3', '0',
    '0', '3', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '0',
    '.', '4', '3', '0', '0', '5', '9', '0', '2', ',', '0', '.', '2', '0', '0', '8', '5', '6', '9', '4',
    ',', '5', '.', '9', '6', '7', '4', '0', '0', '6', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o',
    'n', '"', ':', '[', '0', '.', '1', '5', '2', '7', '9', '2', '1', '3', ']', ',', '"', 'o', 'b', 's',
    'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '3', '5', '9', '9', '8', '9',
    '2', '3', ',', '-', '0', '.', '5', '4', '0', '5', '9', '1', '1', ',', '-', '1', '0', '.', '0', '1',
    '2', '3', '9', '6', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0',
    '.', '0', '4', '5', '7', '1', '1', '9', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i',
    'o', 'n', '"', ':', '[', '-', '0', '.', '5', '5', '2', '3', '9', '9', '1', '6', ',', '-', '0', '.',
    '7', '4', '0', '9', '5', '7', '2', '6', ',', '0', '.', '6', '3', '5', '8', '1', '9', ']', '}', ',',
    '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '2', '5', '6', '0', '9', '7',
    '1', '4', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '0',
    '.', '4', '8', '7', '8', '6', '6', '8', ',', '-', '0', '.', '0', '5', '9', '7', '9', '8', '3', '9',
    '3', ',', '-', '4', '.', '6', '6', '8', '6', '1', '2', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i',
    'o', 'n', '"', ':', '[', '-', '0', '.', '1', '1', '8', '3', '1', '6', '7', '6', ']', ',', '"', 'o',
    'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '8', '7', '4', '1',
    '4', '5', '2', ',', '0', '.', '4', '7', '6', '3', '9', '7', '2', '5', ',', '2', '.', '7', '7', '5',
    '6', '3', '2', '1', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0',
    '.', '0', '6', '3', '0', '3', '6', '3', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i',
    'o', 'n', '"', ':', '[', '0', '.', '2', '9', '4', '0', '1', '0', '6', ',', '-', '0', '.', '0', '4',
    '8', '3', '3', '7', '8', '1', ',', '4', '.', '2', '9', '8', '5', '2', '7', '7', ']', '}', ',', '{',
    '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '0', '3', '6', '4', '1', '9', '9',
    '5', '4', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '-',
    '0', '.', '9', '5', '6', '0', '0', '3', '8', '4', ',', '-', '0', '.', '6', '2', '9', '1', '3', '1',
    ',', '5', '.', '7', '4', '7', '3', '6', '9', '3', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o',
    'n', '"', ':', '[', '0', '.', '0', '7', '4', '9', '6', '6', '0', '4', ']', ',', '"', 'o', 'b', 's',
    'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '2', '0', '9', '1', '9', '6',
    '6', '9', ',', '-', '0', '.', '9', '6', '9', '9', '7', '2', '9', '7', ',', '7', '.', '4', '8', '7',
    '5', '4', '0', '7', ']', '}', ',', '{', '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0',
    '.', '0', '3', '3', '1', '5', '5', '9', '8', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't',
    'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '8', '9', '1', '8', '5', '2', '2', ',', '0', '.', '7',
    '6', '0', '0', '5', '1', '5', ',', '-', '9', '.', '9', '3', '3', '9', '4', '1', ']', '}', ',', '{',
    '"', 'a', 'c', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0', '.', '1', '8', '6', '2', '3', '3', '4',
    '5', ']', ',', '"', 'o', 'b', 's', 'e', 'r', 'v', 'a', 't', 'i', 'o', 'n', '"', ':', '[', '-', '0',
    '.', '7', '1', '9', '4', '1', '8', '4', '7', ',', '0', '.', '5', '6', '1', '5', '8', '1', '3', ',',
    '-', '4', '.', '4', '4', '7', '5', '4', '1', '7', ']', '}', ']', ',', '"', 'o', 'b', 's', 'e', 'r',
    'v', 'a', 't', 'i', 'o', 'n', 's', '"', ':', '[', '{', '"', 'c', 'l', 'i', 'p', '"', ':', '1', '0',
    ',', '"', 'j', 'o', 'i', 'n', 't', '"', ':', '"', 'h', 'i', 'n', 'g', 'e', '"', ',', '"', 'm', 'e',
    'a', 'n', '"', ':', '-', '0', '.', '2', '3', '8', '2', '0', '5', '2', ',', '"', 'n', 'a', 'm', 'e',
    '"', ':', '"', 'j', 'o', 'i', 'n', 't', '_', 'c', 'o', 's', 'i', 'n', 'e', 's', '.', 'h', 'i', 'n',
    'g', 'e', '"', ',', '"', 's', 't', 'd', '"', ':', '0', '.', '7', '8', '8', '2', '9', '2', '3', '5',
    ',', '"', 'u', 'n', 'i', 't', '"', ':', '"', '1', '"', '}', ',', '{', '"', 'c', 'l', 'i', 'p', '"',
    ':', '1', '0', ',', '"', 'j', 'o', 'i', 'n', 't', '"', ':', '"', 'h', 'i', 'n', 'g', 'e', '"', ',',
    '"', 'm', 'e', 'a', 'n', '"', ':', '-', '0', '.', '0', '2', '4', '8', '9', '8', '4', '8', ',', '"',
    'n', 'a', 'm', 'e', '"', ':', '"', 'j', 'o', 'i', 'n', 't', '_', 's', 'i', 'n', 'e', 's', '.', 'h',
    'i', 'n', 'g', 'e', '"', ',', '"', 's', 't', 'd', '"', ':', '0', '.', '5', '6', '6', '7', '7', '4',
    '7', ',', '"', 'u', 'n', 'i', 't', '"', ':', '"', '1', '"', '}', ',', '{', '"', 'c', 'l', 'i', 'p',
    '"', ':', '1', '0', ',', '"', 'j', 'o', 'i', 'n', 't', '"', ':', '"', 'h', 'i', 'n', 'g', 'e', '"',
    ',', '"', 'm', 'e', 'a', 'n', '"', ':', '-', '0', '.', '0', '3', '2', '0', '2', '1', '0', '6', '8',
    ',', '"', 'n', 'a', 'm', 'e', '"', ':', '"', 'j', 'o', 'i', 'n', 't', '_', 'v', 'e', 'l', 'o', 'c',
    'i', 't', 'i', 'e', 's', '.', 'h', 'i', 'n', 'g', 'e', '"', ',', '"', 's', 't', 'd', '"', ':', '3',
    '.', '3', '8', '9', '5', '8', '5', '7', ',', '"', 'u', 'n', 'i', 't', '"', ':', '"', 'r', 'a', 'd',
    '/', 's', '"', '}', ']', ',', '"', 'r', 'o', 'b', 'o', 't', '"', ':', '"', 'p', 'e', 'n', 'd', 'u',
    'l', 'u', 'm', '"', ',', '"', 's', 'c', 'e', 'n', 'e', '"', ':', '"', 'p', 'e', 'n', 'd', 'u', 'l',
    'u', 'm', '"', ',', '"', 't', 'i', 'm', 'i', 'n', 'g', '"', ':', '{', '"', 'c', 'o', 'n', 't', 'r',
    'o', 'l', '_', 'p', 'e', 'r', 'i', 'o', 'd', '"', ':', '0', '.', '0', '5', ',', '"', 'p', 'h', 'y',
    's', 'i', 'c', 's', '_', 's', 't', 'e', 'p', '"', ':', '0', '.', '0', '0', '5', ',', '"', 's', 'u',
    'b', 's', 't', 'e', 'p', 's', '"', ':', '1', '0', '}', ',', '"', 't', 'r', 'a', 'i', 'n', 'i', 'n',
    'g', '"', ':', '{', '"', 'a', 'l', 'g', 'o', 'r', 'i', 't', 'h', 'm', '"', ':', '"', 's', 'a', 'c',
    '"', ',', '"', 'e', 'p', 'i', 's', 'o', 'd', 'e', 's', '"', ':', '2', ',', '"', 'm', 'e', 'a', 'n',
    '_', 'r', 'e', 't', 'u', 'r', 'n', '"', ':', '-', '8', '4', '3', '.', '8', '0', '5', '3', '1', '3',
    '4', '1', '6', '3', '5', '0', '6', ',', '"', 's', 'e', 'e', 'd', '"', ':', '0', ',', '"', 's', 't',
    'd', '_', 'r', 'e', 't', 'u', 'r', 'n', '"', ':', '7', '9', '.', '5', '7', '9', '5', '8', '9', '6',
    '4', '3', '5', '8', '2', '8', '9', ',', '"', 's', 't', 'e', 'p', 's', '"', ':', '4', '0', '0', '}',
    ',', '"', 'v', 'e', 'r', 's', 'i', 'o', 'n', 's', '"', ':', '{', '"', 's', 'i', 'n', 'e', 'w', '"',
    ':', '"', '0', '.', '1', '.', '0', '"', '}', '}', 0,
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
