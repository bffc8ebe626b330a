/* SPDX-License-Identifier: MIT */
/* The memory that a thread packs operands into, and the blocks that are sized by it. */
#ifndef KERNEL_SCRATCH_H
#define KERNEL_SCRATCH_H

#include <cstddef>

/* A product goes block by block: `depth` terms of the sums at a time, packed rows of a, packed columns of b.
 */
constexpr std::ptrdiff_t depth_block = 256, row_block = 144, column_block = 256;
/* A weight gradient of at most this many inputs is computed transposed, `column_block` outputs at a time. */
constexpr std::ptrdiff_t narrow_inputs = 16;

/* The packed rows of a, each run of them with room for one more vector. */
constexpr std::ptrdiff_t scratch_a_count = (depth_block + 4) * row_block;

struct Scratch {
    alignas(64) float a[scratch_a_count];
    alignas(64) float b[depth_block * column_block];
    alignas(64) float c[narrow_inputs * column_block];
};

/* The calling thread's scratch memory, or null where there is no memory for it. */
Scratch *thread_scratch();

#endif
