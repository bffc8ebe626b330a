/* SPDX-License-Identifier: MIT */

/* y = W x + b for one vector: a pattern that is included once for each twin, with
 *
 *     POLICY_TWIN(name)        the twin's name for each function
 *     POLICY_TARGET            attributes that choose its instructions
 *     policy_lanes             (as POLICY_TWIN(lanes)) eight lanes: a type of eight floats
 *     POLICY_ADD(sum, a, b)    sum += a * b in each lane
 *     POLICY_ZERO, POLICY_LOAD, POLICY_STORE    lanes of zeros, from memory, to memory
 *
 * The order of every sum is fixed: number k of a row goes to lane k mod 8, and the lanes are added in pairs.
 * Vector instructions of any width do that order without being told to reorder sums, so all twins give the
 * same bits. */

/* Takes in the last numbers of a row, fewer than eight, and adds the lanes up. */
POLICY_INLINE float POLICY_TWIN(finish)(const POLICY_TWIN(lanes) * sum, const unsigned char *weight,
                                        const float *x, size_t count) {
    float lane[POLICY_LANES];
    POLICY_STORE(lane, *sum);
    for (size_t i = 0; i < count; i++) {
        lane[i] += policy_float_at(weight, i) * x[i];
    }
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

/* One row of W. */
POLICY_INLINE float POLICY_TWIN(row)(const unsigned char *weight, size_t inputs, const float *x) {
    POLICY_TWIN(lanes) sum, numbers, weights;
    POLICY_ZERO(sum);
    size_t k = 0;
    for (; k + POLICY_LANES <= inputs; k += POLICY_LANES) {
        POLICY_LOAD(numbers, x + k);
        POLICY_LOAD(weights, weight + 4 * k);
        POLICY_ADD(sum, weights, numbers);
    }
    return POLICY_TWIN(finish)(&sum, weight + 4 * k, x + k, inputs - k);
}

/* Four rows of W at once: each x is loaded once for all, and no sum waits for another. Written out, since not
 * every compiler keeps an array of sums in registers. */
POLICY_INLINE void POLICY_TWIN(four_rows)(const unsigned char *weight, size_t inputs, const float *x,
                                          float *y) {
    const unsigned char *row0 = weight, *row1 = row0 + 4 * inputs, *row2 = row1 + 4 * inputs,
                        *row3 = row2 + 4 * inputs;
    POLICY_TWIN(lanes) sum0, sum1, sum2, sum3, numbers, weights;
    POLICY_ZERO(sum0);
    POLICY_ZERO(sum1);
    POLICY_ZERO(sum2);
    POLICY_ZERO(sum3);
    size_t k = 0;
    for (; k + POLICY_LANES <= inputs; k += POLICY_LANES) {
        POLICY_LOAD(numbers, x + k);
        POLICY_LOAD(weights, row0 + 4 * k);
        POLICY_ADD(sum0, weights, numbers);
        POLICY_LOAD(weights, row1 + 4 * k);
        POLICY_ADD(sum1, weights, numbers);
        POLICY_LOAD(weights, row2 + 4 * k);
        POLICY_ADD(sum2, weights, numbers);
        POLICY_LOAD(weights, row3 + 4 * k);
        POLICY_ADD(sum3, weights, numbers);
    }
    y[0] = POLICY_TWIN(finish)(&sum0, row0 + 4 * k, x + k, inputs - k);
    y[1] = POLICY_TWIN(finish)(&sum1, row1 + 4 * k, x + k, inputs - k);
    y[2] = POLICY_TWIN(finish)(&sum2, row2 + 4 * k, x + k, inputs - k);
    y[3] = POLICY_TWIN(finish)(&sum3, row3 + 4 * k, x + k, inputs - k);
}

POLICY_TARGET static void POLICY_TWIN(dense)(const policy_layer *layer, const float *x, float *y) {
    size_t row = 0, inputs = layer->inputs;
    for (; row + 4 <= layer->outputs; row += 4) {
        POLICY_TWIN(four_rows)(layer->weight + 4 * row * inputs, inputs, x, y + row);
    }
    for (; row < layer->outputs; row++) {
        y[row] = POLICY_TWIN(row)(layer->weight + 4 * row * inputs, inputs, x);
    }
    for (row = 0; row < layer->outputs; row++) {
        y[row] += policy_float_at(layer->bias, row);
    }
}

#undef POLICY_TWIN
#undef POLICY_TARGET
#undef POLICY_ADD
#undef POLICY_ZERO
#undef POLICY_LOAD
#undef POLICY_STORE
