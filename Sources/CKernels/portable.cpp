// SPDX-License-Identifier: MIT
// The kernels through Eigen and libm, for any CPU: the fallback, and one of the twins that the tests compare.
#include "kernel_table.h"
#define EIGEN_NO_DEBUG // an assertion of Eigen would end the process
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Stride = Eigen::OuterStride<>;
using Block = Eigen::Map<Matrix, 0, Stride>;
using ConstBlock = Eigen::Map<const Matrix, 0, Stride>;
using Array = Eigen::Map<Eigen::ArrayXf>;
using ConstArray = Eigen::Map<const Eigen::ArrayXf>;
using Eigen::Index;

// Eigen packs the operands of a product on the stack up to 128 KiB each and on the heap beyond: products of
// blocks of this size never reach the heap.
constexpr Index row_block = 64, column_block = 128, depth_block = 256;
static_assert(depth_block * column_block * sizeof(float) <= EIGEN_STACK_ALLOCATION_LIMIT,
              "packs on the heap");

/// c (rows, columns) += a (rows, depth) · b (depth, columns); `A` and `B` map one block of an operand.
template <typename A, typename B>
void add_product(float *c, Index rows, Index columns, Index depth, A a, B b) {
    for (Index j = 0; j < columns; j += column_block) {
        const Index nj = std::min(column_block, columns - j);
        for (Index k = 0; k < depth; k += depth_block) {
            const Index nk = std::min(depth_block, depth - k);
            for (Index i = 0; i < rows; i += row_block) {
                const Index ni = std::min(row_block, rows - i);
                Block(c + i * columns + j, ni, nj, Stride(columns)).noalias() +=
                    a(i, k, ni, nk) * b(k, j, nk, nj);
            }
        }
    }
}

/// Maps blocks of a row-major matrix.
auto blocks(const float *p, Index columns) {
    return [=](Index i, Index j, Index ni, Index nj) {
        return ConstBlock(p + i * columns + j, ni, nj, Stride(columns));
    };
}

/// Maps blocks of the transpose of a row-major matrix of `columns` columns.
auto transposed_blocks(const float *p, Index columns) {
    return [=](Index i, Index j, Index ni, Index nj) {
        return ConstBlock(p + j * columns + i, nj, ni, Stride(columns)).transpose();
    };
}

void linear_forward(const float *x, const float *w, const float *bias, float *y, int32_t batch,
                    int32_t inputs, int32_t outputs, kern_activation activation) {
    for (Index b = 0; b < batch; ++b) {
        std::copy(bias, bias + outputs, y + b * outputs);
    }
    add_product(y, batch, outputs, inputs, blocks(x, inputs), transposed_blocks(w, inputs));
    if (activation == KERN_ACTIVATION_RELU) {
        for (Index i = 0; i < Index(batch) * outputs; ++i) {
            y[i] = y[i] < 0 ? 0 : y[i];
        }
    }
}

void linear_backward_input(const float *dy, const float *w, const float *mask, float *dx, int32_t batch,
                           int32_t inputs, int32_t outputs) {
    std::fill(dx, dx + Index(batch) * inputs, 0.0f);
    add_product(dx, batch, inputs, outputs, blocks(dy, outputs), blocks(w, inputs));
    for (Index i = 0; mask && i < Index(batch) * inputs; ++i) {
        dx[i] = mask[i] <= 0 ? 0 : dx[i];
    }
}

void linear_backward_weights(const float *dy, const float *x, float *dw, float *dbias, int32_t batch,
                             int32_t inputs, int32_t outputs, int32_t first, int32_t count) {
    dy += first;
    dw += Index(first) * inputs;
    std::fill(dw, dw + Index(count) * inputs, 0.0f);
    add_product(dw, count, inputs, batch, transposed_blocks(dy, outputs), blocks(x, inputs));
    Array sum(dbias + first, count);
    sum.setZero();
    for (Index b = 0; b < batch; ++b) {
        sum += ConstArray(dy + b * outputs, count);
    }
}

