/* SPDX-License-Identifier: MIT */

/* Reads bytes as a policy file as they are, and with the checksum that they need, so that the fuzzer gets
 * behind it. What is accepted must act. */
#include "policy_internal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

static void run(const unsigned char *bytes, size_t count) {
    policy policy;
    if (policy_load(bytes, count, &policy) != POLICY_STATUS_OK) {
        return;
    }
    size_t floats = policy_self_test_count(&policy);
    float *memory = calloc(floats + policy.observation_count + 2 * policy.action_count, sizeof *memory);
    if (memory == NULL) {
        return;
    }
    float *observation = memory + floats, *noise = observation + policy.observation_count;
    (void)policy_self_test(&policy, memory, NULL);
    (void)policy_act(&policy, observation, noise + policy.action_count, memory);
    (void)policy_act_unit(&policy, observation, noise, noise + policy.action_count, memory);
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count) {
    /* A copy of exactly this size, so that a read beyond its end is found. */
    unsigned char *bytes = malloc(count > 0 ? count : 1);
    if (bytes == NULL) {
        return 0;
    }
    if (count > 0) {
        memcpy(bytes, data, count);
    }
    run(bytes, count);
    policy_table table;
    if (policy_read_table(bytes, count, &table) == POLICY_STATUS_OK) {
        const policy_tensor *checksum = &table.tensors[POLICY_TENSOR_CHECKSUM];
        if (checksum->present && checksum->end - checksum->begin == 4) {
            unsigned char *own = bytes + (table.data - bytes) + checksum->begin;
            memset(own, 0, 4);
            uint32_t crc = policy_checksum(0, bytes, count);
            memcpy(own, &crc, 4);
            run(bytes, count);
        }
    }
    free(bytes);
    return 0;
}
