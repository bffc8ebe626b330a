/* SPDX-License-Identifier: MIT */
/*
 * c = a · b in blocks, after Goto & van de Geijn 2008 ("Anatomy of high-performance matrix multiplication")
 * and BLIS: b is packed into panels of PANEL columns, a tile of ROWS x PANEL sums lives in registers. Part of
 * each isa_*.cpp (see vector_math.h), which also sets ROWS and VECTORS.
 *
 * Each element is one chain of fused multiply-adds over the depth, from the bias on, in order, whatever the
 * block, tile or packing. That is why a row's bits do not depend on the batch around it.
 */

constexpr int PANEL = VECTORS * W;
static_assert(row_block % ROWS == 0 && column_block % PANEL == 0, "blocks are whole tiles");

/// A matrix in memory: element (i, j) is at p[i * row + j * column].
struct Operand {
    const float *p;
    ptrdiff_t row, column;
    const float *at(ptrdiff_t i, ptrdiff_t j) const { return p + i * row + j * column; }
};

/// The result, and what is done to it on the way out.
struct Result {
    float *p;
    ptrdiff_t row;
    const float *bias; // added to each row, or null
    const float *mask; // of the same layout as p: zero where it is not positive, or null
    bool relu;
};

/// One tile: c (rows, columns) of a result, its a (rows, depth) and its b (depth, columns).
struct Tile {
    Operand a;
    const float *b;
    ptrdiff_t b_row;
    Result c;
    ptrdiff_t depth, columns;
    bool first, last; // of the blocks along the depth
};

KERN_INLINE vf v_relu(vf x) {
    return v_set(0.0f) > x ? v_set(0.0f) : x;
}

/// A tile whose last vector is whole, or not: only then its loads and stores look at what exists.
template <bool is_whole> KERN_INLINE vf v_load_edge(const float *p, ptrdiff_t n) {
    return is_whole ? v_load(p) : v_load_some(p, n);
}

/// What the sums of a tile start from: zero, the bias, or the sums of the blocks before.
template <int rows, int vectors, bool is_whole>
KERN_INLINE void start_tile(const Tile &t, vf (&sum)[rows][vectors]) {
    KERN_UNROLL
    for (int v = 0; v < vectors; ++v) {
        const ptrdiff_t n = t.columns - v * W;
        const vf bias = t.c.bias && t.first ? v_load_edge<is_whole>(t.c.bias + v * W, n) : v_set(0.0f);
        KERN_UNROLL
        for (int r = 0; r < rows; ++r) {
            sum[r][v] = bias;
        }
    }
    if (!t.first) {
        KERN_UNROLL
        for (int r = 0; r < rows; ++r) {
            KERN_UNROLL
            for (int v = 0; v < vectors; ++v) {
                sum[r][v] = v_load_edge<is_whole>(t.c.p + r * t.c.row + v * W, t.columns - v * W);
            }
        }
    }
}

/// Applies ReLU and mask to a tile and stores it.
template <int rows, int vectors, bool is_whole>
KERN_INLINE void finish_tile(const Tile &t, vf (&sum)[rows][vectors]) {
    const bool masks = t.c.mask && t.last, rectifies = t.c.relu && t.last;
    KERN_UNROLL
    for (int r = 0; r < rows; ++r) {
        if (masks) {
            KERN_UNROLL
            for (int v = 0; v < vectors; ++v) {
                const vf mask = v_load_edge<is_whole>(t.c.mask + r * t.c.row + v * W, t.columns - v * W);
                sum[r][v] = mask <= v_set(0.0f) ? v_set(0.0f) : sum[r][v];
            }
        }
        KERN_UNROLL
        for (int v = 0; v < vectors; ++v) {
            const vf y = rectifies ? v_relu(sum[r][v]) : sum[r][v];
            float *p = t.c.p + r * t.c.row + v * W;
            if (is_whole) {
                v_store(p, y);
            } else {
                v_store_some(p, y, t.columns - v * W);
            }
        }
    }
}

template <int rows, int vectors> void compute_tile(const Tile &t) {
    const bool is_whole = t.columns == vectors * W;
    vf sum[rows][vectors];
    if (is_whole) {
        start_tile<rows, vectors, true>(t, sum);
    } else {
        start_tile<rows, vectors, false>(t, sum);
    }

    const float *a = t.a.p, *b = t.b;
    const ptrdiff_t a_row = t.a.row, a_column = t.a.column, b_row = t.b_row;
    for (ptrdiff_t k = t.depth; k > 0; --k) {
        vf bk[vectors];
        KERN_UNROLL
        for (int v = 0; v < vectors; ++v) {
            bk[v] = v_load(b + v * W);
        }
        KERN_UNROLL
        for (int r = 0; r < rows; ++r) {
            const vf ark = v_set(a[r * a_row]);
            KERN_UNROLL
            for (int v = 0; v < vectors; ++v) {
                sum[r][v] = v_fma(ark, bk[v], sum[r][v]);
            }
        }
        a += a_column;
        b += b_row;
    }

    if (is_whole) {
        finish_tile<rows, vectors, true>(t, sum);
    } else {
        finish_tile<rows, vectors, false>(t, sum);
    }
}

using TileFunction = void (*)(const Tile &);
template <size_t... i> struct TileFunctions {
    static constexpr TileFunction narrow[] = {compute_tile<i + 1, 1>...};
    static constexpr TileFunction wide[] = {compute_tile<i + 1, VECTORS>...};
};
template <size_t... i> constexpr TileFunctions<i...> tile_functions_of(std::index_sequence<i...>) {
    return {};
}
using AllTiles = decltype(tile_functions_of(std::make_index_sequence<ROWS>()));

