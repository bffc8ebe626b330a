// SPDX-License-Identifier: MIT

import Drawing
import Environments
import Files
import Policies
import Scenes
import Settings
import Tasks
import Training

extension ReplayCommand {
    /// Refuses a policy for --against that cannot act in the scene.
    func checkAgainst(_ opponent: PolicySource?, _ task: LoadedScene) throws {
        guard let opponent, let against else { return }
        let environment = try task.makeEnvironment(RandomStream(seed: seed, .evaluation))
        if let problem = task.misfit(of: opponent.file.contract, in: environment) {
            throw Failure(.badData, "--against \(against): \(problem)")
        }
    }

    /// Writes the page of --html, with the episodes of --against beside them.
    func writePage(
        _ filming: EpisodeFilming, of policy: String, _ source: PolicySource, against opponent: PolicySource?,
        _ task: LoadedScene, to path: String
    ) throws {
        var takes = [EpisodePage.Take(label: policy.pathName, films: filming.films)]
        if let opponent { takes.append(try film(opponent, task)) }
        let page = EpisodePage(try source.shown(task, isAsked: scene != nil), takes)
        let bytes = Array(page.html.utf8)
        try OutputFile(path, replacing: force).write(bytes)
        let size = (Double(bytes.count) / 1e6).formatted("%.1f")
        printError(
            "wrote \(path): \(counted(page.episodeCount, "episode")), \(size) MB; open it in a browser")
    }

    /// What another policy does from the same starts.
    private func film(_ opponent: PolicySource, _ task: LoadedScene) throws -> EpisodePage.Take {
        let environment = try task.makeEnvironment(RandomStream(seed: seed, .evaluation))
        let filming = EpisodeFilming(environment, episodes: EpisodePage.mostEpisodes)
        let evaluation = try Evaluation(
            of: NetworkPolicy(opponent.file), in: environment,
            episodes: min(episodes, EpisodePage.mostEpisodes),
            exploration: stochastic && opponent.file.network.isStochastic
                ? RandomStream(seed: seed, .exploration) : nil, observer: filming)
        printError("--against \(against ?? ""): mean return \(evaluation.meanReturn.asReturn)")
        return EpisodePage.Take(label: (against ?? "").pathName, films: filming.films)
    }
}
