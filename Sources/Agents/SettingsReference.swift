// SPDX-License-Identifier: MIT

/// The settings of all algorithms as Markdown, made from their tables: what the documentation shows.
public enum SettingsReference {
    /// The whole page docs/settings.md.
    public static var page: String {
        """
        # Settings of the algorithms

        These keys stand in a scene's `train` block under the algorithm's name, and after `--set` with that name before them:

            train:
              dqn: {steps: 15000, torques: 5}

            sinew train pendulum --algorithm dqn --set dqn.batch=32

        Beside them a block may have `evaluate: {every, episodes}` where it differs from the scene's. `double-q-learning` and
        `double-dqn` have the keys of `q-learning` and `dqn`, and take those blocks of a scene that has none for them. Unknown keys and values
        that are not allowed are errors. `run.yaml` lists what a run used.

        This page is written by `make schema` from the tables that the reader itself uses.


        """
            + Algorithm.allCases.filter { $0.relative == nil }.map { section($0) }.joined(separator: "\n")
    }

    private static func section(_ algorithm: Algorithm) -> String {
        func rows(_ configuration: some AlgorithmConfiguration) -> String {
            zip(type(of: configuration).hyperparameters, configuration.settings).map { row, setting in
                "| `\(row.key)` | \(setting.value) | \(row.summary) | \(row.allowed) |\n"
            }.joined()
        }
        return "## \(algorithm.rawValue)\n\n| key | default | meaning | allowed |\n|---|---|---|---|\n"
            + rows(AgentConfiguration(algorithm).hyperparameters)
    }
}
