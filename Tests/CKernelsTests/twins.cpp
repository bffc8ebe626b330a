// SPDX-License-Identifier: MIT
// Every kernel of every instruction set of this processor beside its portable twin (Eigen and libm), without
// Swift: for processors that only an emulator runs. See scripts/cross-kernels.sh.
#include "CKernels.h"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>
#include <vector>

namespace {

using Floats = std::vector<float>;
std::mt19937 generator(1);
kern_isa isa;
int failures = 0, comparisons = 0;

Floats random_floats(size_t count, float low = -1, float high = 1) {
    std::uniform_real_distribution<float> uniform(low, high);
    Floats values(count);
    std::generate(values.begin(), values.end(), [&] { return uniform(generator); });
    return values;
}

/// Runs `kernel` with the instruction set and with its twin, and compares what both wrote to floats that
/// began as `start`: within `bound`, relative to numbers beyond 1.
void compare(const char *what, const Floats &start, float bound, const std::function<void(float *)> &kernel) {
    Floats ours = start, twin = start;
    kern_isa_select(isa);
    kernel(ours.data());
    kern_isa_select(KERN_ISA_PORTABLE);
    kernel(twin.data());
    comparisons++;
    for (size_t i = 0; i < start.size(); ++i) {
        const float apart = std::fabs(ours[i] - twin[i]), scale = std::fmax(1, std::fabs(twin[i]));
        if (ours[i] != twin[i] && !(apart <= bound * scale)) {
            std::printf("%s, %s: element %zu of %zu is %.9g, of the twin %.9g\n", kern_isa_name(isa), what, i,
                        start.size(), ours[i], twin[i]);
            failures++;
            return;
        }
    }
}

void compare_linear(int batch, int inputs, int outputs) {
    const size_t rows = batch, in = inputs, out = outputs;
    const Floats x = random_floats(rows * in), w = random_floats(out * in), bias = random_floats(out);
    const Floats dy = random_floats(rows * out), mask = random_floats(rows * in);
    // One rounding for each term of the longest sum.
    const float bound = 1e-7f * float(std::max({batch, inputs, outputs})) + 1e-6f;
    for (kern_activation activation : {KERN_ACTIVATION_NONE, KERN_ACTIVATION_RELU}) {
        compare("forward", Floats(rows * out, NAN), bound, [&](float *y) {
            kern_linear_forward(x.data(), w.data(), bias.data(), y, batch, inputs, outputs, activation);
        });
    }
    for (const float *m : {mask.data(), static_cast<const float *>(nullptr)}) {
        compare("backward to the input", Floats(rows * in, NAN), bound, [&](float *dx) {
            kern_linear_backward_input(dy.data(), w.data(), m, dx, batch, inputs, outputs);
        });
    }
    compare("backward to weights and biases", Floats(out * in + out, NAN), bound, [&](float *dw) {
        kern_linear_backward_weights(dy.data(), x.data(), dw, dw + out * in, batch, inputs, outputs, 0,
                                     outputs);
    });
}

/// A layer behind a ReLU, half of it zeros, and the layer before the one output of a critic.
void compare_rectified(int batch, int inputs, int units) {
    const size_t rows = batch, in = inputs, out = units;
    Floats x = random_floats(rows * in), h = random_floats(rows * out), dy = random_floats(rows * out);
    for (size_t i = 0; i < rows * out; ++i) {
        h[i] = std::fmax(h[i], 0);
        dy[i] = h[i] > 0 ? dy[i] : 0;
    }
    for (float &value : x) {
        value = std::fmax(value, 0);
    }
    const Floats w = random_floats(out * in), bias = random_floats(out), dq = random_floats(rows),
                 head = random_floats(out);
    const float bound = 1e-7f * float(std::max({batch, inputs, units})) + 1e-6f;
    compare("forward of half zeros", Floats(rows * out, NAN), bound, [&](float *y) {
        kern_linear_forward(x.data(), w.data(), bias.data(), y, batch, inputs, units, KERN_ACTIVATION_RELU);
    });
    compare("backward of half zeros to weights", Floats(out * in + out, NAN), bound, [&](float *dw) {
        kern_linear_backward_weights(dy.data(), x.data(), dw, dw + out * in, batch, inputs, units, 0, units);
    });
    compare("backward of half zeros to the input", Floats(rows * in, NAN), bound, [&](float *dx) {
        kern_linear_backward_input(dy.data(), w.data(), x.data(), dx, batch, inputs, units);
    });
    compare("gated, backward to weights", Floats(out * in + out, NAN), bound, [&](float *dw) {
        kern_gated_backward_weights(dq.data(), head.data(), h.data(), x.data(), dw, dw + out * in, batch,
                                    inputs, units, 0, units);
    });
    compare("gated, backward to the input", Floats(rows * in, NAN), bound, [&](float *dx) {
        kern_gated_backward_input(dq.data(), head.data(), h.data(), w.data(), x.data(), dx, batch, inputs,
                                  units);
    });
}

void compare_functions(int64_t count) {
    const Floats x = random_floats(count, -20, 20), positive = random_floats(count, 1e-6f, 50);
    const Floats unset(count, NAN);
    compare("tanh", unset, 1e-6f, [&](float *y) { kern_tanh(x.data(), y, count); });
    compare("exp", unset, 1e-6f, [&](float *y) { kern_exp(x.data(), y, count); });
    compare("log", unset, 1e-6f, [&](float *y) { kern_log(positive.data(), y, count); });
    compare("softplus", unset, 1e-6f, [&](float *y) { kern_softplus(x.data(), y, count); });

    std::vector<uint32_t> bits(count + 1);
    std::generate(bits.begin(), bits.end(), [] { return uint32_t(generator()); });
    compare("normal", unset, 2e-6f, [&](float *y) { kern_normal(bits.data(), y, count); });

    // Parameters, moments and target one after the other.
    const Floats gradient = random_floats(count);
    const Floats start = random_floats(4 * count, 0, 1);
    const kern_adam_step step = {1e-3f, 0.9f, 0.999f, 1e-8f, 0.1f, 0.001f};
    compare("adam with polyak", start, 2e-6f, [&](float *p) {
        kern_adam_polyak(p, gradient.data(), p + count, p + 2 * count, p + 3 * count, count, step, 0.01f);
    });
    compare("adam", start, 2e-6f,
            [&](float *p) { kern_adam(p, gradient.data(), p + count, p + 2 * count, count, step); });
    compare("polyak", start, 1e-6f, [&](float *p) { kern_polyak(p, gradient.data(), count, 0.3f); });
}

void compare_gaussian(int batch, int actions) {
    const size_t count = size_t(batch) * actions;
    const Floats head = random_floats(2 * count, -3, 3), noise = random_floats(count, -2, 2);
    const Floats action = random_floats(count, -0.99f, 0.99f), daction = random_floats(count);
    compare("squashed gaussian", Floats(count + batch, NAN), 1e-5f, [&](float *out) {
        kern_squashed_gaussian_forward(head.data(), noise.data(), out, out + count, batch, actions, -20, 2);
    });
    compare("squashed gaussian, backward", Floats(2 * count, NAN), 1e-5f, [&](float *dhead) {
        kern_squashed_gaussian_backward(head.data(), noise.data(), action.data(), daction.data(), nullptr,
                                        0.3f, dhead, batch, actions, -20, 2);
    });
}

void compare_layer_norm(int batch, int width) {
    const size_t count = size_t(batch) * width;
    const Floats gain = random_floats(width, 0.5f, 2), shift = random_floats(width);
    // Input and normalised numbers, outputs, inverse deviations.
    Floats start = random_floats(count, -2, 2);
    start.resize(2 * count + batch, NAN);
    compare("layer norm", start, 2e-5f, [&](float *x) {
        kern_layer_norm_forward(x, gain.data(), shift.data(), x + count, x + 2 * count, batch, width, 1e-5f,
                                KERN_ACTIVATION_RELU);
    });
    const Floats n = random_floats(count, -2, 2), deviation = random_floats(batch, 0.5f, 2);
    Floats dy = random_floats(count);
    dy.resize(count + 2 * size_t(width), NAN);
    compare("layer norm, backward", dy, 2e-5f, [&](float *p) {
        kern_layer_norm_backward(p, n.data(), deviation.data(), gain.data(), p + count, p + count + width,
                                 batch, width);
    });
}

} // namespace

