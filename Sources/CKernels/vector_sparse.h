/* SPDX-License-Identifier: MIT */
/*
 * c = a · b where many elements of a are zero, as behind a ReLU or its mask: the others of each row are kept
 * in a list, and only their rows of b are added. Part of each isa_*.cpp (see vector_math.h), which may have a
 * faster v_keep.
 *
 * An element is the same chain of multiply-adds as in product_of_all, without the terms that add zero: the
 * same bits.
 */

#ifndef KERN_HAS_KEEP
/// Appends the elements of x that are not zero, and the place of each: its number, from `first` on, times a
/// vector's bytes. Whole vectors may be stored.
KERN_INLINE int v_keep(vf x, uint32_t first, float *value, uint32_t *place) {
    int count = 0;
    for (int i = 0; i < W; ++i) {
        value[count] = x[i];
        place[count] = (first + uint32_t(i)) * uint32_t(sizeof x);
        count += x[i] != 0.0f;
    }
    return count;
}
#endif

/// The columns of a panel are as many vectors as there are sums in registers; a segment of its rows stays in
/// the first-level cache while all rows of a pass over it.
constexpr int KEPT_VECTORS = 8;
constexpr ptrdiff_t segment_depth = 64, segments = depth_block / segment_depth;
constexpr ptrdiff_t kept_length = depth_block + W; // of a row's list: whole vectors are stored
static_assert(row_block * kept_length <= scratch_a_count, "kept elements fit");
static_assert(row_block * segments <= scratch_end_count, "ends of segments fit");
static_assert(depth_block <= column_block, "transposed rows fit");

/// Adds the rows of a segment that the list names to one row of the result; element k's begins place *
/// vectors bytes into the panel.
template <int vectors>
void add_kept(const Tile &t, const float *value, const uint32_t *place, ptrdiff_t count) {
    vf sum[1][vectors];
    start_tile<1, vectors, true>(t, sum);
    const char *const panel = reinterpret_cast<const char *>(t.b);
    for (ptrdiff_t i = 0; i < count; ++i) {
        const float *b = reinterpret_cast<const float *>(panel + size_t(place[i]) * vectors);
        const vf a = v_set(value[i]);
        KERN_UNROLL
        for (int v = 0; v < vectors; ++v) {
            sum[0][v] = v_fma(a, v_load(b + v * W), sum[0][v]);
        }
    }
    finish_tile<1, vectors, true>(t, sum);
}

/// Lists the elements of `rows` rows that are not zero, and where the list of each segment ends.
void keep_rows(Operand a, ptrdiff_t rows, ptrdiff_t depth, Scratch &scratch) {
    for (ptrdiff_t i0 = 0; i0 < rows; i0 += narrow_inputs) {
        const ptrdiff_t ni = minimum(narrow_inputs, rows - i0);
        const ptrdiff_t width = (depth + W - 1) / W * W;
        if (a.column != 1) {
            pack_panel({a.at(i0, 0), a.row, a.column}, ni, depth, width, scratch.c);
        }
        for (ptrdiff_t i = 0; i < ni; ++i) {
            const float *from = a.column == 1 ? a.at(i0 + i, 0) : scratch.c + i * width;
            float *value = scratch.a + (i0 + i) * kept_length;
            uint32_t *place = scratch.place + (i0 + i) * kept_length;
            ptrdiff_t count = 0;
            for (ptrdiff_t k = 0; k < depth; k += W) {
                count += v_keep(v_load_some(from + k, depth - k), uint32_t(k), value + count, place + count);
                scratch.end[(i0 + i) * segments + k / segment_depth] = int32_t(count);
            }
        }
    }
}

/// A segment's share of a panel, for all rows of the block.
template <int vectors> void add_segment(Tile t, ptrdiff_t rows, ptrdiff_t segment, const Scratch &scratch) {
    for (ptrdiff_t i = 0; i < rows; ++i) {
        const int32_t *end = scratch.end + i * segments + segment;
        const ptrdiff_t begin = segment == 0 ? 0 : end[-1];
        add_kept<vectors>(t, scratch.a + i * kept_length + begin, scratch.place + i * kept_length + begin,
                          *end - begin);
        t.c.p += t.c.row;
        t.c.mask = t.c.mask ? t.c.mask + t.c.row : nullptr;
    }
}

