/* SPDX-License-Identifier: MIT */
/*
 * CKernels: the dense arithmetic of small networks, in single precision.
 *
 * All matrices are row-major and dense (no leading dimension): `x (batch, inputs)` has element (b, i) at
 * x[b * inputs + i]. Weights are (outputs, inputs), PyTorch's order. Buffers need no alignment (64 bytes is
 * fastest) and must not overlap unless a comment says that they may. Counts are positive; a count below 1
 * does nothing.
 *
 * No function throws, aborts, or keeps state that changes a result. The first call on a thread takes about
 * 0.6 MB of scratch memory, which goes with the thread; no later call allocates.
 *
 * The same input gives the same bits, on every thread, for a given instruction set and build. Instruction
 * sets differ from each other in the last bits. For all but KERN_ISA_PORTABLE a row of the batch does not
 * depend on the others: kern_linear_forward, kern_linear_backward_input, the squashed Gaussian, layer
 * normalisation and the elementwise functions give a row (an element) the same bits alone, in any batch, and
 * at any place in it.
 *
 * NaN and infinities flow through: a NaN in a row reaches each result that depends on it (ReLU included).
 * Products may leave out what is multiplied by an input or gradient of exactly zero, so that zero times
 * infinity is zero there.
 */
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__clang__)
#define KERN_CLOSED __attribute__((enum_extensibility(closed)))
#else
#define KERN_CLOSED
#define _Nonnull
#define _Nullable
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The instruction sets, in order of preference. KERN_ISA_PORTABLE is Eigen, compiled for the baseline. */
typedef enum KERN_CLOSED {
    KERN_ISA_PORTABLE = 0,
    KERN_ISA_SSE2 = 1,
    KERN_ISA_AVX2 = 2,
    KERN_ISA_AVX512 = 3,
    KERN_ISA_NEON = 4,
} kern_isa;

/* What is applied to each output of a layer: nothing, or max(0, y). */
typedef enum KERN_CLOSED {
    KERN_ACTIVATION_NONE = 0,
    KERN_ACTIVATION_RELU = 1,
} kern_activation;

/*
 * The instruction set in use: the best that the CPU offers, chosen once; the environment variable SINEW_ISA
 * (portable, sse2, avx2, avx512, neon) restricts it. An unknown or unavailable name is ignored here;
 * kern_isa_request_is_valid tells.
 */
kern_isa kern_isa_current(void);
const char *_Nonnull kern_isa_name(kern_isa isa);
/* False when SINEW_ISA is set to something that this CPU or build does not offer. */
bool kern_isa_request_is_valid(void);
/* Whether this build and this CPU can run `isa`, whatever SINEW_ISA says. */
bool kern_isa_is_available(kern_isa isa);
/*
 * Makes the calling thread, and no other, use `isa`: for tests and benchmarks that compare instruction sets
 * (safe among tests that run in parallel). Returns false and changes nothing where it is not available.
 */
bool kern_isa_select(kern_isa isa);
/* Ends the choice that kern_isa_select made on the calling thread. */
void kern_isa_deselect(void);

/* y (batch, outputs) = activation(x (batch, inputs) · wᵀ + bias), w (outputs, inputs), bias (outputs). */
void kern_linear_forward(const float *_Nonnull x, const float *_Nonnull w, const float *_Nonnull bias,
                         float *_Nonnull y, int32_t batch, int32_t inputs, int32_t outputs,
                         kern_activation activation);

/*
 * dx (batch, inputs) = dy (batch, outputs) · w (outputs, inputs). Where `mask` (batch, inputs) is given, dx
 * is set to 0 where mask <= 0: the derivative of the ReLU whose output the mask is.
 */
void kern_linear_backward_input(const float *_Nonnull dy, const float *_Nonnull w,
                                const float *_Nullable mask, float *_Nonnull dx, int32_t batch,
                                int32_t inputs, int32_t outputs);

/*
 * dw (outputs, inputs) = dyᵀ · x; dbias (outputs) = the column sums of dy (batch, outputs): of the `count`
 * outputs from `first` on, whose rows of dw and numbers of dbias are overwritten; outputs that there are not
 * change nothing. An output has the same bits alone and among others (but for KERN_ISA_PORTABLE), so that
 * threads can share them.
 */
