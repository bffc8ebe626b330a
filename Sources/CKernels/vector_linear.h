/* SPDX-License-Identifier: MIT */
/* The three products of a linear layer. Part of each isa_*.cpp (see vector_math.h). */

/// Up to this many outputs a layer is computed as dot products: the lanes run along the inputs.
constexpr ptrdiff_t few_outputs = 12;

/// y (rows, outputs) of `rows` rows, `count` outputs of them: a dot product each.
template <int rows, int count>
KERN_INLINE void dot_products(const float *x, const float *w, const float *bias, float *y, ptrdiff_t inputs,
                              ptrdiff_t outputs, bool relu) {
    vf sum[rows][count];
    KERN_UNROLL
    for (int r = 0; r < rows; ++r) {
        KERN_UNROLL
        for (int o = 0; o < count; ++o) {
            sum[r][o] = v_set(0.0f);
        }
    }
    ptrdiff_t k = 0;
    for (; k + W <= inputs; k += W) {
        vf wk[count];
        KERN_UNROLL
        for (int o = 0; o < count; ++o) {
            wk[o] = v_load(w + o * inputs + k);
        }
        KERN_UNROLL
        for (int r = 0; r < rows; ++r) {
            const vf xk = v_load(x + r * inputs + k);
            KERN_UNROLL
            for (int o = 0; o < count; ++o) {
                sum[r][o] = v_fma(xk, wk[o], sum[r][o]);
            }
        }
    }
    const int rest = int(inputs - k);
    KERN_UNROLL
    for (int r = 0; rest && r < rows; ++r) {
        const vf xk = v_load_part(x + r * inputs + k, rest);
        KERN_UNROLL
        for (int o = 0; o < count; ++o) {
            sum[r][o] = v_fma(xk, v_load_part(w + o * inputs + k, rest), sum[r][o]);
        }
    }

    // Lanes are added by a transpose: four rows at a time, or one row and three zeros.
    for (int o = 0; o < count; ++o) {
        const vf zero = v_set(0.0f);
        vf part[4];
        v_transpose(sum[0][o], rows > 1 ? sum[rows > 1 ? 1 : 0][o] : zero,
                    rows > 2 ? sum[rows > 2 ? 2 : 0][o] : zero, rows > 3 ? sum[rows > 3 ? 3 : 0][o] : zero,
                    part);
        alignas(64) float lanes[W];
        v_store(lanes, (part[0] + part[1]) + (part[2] + part[3]));
        KERN_UNROLL
        for (int r = 0; r < rows; ++r) {
            float total = lanes[r];
            for (int lane = 4; lane < W; lane += 4) {
                total += lanes[lane + r];
            }
            total += bias[o];
            y[r * outputs + o] = relu && 0.0f > total ? 0.0f : total;
        }
    }
}

/// All outputs of `rows` rows, three or two at a time: twelve sums fill the registers.
template <int rows>
void forward_few_outputs(const float *x, const float *w, const float *bias, float *y, ptrdiff_t inputs,
                         ptrdiff_t outputs, bool relu) {
    ptrdiff_t o = 0;
    for (; outputs - o >= 5 || outputs - o == 3; o += 3) {
        dot_products<rows, 3>(x, w + o * inputs, bias + o, y + o, inputs, outputs, relu);
    }
    for (; outputs - o >= 2; o += 2) {
        dot_products<rows, 2>(x, w + o * inputs, bias + o, y + o, inputs, outputs, relu);
    }
    if (outputs - o == 1) {
        dot_products<rows, 1>(x, w + o * inputs, bias + o, y + o, inputs, outputs, relu);
    }
}

void forward_few_outputs(const float *x, const float *w, const float *bias, float *y, ptrdiff_t batch,
                         ptrdiff_t inputs, ptrdiff_t outputs, bool relu) {
    ptrdiff_t b = 0;
    for (; b + 4 <= batch; b += 4) {
        forward_few_outputs<4>(x + b * inputs, w, bias, y + b * outputs, inputs, outputs, relu);
    }
    for (; b < batch; ++b) {
        forward_few_outputs<1>(x + b * inputs, w, bias, y + b * outputs, inputs, outputs, relu);
    }
}

/// The outputs of one row, `groups` vectors of them; the same chain of sums as compute_tile, so the same
/// bits.
template <int groups>
void forward_row(const float *x, const float *w, const float *bias, float *y, ptrdiff_t inputs, bool relu) {
    vf sum[groups];
    KERN_UNROLL
    for (int g = 0; g < groups; ++g) {
        sum[g] = v_load(bias + g * W);
    }
    ptrdiff_t k = 0;
    for (; k + 4 <= inputs; k += 4) {
        KERN_UNROLL
        for (int g = 0; g < groups; ++g) {
            vf column[4];
            v_columns(w + g * W * inputs + k, inputs, column);
            KERN_UNROLL
            for (int i = 0; i < 4; ++i) {
                sum[g] = v_fma(v_set(x[k + i]), column[i], sum[g]);
            }
        }
    }
    for (; k < inputs; ++k) {
        for (int g = 0; g < groups; ++g) {
            alignas(64) float column[W];
            for (int i = 0; i < W; ++i) {
                column[i] = w[(g * W + i) * inputs + k];
            }
            sum[g] = v_fma(v_set(x[k]), v_load(column), sum[g]);
        }
    }
    KERN_UNROLL
    for (int g = 0; g < groups; ++g) {
        v_store(y + g * W, relu ? v_relu(sum[g]) : sum[g]);
    }
}

