// SPDX-License-Identifier: MIT

import Policies

/// The functions of `policy.c`, with `policy` for the prefix.
extension CSourceText {
    var functions: String {
        Self.actingFunctions + (network.isStochastic ? Self.drawFunction : "") + testFunctions
    }

    private static let actingFunctions = """
        /* ---- The functions ---- */

        void policy_init(policy_state *state, double tolerance) {
            state->clock.period = (uint64_t)(POLICY_CONTROL_PERIOD * 1e9 + 0.5);
            /* Written so that NaN gives 0. */
            tolerance = tolerance > 0 ? tolerance : 0;
            tolerance = tolerance < POLICY_CONTROL_PERIOD ? tolerance : POLICY_CONTROL_PERIOD;
            state->clock.tolerance = (uint64_t)(tolerance * 1e9 + 0.5);
            policy_clock_reset(&state->clock);
        }

        void policy_reset(policy_state *state) {
            policy_clock_reset(&state->clock);
        }

        static uint32_t command(policy_state *state, const float *observation, const float *noise, float *action) {
            float *u = state->workspace;
            uint32_t flags = policy_run(&model, observation, noise, state->workspace, &u);
            return flags & POLICY_FLAG_NOT_FINITE ? flags : flags | policy_command(&model, u, action);
        }

        uint32_t policy_act(policy_state *state, const float observation[POLICY_OBSERVATION_COUNT],
                            float action[POLICY_ACTION_COUNT]) {
            return command(state, observation, NULL, action);
        }


        """

    private static let drawFunction = """
        uint32_t policy_draw(policy_state *state, const float observation[POLICY_OBSERVATION_COUNT],
                             const float noise[POLICY_ACTION_COUNT], float action[POLICY_ACTION_COUNT]) {
            return command(state, observation, noise, action);
        }


        """

    private var testFunctions: String {
        """
        uint32_t policy_step(policy_state *state, uint64_t now, const float observation[POLICY_OBSERVATION_COUNT],
                             float action[POLICY_ACTION_COUNT]) {
            return policy_clock_tell(&state->clock, now) | policy_act(state, observation, action);
        }

        /* The CRC-32 of the numbers, each with its low byte first on any machine. */
        static uint32_t data_checksum(void) {
            uint32_t crc = 0;
            for (size_t part = 0; part < sizeof parts / sizeof *parts; part++) {
                for (size_t i = 0; i < parts[part].count; i++) {
                    uint32_t bits;
                    unsigned char bytes[4];
                    memcpy(&bits, parts[part].numbers + i, 4);
                    for (int k = 0; k < 4; k++) {
                        bytes[k] = (unsigned char)(bits >> (8 * k) & 255u);
                    }
                    crc = policy_checksum(crc, bytes, 4);
                }
            }
            return crc;
        }

        int policy_self_test(policy_state *state, float *largest_difference) {
            float largest = 0;
            int passed = data_checksum() == POLICY_DATA_CHECKSUM;
            for (size_t pair = 0; pair < \(policy.contract.golden.count); pair++) {
                const float *observation = golden_observations + pair * POLICY_OBSERVATION_COUNT;
                const float *golden = golden_actions + pair * POLICY_ACTION_COUNT;
                float *u = state->workspace;
                if (policy_run(&model, observation, NULL, state->workspace, &u) & POLICY_FLAG_NOT_FINITE) {
                    passed = 0;
                    continue;
                }
                (void)policy_command(&model, u, u);
                for (size_t i = 0; i < POLICY_ACTION_COUNT; i++) {
                    float unit = fabsf(action_scale[i]) + fabsf(action_offset[i]);
                    float difference = fabsf(u[i] - golden[i]);
                    difference /= unit > 0 ? unit : 1;
                    if (!(difference <= POLICY_SELF_TEST_TOLERANCE)) {
                        passed = 0;
                    }
                    largest = difference > largest ? difference : largest;
                }
            }
            if (largest_difference != NULL) {
                *largest_difference = largest;
            }
            return passed;
        }

        const char *policy_contract(void) {
            return contract;
        }

        """
    }
}