void gated_backward_input(const float *dq, const float *head, const float *h, const float *w,
                          const float *mask, float *dx, int32_t batch, int32_t inputs, int32_t units) {
    for (Index b = 0; b < batch; ++b) {
        Array row(dx + b * inputs, inputs);
        row.setZero();
        for (Index u = 0; u < units; ++u) {
            if (!(h[b * units + u] <= 0)) {
                row += head[u] * ConstArray(w + u * inputs, inputs);
            }
        }
        row *= dq[b];
        for (Index i = 0; mask && i < inputs; ++i) {
            row[i] = mask[b * inputs + i] <= 0 ? 0 : row[i];
        }
    }
}

void gated_backward_weights(const float *dq, const float *head, const float *h, const float *x, float *dw,
                            float *dbias, int32_t batch, int32_t inputs, int32_t units, int32_t first,
                            int32_t count) {
    for (Index u = first; u < first + count; ++u) {
        Array row(dw + u * inputs, inputs);
        row.setZero();
        float sum = 0;
        for (Index b = 0; b < batch; ++b) {
            if (!(h[b * units + u] <= 0)) {
                row += dq[b] * ConstArray(x + b * inputs, inputs);
                sum += dq[b];
            }
        }
        row *= head[u];
        dbias[u] = sum * head[u];
    }
}

void adam(float *parameters, const float *gradient, float *m, float *v, int64_t count, kern_adam_step step) {
    const ConstArray g(gradient, count);
    Array p(parameters, count), first(m, count), second(v, count);
    first = step.beta1 * first + (1 - step.beta1) * g;
    second = step.beta2 * second + (1 - step.beta2) * g * g;
    p -= (step.rate / step.correction1) * first / ((second / step.correction2).sqrt() + step.epsilon);
}

void polyak(float *target, const float *online, int64_t count, float tau) {
    Array t(target, count);
    t += tau * (ConstArray(online, count) - t);
}

void adam_polyak(float *parameters, const float *gradient, float *m, float *v, float *target, int64_t count,
                 kern_adam_step step, float tau) {
    adam(parameters, gradient, m, v, count, step);
    polyak(target, parameters, count, tau);
}

float log1p_exp_minus(float magnitude) {
    return std::log1p(std::exp(-magnitude));
}
float softplus_of(float x) {
    return (x < 0 ? 0 : x) + log1p_exp_minus(std::fabs(x));
}

void tanh_all(const float *x, float *y, int64_t count) {
    std::transform(x, x + count, y, [](float e) { return std::tanh(e); });
}
void exp_all(const float *x, float *y, int64_t count) {
    std::transform(x, x + count, y, [](float e) { return std::exp(e); });
}
void log_all(const float *x, float *y, int64_t count) {
    std::transform(x, x + count, y, [](float e) { return std::log(e); });
}
void softplus_all(const float *x, float *y, int64_t count) {
    std::transform(x, x + count, y, softplus_of);
}

void normal(const uint32_t *bits, float *y, int64_t count) {
    const int64_t pairs = (count + 1) / 2;
    for (int64_t i = 0; i < pairs; ++i) {
        const double uniform = ((bits[i] >> 8) + 1) * 0x1p-24, turn = (bits[pairs + i] >> 8) * 0x1p-24;
        const double radius = std::sqrt(-2 * std::log(uniform)), angle = 6.283185307179586 * turn;
        y[i] = float(radius * std::cos(angle));
        if (pairs + i < count) {
            y[pairs + i] = float(radius * std::sin(angle));
        }
    }
}

/// log sigma within its bounds; NaN stays.
float clamped(float log_sigma, float low, float high) {
    return log_sigma < low ? low : log_sigma > high ? high : log_sigma;
}

void squashed_gaussian_forward(const float *head, const float *noise, float *action, float *log_prob,
                               int32_t batch, int32_t actions, float log_sigma_min, float log_sigma_max) {
    constexpr float log2 = 0.693147181f, half_log_2pi = 0.918938533f;
    for (int32_t b = 0; b < batch; ++b, head += 2 * actions, noise += actions, action += actions) {
        float sum = 0;
        for (int32_t i = 0; i < actions; ++i) {
            const float log_sigma = clamped(head[actions + i], log_sigma_min, log_sigma_max);
            const float u = head[i] + std::exp(log_sigma) * noise[i];
            const float log_slope = 2 * (log2 - std::fabs(u) - log1p_exp_minus(2 * std::fabs(u)));
            action[i] = std::tanh(u);
            sum += -0.5f * noise[i] * noise[i] - log_sigma - half_log_2pi - log_slope;
        }
        log_prob[b] = sum;
    }
}

