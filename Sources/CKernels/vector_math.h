/* SPDX-License-Identifier: MIT */
/*
 * exp, log, log(1 + t), tanh and softplus of a vector.
 *
 * Part of each isa_*.cpp, inside its namespace and its target: `vf` (floats), `vi` and `vu` (integers of the
 * same width), W (elements per vector) and the v_ operations are the including file's. Polynomials are those
 * of S. Moshier's Cephes library (single precision). A comparison gives a vi of 0 and -1; `mask ? a : b`
 * selects.
 */

/// c[0] x^(N-1) + ... + c[N-1].
template <int N> KERN_INLINE vf v_polynomial(vf x, const float (&c)[N]) {
    vf y = v_set(c[0]);
    KERN_UNROLL
    for (int i = 1; i < N; ++i) {
        y = v_fma(y, x, v_set(c[i]));
    }
    return y;
}

KERN_INLINE vf v_abs(vf x) {
    return (vf)((vu)x & 0x7fffffffu);
}
/// Maximum and minimum that keep a NaN in x.
KERN_INLINE vf v_at_least(vf x, vf low) {
    return x < low ? low : x;
}
KERN_INLINE vf v_at_most(vf x, vf high) {
    return x > high ? high : x;
}

constexpr float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f, ln2 = 0.693147181f;

KERN_INLINE vf v_exp(vf x) {
    // x = n ln 2 + r, |r| <= ln 2 / 2. Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low
    // bits.
    const vf magic = v_set(12582912.0f);
    const vf c = v_at_most(v_at_least(x, v_set(-104.0f)), v_set(89.0f));
    const vf shifted = v_fma(c, v_set(1.44269504f), magic);
    const vf n = shifted - magic;
    const vf r = v_fma(n, v_set(-ln2_low), v_fma(n, v_set(-ln2_high), c));
    const float terms[] = {1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f,
                           4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f};
    const vf y = v_fma(v_polynomial(r, terms), r * r, r) + v_set(1.0f);

    // 2^n in two factors: neither overflows, and a denormal result is rounded once.
    const vi i = (vi)shifted - (vi)magic;
    const vi half = i >> 1;
    const vf first = (vf)((vu)(half + 127) << 23), second = (vf)((vu)(i - half + 127) << 23);
    return y * first * second;
}

/// log(1 + f) + e ln 2 for f in sqrt(1/2) - 1 .. sqrt(2) - 1.
KERN_INLINE vf v_log_reduced(vf f, vf e) {
    const float terms[] = {7.0376836292e-2f,  -1.1514610310e-1f, 1.1676998740e-1f,
                           -1.2420140846e-1f, 1.4249322787e-1f,  -1.6668057665e-1f,
                           2.0000714765e-1f,  -2.4999993993e-1f, 3.3333331174e-1f};
    const vf square = f * f;
    vf y = v_polynomial(f, terms) * f * square;
    y = v_fma(e, v_set(ln2_low), y);
    y = v_fma(square, v_set(-0.5f), y);
    return v_fma(e, v_set(ln2_high), f + y);
}

KERN_INLINE vf v_log(vf x) {
    // x = m 2^e with m in sqrt(1/2) .. sqrt(2); a denormal is scaled into the normal range first.
    const vi is_denormal = x < v_set(1.17549435e-38f);
    const vf scaled = is_denormal ? x * v_set(8388608.0f) : x;
    const vi e = ((vi)scaled - 0x3f3504f3) >> 23;
    const vf m = (vf)((vu)scaled - ((vu)e << 23));
    const vf exponent = __builtin_convertvector(e, vf) - (is_denormal ? v_set(23.0f) : v_set(0.0f));
    const vf y = v_log_reduced(m - v_set(1.0f), exponent);

    const vf infinity = v_set(__builtin_inff());
    const vf special = x == v_set(0.0f) ? -infinity : x < v_set(0.0f) ? v_set(__builtin_nanf("")) : x;
    const vi is_ordinary = (x > v_set(0.0f)) & (x < infinity);
    return is_ordinary ? y : special;
}

/// log(1 + t) for t in 0 .. 1, relative to the result.
KERN_INLINE vf v_log1p_unit(vf t) {
    const vi is_large = t > v_set(0.41421356f);
    const vf f = is_large ? (t - v_set(1.0f)) * v_set(0.5f) : t;
    return v_log_reduced(f, is_large ? v_set(1.0f) : v_set(0.0f));
}

KERN_INLINE vf v_softplus(vf x) {
    return v_at_least(x, v_set(0.0f)) + v_log1p_unit(v_exp(-v_abs(x)));
}

KERN_INLINE vf v_tanh(vf x) {
    const vf magnitude = v_abs(x);
    const float terms[] = {-5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f, 1.33314422036e-1f,
                           -3.33332819422e-1f};
    const vf square = magnitude * magnitude;
    const vf near = v_fma(v_polynomial(square, terms) * square, magnitude, magnitude);
    const vf far = v_set(1.0f) - v_set(2.0f) / (v_exp(magnitude + magnitude) + v_set(1.0f));
    const vf y = magnitude < v_set(0.625f) ? near : far;
    return (vf)((vu)y | ((vu)x & 0x80000000u));
}
