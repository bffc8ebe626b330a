/* SPDX-License-Identifier: MIT */
/*
 * The backward passes of the last hidden layer of a network with one output: its gradient is the output's
 * times the head's weight where the gate, its ReLU, is open. Part of each isa_*.cpp (see vector_math.h).
 *
 * So both products are of a matrix of zeros and ones, and each row of the result is a sum of some rows of the
 * other matrix. The sums of all subsets of four rows are computed once, and then looked up by four gates at a
 * time: a quarter of the additions (the method of the four Russians, Arlazarov, Dinic, Kronrod & Faradžev
 * 1970).
 */

constexpr int GROUP = 4, SUBSETS = 1 << GROUP;
/// A word of gates opens up to 32 rows: 8 tables, which stay in the first-level cache, of 16 rows of 128
/// bytes.
constexpr int WORD = 32, TABLES = WORD / GROUP, TABLE_VECTORS = 128 / sizeof(vf);
constexpr ptrdiff_t table_columns = TABLE_VECTORS * W;
static_assert(TABLES * SUBSETS * table_columns <= depth_block * column_block, "tables fit");
static_assert(depth_block % WORD == 0, "a block is whole words");

/// Sums of rows of `from`, each times its scale: table t of up to `rows` has those of rows 4 t to 4 t + 3.
void fill_tables(Operand from, const float *scale, ptrdiff_t rows, ptrdiff_t columns, float *tables) {
    for (ptrdiff_t r0 = 0; r0 < WORD; r0 += GROUP, tables += SUBSETS * table_columns) {
        KERN_UNROLL
        for (int v = 0; v < TABLE_VECTORS; ++v) {
            const ptrdiff_t n = columns - v * W;
            vf sum[SUBSETS];
            sum[0] = v_set(0.0f);
            KERN_UNROLL
            for (int r = 0; r < GROUP; ++r) {
                const bool exists = r0 + r < rows && n > 0;
                const vf x =
                    exists ? v_set(scale[r0 + r]) * v_load_some(from.at(r0 + r, v * W), n) : v_set(0.0f);
                KERN_UNROLL
                for (int subset = 0; subset < 1 << r; ++subset) {
                    sum[(1 << r) + subset] = sum[subset] + x;
                }
            }
            KERN_UNROLL
            for (int subset = 0; subset < SUBSETS; ++subset) {
                v_store(tables + subset * table_columns + v * W, sum[subset]);
            }
        }
    }
}

/// Some columns of a result: row i is scale[i] times what the words open.
struct GatedRows {
    Result c;
    const float *scale;
    ptrdiff_t rows, columns;
};

/// Adds a word's share to each row; the first word begins the sums, the last one's are scaled and masked.
template <bool is_whole, bool is_first, bool is_last>
void add_word(const float *tables, const uint32_t *words, const GatedRows &to) {
    const ptrdiff_t columns = to.columns, row = to.c.row;
    const float *mask = to.c.mask;
    float *p = to.c.p;
    for (ptrdiff_t i = 0; i < to.rows; ++i, p += row) {
        const size_t word = words[i];
        vf sum[TABLE_VECTORS];
        KERN_UNROLL
        for (int v = 0; v < TABLE_VECTORS; ++v) {
            const ptrdiff_t n = columns - v * W;
            const bool begins = is_first || (!is_whole && n <= 0);
            sum[v] = begins ? v_set(0.0f) : v_load_edge<is_whole>(p + v * W, n);
        }
        KERN_UNROLL
        for (int t = 0; t < TABLES; ++t) {
            const size_t subset = word >> (t * GROUP) & (SUBSETS - 1);
            const float *summand = tables + (size_t(t) * SUBSETS + subset) * size_t(table_columns);
            KERN_UNROLL
            for (int v = 0; v < TABLE_VECTORS; ++v) {
                sum[v] += v_load(summand + v * W);
            }
        }
        KERN_UNROLL
        for (int v = 0; v < TABLE_VECTORS; ++v) {
            const ptrdiff_t n = columns - v * W;
            if (!is_whole && n <= 0) {
                break;
            }
            vf y = is_last ? sum[v] * v_set(to.scale[i]) : sum[v];
            if (is_last && mask) {
                y = v_load_edge<is_whole>(mask + v * W, n) <= v_set(0.0f) ? v_set(0.0f) : y;
            }
            if (is_whole) {
                v_store(p + v * W, y);
            } else {
                v_store_some(p + v * W, y, n);
            }
        }
        mask = mask ? mask + row : nullptr;
    }
}

template <bool is_whole>
constexpr void (*add_word_functions[2][2])(const float *, const uint32_t *, const GatedRows &) = {
    {add_word<is_whole, false, false>, add_word<is_whole, false, true>},
    {add_word<is_whole, true, false>, add_word<is_whole, true, true>}};

