// SPDX-License-Identifier: MIT

import Policies

/// The texts of exported C source.
struct CSourceText {
    let policy: PolicyFile
    let prefix: String
    private let data: CSourceData

    init(_ policy: PolicyFile, prefix: String) {
        self.policy = policy
        self.prefix = prefix
        data = CSourceData(policy, upper: prefix.uppercased())
    }

    private var network: PolicyNetwork { policy.network }
    private var upper: String { prefix.uppercased() }

    /// The text of one of the runtime's files with the prefix instead of `policy`.
    ///
    /// Files stand one after another here, so they include none of each other, but the kernel stands wherever it is included.
    private func runtime(_ file: RuntimeText) -> String {
        var lines: [Substring] = []
        for line in file.text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "#include \"kernel.h\"" {
                lines += RuntimeText.kernel.text.split(separator: "\n", omittingEmptySubsequences: false)
                    .dropFirst()
            } else if !line.hasPrefix("#include \"") && !line.contains("SPDX-License-Identifier") {
                lines.append(line)
            }
        }
        return renamed(lines.joined(separator: "\n").trimmingNewlines())
    }

    /// `text` with the caller's prefix.
    private func renamed(_ text: String) -> String {
        text.replacing("policy_", with: prefix + "_").replacing("POLICY_", with: upper + "_")
    }

    // MARK: policy.h

    var header: String {
        let contract = policy.contract
        let checksum = data.checksum
        let draw =
            network.isStochastic
            ? """


            /* As policy_act, but draws the action: `noise` are numbers of the standard normal distribution. */
            uint32_t policy_draw(policy_state *state, const float observation[POLICY_OBSERVATION_COUNT],
                                 const float noise[POLICY_ACTION_COUNT], float action[POLICY_ACTION_COUNT]);
            """ : ""
        let head = """
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
        let body = """

            /* Numbers of an observation and of an action, and seconds between two actions. */
            #define POLICY_OBSERVATION_COUNT \(network.observationCount)
            #define POLICY_ACTION_COUNT \(network.actionCount)
            #define POLICY_CONTROL_PERIOD \(contract.timing.controlPeriod)
            /* Tells one policy from another: the CRC-32 of all its numbers. */
            #define POLICY_DATA_CHECKSUM 0x\(String(checksum, radix: 16))u

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
            \(draw)
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
        return renamed(head) + runtime(.flags) + "\n" + renamed(body)
    }

    /// Lines of a comment that say what each number is.
    private func elements(_ elements: [(name: String, unit: String)], _ array: String) -> String {
        elements.enumerated().map { i, element in
            " *     \(array)[\(i)]  \(element.name.inComment)  \(element.unit.inComment)"
        }.joined(separator: "\n")
    }

    // MARK: policy.c

    func source(contract: String) -> String {
        let files: [RuntimeText] = [.network, .floats, .checksum, .dense, .forward, .clock]
        let start = """
            /* SPDX-License-Identifier: MIT */

            /* The runtime, the policy's numbers, and the functions of policy.h. */
            #include "\(CSource.headerName)"

            #include <stddef.h>

            #define POLICY_PRIVATE static

            """
        return
            ([renamed(start)] + files.map(runtime)
            + [
                "/* ---- The policy's numbers ---- */", data.text, Self.bytes(of: contract),
                renamed(functions),
            ])
            .joined(separator: "\n\n")
    }

    /// The contract; a literal of this length is beyond what C99 asks of compilers.
    private static func bytes(of contract: String) -> String {
        let characters = contract.utf8.map { byte -> String in
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\\"): "'\\\(Character(UnicodeScalar(byte)))'"
            case 0x20..<0x7F: "'\(Character(UnicodeScalar(byte)))'"
            default: "'\\x\(String(byte, radix: 16))'"
            }
        }
        return "static const char contract[] = {\n\(CSourceData.lines(characters + ["0"], perLine: 20))};"
    }

    private var functions: String {
        let draw =
            network.isStochastic
            ? """
            uint32_t policy_draw(policy_state *state, const float observation[POLICY_OBSERVATION_COUNT],
                                 const float noise[POLICY_ACTION_COUNT], float action[POLICY_ACTION_COUNT]) {
                return command(state, observation, noise, action);
            }


            """ : ""
        return """
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
                if (!(flags & POLICY_FLAG_NOT_FINITE)) {
                    for (size_t i = 0; i < POLICY_ACTION_COUNT; i++) {
                        action[i] = action_offset[i] + action_scale[i] * u[i];
                    }
                }
                return flags;
            }

            uint32_t policy_act(policy_state *state, const float observation[POLICY_OBSERVATION_COUNT],
                                float action[POLICY_ACTION_COUNT]) {
                return command(state, observation, NULL, action);
            }

            \(draw)uint32_t policy_step(policy_state *state, uint64_t now, const float observation[POLICY_OBSERVATION_COUNT],
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
                    for (size_t i = 0; i < POLICY_ACTION_COUNT; i++) {
                        float unit = fabsf(action_scale[i]) + fabsf(action_offset[i]);
                        float difference = fabsf(action_offset[i] + action_scale[i] * u[i] - golden[i]);
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

extension String {
    /// The text where it can stand in a comment: other characters become `_`.
    fileprivate var inComment: String {
        String(
            unicodeScalars.map {
                $0.isASCII && $0.value >= 0x20 && !"*\\?".unicodeScalars.contains($0) && $0.value < 0x7F
                    ? Character($0) : "_"
            })
    }

    fileprivate func trimmingNewlines() -> String {
        String(drop { $0 == "\n" }.reversed().drop { $0 == "\n" }.reversed())
    }
}
