/* SPDX-License-Identifier: MIT */
/* The memory that a thread packs operands into, and the blocks that are sized by it. */
#ifndef KERNEL_SCRATCH_H
#define KERNEL_SCRATCH_H

#include <cstddef>
#include <cstdint>

/* A product goes block by block: `depth` terms of the sums at a time, packed rows of a, packed columns of b.
 */
constexpr std::ptrdiff_t depth_block = 256, row_block = 144, column_block = 256;
/* A weight gradient of at most this many inputs is computed transposed, `column_block` outputs at a time. */
constexpr std::ptrdiff_t narrow_inputs = 16;

/* The packed rows of a, each run of them with room for one more vector. */
constexpr std::ptrdiff_t scratch_a_count = (depth_block + 16) * row_block;
/* Where the lists of kept elements end, in up to four segments of a row. */
constexpr std::ptrdiff_t scratch_end_count = 4 * row_block;

/* Rows of gates at a time, a word for each 32 of the block's depth. */
constexpr std::ptrdiff_t gate_block = 1024;

struct Scratch {
    alignas(64) float a[scratch_a_count];
    alignas(64) float b[depth_block * column_block];
    alignas(64) std::uint32_t place[scratch_a_count];
    alignas(64) std::int32_t end[scratch_end_count];
    alignas(64) std::uint32_t gates[gate_block * depth_block / 32];
    alignas(64) float c[narrow_inputs * column_block];
};

/* The calling thread's scratch memory, or null where there is no memory for it. */
Scratch *thread_scratch();

#endif
