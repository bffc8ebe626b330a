// SPDX-License-Identifier: MIT

internal import Settings

extension Algorithm {
    /// The whole page docs/settings.md: the settings of all algorithms.
    package static var reference: String {
        """
        # Settings of the algorithms

        These keys stand in a scene's `train` block under the algorithm's name, and after `--set` with that name before them:

            train:
              dqn: {steps: 15000, torques: 5}

            sinew train pendulum --algorithm dqn --set dqn.batch=32

        Beside them a block may have `evaluate: {every, episodes}` where it differs from the scene's. `double-q-learning` and
        `double-dqn` have the keys of `q-learning` and `dqn`, and take those blocks of a scene that has none for them. Unknown keys and values
        that are not allowed are errors. `run.yaml` lists what a run used.

        Settings that are allowed one by one and cannot mean what they say together, or in their task, stand in each second table:
        `train` refuses them or warns before it begins, and `scenes --check` says the same of a scene's own.

        This page is written by `make schema` from the keys that the reader itself uses.


        """
            + all.filter { $0.relative == nil }.map {
                "## \($0.name)\n\n\($0.summary)\n\n\(SettingShape.table($0.keyDescriptions))\n\($0.defaults.checkTable)"
            }.joined(separator: "\n")
    }
}
