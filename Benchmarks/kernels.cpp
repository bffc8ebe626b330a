// SPDX-License-Identifier: MIT
// Rates of the kernels on one core, each as a share of the FMA peak of the same core and instruction set.
//   clang++ -std=c++17 -O2 -I Sources/CKernels/include $(pkg-config --cflags eigen3) Benchmarks/kernels.cpp
//       Sources/CKernels/*.cpp -o .build/kernels-bench && .build/kernels-bench [isa]
#include "CKernels.h"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <random>
#include <vector>

namespace {

/// The seconds of one call: the least of 15 samples of at least 0.5 ms each, which other load disturbs least.
double seconds_of(const std::function<void()> &work) {
    using Clock = std::chrono::steady_clock;
    const auto time = [&](int calls) {
        const auto start = Clock::now();
        for (int i = 0; i < calls; ++i) {
            work();
        }
        return std::chrono::duration<double>(Clock::now() - start).count();
    };
    int calls = 1;
    while (time(calls) < 5e-4) {
        calls *= 2;
    }
    double least = time(calls);
    for (int i = 1; i < 15; ++i) {
        least = std::min(least, time(calls));
    }
    return least / calls;
}

/// Ten independent chains of fused multiply-adds of `V`, as many as hide the latency.
template <typename V> __attribute__((always_inline)) inline float chains(int count) {
    V sum[10], scale = V{} + 0.999f, add = V{} + 0.001f;
    for (int i = 0; i < 10; ++i) {
        sum[i] = V{} + float(i);
    }
    for (int k = 0; k < count; ++k) {
#pragma GCC unroll 10
        for (int i = 0; i < 10; ++i) {
            sum[i] = sum[i] * scale + add;
        }
    }
    for (int i = 1; i < 10; ++i) {
        sum[0] += sum[i];
    }
    return sum[0][0];
}

typedef float float4 __attribute__((vector_size(16)));
typedef float float8 __attribute__((vector_size(32)));
typedef float float16 __attribute__((vector_size(64)));
float chains4(int count) {
    return chains<float4>(count);
}
#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) float chains8(int count) {
    return chains<float8>(count);
}
__attribute__((target("avx512f,fma"))) float chains16(int count) {
    return chains<float16>(count);
}
#endif

/// GFLOP/s of `isa` when it does nothing but multiply and add in registers.
double peak_gflops(kern_isa isa) {
    constexpr int count = 100000;
    volatile float sink = 0;
    float (*run)(int) = chains4;
    int width = 4;
#if defined(__x86_64__)
    if (isa == KERN_ISA_AVX2) {
        run = chains8, width = 8;
    } else if (isa == KERN_ISA_AVX512) {
        run = chains16, width = 16;
    }
#endif
    return 2e-9 * 10 * width * count / seconds_of([&] { sink = run(count); });
}

std::vector<float> random(size_t count) {
    static std::mt19937 generator(1);
    std::normal_distribution<float> normal;
    std::vector<float> values(count);
    std::generate(values.begin(), values.end(), [&] { return normal(generator); });
    return values;
}

void measure_layer(int batch, int inputs, int outputs, double peak) {
    const auto x = random(size_t(batch) * inputs), w = random(size_t(outputs) * inputs),
               bias = random(outputs);
    auto y = random(size_t(batch) * outputs), dx = x, dw = w, dbias = bias;
    const double flop = 2e-9 * batch * inputs * outputs;
    const auto report = [&](const char *name, double seconds) {
        std::printf("  %-9s %7.2f us %6.1f GFLOP/s %3.0f %%", name, 1e6 * seconds, flop / seconds,
                    100 * flop / seconds / peak);
    };
    std::printf("%4d x %4d -> %4d", batch, inputs, outputs);
    report("forward", seconds_of([&] {
               kern_linear_forward(x.data(), w.data(), bias.data(), y.data(), batch, inputs, outputs,
                                   KERN_ACTIVATION_RELU);
           }));
    report("d input", seconds_of([&] {
               kern_linear_backward_input(y.data(), w.data(), x.data(), dx.data(), batch, inputs, outputs);
           }));
    report("d weights", seconds_of([&] {
               kern_linear_backward_weights(y.data(), x.data(), dw.data(), dbias.data(), batch, inputs,
                                            outputs, 0, outputs);
           }));
    std::printf("\n");
}

void measure_elements() {
    constexpr int count = 70000, batch = 256, actions = 3;
    auto p = random(count), g = random(count), m = random(count), v = random(count), t = random(count);
    std::transform(v.begin(), v.end(), v.begin(), [](float e) { return e * e; });
    const kern_adam_step step = {1e-3f, 0.9f, 0.999f, 1e-8f, 0.5f, 0.5f};
    const auto report = [](const char *name, int elements, const std::function<void()> &work) {
        const double seconds = seconds_of(work);
        std::printf("%-24s %8.2f us %6.2f ns an element\n", name, 1e6 * seconds, 1e9 * seconds / elements);
    };
    report("adam", count, [&] { kern_adam(p.data(), g.data(), m.data(), v.data(), count, step); });
    report("adam and polyak", count,
           [&] { kern_adam_polyak(p.data(), g.data(), m.data(), v.data(), t.data(), count, step, 0.005f); });
    report("tanh", count, [&] { kern_tanh(g.data(), t.data(), count); });
    report("exp", count, [&] { kern_exp(g.data(), t.data(), count); });
    report("log", count, [&] { kern_log(v.data(), t.data(), count); });
    report("softplus", count, [&] { kern_softplus(g.data(), t.data(), count); });
    const auto head = random(batch * 2 * actions), noise = random(batch * actions);
    auto action = noise, log_prob = noise, dhead = head;
    report("squashed gaussian", batch * actions, [&] {
        kern_squashed_gaussian_forward(head.data(), noise.data(), action.data(), log_prob.data(), batch,
                                       actions, -20, 2);
    });
    report("squashed gaussian back", batch * actions, [&] {
        kern_squashed_gaussian_backward(head.data(), noise.data(), action.data(), noise.data(), nullptr, 0.1f,
                                        dhead.data(), batch, actions, -20, 2);
    });
}

} // namespace

int main(int count, char **arguments) {
    for (kern_isa isa : {KERN_ISA_PORTABLE, KERN_ISA_SSE2, KERN_ISA_AVX2, KERN_ISA_AVX512, KERN_ISA_NEON}) {
        if (count > 1 ? std::strcmp(arguments[1], kern_isa_name(isa)) == 0 : isa == kern_isa_current()) {
            if (!kern_isa_select(isa)) {
                std::printf("%s: not on this machine\n", arguments[1]);
                return 69;
            }
        }
    }
    const double peak = peak_gflops(kern_isa_current());
    std::printf("%s: peak %.1f GFLOP/s\n", kern_isa_name(kern_isa_current()), peak);
    const int layers[][3] = {{256, 256, 256}, {256, 14, 256},    {256, 11, 256},   {256, 256, 6},
                             {256, 256, 1},   {100, 64, 64},     {100, 4, 64},     {100, 3, 64},
                             {100, 64, 2},    {100, 64, 1},      {1, 256, 256},    {1, 11, 256},
                             {1, 256, 6},     {32, 256, 256},    {4096, 256, 256}, {256, 32, 32},
                             {256, 512, 512}, {256, 1024, 1024}, {100, 27, 300}};
    for (const auto &layer : layers) {
        measure_layer(layer[0], layer[1], layer[2], peak);
    }
    measure_elements();
}
