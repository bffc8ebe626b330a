// SPDX-License-Identifier: MIT
// AVX-512 (its foundation alone): sixteen floats. Only these few operations know the instruction set; the
// kernels are in vector_*.h.
#include "vector_types.h"

#if defined(__x86_64__)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx2,fma,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx2,fma,popcnt")
#endif

namespace {

KERN_VECTOR_TYPES(64)
constexpr int W = 16, ROWS = 12, VECTORS = 2;

KERN_INLINE vf v_set(float x) {
    return _mm512_set1_ps(x);
}
KERN_INLINE vf v_load(const float *p) {
    return _mm512_loadu_ps(p);
}
KERN_INLINE void v_store(float *p, vf x) {
    _mm512_storeu_ps(p, x);
}
KERN_INLINE vf v_fma(vf a, vf b, vf c) {
    return _mm512_fmadd_ps(a, b, c);
}
KERN_INLINE vf v_sqrt(vf x) {
    return _mm512_sqrt_ps(x);
}

/// The first n of W elements; the rest reads as 0 and is not touched.
KERN_INLINE __mmask16 v_part(int n) {
    return (__mmask16)((1u << n) - 1);
}
KERN_INLINE vf v_load_part(const float *p, int n) {
    return _mm512_maskz_loadu_ps(v_part(n), p);
}
KERN_INLINE void v_store_part(float *p, vf x, int n) {
    _mm512_mask_storeu_ps(p, v_part(n), x);
}

#define KERN_HAS_KEEP // faster than that of vector_sparse.h, which says what it does
KERN_INLINE int v_keep(vf x, uint32_t first, float *value, uint32_t *place) {
    const __mmask16 kept = _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_NEQ_UQ);
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i number = _mm512_add_epi32(lane, _mm512_set1_epi32(int(first)));
    _mm512_storeu_ps(value, _mm512_maskz_compress_ps(kept, x));
    _mm512_storeu_si512(place, _mm512_maskz_compress_epi32(kept, _mm512_slli_epi32(number, 6)));
    return __builtin_popcount(kept);
}

/// Bit i is set unless element i is at most 0.
KERN_INLINE uint32_t v_open_bits(vf x) {
    return _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_NLE_UQ);
}

/// Products skip zeros where at most this share of the elements is not zero.
constexpr float sparse_share = 0.6f;

/// Four floats of row 0 in the lowest lane, then of rows 4, 8 and 12.
KERN_INLINE vf v_load_quads(const float *p, ptrdiff_t row) {
    const vf low = _mm512_castps128_ps512(_mm_loadu_ps(p));
    const vf two = _mm512_insertf32x4(low, _mm_loadu_ps(p + 4 * row), 1);
    const vf three = _mm512_insertf32x4(two, _mm_loadu_ps(p + 8 * row), 2);
    return _mm512_insertf32x4(three, _mm_loadu_ps(p + 12 * row), 3);
}
/// Transposes four rows of four, in each lane.
KERN_INLINE void v_transpose(vf a, vf b, vf c, vf d, vf (&to)[4]) {
    const __m512d ab = _mm512_castps_pd(_mm512_unpacklo_ps(a, b)),
                  ab2 = _mm512_castps_pd(_mm512_unpackhi_ps(a, b));
    const __m512d cd = _mm512_castps_pd(_mm512_unpacklo_ps(c, d)),
                  cd2 = _mm512_castps_pd(_mm512_unpackhi_ps(c, d));
    to[0] = _mm512_castpd_ps(_mm512_unpacklo_pd(ab, cd));
    to[1] = _mm512_castpd_ps(_mm512_unpackhi_pd(ab, cd));
    to[2] = _mm512_castpd_ps(_mm512_unpacklo_pd(ab2, cd2));
    to[3] = _mm512_castpd_ps(_mm512_unpackhi_pd(ab2, cd2));
}

#include "vector_table.h"

} // namespace

const KernelTable kernels_avx512 = KERN_TABLE(KERN_ISA_AVX512);

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