void kern_linear_backward_weights(const float *_Nonnull dy, const float *_Nonnull x, float *_Nonnull dw,
                                  float *_Nonnull dbias, int32_t batch, int32_t inputs, int32_t outputs,
                                  int32_t first, int32_t count);

/*
 * The backward passes of the last hidden layer of a network with one output q = head · h + bias, where
 * h (batch, units) = max(0, w x + bias) are that layer's outputs. The loss's gradient in what its ReLU is
 * given is dz (batch, units) = 0 where h <= 0, and dq[b] head[u] elsewhere. From 32 units on faster than the
 * linear passes with dz, unless the batch is a few rows.
 *
 *   dx (batch, inputs) = dz · w (units, inputs), set to 0 where mask <= 0 as in kern_linear_backward_input;
 *   dw (units, inputs) = dzᵀ · x (batch, inputs); dbias (units) = the column sums of dz: of the `count` units
 *   from `first` on, as in kern_linear_backward_weights.
 *
 * Neither a row of dx nor a unit of dw depends on the others.
 */
void kern_gated_backward_input(const float *_Nonnull dq, const float *_Nonnull head, const float *_Nonnull h,
                               const float *_Nonnull w, const float *_Nullable mask, float *_Nonnull dx,
                               int32_t batch, int32_t inputs, int32_t units);
void kern_gated_backward_weights(const float *_Nonnull dq, const float *_Nonnull head,
                                 const float *_Nonnull h, const float *_Nonnull x, float *_Nonnull dw,
                                 float *_Nonnull dbias, int32_t batch, int32_t inputs, int32_t units,
                                 int32_t first, int32_t count);

/*
 * One step of Adam (Kingma & Ba 2015, algorithm 1), epsilon added outside the square root, in one pass:
 *   m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g²;
 *   p -= (rate / correction1) m / (sqrt(v / correction2) + epsilon),   correction_i = 1 - beta_i^t.
 */
typedef struct {
    float rate, beta1, beta2, epsilon, correction1, correction2;
} kern_adam_step;
void kern_adam(float *_Nonnull parameters, const float *_Nonnull gradient, float *_Nonnull m,
               float *_Nonnull v, int64_t count, kern_adam_step step);
/* The same, then target = (1 - tau) target + tau parameters in the same pass. */
void kern_adam_polyak(float *_Nonnull parameters, const float *_Nonnull gradient, float *_Nonnull m,
                      float *_Nonnull v, float *_Nonnull target, int64_t count, kern_adam_step step,
                      float tau);
/* target += tau (online - target). */
void kern_polyak(float *_Nonnull target, const float *_Nonnull online, int64_t count, float tau);

/*
 * y = f(x), element by element; y may be x. Each within 4 ulp of the exact value, denormal results included
 * (largest error in a sweep of 70 million floats: tanh 1.3, exp 1.0, log 0.8, softplus 1.6 ulp); NaN stays
 * NaN. tanh   -1 or 1 from |x| > 9.02 on; tanh(-0) = -0. exp    infinity above 88.72, denormals below -87.33,
 * 0 below -103.98. log    -infinity at 0 and -0, NaN below.
 */
void kern_tanh(const float *_Nonnull x, float *_Nonnull y, int64_t count);
void kern_exp(const float *_Nonnull x, float *_Nonnull y, int64_t count);
void kern_log(const float *_Nonnull x, float *_Nonnull y, int64_t count);
/* log(1 + exp(x)), without overflow or cancellation. */
void kern_softplus(const float *_Nonnull x, float *_Nonnull y, int64_t count);

/*
 * Standard normal draws of random bits (Box & Muller 1958), in pairs: y[i] = r cos(a) and y[pairs + i] = r
 * sin(a), with pairs = (count + 1) / 2 (the last sine of an odd count is left out), r = sqrt(-2 log(u)), u
 * in (0, 1] from the upper 24 of bits[i], and a in [0, 2 pi) from the upper 24 of bits[pairs + i]. `bits`
 * holds 2 pairs. Each within 2e-6 of the exact value; none is beyond sqrt(48 log 2) = 5.77, where 8e-9 of a
 * true normal would be.
 */
void kern_normal(const uint32_t *_Nonnull bits, float *_Nonnull y, int64_t count);

