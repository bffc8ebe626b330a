/* SPDX-License-Identifier: MIT */
/* Normal draws of random bits. Part of each isa_*.cpp (see vector_math.h). */

/// The cosine and the sine of `turn` / 2^24 of a full turn, for a whole turn from 0 to 2^24 - 1.
KERN_INLINE void v_cos_sin(vi turn, vf &cosine, vf &sine) {
    // The nearest quarter, and what is left of it: within an eighth of a turn, exact.
    const vi quarter = (turn + (1 << 21)) >> 22;
    const vf x = __builtin_convertvector(turn - (quarter << 22), vf) * v_set(3.74507028e-7f);
    const vf square = x * x;
    const float sine_terms[] = {-1.9515295891e-4f, 8.3321608736e-3f, -1.6666654611e-1f};
    const float cosine_terms[] = {2.443315711809948e-5f, -1.388731625493765e-3f, 4.166664568298827e-2f};
    const vf s = v_fma(v_polynomial(square, sine_terms) * square, x, x);
    const vf c = v_fma(v_polynomial(square, cosine_terms) * square, square,
                       v_fma(square, v_set(-0.5f), v_set(1.0f)));

    // A quarter turn makes (c, s) into (-s, c), two of them turn both signs.
    const vi is_odd = (quarter & 1) != 0;
    const vu cosine_sign = (vu)((quarter + 1) & 2) << 30, sine_sign = (vu)(quarter & 2) << 30;
    cosine = (vf)((vu)(is_odd ? s : c) ^ cosine_sign);
    sine = (vf)((vu)(is_odd ? c : s) ^ sine_sign);
}

/// The first n of W words, zero beyond.
KERN_INLINE vu v_load_bits(const uint32_t *p, ptrdiff_t n) {
    vu words = {};
    if (n >= W) {
        std::memcpy(&words, p, sizeof words);
    } else {
        std::memcpy(&words, p, size_t(n) * sizeof *p);
    }
    return words;
}

void normal(const uint32_t *bits, float *y, int64_t count) {
    const int64_t pairs = (count + 1) / 2;
    for (int64_t i = 0; i < pairs; i += W) {
        const int64_t n = pairs - i;
        const vi first = (vi)(v_load_bits(bits + i, n) >> 8);
        const vi second = (vi)(v_load_bits(bits + pairs + i, n) >> 8);
        const vf uniform = __builtin_convertvector(first + 1, vf) * v_set(0x1p-24f);
        // The logarithm of 1 is 0, whose sign does not matter to a root.
        const vf radius = v_sqrt(v_log(uniform) * v_set(-2.0f));
        vf cosine, sine;
        v_cos_sin(second, cosine, sine);
        v_store_some(y + i, radius * cosine, n);
        v_store_some(y + pairs + i, radius * sine, minimum(n, count - pairs - i));
    }
}
