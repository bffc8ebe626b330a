// SPDX-License-Identifier: MIT

import Agents
import Files
import Foundation
import Policies
import Tasks
import Training
import View

/// `train --view`: a run shown while it learns.
///
/// The run itself does nothing for it but leave a reference to each network that it evaluates; what is seen is simulated on another thread, in
/// an environment of its own, and only while somebody looks. The curves are read from the run's tables.
final class TrainingView: TrainingObserver {
    private let run: PlannedRun
    private let display: TrainingDisplay
    private let policy: NewestPolicy
    private let scene: LiveScene
    private let server: ViewServer

    /// Listens; nothing is shown yet.
    init(_ run: PlannedRun, _ display: TrainingDisplay, _ options: ViewOptions) throws {
        (self.run, self.display) = (run, display)
        policy = NewestPolicy(of: run.folder)
        scene = try LiveScene(
            Exhibit(
                run.scene, look: run.scene.shown(), label: run.folder.path.pathName, feed: policy,
                run: (run.folder, run.recipe.agent.steps), seed: run.recipe.seed))
        server = try options.server(of: scene)
    }

    func start() {
        scene.start()
        server.start()
        server.announce(run.folder.path, onOutput: false)
    }

    /// Tells those who look that it is over, and ends.
    func end() {
        if scene.isSeen {
            scene.say(
                "the training has ended; its best policy is shown by: sinew view \(run.folder.path.shellQuoted)"
            )
            usleep(300_000)
        }
        server.end()
        scene.end()
    }

    func progressed(_ progress: TrainingProgress) { display.progressed(progress) }

    func evaluated(_ evaluation: Evaluation, step: Int, isBest: Bool) {
        display.evaluated(evaluation, step: step, isBest: isBest)
    }

    func evaluated(_ network: PolicyNetwork, as evaluation: Evaluation, step: Int) {
        policy.take(network, step: step, mean: evaluation.meanReturn)
    }

    func warned(_ text: String) { display.warned(text) }
}
