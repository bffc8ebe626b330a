/* SPDX-License-Identifier: MIT */
/* What each isa_*.cpp includes first, outside of its target: whatever comes from elsewhere is compiled for
 * the baseline. */
#ifndef KERNEL_VECTOR_TYPES_H
#define KERNEL_VECTOR_TYPES_H

#include "kernel_table.h"
#include "scratch.h"
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#define KERN_INLINE inline __attribute__((always_inline))
#if defined(__clang__)
#define KERN_UNROLL _Pragma("clang loop unroll(full)")
#else
#define KERN_UNROLL _Pragma("GCC unroll 16")
#endif
/* vf, vi and vu: `bytes` of floats, of signed and of unsigned integers. */
#define KERN_VECTOR_TYPES(bytes)                                                                             \
    typedef float vf __attribute__((vector_size(bytes)));                                                    \
    typedef int32_t vi __attribute__((vector_size(bytes)));                                                  \
    typedef uint32_t vu __attribute__((vector_size(bytes)));

#endif
