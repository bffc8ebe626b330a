// SPDX-License-Identifier: MIT

import Environments
import Policies
import Tasks
import Training

/// What an exported policy gets in the scene that it was trained in, beside what its contract says that it got.
///
/// The same starts and the same engine give the same return, to the last bit on the machine that trained it.
struct LoopCheck {
    let evaluation: Evaluation
    /// The return that the contract states.
    let stated: Double

    /// Runs the policy for the episodes of its evaluation; nil where its contract states none.
    init?(_ policy: PolicyFile, in scene: LoadedScene) throws {
        let training = policy.contract.training
        guard let stated = training.meanReturn, let episodes = training.episodes else { return nil }
        let environment = try scene.makeEnvironment(RandomStream(seed: training.seed, .evaluation))
        evaluation = try Evaluation(of: NetworkPolicy(policy), in: environment, episodes: episodes)
        self.stated = stated
    }

    /// What is wrong, in words; nil where it got what is stated, up to what another machine's rounding makes of the episodes.
    var problem: String? {
        let error = evaluation.returnDeviation / Double(evaluation.returns.count).squareRoot()
        guard abs(evaluation.meanReturn - stated) > max(1e-6 * abs(stated), 3 * error) else { return nil }
        return "in its run's scene it gets a mean return of \(evaluation.meanReturn.asReturn) in "
            + "\(counted(evaluation.returns.count, "episode")), its contract states \(stated.asReturn)"
    }

    /// What it got, for people.
    var summary: String {
        "\(counted(evaluation.returns.count, "episode")) in its run's scene: mean return "
            + "\(evaluation.meanReturn.asReturn), stated \(stated.asReturn)"
    }
}
