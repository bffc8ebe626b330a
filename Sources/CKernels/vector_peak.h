/* SPDX-License-Identifier: MIT */
/* As many multiply-adds as the core can do: independent chains in registers, so that neither memory nor
 * latency counts. */

static int64_t fma_peak(int64_t rounds) {
    constexpr int CHAINS = 12;
    volatile float start = 1;
    vf sums[CHAINS];
    const vf factor = v_set(start * 0.9999f), term = v_set(start * 1e-4f);
    for (int c = 0; c < CHAINS; ++c) {
        sums[c] = v_set(start + (float)c); // equal chains would be merged
    }
    for (int64_t i = 0; i < rounds; ++i) {
        KERN_UNROLL for (int c = 0; c < CHAINS; ++c) {
            sums[c] = v_fma(sums[c], factor, term);
        }
    }
    for (int c = 1; c < CHAINS; ++c) {
        sums[0] += sums[c];
    }
    volatile float sink = sums[0][0];
    (void)sink;
    return 2 * rounds * CHAINS * W;
}
