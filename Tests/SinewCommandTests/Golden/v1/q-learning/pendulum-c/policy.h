/* SPDX-License-Identifier: MIT */

/* A policy for pendulum, written by sinew 0.1.0. The runtime's code is MIT; the weights are yours.
 *
 *     observation[0]  joint_cosines.hinge  1
 *     observation[1]  joint_sines.hinge  1
 *     observation[2]  joint_velocities.hinge  rad/s
 *     action[0]  hinge  N m
 *
 *     static pendulum_state state;
 *     pendulum_init(&state, 0.1 * PENDULUM_CONTROL_PERIOD);
 *     if (!pendulum_self_test(&state, 0)) stop();
 *     every PENDULUM_CONTROL_PERIOD seconds:
 *         uint32_t flags = pendulum_step(&state, now, observation, action);
 *         if (flags & PENDULUM_FLAG_NOT_FINITE) stop();
 */
#ifndef PENDULUM_PENDULUM_H
#define PENDULUM_PENDULUM_H

/* What a control step tells, and when control steps happen. */
#ifndef PENDULUM_FLAGS_H
#define PENDULUM_FLAGS_H

#include <stdint.h>

/* Bits that tell about one action; 0 where there is nothing to tell. */
enum {
    PENDULUM_FLAG_NOT_FINITE =
        1, /* the observation, the noise or the result is NaN or infinite: `action` was not written */
    PENDULUM_FLAG_CLIPPED = 2,   /* a normalised observation was beyond the clip: it was clipped */
    PENDULUM_FLAG_SATURATED = 4, /* an action is at the end of its range: |u| >= 0.999 */
    PENDULUM_FLAG_LATE = 8,      /* pendulum_step: 1.5 periods or more since the last step */
    PENDULUM_FLAG_JITTER = 16, /* pendulum_step: the time since the last step is off by more than the tolerance */
    PENDULUM_FLAG_TIME = 32    /* pendulum_step: time did not go on; the clock was set to the new time */
};

/* When control steps happen, against when they should. All times in nanoseconds of any clock that does not
 * jump. */
typedef struct pendulum_clock {
    uint64_t period;     /* between two steps */
    uint64_t tolerance;  /* a step may be off by this much */
    uint64_t last;       /* when the last step was */
    uint64_t step_count; /* steps since the reset */
    uint64_t late_count; /* of these with PENDULUM_FLAG_LATE */
    uint64_t worst;      /* the largest |time between two steps - period| */
} pendulum_clock;

#endif

/* Numbers of an observation and of an action, and seconds between two actions. */
#define PENDULUM_OBSERVATION_COUNT 3
#define PENDULUM_ACTION_COUNT 1
#define PENDULUM_CONTROL_PERIOD 0.05
/* Tells one policy from another: the CRC-32 of all its numbers. */
#define PENDULUM_DATA_CHECKSUM 0xbaa6b855u

#ifdef __cplusplus
extern "C" {
#endif

/* All the memory that acting needs. One policy may act on several threads, each with a state of its own. */
typedef struct pendulum_state {
    pendulum_clock clock;
    float workspace[8];
} pendulum_state;

/* Starts: a step may be off by `tolerance` seconds before the clock tells. */
void pendulum_init(pendulum_state *state, double tolerance);

/* Forgets the steps so far: the next one is the first. */
void pendulum_reset(pendulum_state *state);

/* Writes the action for `observation`, in the units above. Returns PENDULUM_FLAG bits; with PENDULUM_FLAG_NOT_FINITE `action`
 * keeps what it held. */
uint32_t pendulum_act(pendulum_state *state, const float observation[PENDULUM_OBSERVATION_COUNT],
                    float action[PENDULUM_ACTION_COUNT]);

/* pendulum_act at time `now`, in nanoseconds of a clock that does not jump: adds PENDULUM_FLAG_LATE, PENDULUM_FLAG_JITTER and
 * PENDULUM_FLAG_TIME. */
uint32_t pendulum_step(pendulum_state *state, uint64_t now, const float observation[PENDULUM_OBSERVATION_COUNT],
                     float action[PENDULUM_ACTION_COUNT]);

/* 1 where all numbers are those that were written and every golden action is reproduced, else 0. `largest_difference` (may
 * be null) gets the largest difference, per unit of |scale| + |offset| of its action. */
int pendulum_self_test(pendulum_state *state, float *largest_difference);

/* The deployment contract: JSON in UTF-8. */
const char *pendulum_contract(void);

#ifdef __cplusplus
}
#endif

#endif
