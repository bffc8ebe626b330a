/* SPDX-License-Identifier: MIT */
/* The kernels of one instruction set: what dispatch.cpp chooses among. Each member is documented in
 * CKernels.h. */
#ifndef KERNEL_TABLE_H
#define KERNEL_TABLE_H

#include "CKernels.h"

struct KernelTable {
    kern_isa isa;
    decltype(&kern_linear_forward) linear_forward;
    decltype(&kern_linear_backward_input) linear_backward_input;
    decltype(&kern_linear_backward_weights) linear_backward_weights;
    decltype(&kern_gated_backward_input) gated_backward_input;
    decltype(&kern_gated_backward_weights) gated_backward_weights;
    decltype(&kern_adam) adam;
    decltype(&kern_adam_polyak) adam_polyak;
    decltype(&kern_polyak) polyak;
    decltype(&kern_tanh) tanh;
    decltype(&kern_exp) exp;
    decltype(&kern_log) log;
    decltype(&kern_softplus) softplus;
    decltype(&kern_normal) normal;
    decltype(&kern_squashed_gaussian_forward) squashed_gaussian_forward;
    decltype(&kern_squashed_gaussian_backward) squashed_gaussian_backward;
    decltype(&kern_layer_norm_forward) layer_norm_forward;
    decltype(&kern_layer_norm_backward) layer_norm_backward;
    decltype(&kern_fma_peak) fma_peak;
};

extern const KernelTable kernels_portable;
#if defined(__x86_64__)
extern const KernelTable kernels_sse2, kernels_avx2, kernels_avx512;
#elif defined(__aarch64__)
extern const KernelTable kernels_neon;
#endif

#endif
