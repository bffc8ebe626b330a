/* SPDX-License-Identifier: MIT */

/* Claims about the clock of control steps, and that every status has words of its own. */
#include "policy_builder.h"

#include <math.h>
#include <string.h>

static int steps_on_time_late_and_off(void) {
    test_network *network = test_network_make(1, 1, 1, 1, 0, 0);
    test_file file;
    policy p;
    policy_clock clock;
    float observation = 0, action = 0, workspace[8];
    test_file_declare(&file, network);
    test_file_build(&file, "");
    CHECK(policy_load(file.bytes, file.count, &p) == POLICY_STATUS_OK);
    CHECK(policy_workspace_count(&p) <= 8);
    CHECK(policy_clock_init(&clock, p.control_period, 0.1 * p.control_period) == POLICY_STATUS_OK);
    CHECK(clock.period == 50000000u && clock.tolerance == 5000000u);

    const uint32_t timing = POLICY_FLAG_LATE | POLICY_FLAG_JITTER | POLICY_FLAG_TIME;
    const struct {
        uint64_t milliseconds;
        uint32_t flags;
    } steps[] = {
        {1000, 0},
        {1050, 0},
        {1105, 0},                                     /* within the tolerance */
        {1161, POLICY_FLAG_JITTER},                    /* 6 ms off */
        {1180, POLICY_FLAG_JITTER},                    /* 31 ms early */
        {1255, POLICY_FLAG_JITTER | POLICY_FLAG_LATE}, /* one and a half periods */
        {1255, POLICY_FLAG_TIME},                      /* time stands */
        {1200, POLICY_FLAG_TIME},                      /* time goes back */
        {1250, 0},
        {9999, POLICY_FLAG_JITTER | POLICY_FLAG_LATE},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        uint32_t flags =
            policy_step(&p, &clock, steps[i].milliseconds * 1000000u, &observation, &action, workspace);
        CHECK((flags & timing) == steps[i].flags);
    }
    CHECK(clock.step_count == 10 && clock.late_count == 2 && clock.worst == UINT64_C(8699) * 1000000);
    policy_clock_reset(&clock);
    CHECK((policy_step(&p, &clock, UINT64_MAX, &observation, &action, workspace) & timing) == 0);
    CHECK((policy_step(&p, &clock, 0, &observation, &action, workspace) & timing) == POLICY_FLAG_TIME);
    CHECK((policy_step(&p, &clock, UINT64_MAX, &observation, &action, workspace) & timing) ==
          (POLICY_FLAG_LATE | POLICY_FLAG_JITTER));
    test_file_free(&file);
    test_network_free(network);
    return 0;
}

static int rates_that_are_none_are_refused(void) {
    const double bad[][2] = {{0, 0},   {-1, 0},    {NAN, 0},     {INFINITY, 0},
                             {1e7, 0}, {0.05, -1}, {0.05, 0.06}, {0.05, NAN}};
    policy_clock clock;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(policy_clock_init(&clock, bad[i][0], bad[i][1]) == POLICY_STATUS_RANGE);
    }
    CHECK(policy_clock_init(NULL, 1, 0) == POLICY_STATUS_NULL_ARGUMENT);
    return 0;
}

static int every_status_has_words_of_its_own(void) {
    for (int i = 0; i <= POLICY_STATUS_SELF_TEST; i++) {
        CHECK(strlen(policy_status_text((policy_status)i)) > 8);
        for (int k = 0; k < i; k++) {
            CHECK(strcmp(policy_status_text((policy_status)i), policy_status_text((policy_status)k)) != 0);
        }
    }
    CHECK(strcmp(policy_status_text((policy_status)99), "unknown status") == 0);
    return 0;
}

int main(void) {
    return steps_on_time_late_and_off() || rates_that_are_none_are_refused() ||
           every_status_has_words_of_its_own();
}
