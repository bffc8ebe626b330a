/* SPDX-License-Identifier: MIT */

/* A policy in memory. */
#ifndef POLICY_NETWORK_H
#define POLICY_NETWORK_H

#include <stddef.h>
#include <stdint.h>

/* Most layers of a network. */
#define POLICY_LAYER_LIMIT 8

/* Most states of a table. */
#define POLICY_STATE_LIMIT 16777216

/* Largest |difference| of an action from its golden one that the self-test lets pass, per unit of |scale| +
 * |offset|. */
#define POLICY_SELF_TEST_TOLERANCE 1e-5f

#if defined(__has_attribute)
#if __has_attribute(enum_extensibility)
#define POLICY_CLOSED __attribute__((enum_extensibility(closed)))
#endif
#endif
#ifndef POLICY_CLOSED
#define POLICY_CLOSED
#endif

/* How an action comes about. */
typedef enum POLICY_CLOSED policy_kind {
    POLICY_KIND_SQUASHED = 0, /* tanh of the last layer */
    POLICY_KIND_GREEDY = 1,   /* the choice that the last layer values highest */
    POLICY_KIND_TABLE = 2     /* the choice that the state's row of a table values highest */
} policy_kind;

/* A layer y = W x + b: W is (outputs, inputs), row-major. The pointers go into the file and need not be
 * aligned. */
typedef struct policy_layer {
    const unsigned char *weight;
    const unsigned char *bias;
    uint32_t inputs;
    uint32_t outputs;
} policy_layer;

/* A loaded policy: sizes, and views into the bytes that it was loaded from. Copy it freely; read the counts,
 * leave the rest. */
typedef struct policy {
    policy_kind kind;
    uint32_t observation_count; /* O */
    uint32_t action_count;      /* A */
    uint32_t layer_count;       /* 1 .. POLICY_LAYER_LIMIT; 0 for tables */
    uint32_t choice_count;      /* N for greedy policies and tables, else 0 */
    uint32_t golden_count;      /* G, at least 1 */
    uint32_t checksum;          /* tells one policy from another */
    int32_t instructions;       /* which twin of the kernels runs; chosen by policy_load */
    double control_period;      /* s; 0 where the file does not say */
    policy_layer layers[POLICY_LAYER_LIMIT];
    policy_layer log_std; /* weight is null for policies that are deterministic only */
    const unsigned char *mean;
    const unsigned char *inverse_std;
    const unsigned char *scale;
    const unsigned char *offset;
    const unsigned char *low;  /* of each action's command; null where there are no limits */
    const unsigned char *high;
    const unsigned char *choices;
    const unsigned char *bins;   /* of each observation; null but for tables */
    const unsigned char *values; /* of each state and choice; null but for tables */
    const unsigned char *golden_observations;
    const unsigned char *golden_actions;
    float clip;
} policy;

#endif
