/* SPDX-License-Identifier: MIT */
/*
 * Kernels that treat each element alone: the functions over arrays, Adam, Polyak averaging. Part of each
 * isa_*.cpp (see vector_math.h). The last, partial vector goes through the same instructions, so an element's
 * bits do not depend on its place.
 */

KERN_INLINE vf v_load_some(const float *p, ptrdiff_t n) {
    return n >= W ? v_load(p) : v_load_part(p, int(n));
}
KERN_INLINE void v_store_some(float *p, vf x, ptrdiff_t n) {
    if (n >= W) {
        v_store(p, x);
    } else {
        v_store_part(p, x, int(n));
    }
}

template <vf (*function)(vf)> void map(const float *x, float *y, int64_t count) {
    for (int64_t i = 0; i < count; i += W) {
        v_store_some(y + i, function(v_load_some(x + i, count - i)), count - i);
    }
}

KERN_INLINE vf v_polyak(vf target, vf online, vf tau) {
    return v_fma(tau, online - target, target);
}

void polyak(float *target, const float *online, int64_t count, float tau) {
    for (int64_t i = 0; i < count; i += W) {
        const int64_t n = count - i;
        v_store_some(target + i, v_polyak(v_load_some(target + i, n), v_load_some(online + i, n), v_set(tau)),
                     n);
    }
}

template <bool with_target>
KERN_INLINE void adam_pass(float *parameters, const float *gradient, float *first, float *second,
                           float *target, int64_t count, kern_adam_step step, float tau) {
    const vf beta1 = v_set(step.beta1), rest1 = v_set(1 - step.beta1);
    const vf beta2 = v_set(step.beta2), rest2 = v_set(1 - step.beta2);
    const vf rate = v_set(step.rate / step.correction1), correction = v_set(1 / step.correction2);
    const vf epsilon = v_set(step.epsilon);
    for (int64_t i = 0; i < count; i += W) {
        const int64_t n = count - i;
        const vf g = v_load_some(gradient + i, n);
        const vf m = v_fma(beta1, v_load_some(first + i, n), rest1 * g);
        const vf v = v_fma(beta2, v_load_some(second + i, n), rest2 * g * g);
        const vf p = v_load_some(parameters + i, n) - rate * m / (v_sqrt(v * correction) + epsilon);
        v_store_some(first + i, m, n);
        v_store_some(second + i, v, n);
        v_store_some(parameters + i, p, n);
        if (with_target) {
            v_store_some(target + i, v_polyak(v_load_some(target + i, n), p, v_set(tau)), n);
        }
    }
}

void adam(float *parameters, const float *gradient, float *m, float *v, int64_t count, kern_adam_step step) {
    adam_pass<false>(parameters, gradient, m, v, nullptr, count, step, 0);
}

void adam_polyak(float *parameters, const float *gradient, float *m, float *v, float *target, int64_t count,
                 kern_adam_step step, float tau) {
    adam_pass<true>(parameters, gradient, m, v, target, count, step, tau);
}
