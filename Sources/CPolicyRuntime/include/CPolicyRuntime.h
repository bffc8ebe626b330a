/* SPDX-License-Identifier: MIT */

/* CPolicyRuntime: runs a policy file on anything with a C99 compiler and a math library.
 *
 * A policy file is a safetensors file. Everything that is needed to act lies in its tensors, so only the
 * table of tensors is read; the deployment contract in the metadata is for people and tools. There is no
 * allocation, no input or output, no global state and no abort: the caller owns all memory, and every refusal
 * is a status.
 *
 *     static policy robot_policy;                     // views into `bytes`, which must stay in place
 *     if (policy_load(bytes, count, &robot_policy) != POLICY_STATUS_OK) ...
 *     float workspace[WORKSPACE];                     // policy_workspace_count(&robot_policy) or more
 *     uint32_t flags = policy_act(&robot_policy, observation, action, workspace);
 *
 * What it computes, for an observation o of O numbers and an action of A numbers:
 *
 *     x = clip((o - observation.mean) * observation.inverse_std, +-observation.clip)
 *     x = max(0, W x + b)                   for each layer actor.0, actor.2, ... but the last
 *     m = W x + b                           the last layer
 *     u = tanh(m)                           or tanh(m + exp(clip(s, -20, 2)) * noise), s the log_std layer
 *                                           of the same x
 *     action = action.offset + action.scale * u
 *     action = min(max(action, action.low), action.high)     where the file has these limits
 *
 * A file with a tensor `action.choices` is a greedy policy instead: the last layer values each choice, and u
 * is the row of the highest value, the first one of equals. With `table.bins` it is a table, which has no
 * layers: number i of x, rounded down and held within 0 .. bins[i] - 1, is a digit of the state, the last one
 * counts ones, and the state's row of `table.values` values the choices.
 *
 * Tensors (F32 unless said; H the width of the last hidden layer, or O where there is one layer only):
 *
 *     observation.mean (O)  observation.inverse_std (O), > 0  observation.clip (1), > 0
 *     actor.0.weight (H1, O)  actor.0.bias (H1)  actor.2.weight ...  up to POLICY_LAYER_LIMIT layers
 *     log_std.weight (A, H)  log_std.bias (A)                        both or none; never with action.choices
 *     action.choices (N, A)                     greedy policies; the last layer has N rows
 *     table.bins (O), whole numbers >= 1, S their product  table.values (S, N)    tables; both or none
 *     action.scale (A)  action.offset (A)
 *     action.low (A)  action.high (A)           limits of the commands, low <= high; both or none
 *     control.period (1), F64, > 0              seconds between actions; may be absent
 *     golden.observations (G, O)  golden.actions (G, A)    pairs that the policy must reproduce
 *     checksum (1), U32          CRC-32 (IEEE) of all bytes of the file, these four taken as zero
 *
 * Results are the same bits for the same file on every x86-64 processor with the same math library: the order
 * of every sum is fixed, and the vector width does not change it. Where the compiler fuses multiplication and
 * addition they differ in the last bits.
 */
#ifndef CPOLICYRUNTIME_H
#define CPOLICYRUNTIME_H

#include "CPolicyFlags.h"
#include "CPolicyNetwork.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Widest layer, observation or action, and most golden pairs. */
#define POLICY_WIDTH_LIMIT 4096
/* Longest header of a file, in bytes. */
#define POLICY_HEADER_LIMIT 100000000