/// Result row i = scale[i] times the sum of b_scale[k] b[k] over the k whose gate (i, k) is open, masked.
/// `fill(i0, ni, k0, nk)` writes a block's gates as words: (i, k) is bit k % 32 of scratch.gates[k / 32 * ni
/// + i].
template <typename Fill>
void gated_product(Fill fill, const float *scale, Operand b, const float *b_scale, Result c, ptrdiff_t rows,
                   ptrdiff_t columns, ptrdiff_t depth, Scratch &scratch) {
    for (ptrdiff_t i0 = 0; i0 < rows; i0 += gate_block) {
        const ptrdiff_t ni = minimum(gate_block, rows - i0);
        for (ptrdiff_t k0 = 0; k0 < depth; k0 += depth_block) {
            const ptrdiff_t nk = minimum(depth_block, depth - k0);
            fill(i0, ni, k0, nk);
            for (ptrdiff_t j = 0; j < columns; j += table_columns) {
                const ptrdiff_t n = minimum(table_columns, columns - j), at = i0 * c.row + j;
                const GatedRows to = {
                    {c.p + at, c.row, nullptr, c.mask ? c.mask + at : nullptr, false}, scale + i0, ni, n};
                for (ptrdiff_t k = 0; k < nk; k += WORD) {
                    fill_tables({b.at(k0 + k, j), b.row, 1}, b_scale + k0 + k, nk - k, n, scratch.b);
                    const bool first = k0 + k == 0, last = k0 + k + WORD >= depth;
                    const auto add = n == table_columns ? add_word_functions<true>[first][last]
                                                        : add_word_functions<false>[first][last];
                    add(scratch.b, scratch.gates + k / WORD * ni, to);
                }
            }
        }
    }
}

void gated_backward_input(const float *dq, const float *head, const float *h, const float *w,
                          const float *mask, float *dx, int32_t batch, int32_t inputs, int32_t units) {
    Scratch *scratch = thread_scratch();
    if (!scratch) {
        kernels_portable.gated_backward_input(dq, head, h, w, mask, dx, batch, inputs, units);
        return;
    }
    const auto fill = [=](ptrdiff_t b0, ptrdiff_t nb, ptrdiff_t u0, ptrdiff_t nu) {
        for (ptrdiff_t b = 0; b < nb; ++b) {
            for (ptrdiff_t u = 0; u < nu; u += WORD) {
                uint32_t word = 0;
                for (ptrdiff_t i = 0; i < WORD && u + i < nu; i += W) {
                    word |= v_open_bits(v_load_some(h + (b0 + b) * units + u0 + u + i, nu - u - i)) << i;
                }
                scratch->gates[u / WORD * nb + b] = word;
            }
        }
    };
    gated_product(fill, dq, {w, inputs, 1}, head, {dx, inputs, nullptr, mask, false}, batch, inputs, units,
                  *scratch);
}

/// The words of W units, bit b for row b of up to 32 rows, and the sums of dq over the open ones.
KERN_INLINE vu gates_of_units(const float *h, ptrdiff_t units, ptrdiff_t n, const float *dq, ptrdiff_t rows,
                              vf &sum) {
    vu word = {};
    for (ptrdiff_t b = 0; b < rows; ++b) {
        const vi shut = v_load_some(h + b * units, n) <= v_set(0.0f);
        word |= ~(vu)shut & 1u << b;
        sum += shut ? v_set(0.0f) : v_set(dq[b]);
    }
    return word;
}

void gated_backward_weights(const float *dq, const float *head, const float *h, const float *x, float *dw,
                            float *dbias, int32_t batch, int32_t inputs, int32_t units, int32_t first,
                            int32_t count) {
    Scratch *scratch = thread_scratch();
    if (!scratch) {
        kernels_portable.gated_backward_weights(dq, head, h, x, dw, dbias, batch, inputs, units, first,
                                                count);
        return;
    }
    head += first;
    h += first;
    dw += ptrdiff_t(first) * inputs;
    dbias += first;
    const auto fill = [=](ptrdiff_t u0, ptrdiff_t nu, ptrdiff_t b0, ptrdiff_t nb) {
        for (ptrdiff_t u = 0; u < nu; u += W) {
            const ptrdiff_t n = nu - u;
            vf sum = b0 == 0 ? v_set(0.0f) : v_load_some(dbias + u0 + u, n);
            for (ptrdiff_t b = 0; b < nb; b += WORD) {
                const vu word = gates_of_units(h + (b0 + b) * units + u0 + u, units, n, dq + b0 + b,
                                               minimum(WORD, nb - b), sum);
                memcpy(scratch->gates + b / WORD * nu + u, &word, size_t(minimum(W, n)) * sizeof(uint32_t));
            }
            const bool last = b0 + nb == batch;
            v_store_some(dbias + u0 + u, last ? sum * v_load_some(head + u0 + u, n) : sum, n);
        }
    };
    gated_product(fill, head, {x, inputs, 1}, dq, {dw, inputs, nullptr, nullptr, false}, count, inputs, batch,
                  *scratch);
}
