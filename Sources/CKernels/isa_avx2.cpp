// SPDX-License-Identifier: MIT
// AVX2 with FMA: eight floats. Only these few operations know the instruction set; the kernels are in
// vector_*.h.
#include "vector_types.h"

#if defined(__x86_64__)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,popcnt")
#endif

namespace {

KERN_VECTOR_TYPES(32)
constexpr int W = 8, ROWS = 6, VECTORS = 2;

KERN_INLINE vf v_set(float x) {
    return _mm256_set1_ps(x);
}
KERN_INLINE vf v_load(const float *p) {
    return _mm256_loadu_ps(p);
}
KERN_INLINE void v_store(float *p, vf x) {
    _mm256_storeu_ps(p, x);
}
KERN_INLINE vf v_fma(vf a, vf b, vf c) {
    return _mm256_fmadd_ps(a, b, c);
}
KERN_INLINE vf v_sqrt(vf x) {
    return _mm256_sqrt_ps(x);
}

/// The first n of W elements; the rest reads as 0 and is not touched.
constexpr int32_t part_masks[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
KERN_INLINE __m256i v_part(int n) {
    return _mm256_loadu_si256((const __m256i *)(part_masks + 8 - n));
}
KERN_INLINE vf v_load_part(const float *p, int n) {
    return _mm256_maskload_ps(p, v_part(n));
}
KERN_INLINE void v_store_part(float *p, vf x, int n) {
    _mm256_maskstore_ps(p, v_part(n), x);
}

/// The numbers of the bits that are set, for each byte.
struct BitNumbers {
    uint8_t of[256][8];
};
constexpr BitNumbers bit_numbers_of_bytes() {
    BitNumbers numbers = {};
    for (int byte = 0; byte < 256; ++byte) {
        for (int bit = 0, count = 0; bit < 8; ++bit) {
            if (byte >> bit & 1) {
                numbers.of[byte][count++] = uint8_t(bit);
            }
        }
    }
    return numbers;
}
constexpr BitNumbers bit_numbers = bit_numbers_of_bytes();

#define KERN_HAS_KEEP // faster than that of vector_sparse.h, which says what it does
KERN_INLINE int v_keep(vf x, uint32_t first, float *value, uint32_t *place) {
    const int kept = _mm256_movemask_ps(_mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_NEQ_UQ));
    const __m256i lane = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)bit_numbers.of[kept]));
    const __m256i number = _mm256_add_epi32(lane, _mm256_set1_epi32(int(first)));
    _mm256_storeu_ps(value, _mm256_permutevar8x32_ps(x, lane));
    _mm256_storeu_si256((__m256i *)place, _mm256_slli_epi32(number, 5));
    return __builtin_popcount(unsigned(kept));
}

/// Bit i is set unless element i is at most 0.
KERN_INLINE uint32_t v_open_bits(vf x) {
    return uint32_t(_mm256_movemask_ps(_mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_NLE_UQ)));
}

/// Products skip zeros where at most this share of the elements is not zero.
constexpr float sparse_share = 0.6f;

/// Four floats of row 0 in the low lane, four of row 4 in the high one.
KERN_INLINE vf v_load_quads(const float *p, ptrdiff_t row) {
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p)), _mm_loadu_ps(p + 4 * row), 1);
}
/// Transposes four rows of four, in each lane.
KERN_INLINE void v_transpose(vf a, vf b, vf c, vf d, vf (&to)[4]) {
    const __m256d ab = _mm256_castps_pd(_mm256_unpacklo_ps(a, b)),
                  ab2 = _mm256_castps_pd(_mm256_unpackhi_ps(a, b));
    const __m256d cd = _mm256_castps_pd(_mm256_unpacklo_ps(c, d)),
                  cd2 = _mm256_castps_pd(_mm256_unpackhi_ps(c, d));
    to[0] = _mm256_castpd_ps(_mm256_unpacklo_pd(ab, cd));
    to[1] = _mm256_castpd_ps(_mm256_unpackhi_pd(ab, cd));
    to[2] = _mm256_castpd_ps(_mm256_unpacklo_pd(ab2, cd2));
    to[3] = _mm256_castpd_ps(_mm256_unpackhi_pd(ab2, cd2));
}

#include "vector_table.h"

} // namespace

const KernelTable kernels_avx2 = KERN_TABLE(KERN_ISA_AVX2);

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
