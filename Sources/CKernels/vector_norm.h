/* SPDX-License-Identifier: MIT */
/* Layer normalisation, forward and backward. Part of each isa_*.cpp (see vector_math.h). */

/// The sum of the lanes, always in the same order.
KERN_INLINE float v_sum(vf x) {
    alignas(64) float lanes[W];
    v_store(lanes, x);
    for (int half = W / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; ++i) {
            lanes[i] += lanes[i + half];
        }
    }
    return lanes[0];
}

void layer_norm_forward(float *x, const float *gain, const float *shift, float *y, float *inverse_deviation,
                        int32_t batch, int32_t width, float epsilon, kern_activation activation) {
    const bool relu = activation == KERN_ACTIVATION_RELU;
    for (ptrdiff_t row = 0; row < batch; ++row, x += width, y += width) {
        vf sum = v_set(0.0f);
        for (ptrdiff_t i = 0; i < width; i += W) {
            sum += v_load_some(x + i, width - i);
        }
        alignas(64) float mean[W];
        v_store(mean, v_set(v_sum(sum) / float(width)));

        // The lanes beyond the width are 0 less 0.
        vf squares = v_set(0.0f);
        for (ptrdiff_t i = 0; i < width; i += W) {
            const vf difference = v_load_some(x + i, width - i) - v_load_some(mean, width - i);
            squares = v_fma(difference, difference, squares);
        }
        const float variance = v_sum(squares) / float(width);
        const vf inverse = v_set(1.0f) / v_sqrt(v_set(variance + epsilon));
        inverse_deviation[row] = inverse[0];

        for (ptrdiff_t i = 0; i < width; i += W) {
            const ptrdiff_t n = width - i;
            const vf normal = (v_load_some(x + i, n) - v_load(mean)) * inverse;
            const vf value = v_fma(v_load_some(gain + i, n), normal, v_load_some(shift + i, n));
            v_store_some(x + i, normal, n);
            v_store_some(y + i, relu ? v_at_least(value, v_set(0.0f)) : value, n);
        }
    }
}

void layer_norm_backward(float *dy, const float *normal, const float *inverse_deviation, const float *gain,
                         float *dgain, float *dshift, int32_t batch, int32_t width) {
    for (ptrdiff_t i = 0; dgain && i < width; i += W) {
        v_store_some(dgain + i, v_set(0.0f), width - i);
        v_store_some(dshift + i, v_set(0.0f), width - i);
    }
    for (ptrdiff_t row = 0; row < batch; ++row, dy += width, normal += width) {
        vf sum = v_set(0.0f), product_sum = v_set(0.0f);
        for (ptrdiff_t i = 0; i < width; i += W) {
            const ptrdiff_t n = width - i;
            const vf d = v_load_some(dy + i, n), x = v_load_some(normal + i, n);
            const vf g = d * v_load_some(gain + i, n);
            sum += g;
            product_sum = v_fma(g, x, product_sum);
            if (dgain) {
                v_store_some(dgain + i, v_fma(d, x, v_load_some(dgain + i, n)), n);
                v_store_some(dshift + i, v_load_some(dshift + i, n) + d, n);
            }
        }
        const vf mean = v_set(v_sum(sum) / float(width));
        const vf product_mean = v_set(v_sum(product_sum) / float(width));
        const vf inverse = v_set(inverse_deviation[row]);
        for (ptrdiff_t i = 0; i < width; i += W) {
            const ptrdiff_t n = width - i;
            const vf g = v_load_some(dy + i, n) * v_load_some(gain + i, n);
            v_store_some(dy + i, (g - mean - v_load_some(normal + i, n) * product_mean) * inverse, n);
        }
    }
}
