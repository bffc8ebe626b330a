// SPDX-License-Identifier: MIT
// Which instruction set is used, and the C functions that hand each call to it.
#include "kernel_table.h"
#include <cstdlib>
#include <cstring>

namespace {

constexpr kern_isa all_isas[] = {KERN_ISA_PORTABLE, KERN_ISA_SSE2, KERN_ISA_AVX2, KERN_ISA_AVX512,
                                 KERN_ISA_NEON};

/// The kernels of an instruction set, or null where this build or this CPU lacks it.
const KernelTable *table_of(kern_isa isa) {
    switch (isa) {
    case KERN_ISA_PORTABLE:
        return &kernels_portable;
#if defined(__x86_64__)
    case KERN_ISA_SSE2:
        return &kernels_sse2;
    case KERN_ISA_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") &&
                       __builtin_cpu_supports("fma")
                   ? &kernels_avx2
                   : nullptr;
    case KERN_ISA_AVX512:
        return __builtin_cpu_supports("avx512f") && table_of(KERN_ISA_AVX2) ? &kernels_avx512 : nullptr;
#elif defined(__aarch64__)
    case KERN_ISA_NEON:
        return &kernels_neon;
#endif
    default:
        return nullptr;
    }
}

/// What SINEW_ISA and the CPU together give.
struct Choice {
    const KernelTable *table = &kernels_portable;
    bool request_is_valid = true;

    Choice() {
        const char *request = std::getenv("SINEW_ISA");
        if (request && *request) {
            request_is_valid = false;
            for (kern_isa isa : all_isas) {
                if (std::strcmp(request, kern_isa_name(isa)) == 0 && table_of(isa)) {
                    table = table_of(isa);
                    request_is_valid = true;
                    return;
                }
            }
        }
        for (kern_isa isa : all_isas) {
            if (table_of(isa)) {
                table = table_of(isa);
            }
        }
    }
};

const Choice &choice() {
    static const Choice made;
    return made;
}

thread_local const KernelTable *selected = nullptr;

const KernelTable &kernels() {
    return selected ? *selected : *choice().table;
}

/// Whether first..<first + count are some of 0..<all.
bool is_part(int32_t first, int32_t count, int32_t all) {
    return first >= 0 && count > 0 && first < all && count <= all - first;
}

} // namespace

