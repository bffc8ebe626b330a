/* SPDX-License-Identifier: MIT */

/* How numbers are read from bytes. */
#ifndef POLICY_FLOATS_H
#define POLICY_FLOATS_H

#include <stdint.h>
#include <string.h>

/* Where wide registers read weights fastest. */
#define POLICY_ALIGNMENT 32
#if defined(__GNUC__)
#define POLICY_ALIGNED __attribute__((aligned(POLICY_ALIGNMENT)))
#else
#define POLICY_ALIGNED
#endif

/* Bytes of a file hold numbers at any address; these read them without asking for alignment. */
static inline float policy_float_at(const unsigned char *bytes, size_t index) {
    float value;
    memcpy(&value, bytes + 4 * index, sizeof value);
    return value;
}

/* By its bits, so that no compiler option can take the question away. */
static inline int policy_is_finite(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (bits & 0x7F800000u) != 0x7F800000u;
}

#endif
