/* SPDX-License-Identifier: MIT */

/* The clock of control steps. */
#include "policy_internal.h"

POLICY_PRIVATE void policy_clock_reset(policy_clock *clock) {
    clock->last = 0;
    clock->step_count = 0;
    clock->late_count = 0;
    clock->worst = 0;
}

/* What the clock says about a step at `now`. */
POLICY_PRIVATE uint32_t policy_clock_tell(policy_clock *clock, uint64_t now) {
    uint32_t flags = 0;
    if (clock->step_count > 0 && now <= clock->last) {
        flags = POLICY_FLAG_TIME;
    } else if (clock->step_count > 0) {
        uint64_t since = now - clock->last;
        uint64_t off = since > clock->period ? since - clock->period : clock->period - since;
        if (off > clock->tolerance) {
            flags |= POLICY_FLAG_JITTER;
        }
        if (since > clock->period && off >= clock->period / 2) {
            flags |= POLICY_FLAG_LATE;
            clock->late_count++;
        }
        clock->worst = off > clock->worst ? off : clock->worst;
    }
    clock->last = now;
    clock->step_count++;
    return flags;
}