/// The vectors of the next panel of what is left: 8, 4, 2 or 1.
KERN_INLINE int panel_vectors(ptrdiff_t columns) {
    int vectors = KEPT_VECTORS;
    while (vectors * W > columns) {
        vectors /= 2;
    }
    return vectors;
}

/// c (rows, columns) = a (rows, depth) · b (depth, columns), `columns` whole vectors, then bias, ReLU and
/// mask.
void product_of_kept(Operand a, Operand b, Result c, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth,
                     Scratch &scratch) {
    for (ptrdiff_t j0 = 0; j0 < columns; j0 += column_block) {
        const ptrdiff_t nj = minimum(column_block, columns - j0);
        for (ptrdiff_t k0 = 0; k0 < depth; k0 += depth_block) {
            const ptrdiff_t nk = minimum(depth_block, depth - k0);
            for (ptrdiff_t j = 0, n; j < nj; j += n) {
                n = panel_vectors(nj - j) * W;
                pack_panel({b.at(k0, j0 + j), b.row, b.column}, nk, n, n, scratch.b + j * nk);
            }
            for (ptrdiff_t i0 = 0; i0 < rows; i0 += row_block) {
                const ptrdiff_t ni = minimum(row_block, rows - i0);
                keep_rows({a.at(i0, k0), a.row, a.column}, ni, nk, scratch);
                for (ptrdiff_t j = 0, n; j < nj; j += n) {
                    const int vectors = panel_vectors(nj - j);
                    n = vectors * W;
                    const ptrdiff_t at = i0 * c.row + j0 + j;
                    for (ptrdiff_t k = 0; k < nk; k += segment_depth) {
                        const Result result = {c.p + at, c.row, c.bias ? c.bias + j0 + j : nullptr,
                                               c.mask ? c.mask + at : nullptr, c.relu};
                        const Tile t = {{},          scratch.b + j * nk,
                                        0,           result,
                                        0,           n,
                                        k0 + k == 0, k0 + k + segment_depth >= depth};
                        const auto add = vectors == 8   ? add_segment<8>
                                         : vectors == 4 ? add_segment<4>
                                         : vectors == 2 ? add_segment<2>
                                                        : add_segment<1>;
                        add(t, ni, k / segment_depth, scratch);
                    }
                }
            }
        }
    }
}

/// Whether so many elements of a are zero that skipping them pays: looks at a sixteenth of its lines. It
/// decides about time alone, for the bits are the same.
bool is_sparse(Operand a, ptrdiff_t rows, ptrdiff_t depth) {
    const bool by_rows = a.column == 1;
    const ptrdiff_t lines = by_rows ? rows : depth, length = by_rows ? depth : rows;
    vi kept = {};
    ptrdiff_t looked_at = 0;
    for (ptrdiff_t line = 0; line < lines; line += 16, looked_at += length) {
        const float *p = by_rows ? a.at(line, 0) : a.at(0, line);
        for (ptrdiff_t i = 0; i < length; i += W) {
            kept -= v_load_some(p + i, length - i) != v_set(0.0f);
        }
    }
    ptrdiff_t count = 0;
    for (int lane = 0; lane < W; ++lane) {
        count += kept[lane];
    }
    return count <= looked_at * sparse_share;
}

/// c (rows, columns) = a (rows, depth) · b (depth, columns), then bias, ReLU and mask as `c` says.
void product(Operand a, Operand b, Result c, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth,
             Scratch &scratch) {
    // A smaller product is over before its lists are made; one of partial vectors has no panels of them.
    const bool has_room = rows >= 32 && depth >= 32 && columns >= 4 * W && columns % W == 0;
    if (has_room && is_sparse(a, rows, depth)) {
        product_of_kept(a, b, c, rows, columns, depth, scratch);
    } else {
        product_of_all(a, b, c, rows, columns, depth, scratch);
    }
}
