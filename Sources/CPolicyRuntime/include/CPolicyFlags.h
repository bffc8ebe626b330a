/* SPDX-License-Identifier: MIT */

/* What a control step tells, and when control steps happen. */
#ifndef POLICY_FLAGS_H
#define POLICY_FLAGS_H

#include <stdint.h>

/* Bits that tell about one action; 0 where there is nothing to tell. */
enum {
    POLICY_FLAG_NOT_FINITE =
        1, /* the observation, the noise or the result is NaN or infinite: `action` was not written */
    POLICY_FLAG_CLIPPED = 2,   /* a normalised observation was beyond the clip: it was clipped */
    POLICY_FLAG_SATURATED =
        4,                     /* an action is at the end of its range: |u| >= 0.999, or a limit cut it off */
    POLICY_FLAG_LATE = 8,      /* policy_step: 1.5 periods or more since the last step */
    POLICY_FLAG_JITTER = 16, /* policy_step: the time since the last step is off by more than the tolerance */
    POLICY_FLAG_TIME = 32    /* policy_step: time did not go on; the clock was set to the new time */
};

/* When control steps happen, against when they should. All times in nanoseconds of any clock that does not
 * jump. */
typedef struct policy_clock {
    uint64_t period;     /* between two steps */
    uint64_t tolerance;  /* a step may be off by this much */
    uint64_t last;       /* when the last step was */
    uint64_t step_count; /* steps since the reset */
    uint64_t late_count; /* of these with POLICY_FLAG_LATE */
    uint64_t worst;      /* the largest |time between two steps - period| */
} policy_clock;

#endif