int main() {
    int tested = 0;
    for (int number = KERN_ISA_SSE2; number <= KERN_ISA_NEON; ++number) {
        isa = kern_isa(number);
        if (!kern_isa_is_available(isa)) {
            continue;
        }
        for (int batch : {1, 2, 5, 37, 150}) {
            for (int inputs : {1, 3, 14, 16, 17, 64, 300}) {
                for (int outputs : {1, 2, 6, 13, 33, 64}) {
                    compare_linear(batch, inputs, outputs);
                }
            }
        }
        for (int batch : {5, 37, 150}) {
            for (int inputs : {33, 64, 300}) {
                for (int units : {13, 32, 64, 272}) {
                    compare_rectified(batch, inputs, units);
                }
            }
        }
        for (int64_t count : {1, 2, 3, 4, 5, 15, 16, 17, 63, 1000}) {
            compare_functions(count);
            compare_gaussian(int(count), 1);
            compare_gaussian(7, int(count));
            compare_layer_norm(5, int(count) + 1);
        }
        std::printf("%s: %d comparisons with the twin, %d failed\n", kern_isa_name(isa), comparisons,
                    failures);
        tested++;
        comparisons = 0;
    }
    if (tested == 0) {
        std::printf("there is no instruction set to test\n");
    }
    return failures == 0 && tested > 0 ? 0 : 1;
}
