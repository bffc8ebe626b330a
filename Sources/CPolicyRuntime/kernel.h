/* SPDX-License-Identifier: MIT */

/* y = W x + b for one vector, or max(0, W x + b): a pattern that is included once for each twin, with
 *
 *     POLICY_TWIN(name)        the twin's name for each function
 *     POLICY_TARGET            attributes that choose its instructions
 *     policy_lanes             (as POLICY_TWIN(lanes)) eight lanes: a type of eight floats
 *     POLICY_ADD(sum, a, b)    sum += a * b in each lane
 *     POLICY_ZEROS             what sets lanes to zero where they are declared
 *     POLICY_LOAD, POLICY_STORE    lanes from memory, to memory
 *     POLICY_TOTALS(y, a, b, c, d)    four floats: of each its lanes added in pairs, i to i + 4, then i to i + 2,
 *                                     then the two
 *     POLICY_PLUS(sum, a)      sum += a in each lane
 *     POLICY_RAMP(v)           0 in each lane that is below 0; NaN stays
 *
 * The order of every sum is fixed: number k of a row goes to lane k mod 8, and the lanes are added in pairs.
 * Vector instructions of any width do that order without being told to reorder sums, so all twins give the
 * same bits. */

/* Four rows of W at once: each x is loaded once for all, and no sum waits for another. The first `whole`
 * numbers of a row are taken eight by eight; its last ones, fewer, stand in `rest` and go with those of x in
 * `numbers_rest`, which zeros follow. Written out, since not every compiler keeps an array of sums in
 * registers. */
POLICY_INLINE void POLICY_TWIN(four_rows)(const unsigned char *const *row, const unsigned char *const *rest,
                                          size_t whole, int has_rest, const float *x,
                                          const float *numbers_rest, float *y) {
    const unsigned char *row0 = row[0], *row1 = row[1], *row2 = row[2], *row3 = row[3];
    POLICY_TWIN(lanes) sum0 = POLICY_ZEROS, sum1 = POLICY_ZEROS, sum2 = POLICY_ZEROS, sum3 = POLICY_ZEROS;
    POLICY_TWIN(lanes) numbers, weights;
    for (size_t k = 0; k < whole; k += POLICY_LANES) {
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
    if (has_rest) {
        POLICY_LOAD(numbers, numbers_rest);
        POLICY_LOAD(weights, rest[0]);
        POLICY_ADD(sum0, weights, numbers);
        POLICY_LOAD(weights, rest[1]);
        POLICY_ADD(sum1, weights, numbers);
        POLICY_LOAD(weights, rest[2]);
        POLICY_ADD(sum2, weights, numbers);
        POLICY_LOAD(weights, rest[3]);
        POLICY_ADD(sum3, weights, numbers);
    }
    POLICY_TOTALS(y, sum0, sum1, sum2, sum3);
}

/* The last rows of W, four or fewer: a missing one is the last one again, and no number beyond W is read. */
POLICY_INLINE void POLICY_TWIN(last_rows)(const policy_layer *layer, size_t first, size_t whole,
                                          const float *x, const float *numbers_rest, float *y) {
    size_t inputs = layer->inputs, rest_count = inputs - whole;
    const unsigned char *row[4], *rest[4];
    float copies[4][POLICY_LANES] = {{0}}, sums[4];
    for (size_t i = 0; i < 4; i++) {
        size_t index = first + i < layer->outputs ? first + i : layer->outputs - 1;
        row[i] = layer->weight + 4 * index * inputs;
        memcpy(copies[i], row[i] + 4 * whole, 4 * rest_count);
        rest[i] = (const unsigned char *)copies[i];
    }
    POLICY_TWIN(four_rows)(row, rest, whole, rest_count > 0, x, numbers_rest, sums);
    for (size_t i = 0; i < 4 && first + i < layer->outputs; i++) {
        y[first + i] = sums[i];
    }
}

/* y += b, and with `ramp` negative numbers become 0; without a branch, since whether a unit is at rest cannot
 * be guessed. */
POLICY_INLINE void POLICY_TWIN(finish)(const policy_layer *layer, int ramp, float *y) {
    size_t outputs = layer->outputs, i = 0;
    for (; i + POLICY_LANES <= outputs; i += POLICY_LANES) {
        POLICY_TWIN(lanes) numbers, bias;
        POLICY_LOAD(numbers, y + i);
        POLICY_LOAD(bias, layer->bias + 4 * i);
        POLICY_PLUS(numbers, bias);
        if (ramp) {
            POLICY_RAMP(numbers);
        }
        POLICY_STORE(y + i, numbers);
    }
    for (; i < outputs; i++) {
        float number = y[i] + policy_float_at(layer->bias, i);
        /* Written so that NaN passes and is found at the end. */
        y[i] = ramp && number < 0 ? 0 : number;
    }
}

POLICY_TARGET static void POLICY_TWIN(dense)(const policy_layer *layer, int ramp, const float *x, float *y) {
    size_t inputs = layer->inputs, outputs = layer->outputs, whole = inputs - inputs % POLICY_LANES;
    size_t first = 0, count = inputs * outputs;
    float numbers_rest[POLICY_LANES] = {0};
    memcpy(numbers_rest, x + whole, (inputs - whole) * sizeof *x);
    /* Of a row's rest eight numbers are read, those beyond it from the next row: zeros of x leave them out. */
    for (; first + 4 <= outputs && (first + 3) * inputs + whole + POLICY_LANES <= count; first += 4) {
        const unsigned char *start = layer->weight + 4 * first * inputs, *end = start + 4 * whole;
        const unsigned char *row[4] = {start, start + 4 * inputs, start + 8 * inputs, start + 12 * inputs};
        const unsigned char *rest[4] = {end, end + 4 * inputs, end + 8 * inputs, end + 12 * inputs};
        POLICY_TWIN(four_rows)(row, rest, whole, inputs > whole, x, numbers_rest, y + first);
    }
    for (; first < outputs; first += 4) {
        POLICY_TWIN(last_rows)(layer, first, whole, x, numbers_rest, y);
    }
    POLICY_TWIN(finish)(layer, ramp, y);
}

#undef POLICY_TWIN
#undef POLICY_TARGET
#undef POLICY_ADD
#undef POLICY_ZEROS
#undef POLICY_LOAD
#undef POLICY_STORE
#undef POLICY_TOTALS
#undef POLICY_PLUS
#undef POLICY_RAMP
