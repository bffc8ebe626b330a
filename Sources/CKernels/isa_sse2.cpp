// SPDX-License-Identifier: MIT
// SSE2, the baseline of x86-64: four floats, no fused multiply-add.
#include "vector_types.h"

#if defined(__x86_64__)
#include <emmintrin.h>

namespace {

KERN_VECTOR_TYPES(16)
constexpr int W = 4, ROWS = 6, VECTORS = 2;

KERN_INLINE vf v_set(float x) {
    return _mm_set1_ps(x);
}
KERN_INLINE vf v_load(const float *p) {
    return _mm_loadu_ps(p);
}
KERN_INLINE void v_store(float *p, vf x) {
    _mm_storeu_ps(p, x);
}
KERN_INLINE vf v_fma(vf a, vf b, vf c) {
    return a * b + c;
}
KERN_INLINE vf v_sqrt(vf x) {
    return _mm_sqrt_ps(x);
}

/// The first n of W elements; the rest reads as 0 and is not touched.
KERN_INLINE vf v_load_part(const float *p, int n) {
    return _mm_setr_ps(p[0], n > 1 ? p[1] : 0, n > 2 ? p[2] : 0, n > 3 ? p[3] : 0);
}
KERN_INLINE void v_store_part(float *p, vf x, int n) {
    for (int i = 0; i < n; ++i) {
        p[i] = x[i];
    }
}

/// Bit i is set unless element i is at most 0.
KERN_INLINE uint32_t v_open_bits(vf x) {
    return uint32_t(_mm_movemask_ps(_mm_cmpnle_ps(x, _mm_setzero_ps())));
}

/// Products skip zeros where at most this share of the elements is not zero.
constexpr float sparse_share = 0.8f;

KERN_INLINE vf v_load_quads(const float *p, ptrdiff_t) {
    return v_load(p);
}
/// Transposes four rows of four.
KERN_INLINE void v_transpose(vf a, vf b, vf c, vf d, vf (&to)[4]) {
    const vf ab = _mm_unpacklo_ps(a, b), ab2 = _mm_unpackhi_ps(a, b);
    const vf cd = _mm_unpacklo_ps(c, d), cd2 = _mm_unpackhi_ps(c, d);
    to[0] = _mm_movelh_ps(ab, cd);
    to[1] = _mm_movehl_ps(cd, ab);
    to[2] = _mm_movelh_ps(ab2, cd2);
    to[3] = _mm_movehl_ps(cd2, ab2);
}

#include "vector_table.h"

} // namespace

const KernelTable kernels_sse2 = KERN_TABLE(KERN_ISA_SSE2);
#endif
