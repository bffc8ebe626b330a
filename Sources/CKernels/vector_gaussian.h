/* SPDX-License-Identifier: MIT */
/* The squashed Gaussian, forward and backward. Part of each isa_*.cpp (see vector_math.h). */

/// A run of elements (row, action) taken out of the (batch, 2 actions) rows of a head, so that vectors are
/// full.
constexpr int gaussian_run = 64;
static_assert(gaussian_run % W == 0, "whole vectors");

struct GaussianRun {
    alignas(64) float mean[gaussian_run], log_sigma[gaussian_run], noise[gaussian_run];
    alignas(64) float action[gaussian_run], daction[gaussian_run], dlog_prob[gaussian_run], out[gaussian_run];
};

/// The place of an element in the batch.
struct GaussianPlace {
    ptrdiff_t row = 0, action = 0;
    void advance(ptrdiff_t actions) {
        if (++action == actions) {
            action = 0, ++row;
        }
    }
};

void squashed_gaussian_forward(const float *head, const float *noise, float *action, float *log_prob,
                               int32_t batch, int32_t actions, float log_sigma_min, float log_sigma_max) {
    GaussianRun run = {};
    GaussianPlace source, result;
    const ptrdiff_t count = ptrdiff_t(batch) * actions;
    float sum = 0;
    for (ptrdiff_t start = 0; start < count; start += gaussian_run) {
        const ptrdiff_t n = count - start < gaussian_run ? count - start : gaussian_run;
        for (ptrdiff_t i = 0; i < n; ++i, source.advance(actions)) {
            const float *row = head + source.row * 2 * actions;
            run.mean[i] = row[source.action];
            run.log_sigma[i] = row[actions + source.action];
            run.noise[i] = noise[start + i];
        }

        for (ptrdiff_t i = 0; i < n; i += W) {
            const vf draw = v_load(run.noise + i);
            vf log_sigma = v_at_least(v_load(run.log_sigma + i), v_set(log_sigma_min));
            log_sigma = v_at_most(log_sigma, v_set(log_sigma_max));
            const vf u = v_fma(v_exp(log_sigma), draw, v_load(run.mean + i));
            const vf magnitude = v_abs(u);
            const vf half_log_slope = v_set(ln2) - magnitude - v_log1p_unit(v_exp(magnitude * v_set(-2.0f)));
            const vf log_density = v_fma(draw * draw, v_set(-0.5f), v_set(-0.918938533f)) - log_sigma;
            v_store(run.action + i, v_tanh(u));
            v_store(run.out + i, v_fma(half_log_slope, v_set(-2.0f), log_density));
        }

        for (ptrdiff_t i = 0; i < n; ++i, result.advance(actions)) {
            action[start + i] = run.action[i];
            sum = (result.action == 0 ? 0 : sum) + run.out[i];
            log_prob[result.row] = sum;
        }
    }
}

void squashed_gaussian_backward(const float *head, const float *noise, const float *action,
                                const float *daction, const float *dlog_prob_rows, float dlog_prob,
                                float *dhead, int32_t batch, int32_t actions, float log_sigma_min,
                                float log_sigma_max) {
    GaussianRun run = {};
    GaussianPlace source, result;
    const ptrdiff_t count = ptrdiff_t(batch) * actions;
    for (ptrdiff_t start = 0; start < count; start += gaussian_run) {
        const ptrdiff_t n = count - start < gaussian_run ? count - start : gaussian_run;
        for (ptrdiff_t i = 0; i < n; ++i, source.advance(actions)) {
            run.log_sigma[i] = head[source.row * 2 * actions + actions + source.action];
            run.dlog_prob[i] = dlog_prob_rows ? dlog_prob_rows[source.row] : dlog_prob;
            run.noise[i] = noise[start + i];
            run.action[i] = action[start + i];
            run.daction[i] = daction[start + i];
        }

        for (ptrdiff_t i = 0; i < n; i += W) {
            const vf a = v_load(run.action + i), row = v_load(run.dlog_prob + i),
                     log_sigma = v_load(run.log_sigma + i);
            // (1 - a) (1 + a) and not 1 - a²: the difference is exact where a is close to 1.
            const vf slope = (v_set(1.0f) - a) * (v_set(1.0f) + a);
            const vf du = v_fma(v_load(run.daction + i), slope, v_set(2.0f) * row * a);
            const vf dlog_sigma = v_fma(du * v_load(run.noise + i), v_exp(log_sigma), -row);
            const vi outside = (log_sigma < v_set(log_sigma_min)) | (log_sigma > v_set(log_sigma_max));
            v_store(run.mean + i, du);
            v_store(run.out + i, outside ? v_set(0.0f) : dlog_sigma);
        }

        for (ptrdiff_t i = 0; i < n; ++i, result.advance(actions)) {
            dhead[result.row * 2 * actions + result.action] = run.mean[i];
            dhead[result.row * 2 * actions + actions + result.action] = run.out[i];
        }
    }
}