void linear_forward(const float *x, const float *w, const float *bias, float *y, int32_t batch,
                    int32_t inputs, int32_t outputs, kern_activation activation) {
    const bool relu = activation == KERN_ACTIVATION_RELU;
    if (outputs <= few_outputs) {
        forward_few_outputs(x, w, bias, y, batch, inputs, outputs, relu);
        return;
    }
    Scratch *scratch = thread_scratch();
    if (!scratch) {
        kernels_portable.linear_forward(x, w, bias, y, batch, inputs, outputs, activation);
        return;
    }

    ptrdiff_t done = 0;
    if (batch == 1) {
        for (; done + 2 * W <= outputs; done += 2 * W) {
            forward_row<2>(x, w + done * inputs, bias + done, y + done, inputs, relu);
        }
        for (; done + W <= outputs; done += W) {
            forward_row<1>(x, w + done * inputs, bias + done, y + done, inputs, relu);
        }
    }
    if (done < outputs) {
        const Result result = {y + done, outputs, bias + done, nullptr, relu};
        product({x, inputs, 1}, {w + done * inputs, 1, inputs}, result, batch, outputs - done, inputs,
                *scratch);
    }
}

void linear_backward_input(const float *dy, const float *w, const float *mask, float *dx, int32_t batch,
                           int32_t inputs, int32_t outputs) {
    Scratch *scratch = thread_scratch();
    if (!scratch) {
        kernels_portable.linear_backward_input(dy, w, mask, dx, batch, inputs, outputs);
        return;
    }
    if (inputs <= few_outputs && inputs < W && outputs <= column_block) {
        // Few inputs would fill few lanes: with wᵀ they are the outputs of a forward pass.
        const float zeros[few_outputs] = {};
        for (ptrdiff_t o = 0; o < outputs; ++o) {
            for (ptrdiff_t i = 0; i < inputs; ++i) {
                scratch->c[i * outputs + o] = w[o * inputs + i];
            }
        }
        forward_few_outputs(dy, scratch->c, zeros, dx, batch, outputs, inputs, false);
        for (ptrdiff_t i = 0; mask && i < ptrdiff_t(batch) * inputs; ++i) {
            dx[i] = mask[i] <= 0 ? 0 : dx[i];
        }
        return;
    }
    const Result result = {dx, inputs, nullptr, mask, false};
    product({dy, outputs, 1}, {w, inputs, 1}, result, batch, inputs, outputs, *scratch);
}

/// dbias (count) = the sums of as many columns of dy (batch, outputs), in the order of the rows.
void sum_columns(const float *dy, float *dbias, ptrdiff_t batch, ptrdiff_t outputs, ptrdiff_t count) {
    ptrdiff_t j = 0;
    for (; j + 4 * W <= count; j += 4 * W) {
        vf sum[4] = {};
        for (ptrdiff_t b = 0; b < batch; ++b) {
            KERN_UNROLL
            for (int v = 0; v < 4; ++v) {
                sum[v] += v_load(dy + b * outputs + j + v * W);
            }
        }
        KERN_UNROLL
        for (int v = 0; v < 4; ++v) {
            v_store(dbias + j + v * W, sum[v]);
        }
    }
    for (; j < count; j += W) {
        vf sum = v_set(0.0f);
        for (ptrdiff_t b = 0; b < batch; ++b) {
            sum += v_load_some(dy + b * outputs + j, count - j);
        }
        v_store_some(dbias + j, sum, count - j);
    }
}

void linear_backward_weights(const float *dy, const float *x, float *dw, float *dbias, int32_t batch,
                             int32_t inputs, int32_t outputs, int32_t first, int32_t count) {
    Scratch *scratch = thread_scratch();
    if (!scratch) {
        kernels_portable.linear_backward_weights(dy, x, dw, dbias, batch, inputs, outputs, first, count);
        return;
    }
    dy += first;
    dw += ptrdiff_t(first) * inputs;
    sum_columns(dy, dbias + first, batch, outputs, count);
    if (inputs > narrow_inputs || outputs <= inputs) {
        const Result result = {dw, inputs, nullptr, nullptr, false};
        product({dy, 1, outputs}, {x, inputs, 1}, result, count, inputs, batch, *scratch);
        return;
    }
    // Few inputs would fill few lanes: compute dwᵀ = xᵀ · dy, whose lanes run along the outputs, and
    // transpose.
    for (ptrdiff_t j0 = 0; j0 < count; j0 += column_block) {
        const ptrdiff_t nj = minimum(column_block, count - j0);
        const Result result = {scratch->c, nj, nullptr, nullptr, false};
        product({x, 1, inputs}, {dy + j0, outputs, 1}, result, inputs, nj, batch, *scratch);
        for (ptrdiff_t j = 0; j < nj; ++j) {
            for (ptrdiff_t i = 0; i < inputs; ++i) {
                dw[(j0 + j) * inputs + i] = scratch->c[i * nj + j];
            }
        }
    }
}