/*
 * The squashed Gaussian of SAC (Haarnoja et al. 2018, arXiv:1812.05905, appendix C) by reparameterisation.
 * `head` (batch, 2 actions): a row holds the means, then the logarithms of the standard deviations, l.
 * `noise` (batch, actions): standard normal draws. With l' = l clamped to log_sigma_min..log_sigma_max:
 *   u = mean + exp(l') noise;  action (batch, actions) = tanh(u);
 *   log_prob (batch) = sum over actions of -noise²/2 - l' - log(2 pi)/2 - log(1 - tanh(u)²),
 *   log(1 - tanh(u)²) = 2 (log 2 - |u| - log(1 + exp(-2 |u|))), which does not cancel when tanh saturates.
 */
void kern_squashed_gaussian_forward(const float *_Nonnull head, const float *_Nonnull noise,
                                    float *_Nonnull action, float *_Nonnull log_prob, int32_t batch,
                                    int32_t actions, float log_sigma_min, float log_sigma_max);

/*
 * The gradient of a loss in `head`, noise held fixed. `action` is the forward result. `daction` (batch,
 * actions) is the gradient of the loss in the action; its gradient in log_prob is `dlog_prob_rows` (batch)
 * or, where that is null, `dlog_prob` for every row. With du = daction (1 - action²) + 2 dlog_prob action:
 *   dhead mean = du;  dhead log sigma = du exp(l') noise - dlog_prob, and 0 where l lies outside of its
 * bounds.
 */
void kern_squashed_gaussian_backward(const float *_Nonnull head, const float *_Nonnull noise,
                                     const float *_Nonnull action, const float *_Nonnull daction,
                                     const float *_Nullable dlog_prob_rows, float dlog_prob,
                                     float *_Nonnull dhead, int32_t batch, int32_t actions,
                                     float log_sigma_min, float log_sigma_max);

/* How kern_solve ended. */
typedef enum KERN_CLOSED {
    KERN_SOLVE_OK = 0,
    /* The matrix is singular, or so near to it that not one digit of a solution would be right. */
    KERN_SOLVE_SINGULAR = 1,
    /* There is no memory for the factors. */
    KERN_SOLVE_NO_MEMORY = 2,
} kern_solve_status;

/*
 * Solves a (count, count) · x (count) = b (count) in double precision, by LU factors with partial pivoting.
 * Overwrites `a` with the factors; x may be b. Where the status is not KERN_SOLVE_OK, x is not written. The
 * bits do not depend on the instruction set: Eigen does it, compiled for the baseline. Unlike the other
 * kernels it allocates.
 */
kern_solve_status kern_solve(double *_Nonnull a, const double *_Nonnull b, double *_Nonnull x, int32_t count);

/*
 * Layer normalisation (Ba et al. 2016, arXiv:1607.06450) of each row of x (batch, width), and what follows:
 *
 *   n = (x - mean) / sqrt(variance + epsilon), mean and variance over the row (divided by the width);
 *   y (batch, width) = activation(gain n + shift), gain and shift (width).
 *
 * n overwrites x; inverse_deviation (batch) = 1 / sqrt(variance + epsilon). Both are for the backward pass.
 */
void kern_layer_norm_forward(float *_Nonnull x, const float *_Nonnull gain, const float *_Nonnull shift,
                             float *_Nonnull y, float *_Nonnull inverse_deviation, int32_t batch,
                             int32_t width, float epsilon, kern_activation activation);

/*
 * Its gradient: `dy` (batch, width) is that of gain n + shift, and becomes that of the x that went in:
 *   g = dy gain;  dx = inverse_deviation (g - mean(g) - n mean(g n)), means over the row.
 * dgain = column sums of dy n, dshift = column sums of dy, both overwritten; null where they are not wanted,
 * both or neither.
 */
void kern_layer_norm_backward(float *_Nonnull dy, const float *_Nonnull n,
                              const float *_Nonnull inverse_deviation, const float *_Nonnull gain,
                              float *_Nullable dgain, float *_Nullable dshift, int32_t batch, int32_t width);

/*
 * Does `rounds` of as many multiply-adds as the instruction set in use can, in registers alone, and returns
 * how many floating-point operations that were (two for each): divided by the time, the peak of a core. For
 * benchmarks.
 */
int64_t kern_fma_peak(int64_t rounds);

/* Tells the core that the thread waits in a loop, so that it leaves its resources to others for a moment. */
static inline void kern_spin_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#ifdef __cplusplus
}
#endif

#endif
