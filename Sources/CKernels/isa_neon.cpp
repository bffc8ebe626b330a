// SPDX-License-Identifier: MIT
// NEON, the baseline of 64-bit ARM: four floats with fused multiply-add.
#include "vector_types.h"

#if defined(__aarch64__)
#include <arm_neon.h>

namespace {

KERN_VECTOR_TYPES(16)
constexpr int W = 4, ROWS = 8, VECTORS = 2;

KERN_INLINE vf v_set(float x) {
    return (vf)vdupq_n_f32(x);
}
KERN_INLINE vf v_load(const float *p) {
    return (vf)vld1q_f32(p);
}
KERN_INLINE void v_store(float *p, vf x) {
    vst1q_f32(p, (float32x4_t)x);
}
KERN_INLINE vf v_fma(vf a, vf b, vf c) {
    return (vf)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
}
KERN_INLINE vf v_sqrt(vf x) {
    return (vf)vsqrtq_f32((float32x4_t)x);
}

/// The first n of W elements; the rest reads as 0 and is not touched.
KERN_INLINE vf v_load_part(const float *p, int n) {
    return vf{p[0], n > 1 ? p[1] : 0, n > 2 ? p[2] : 0, n > 3 ? p[3] : 0};
}
KERN_INLINE void v_store_part(float *p, vf x, int n) {
    for (int i = 0; i < n; ++i) {
        p[i] = x[i];
    }
}

/// Bit i is set unless element i is at most 0.
KERN_INLINE uint32_t v_open_bits(vf x) {
    const uint32x4_t bits = {1, 2, 4, 8};
    return vaddvq_u32(vbicq_u32(bits, vcleq_f32((float32x4_t)x, vdupq_n_f32(0.0f))));
}

/// Products skip zeros where at most this share of the elements is not zero; reckoned, not measured: there
/// was no such processor at hand.
constexpr float sparse_share = 0.5f;

KERN_INLINE vf v_load_quads(const float *p, ptrdiff_t) {
    return v_load(p);
}
/// Transposes four rows of four.
KERN_INLINE void v_transpose(vf a, vf b, vf c, vf d, vf (&to)[4]) {
    const float32x4_t a4 = (float32x4_t)a, b4 = (float32x4_t)b, c4 = (float32x4_t)c, d4 = (float32x4_t)d;
    const float64x2_t ab = vreinterpretq_f64_f32(vzip1q_f32(a4, b4)),
                      ab2 = vreinterpretq_f64_f32(vzip2q_f32(a4, b4));
    const float64x2_t cd = vreinterpretq_f64_f32(vzip1q_f32(c4, d4)),
                      cd2 = vreinterpretq_f64_f32(vzip2q_f32(c4, d4));
    to[0] = (vf)vreinterpretq_f32_f64(vzip1q_f64(ab, cd));
    to[1] = (vf)vreinterpretq_f32_f64(vzip2q_f64(ab, cd));
    to[2] = (vf)vreinterpretq_f32_f64(vzip1q_f64(ab2, cd2));
    to[3] = (vf)vreinterpretq_f32_f64(vzip2q_f64(ab2, cd2));
}

#include "vector_table.h"

} // namespace

const KernelTable kernels_neon = KERN_TABLE(KERN_ISA_NEON);
#endif