/* What became of a call that reads or checks. policy_status_text says it in words. */
typedef enum POLICY_CLOSED policy_status {
    POLICY_STATUS_OK = 0,
    POLICY_STATUS_NULL_ARGUMENT = 1,  /* a pointer is null */
    POLICY_STATUS_TRUNCATED = 2,      /* the file ends before its header does */
    POLICY_STATUS_HEADER = 3,         /* the header is not what a tensor file may have */
    POLICY_STATUS_DUPLICATE = 4,      /* a tensor, or a key of one, stands twice */
    POLICY_STATUS_UNKNOWN_TENSOR = 5, /* a tensor that no policy has */
    POLICY_STATUS_MISSING_TENSOR = 6, /* a tensor that every such policy has is absent */
    POLICY_STATUS_TYPE = 7,           /* a tensor has the wrong number type */
    POLICY_STATUS_SHAPE = 8,          /* shapes do not fit each other, their byte ranges or the limits */
    POLICY_STATUS_LAYOUT = 9,         /* the tensors overlap, leave holes, or do not end with the file */
    POLICY_STATUS_CHECKSUM = 10,      /* the bytes are not those that were written */
    POLICY_STATUS_NOT_FINITE = 11,    /* a number is NaN or infinite */
    POLICY_STATUS_RANGE = 12,         /* a clip, inverse deviation or period is not positive, or low > high */
    POLICY_STATUS_UNSUPPORTED = 13,   /* the machine is not little-endian with IEEE single precision */
    POLICY_STATUS_SELF_TEST = 14      /* the golden actions are not reproduced */
} policy_status;

/* Reads a policy from the `count` bytes of its file. They must stay where they are, unchanged, as long as
 * `result` is used. Everything is checked first, finite numbers and checksum included; `result` is written
 * only where the answer is POLICY_STATUS_OK. Time grows linearly with `count`. */
policy_status policy_load(const void *bytes, size_t count, policy *result);

/* How many bytes, 0 to 31, the file should lie further up in memory, so that its largest layer's weights begin at
 * a multiple of 32 bytes: wide registers read them a sixth faster there, and the bits are the same. Who cares
 * moves the file and loads it again; 0 says that it lies well. */
size_t policy_shift(const policy *policy);

/* The floats that acting needs as workspace. Its content need not be kept between calls. */
size_t policy_workspace_count(const policy *policy);

/* Writes the action (A), in the units of its actuators, for `observation` (O). Returns POLICY_FLAG bits; with
 * POLICY_FLAG_NOT_FINITE `action` keeps what it held. One policy may act on several threads, each with a
 * workspace of its own. */
uint32_t policy_act(const policy *policy, const float *observation, float *action, float *workspace);

/* As policy_act, but writes u, each number within [-1, 1]. With `noise` (A), numbers of the standard normal
 * distribution, u is drawn from the policy's distribution; with null, or where the policy has no log_std, it
 * is the deterministic one. */
uint32_t policy_act_unit(const policy *policy, const float *observation, const float *noise,
                         float *unit_action, float *workspace);

/* Acts on every golden observation and compares. `largest_difference` (may be null) gets the largest
 * |difference| in units of |scale| + |offset| of its action, or of the golden action's size where both are 0.
 * POLICY_STATUS_SELF_TEST where it is above POLICY_SELF_TEST_TOLERANCE or not finite. `workspace` must have A
 * more floats than acting needs: see policy_self_test_count. */
policy_status policy_self_test(const policy *policy, float *workspace, float *largest_difference);

/* The floats that policy_self_test needs as workspace. */
size_t policy_self_test_count(const policy *policy);

/* A sentence in English; also for numbers that are no status. */
const char *policy_status_text(policy_status status);

/* Starts a clock with `period` and `tolerance` in seconds. POLICY_STATUS_RANGE unless 1e-9 <= period <= 1e6
 * and 0 <= tolerance <= period. A good start is the policy's control_period and a tenth of it. */
policy_status policy_clock_init(policy_clock *clock, double period, double tolerance);

/* Forgets the steps so far, as at the start of an episode: the next step is the first. */
void policy_clock_reset(policy_clock *clock);

/* policy_act at time `now`: adds POLICY_FLAG_LATE, POLICY_FLAG_JITTER and POLICY_FLAG_TIME. The first step is
 * never late. */
uint32_t policy_step(const policy *policy, policy_clock *clock, uint64_t now, const float *observation,
                     float *action, float *workspace);

#ifdef __cplusplus
}
#endif

#endif
