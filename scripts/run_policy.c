/* SPDX-License-Identifier: MIT */

/* The C runtime by itself:  run_policy POLICY OBSERVATIONS ACTIONS
 * Single precision, row by row; every row must be finite. Exits 0, or 1 after saying what is wrong. */
#include "CPolicyRuntime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int fail(const char *why) {
    fprintf(stderr, "%s\n", why);
    return 1;
}

int main(int count, char **arguments) {
    static unsigned char bytes[64 << 20];
    if (count != 4)
        return fail("usage: run_policy POLICY OBSERVATIONS ACTIONS");
    FILE *file = fopen(arguments[1], "rb"), *input = fopen(arguments[2], "rb");
    FILE *output = fopen(arguments[3], "wb");
    if (file == NULL || input == NULL || output == NULL)
        return fail("a file cannot be opened");
    policy policy;
    policy_status status = policy_load(bytes, fread(bytes, 1, sizeof bytes, file), &policy);
    if (status != POLICY_STATUS_OK)
        return fail(policy_status_text(status));
    float *workspace = malloc(policy_self_test_count(&policy) * sizeof *workspace);
    float *observation = malloc(policy.observation_count * sizeof *observation);
    float *action = malloc(policy.action_count * sizeof *action);
    if (workspace == NULL || observation == NULL || action == NULL)
        return fail("memory is exhausted");
    status = policy_self_test(&policy, workspace, NULL);
    if (status != POLICY_STATUS_OK)
        return fail(policy_status_text(status));
    while (fread(observation, sizeof *observation, policy.observation_count, input) ==
           policy.observation_count) {
        if (policy_act(&policy, observation, action, workspace) & POLICY_FLAG_NOT_FINITE)
            return fail("an observation is not finite");
        if (fwrite(action, sizeof *action, policy.action_count, output) != policy.action_count)
            return fail("the actions cannot be written");
    }
    /* Where a number is not finite the answer is a status, and the action is left as it was. */
    float before = action[0];
    observation[policy.observation_count - 1] = NAN;
    uint32_t flags = policy_act(&policy, observation, action, workspace);
    if (!(flags & POLICY_FLAG_NOT_FINITE) || action[0] != before)
        return fail("NaN was acted upon");
    free(action);
    free(observation);
    free(workspace);
    return fclose(output) == 0 ? 0 : fail("the actions cannot be written");
}
