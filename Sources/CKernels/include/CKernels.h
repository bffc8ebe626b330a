/* SPDX-License-Identifier: MIT */
/*
 * CKernels: the dense arithmetic of small networks, in single precision.
 *
 * All matrices are row-major and dense (no leading dimension): `x (batch, inputs)` has element (b, i) at
 * x[b * inputs + i]. Weights are (outputs, inputs), PyTorch's order. Buffers need no alignment (64 bytes is
 * fastest) and must not overlap unless a comment says that they may. Counts are positive. No function allocates
 * after the first call on its thread, throws, or keeps state that changes a result: the same input gives the same bits,
 * on every thread, for a given instruction set.
 */
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The instruction sets, in order of preference. KERN_ISA_PORTABLE is Eigen, compiled for the baseline. */
typedef enum __attribute__((enum_extensibility(closed))) {
    KERN_ISA_PORTABLE = 0,
    KERN_ISA_SSE2 = 1,
    KERN_ISA_AVX2 = 2,
    KERN_ISA_AVX512 = 3,
    KERN_ISA_NEON = 4,
} kern_isa;

/* What is applied to each output of a layer: nothing, or max(0, y). */
typedef enum __attribute__((enum_extensibility(closed))) {
    KERN_ACTIVATION_NONE = 0,
    KERN_ACTIVATION_RELU = 1,
} kern_activation;

/*
 * The instruction set in use: the best that the CPU offers, chosen once; the environment variable SINEW_ISA (portable, sse2, avx2,
 * avx512, neon) restricts it. An unknown or unavailable name is ignored here; kern_isa_request_is_valid tells.
 */
kern_isa kern_isa_current(void);
const char *_Nonnull kern_isa_name(kern_isa isa);
/* False when SINEW_ISA is set to something that this CPU or build does not offer. */
bool kern_isa_request_is_valid(void);

/* y (batch, outputs) = activation(x (batch, inputs) · wᵀ + bias), w (outputs, inputs), bias (outputs). */
void kern_linear_forward(const float *_Nonnull x, const float *_Nonnull w, const float *_Nonnull bias, float *_Nonnull y,
                         int32_t batch, int32_t inputs, int32_t outputs, kern_activation activation);

/*
 * dx (batch, inputs) = dy (batch, outputs) · w (outputs, inputs). Where `mask` (batch, inputs) is given, dx is
 * set to 0 where mask <= 0: the derivative of the ReLU whose output the mask is.
 */
void kern_linear_backward_input(const float *_Nonnull dy, const float *_Nonnull w, const float *_Nullable mask,
                                float *_Nonnull dx, int32_t batch, int32_t inputs, int32_t outputs);

/* dw (outputs, inputs) = dyᵀ · x; dbias (outputs) = the column sums of dy (batch, outputs). Overwrites both. */
void kern_linear_backward_weights(const float *_Nonnull dy, const float *_Nonnull x, float *_Nonnull dw, float *_Nonnull dbias,
                                  int32_t batch, int32_t inputs, int32_t outputs);

/*
 * One step of Adam (Kingma & Ba 2015, algorithm 1), epsilon added outside the square root, in one pass:
 *   m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g²;
 *   p -= (rate / correction1) m / (sqrt(v / correction2) + epsilon),   correction_i = 1 - beta_i^t.
 */
typedef struct {
    float rate, beta1, beta2, epsilon, correction1, correction2;
} kern_adam_step;
void kern_adam(float *_Nonnull parameters, const float *_Nonnull gradient, float *_Nonnull m, float *_Nonnull v, int64_t count,
               kern_adam_step step);
/* The same, then target = (1 - tau) target + tau parameters in the same pass. */
void kern_adam_polyak(float *_Nonnull parameters, const float *_Nonnull gradient, float *_Nonnull m, float *_Nonnull v,
                      float *_Nonnull target, int64_t count, kern_adam_step step, float tau);
/* target += tau (online - target). */
void kern_polyak(float *_Nonnull target, const float *_Nonnull online, int64_t count, float tau);

/* y = f(x), element by element; y may be x. Each within 4 ulp of the exact value, saturating and NaN-keeping as libm's. */
void kern_tanh(const float *_Nonnull x, float *_Nonnull y, int64_t count);
void kern_exp(const float *_Nonnull x, float *_Nonnull y, int64_t count);
void kern_log(const float *_Nonnull x, float *_Nonnull y, int64_t count);
/* log(1 + exp(x)), without overflow or cancellation. */
void kern_softplus(const float *_Nonnull x, float *_Nonnull y, int64_t count);

#ifdef __cplusplus
}
#endif

#endif
