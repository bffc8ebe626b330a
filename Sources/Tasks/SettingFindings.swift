// SPDX-License-Identifier: MIT

internal import Agents
internal import Environments
internal import Scenes
package import Settings
package import Training

extension LoadedScene {
    /// What the settings of a run here cannot mean, at the lines of the scene's file that say so, or at the flag.
    ///
    /// - Parameters:
    ///   - recipe: the run.
    ///   - flags: what `--set` said, such as `sac.batch=128`.
    /// - Returns: those that are refused as errors, first; the others as warnings.
    package func findings(on recipe: Recipe, flags: [String] = []) -> [Diagnostic] {
        let task = SettingsTask(
            observations: scene.observationSpace, actions: scene.actionCount,
            episodeSteps: scene.episodeSteps, evaluationInterval: recipe.evaluation.every)
        let algorithm = recipe.agent.algorithm.name
        let block = block(for: recipe.agent.algorithm)?.settings
        let findings = recipe.agent.findings(in: task).map { finding in
            let severity = finding.isRefused ? Diagnostic.Severity.error : .warning
            // Evaluations are the run's, not the algorithm's.
            let paths = finding.keys.map { $0.contains(".") ? $0 : "train.\(algorithm).\($0)" }
            func diagnostic(_ file: String, _ line: Int?, _ path: String) -> Diagnostic {
                Diagnostic(
                    severity, file: file, line: line, path: path, message: finding.message,
                    remedy: finding.remedy)
            }
            for flag in flags.reversed() {
                guard let given = try? Override(parsing: flag).path,
                    let path = paths.first(where: { [given, "train.\(given)"].contains($0) })
                else { continue }
                return diagnostic("--set \(flag.shortened)", nil, path)
            }
            let line = finding.keys.lazy.compactMap { block?[$0]?.line }.first
            return diagnostic(scene.file, line, paths.first ?? "train")
        }
        return findings + unseenByCritic(of: recipe.agent)
    }

    /// Says that nobody sees what the scene shows to a critic.
    private func unseenByCritic(of agent: AgentConfiguration) -> [Diagnostic] {
        guard !scene.criticObservation.isEmpty, !agent.showsCritic else { return [] }
        let name = agent.algorithm.name
        return [
            Diagnostic(
                .warning, file: scene.file, line: scene.source["critic_observation"]?.line,
                path: "critic_observation",
                message: "\(name) has no critic that sees more than its policy: it leaves this aside",
                remedy: "train with sac, or remove critic_observation")
        ]
    }

    /// What the settings of the algorithms that the scene has a block for cannot mean.
    package func findingsOfBlocks() throws -> [Diagnostic] {
        try scene.training.compactMap { Algorithm(named: $0.algorithm) }.flatMap {
            try findings(on: recipe(name: scene.name, $0))
        }
    }
}