extern "C" {

kern_isa kern_isa_current(void) {
    return kernels().isa;
}

const char *kern_isa_name(kern_isa isa) {
    switch (isa) {
    case KERN_ISA_PORTABLE:
        return "portable";
    case KERN_ISA_SSE2:
        return "sse2";
    case KERN_ISA_AVX2:
        return "avx2";
    case KERN_ISA_AVX512:
        return "avx512";
    case KERN_ISA_NEON:
        return "neon";
    }
    return "unknown";
}

bool kern_isa_request_is_valid(void) {
    return choice().request_is_valid;
}

bool kern_isa_is_available(kern_isa isa) {
    return table_of(isa) != nullptr;
}

bool kern_isa_select(kern_isa isa) {
    const KernelTable *table = table_of(isa);
    if (table) {
        selected = table;
    }
    return table != nullptr;
}

void kern_isa_deselect(void) {
    selected = nullptr;
}

void kern_linear_forward(const float *x, const float *w, const float *bias, float *y, int32_t batch,
                         int32_t inputs, int32_t outputs, kern_activation activation) {
    if (batch > 0 && inputs > 0 && outputs > 0) {
        kernels().linear_forward(x, w, bias, y, batch, inputs, outputs, activation);
    }
}

void kern_linear_backward_input(const float *dy, const float *w, const float *mask, float *dx, int32_t batch,
                                int32_t inputs, int32_t outputs) {
    if (batch > 0 && inputs > 0 && outputs > 0) {
        kernels().linear_backward_input(dy, w, mask, dx, batch, inputs, outputs);
    }
}

void kern_linear_backward_weights(const float *dy, const float *x, float *dw, float *dbias, int32_t batch,
                                  int32_t inputs, int32_t outputs, int32_t first, int32_t count) {
    if (batch > 0 && inputs > 0 && is_part(first, count, outputs)) {
        kernels().linear_backward_weights(dy, x, dw, dbias, batch, inputs, outputs, first, count);
    }
}

void kern_gated_backward_input(const float *dq, const float *head, const float *h, const float *w,
                               const float *mask, float *dx, int32_t batch, int32_t inputs, int32_t units) {
    if (batch > 0 && inputs > 0 && units > 0) {
        kernels().gated_backward_input(dq, head, h, w, mask, dx, batch, inputs, units);
    }
}

void kern_gated_backward_weights(const float *dq, const float *head, const float *h, const float *x,
                                 float *dw, float *dbias, int32_t batch, int32_t inputs, int32_t units,
                                 int32_t first, int32_t count) {
    if (batch > 0 && inputs > 0 && is_part(first, count, units)) {
        kernels().gated_backward_weights(dq, head, h, x, dw, dbias, batch, inputs, units, first, count);
    }
}

void kern_adam(float *parameters, const float *gradient, float *m, float *v, int64_t count,
               kern_adam_step step) {
    if (count > 0) {
        kernels().adam(parameters, gradient, m, v, count, step);
    }
}

void kern_adam_polyak(float *parameters, const float *gradient, float *m, float *v, float *target,
                      int64_t count, kern_adam_step step, float tau) {
    if (count > 0) {
        kernels().adam_polyak(parameters, gradient, m, v, target, count, step, tau);
    }
}

void kern_polyak(float *target, const float *online, int64_t count, float tau) {
    if (count > 0) {
        kernels().polyak(target, online, count, tau);
    }
}

void kern_tanh(const float *x, float *y, int64_t count) {
    if (count > 0) {
        kernels().tanh(x, y, count);
    }
}
void kern_exp(const float *x, float *y, int64_t count) {
    if (count > 0) {
        kernels().exp(x, y, count);
    }
}
void kern_log(const float *x, float *y, int64_t count) {
    if (count > 0) {
        kernels().log(x, y, count);
    }
}
void kern_softplus(const float *x, float *y, int64_t count) {
    if (count > 0) {
        kernels().softplus(x, y, count);
    }
}

void kern_normal(const uint32_t *bits, float *y, int64_t count) {
    if (count > 0) {
        kernels().normal(bits, y, count);
    }
}

void kern_squashed_gaussian_forward(const float *head, const float *noise, float *action, float *log_prob,
                                    int32_t batch, int32_t actions, float log_sigma_min,
                                    float log_sigma_max) {
    if (batch > 0 && actions > 0) {
        kernels().squashed_gaussian_forward(head, noise, action, log_prob, batch, actions, log_sigma_min,
                                            log_sigma_max);
    }
}

void kern_squashed_gaussian_backward(const float *head, const float *noise, const float *action,
                                     const float *daction, const float *dlog_prob_rows, float dlog_prob,
                                     float *dhead, int32_t batch, int32_t actions, float log_sigma_min,
                                     float log_sigma_max) {
    if (batch > 0 && actions > 0) {
        kernels().squashed_gaussian_backward(head, noise, action, daction, dlog_prob_rows, dlog_prob, dhead,
                                             batch, actions, log_sigma_min, log_sigma_max);
    }
}

void kern_layer_norm_forward(float *x, const float *gain, const float *shift, float *y,
                             float *inverse_deviation, int32_t batch, int32_t width, float epsilon,
                             kern_activation activation) {
    if (batch > 0 && width > 0) {
        kernels().layer_norm_forward(x, gain, shift, y, inverse_deviation, batch, width, epsilon, activation);
    }
}

void kern_layer_norm_backward(float *dy, const float *n, const float *inverse_deviation, const float *gain,
                              float *dgain, float *dshift, int32_t batch, int32_t width) {
    if (batch > 0 && width > 0) {
        kernels().layer_norm_backward(dy, n, inverse_deviation, gain, dgain, dshift, batch, width);
    }
}

int64_t kern_fma_peak(int64_t rounds) {
    return rounds > 0 ? kernels().fma_peak(rounds) : 0;
}

} // extern "C"
