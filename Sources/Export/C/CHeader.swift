// SPDX-License-Identifier: MIT

import Policies

/// The text of `policy.h`, with `policy` for the prefix.
extension CSourceText {
    /// What stands before the runtime's flags: whose policy it is, what its numbers are, and how to use it.
    var usage: String {
        let contract = policy.contract
        return """
            /* SPDX-License-Identifier: MIT */

            /* A policy for \(contract.scene.inComment), written by sinew \((contract.versions["sinew"] ?? "").inComment). The runtime's code is MIT; the weights are yours.
             *
            \(elements(contract.observations.map { ($0.name, $0.unit) }, "observation"))
            \(elements(contract.actions.map { ($0.name, $0.unit) }, "action"))
             *
             *     static policy_state state;
             *     policy_init(&state, 0.1 * POLICY_CONTROL_PERIOD);
             *     if (!policy_self_test(&state, 0)) stop();
             *     every POLICY_CONTROL_PERIOD seconds:
             *         uint32_t flags = policy_step(&state, now, observation, action);
             *         if (flags & POLICY_FLAG_NOT_FINITE) stop();
             */
            #ifndef POLICY_POLICY_H
            #define POLICY_POLICY_H


            """
    }

    /// What stands after the flags.
    var declarations: String {
        let draw = """


            /* As policy_act, but draws the action: `noise` are numbers of the standard normal distribution. */
            uint32_t policy_draw(policy_state *state, const float observation[POLICY_OBSERVATION_COUNT],
                                 const float noise[POLICY_ACTION_COUNT], float action[POLICY_ACTION_COUNT]);
            """
        return """

            /* Numbers of an observation and of an action, and seconds between two actions. */
            #define POLICY_OBSERVATION_COUNT \(network.observationCount)
            #define POLICY_ACTION_COUNT \(network.actionCount)
            #define POLICY_CONTROL_PERIOD \(policy.contract.timing.controlPeriod)
            /* Tells one policy from another: the CRC-32 of all its numbers. */
            #define POLICY_DATA_CHECKSUM 0x\(String(data.checksum, radix: 16))u

            #ifdef __cplusplus
            extern "C" {
            #endif

            /* All the memory that acting needs. One policy may act on several threads, each with a state of its own. */
            typedef struct policy_state {
                policy_clock clock;
                float workspace[\(2 * data.widest + 2 * network.actionCount)];
            } policy_state;

            /* Starts: a step may be off by `tolerance` seconds before the clock tells. */
            void policy_init(policy_state *state, double tolerance);

            /* Forgets the steps so far: the next one is the first. */
            void policy_reset(policy_state *state);

            /* Writes the action for `observation`, in the units above. Returns POLICY_FLAG bits; with POLICY_FLAG_NOT_FINITE `action`
             * keeps what it held. */
            uint32_t policy_act(policy_state *state, const float observation[POLICY_OBSERVATION_COUNT],
                                float action[POLICY_ACTION_COUNT]);
            \(network.isStochastic ? draw : "")
            /* policy_act at time `now`, in nanoseconds of a clock that does not jump: adds POLICY_FLAG_LATE, POLICY_FLAG_JITTER and
             * POLICY_FLAG_TIME. */
            uint32_t policy_step(policy_state *state, uint64_t now, const float observation[POLICY_OBSERVATION_COUNT],
                                 float action[POLICY_ACTION_COUNT]);

            /* 1 where all numbers are those that were written and every golden action is reproduced, else 0. `largest_difference` (may
             * be null) gets the largest difference, per unit of |scale| + |offset| of its action. */
            int policy_self_test(policy_state *state, float *largest_difference);

            /* The deployment contract: JSON in UTF-8. */
            const char *policy_contract(void);

            #ifdef __cplusplus
            }
            #endif

            #endif

            """
    }

    /// Lines of a comment that say what each number is.
    private func elements(_ elements: [(name: String, unit: String)], _ array: String) -> String {
        elements.enumerated().map { i, element in
            " *     \(array)[\(i)]  \(element.name.inComment)  \(element.unit.inComment)"
        }.joined(separator: "\n")
    }
}

extension String {
    /// The text where it can stand in a comment: other characters become `_`.
    fileprivate var inComment: String {
        String(
            unicodeScalars.map {
                $0.isASCII && $0.value >= 0x20 && !"*\\?".unicodeScalars.contains($0) && $0.value < 0x7F
                    ? Character($0) : "_"
            })
    }
}