/// Transposes W x 4 floats: column k of rows row.. into to + k * to_row; `n` rows of W, `depth` columns of 4
/// exist.
KERN_INLINE void v_columns(const float *from, ptrdiff_t row, vf (&column)[4]) {
    v_transpose(v_load_quads(from, row), v_load_quads(from + row, row), v_load_quads(from + 2 * row, row),
                v_load_quads(from + 3 * row, row), column);
}

/// Packs a panel of `columns` <= `width` columns, filled up with zeros: element (k, j) goes to to[k * width +
/// j].
void pack_panel(Operand b, ptrdiff_t depth, ptrdiff_t columns, ptrdiff_t width, float *to) {
    if (b.column == 1 && columns == PANEL) {
        for (ptrdiff_t k = 0; k < depth; ++k) {
            KERN_UNROLL
            for (int v = 0; v < VECTORS; ++v) {
                v_store(to + k * PANEL + v * W, v_load(b.at(k, v * W)));
            }
        }
        return;
    }
    for (ptrdiff_t j = 0; j < width; j += W) {
        const ptrdiff_t n = columns - j;
        ptrdiff_t k = 0;
        if (b.column == 1) {
            for (; k < depth; ++k) {
                v_store(to + k * width + j, v_load_some(b.at(k, j), n));
            }
        } else if (n >= W) {
            for (; k + 4 <= depth; k += 4) {
                vf column[4];
                v_columns(b.at(k, j), b.column, column);
                KERN_UNROLL
                for (int i = 0; i < 4; ++i) {
                    v_store(to + (k + i) * width + j, column[i]);
                }
            }
        }
        for (; k < depth; ++k) {
            for (ptrdiff_t i = 0; i < W; ++i) {
                to[k * width + j + i] = i < n ? *b.at(k, j + i) : 0.0f;
            }
        }
    }
}

/// The floats of a packed run of ROWS rows: whole vectors are stored, so a run ends with room for one more.
constexpr ptrdiff_t run_length(ptrdiff_t depth) {
    return depth * ROWS + W;
}
static_assert(row_block / ROWS * run_length(depth_block) <= scratch_a_count, "packed rows fit");

/// Packs rows of a that lie side by side (a.row == 1) into runs of ROWS: element (i, k) of a run at to[k *
/// ROWS + i].
void pack_rows(Operand a, ptrdiff_t rows, ptrdiff_t depth, float *to) {
    for (ptrdiff_t k = 0; k < depth; ++k) {
        const float *from = a.at(0, k);
        float *run = to + k * ROWS;
        for (ptrdiff_t i = 0; i < rows; i += ROWS, run += run_length(depth)) {
            for (ptrdiff_t r = 0; r < ROWS && i + r < rows; r += W) {
                v_store(run + r, v_load_some(from + i + r, rows - i - r));
            }
        }
    }
}

/// c (rows, columns) = a (rows, depth) · b (depth, columns), then bias, ReLU and mask as `c` says.
void product_of_all(Operand a, Operand b, Result c, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth,
                    Scratch &scratch) {
    const bool packs_a = a.row == 1 && a.column > narrow_inputs;
    // With a single tile of rows each element of b is used once: packing would cost as much as the product.
    const bool packs_b = b.column != 1 || rows > ROWS;
    for (ptrdiff_t j0 = 0; j0 < columns; j0 += column_block) {
        const ptrdiff_t nj = minimum(column_block, columns - j0);
        for (ptrdiff_t k0 = 0; k0 < depth; k0 += depth_block) {
            const ptrdiff_t nk = minimum(depth_block, depth - k0);
            Tile t = {a, nullptr, 0, c, nk, 0, k0 == 0, k0 + nk == depth};
            for (ptrdiff_t j = 0; j < nj; j += PANEL) {
                const ptrdiff_t n = minimum(PANEL, nj - j);
                if (packs_b || n < PANEL) {
                    pack_panel({b.at(k0, j0 + j), b.row, b.column}, nk, n, n > W ? PANEL : W,
                               scratch.b + j * nk);
                }
            }
            for (ptrdiff_t i0 = 0; i0 < rows; i0 += row_block) {
                const ptrdiff_t ni = minimum(row_block, rows - i0);
                if (packs_a) {
                    pack_rows({a.at(i0, k0), a.row, a.column}, ni, nk, scratch.a);
                }
                for (ptrdiff_t j = 0; j < nj; j += PANEL) {
                    const bool is_packed = packs_b || nj - j < PANEL;
                    t.columns = minimum(PANEL, nj - j);
                    const bool is_narrow = t.columns <= W;
                    t.b = is_packed ? scratch.b + j * nk : b.at(k0, j0 + j);
                    t.b_row = !is_packed ? b.row : is_narrow ? W : PANEL;
                    t.c.bias = c.bias ? c.bias + j0 + j : nullptr;
                    for (ptrdiff_t i = 0, height; i < ni; i += height) {
                        // Packed rows come in runs of ROWS; others are dealt out evenly to as few tiles.
                        const ptrdiff_t tiles = (ni - i + ROWS - 1) / ROWS;
                        height = packs_a ? minimum(ROWS, ni - i) : (ni - i + tiles - 1) / tiles;
                        const ptrdiff_t at = (i0 + i) * c.row + j0 + j;
                        t.a = packs_a ? Operand{scratch.a + i / ROWS * run_length(nk), 1, ROWS}
                                      : Operand{a.at(i0 + i, k0), a.row, a.column};
                        t.c.p = c.p + at;
                        t.c.mask = c.mask ? c.mask + at : nullptr;
                        (is_narrow ? AllTiles::narrow : AllTiles::wide)[height - 1](t);
                    }
                }
            }
        }
    }
}
