// SPDX-License-Identifier: MIT

internal import Environments
internal import Geometry
internal import Robots

/// What a task pays before anybody has learned it.
///
/// Its own episodes, ends and all, unlike ``SceneTrial``.
package struct TaskTrial: Sendable, Equatable {
    /// The mean return of an episode.
    package private(set) var meanReturn = 0.0
    /// The mean number of control steps of an episode.
    package private(set) var meanLength = 0.0
    /// Episodes that were played.
    package private(set) var episodes = 0
    /// Those of them that a termination ended.
    package private(set) var terminated = 0
    /// Whether the clock cut the only episode.
    package private(set) var isCutShort = false
    /// Those of them that were terminated within five steps, and what ended the first.
    package private(set) var hasty = 0
    package private(set) var reason = ""
    /// The lowest and the highest reward of a step.
    package private(set) var rewards: ClosedRange<Double>?

    /// So few steps are no episode.
    package static let hastySteps = 5

    /// Plays episodes of a scene.
    ///
    /// - Parameters:
    ///   - scene: the scene.
    ///   - actions: what the robot is told.
    ///   - most: how many episodes, at most.
    ///   - patience: the seconds of the clock after which no more is played; what it cuts counts only where it is the first.
    ///   - seed: what resets and random actions are drawn from.
    /// - Throws: ``SimulationError/scene(file:problem:)`` where the scene or its start cannot be simulated.
    package init(
        of scene: Scene, actions: SceneTrial.Actions, episodes most: Int = 5, patience: Double = 4,
        seed: UInt64 = 0
    ) throws {
        let environment = try SimulatedEnvironment(scene, random: RandomStream(seed: seed, .environment))
        var random = RandomStream(seed: seed, .exploration)
        var rollOut = RollOut(environment)
        let begin = ContinuousClock.now
        var (sum, steps) = (0.0, 0)
        while episodes < most, begin.duration(to: .now) < .seconds(patience) {
            try rollOut.reset()
            var (length, earned, isOver) = (0, 0.0, false)
            while !isOver, begin.duration(to: .now) < .seconds(patience) {
                let step = try rollOut.step { _, action in
                    guard actions == .random else { return }
                    for index in action.indices { action[index] = Float(random.uniform(-1, 1)) }
                }
                rollOut.advance()
                (length, earned) = (length + 1, earned + step.reward)
                let known = rewards ?? step.reward...step.reward
                rewards = min(known.lowerBound, step.reward)...max(known.upperBound, step.reward)
                isOver = step.isTerminated || step.isTruncated || step.isDiverged
                if step.isTerminated { terminated += 1 }
                if step.isTerminated, length <= Self.hastySteps {
                    hasty += 1
                    if reason.isEmpty { reason = environment.reasonOfEnd(scene.termination) ?? "" }
                }
            }
            guard isOver || episodes == 0 else { break }
            isCutShort = !isOver
            (episodes, steps, sum) = (episodes + 1, steps + length, sum + earned)
        }
        meanReturn = sum / Double(max(episodes, 1))
        meanLength = Double(steps) / Double(max(episodes, 1))
    }
}

extension SimulatedEnvironment {
    /// The first of these termination terms that holds now, by its name.
    func reasonOfEnd(_ terms: [TerminationEntry]) -> String? {
        terms.first { entry in
            var values: [Double] = []
            guard (try? entry.term.measure(state, into: &values)) != nil else { return true }
            return values.contains { entry.isOutside($0) }
        }?.name
    }
}

/// Where a scene's targets are, seen from the link that is to reach them.
package struct TargetTrial: Sendable, Equatable {
    /// The link that the reward measures.
    package private(set) var link: String
    /// The greatest distance of the link at the start from any target that was drawn, m.
    package private(set) var farthest = 0.0
    /// The share of the targets that are farther from the first joint than the link ever gets.
    package private(set) var outOfReach = 0.0
    /// Whether all targets are one point.
    package private(set) var isPoint = true

    /// Looks at some targets of a scene; nil where no link is rewarded for being at one, or the robot moves about.
    package init?(of scene: Scene, seed: UInt64 = 0) {
        guard let target = scene.target, scene.base == .fixed,
            let term = scene.reward.lazy.compactMap({ $0.term as? TargetDistance }).first
        else { return nil }
        link = term.link.name
        var random = RandomStream(seed: seed, .environment)
        let targets = (0..<64).map { _ in target.draw(in: scene, using: &random).position }
        let start = scene.poseAtStart(of: term.link).position
        farthest = targets.map { ($0 - start).length }.max() ?? 0
        isPoint = targets.allSatisfy { $0 == targets[0] }
        // How far it pushes an object, only a trial could show.
        guard scene.objectIndex(of: term.link) == nil else { return }
        let robot = scene.robot
        let path = robot.joints(to: term.link.link)
        guard let first = path.first else { return nil }
        func place(_ positions: [Double]) -> Vector3 {
            (robot.linkPoses(base: scene.start.base, positions: positions)[term.link.link] * term.link.pose)
                .position
        }
        let joint = robot.joints[first]
        let pivot =
            (robot.linkPoses(base: scene.start.base, positions: scene.start.joints)[joint.parent]
            * joint.origin).position
        // Of what slides the joint may be anywhere.
        let slides = path.contains { robot.joints[$0].kind == .slider }
        let reach =
            (0..<500).map { sample in
                (place(ReachingPose.sampled(robot, sample, path, from: scene.start.joints, within: .pi))
                    - pivot).length
            }.max() ?? 0
        let beyond = targets.count { ($0 - pivot).length > 1.02 * reach + 1e-3 }
        outOfReach = slides ? 0 : Double(beyond) / Double(targets.count)
    }
}

extension Scene {
    /// The most effort with which weight can load a joint of a robot that is held, N m or N, whatever its pose; 0 where nothing holds it.
    package func weight(on joint: Int) -> Double {
        guard base == .fixed else { return 0 }
        let poses = robot.linkPoses(base: start.base, positions: start.joints)
        return robot.weight(on: joint, poses) * physics.gravity.length / 9.81
    }
}