void squashed_gaussian_backward(const float *head, const float *noise, const float *action,
                                const float *daction, const float *dlog_prob_rows, float dlog_prob,
                                float *dhead, int32_t batch, int32_t actions, float log_sigma_min,
                                float log_sigma_max) {
    for (int32_t b = 0; b < batch; ++b) {
        const float row = dlog_prob_rows ? dlog_prob_rows[b] : dlog_prob;
        for (int32_t i = 0; i < actions; ++i) {
            const float log_sigma = head[actions + i];
            const float du = daction[i] * (1 - action[i]) * (1 + action[i]) + 2 * row * action[i];
            const bool outside = log_sigma < log_sigma_min || log_sigma > log_sigma_max;
            dhead[i] = du;
            dhead[actions + i] = outside ? 0 : du * std::exp(log_sigma) * noise[i] - row;
        }
        head += 2 * actions, dhead += 2 * actions, noise += actions, action += actions, daction += actions;
    }
}

void layer_norm_forward(float *x, const float *gain, const float *shift, float *y, float *inverse_deviation,
                        int32_t batch, int32_t width, float epsilon, kern_activation activation) {
    for (Index b = 0; b < batch; ++b) {
        Array row(x + b * width, width), result(y + b * width, width);
        row -= row.mean();
        inverse_deviation[b] = 1 / std::sqrt(row.square().mean() + epsilon);
        row *= inverse_deviation[b];
        result = ConstArray(gain, width) * row + ConstArray(shift, width);
        for (Index i = 0; activation == KERN_ACTIVATION_RELU && i < width; ++i) {
            result[i] = result[i] < 0 ? 0 : result[i];
        }
    }
}

void layer_norm_backward(float *dy, const float *normal, const float *inverse_deviation, const float *gain,
                         float *dgain, float *dshift, int32_t batch, int32_t width) {
    if (dgain) {
        Array(dgain, width) = 0;
        Array(dshift, width) = 0;
    }
    for (Index b = 0; b < batch; ++b) {
        Array row(dy + b * width, width);
        const ConstArray n(normal + b * width, width);
        if (dgain) {
            Array(dgain, width) += row * n;
            Array(dshift, width) += row;
        }
        row *= ConstArray(gain, width);
        const float mean = row.mean(), product_mean = (row * n).mean();
        row = (row - mean - n * product_mean) * inverse_deviation[b];
    }
}

/// As vector_peak.h, with what the compiler makes of sixteen sums in a row.
int64_t fma_peak(int64_t rounds) {
    constexpr int CHAINS = 16;
    volatile float start = 1;
    const float factor = start * 0.9999f, term = start * 1e-4f;
    float sums[CHAINS];
    for (int c = 0; c < CHAINS; ++c) {
        sums[c] = start + (float)c;
    }
    for (int64_t i = 0; i < rounds; ++i) {
        for (int c = 0; c < CHAINS; ++c) {
            sums[c] = sums[c] * factor + term;
        }
    }
    for (int c = 1; c < CHAINS; ++c) {
        sums[0] += sums[c];
    }
    volatile float sink = sums[0];
    (void)sink;
    return 2 * rounds * CHAINS;
}

} // namespace

const KernelTable kernels_portable = {
    KERN_ISA_PORTABLE,
    linear_forward,
    linear_backward_input,
    linear_backward_weights,
    gated_backward_input,
    gated_backward_weights,
    adam,
    adam_polyak,
    polyak,
    tanh_all,
    exp_all,
    log_all,
    softplus_all,
    normal,
    squashed_gaussian_forward,
    squashed_gaussian_backward,
    layer_norm_forward,
    layer_norm_backward,
    fma_peak,
};
