// SPDX-License-Identifier: MIT

import Geometry
import Physics
import Robots
import Scenes
import Settings

/// What about a task cannot be learned, or needs no learning: each with its number and what to do.
struct TaskFindings {
    let scene: Scene

    /// What standing still and random actions earn, as a line.
    static func summary(_ still: TaskTrial, _ random: TaskTrial) -> String {
        func words(_ trial: TaskTrial) -> String {
            "\(trial.meanReturn.digits) in \(trial.meanLength.digits) steps\(trial.isCutShort ? ", cut short," : "")"
        }
        return
            "an episode earns \(words(still)) with no action, \(words(random)) with random actions (means of \(still.episodes) and \(random.episodes))"
    }

    func findings(_ still: TaskTrial, _ random: TaskTrial) -> [Diagnostic] {
        hasty(still, "no action") + hasty(random, "random actions") + unvaried(still, random) + targets()
            + weak()
    }

    private func warn(_ path: String, _ message: String, _ remedy: String) -> Diagnostic {
        Diagnostic(.warning, file: scene.file, path: path, message: message, remedy: remedy)
    }

    private func hasty(_ trial: TaskTrial, _ what: String) -> [Diagnostic] {
        guard 2 * trial.hasty > trial.episodes else { return [] }
        return [
            warn(
                "terminate",
                "with \(what) \(trial.hasty) of \(trial.episodes) episodes end within \(TaskTrial.hastySteps) steps, the first by '\(trial.reason)'",
                "there is little to learn from: start where the robot rests, weaken its actuators, or widen the bound"
            )
        ]
    }

    /// A reward of 1 for each step is one to learn from where episodes end.
    private func unvaried(_ still: TaskTrial, _ random: TaskTrial) -> [Diagnostic] {
        guard let one = still.rewards, let other = random.rewards else { return [] }
        let (low, high) = (min(one.lowerBound, other.lowerBound), max(one.upperBound, other.upperBound))
        guard high - low <= 1e-9 * max(1, abs(high)), still.terminated + random.terminated == 0 else {
            return []
        }
        return [
            warn(
                "reward",
                "every step earns \(high.digits), whatever the robot does, and nothing ends an episode early",
                "add a term that depends on what it is asked for, or end episodes by terminate")
        ]
    }

    private func targets() -> [Diagnostic] {
        guard let trial = TargetTrial(of: scene) else { return [] }
        var found: [Diagnostic] = []
        if trial.farthest < 0.01 {
            found.append(
                warn(
                    "target",
                    "link '\(trial.link)' starts within \(trial.farthest.digits) m of every target: nothing is left to reach",
                    "move or widen the target's region"))
        }
        if trial.outOfReach > 0.1 {
            found.append(
                warn(
                    "target",
                    "\((100 * trial.outOfReach).digits) % of the targets are farther away than link '\(trial.link)' ever gets",
                    "move the region nearer to the robot, or make it smaller"))
        }
        return found
    }

    /// A pendulum is driven like that on purpose, an arm is not.
    private func weak() -> [Diagnostic] {
        scene.actuators.compactMap { actuator in
            let (joint, load) = (scene.robot.joints[actuator.joint], scene.weight(on: actuator.joint))
            let most = abs(actuator.offset) + abs(actuator.scale)
            let effort = min(most, scene.joints[actuator.joint].effortLimit ?? most)
            guard actuator.drive.kind == .torque, effort < load else { return nil }
            let unit = joint.kind == .hinge ? "N m" : "N"
            return Diagnostic(
                .note, file: scene.file, path: "actuators",
                message:
                    "joint '\(joint.name)' has up to \(effort.digits) \(unit), less than weight can load it with, \(load.digits) \(unit): it cannot hold every pose",
                remedy: "give it more gear where it is to hold them all")
        }
    }

    // MARK: The robot in the task

    /// What the trial without action shows of the robot's rest.
    func rest(_ trial: SceneTrial) -> [Diagnostic] {
        guard !trial.isDiverged, scene.base != .fixed, scene.physics.gravity.length > 0 else {
            return held(trial)
        }
        // Half of what a free fall makes, for a robot that something pushes up.
        let fall = 0.25 * scene.physics.gravity.length * trial.seconds * trial.seconds
        guard !trial.isTouched, trial.drop > max(fall, 0.5) else { return held(trial) }
        let shapes = scene.robot.links.filter { !$0.shapes.isEmpty }.map { "'\($0.name)'" }
        let why =
            shapes.isEmpty
            ? "no link of it has a collision shape that is read"
            : scene.ground == nil && scene.terrain == nil && scene.obstacles.isEmpty
                ? "the scene has no ground" : "its shapes, of \(shapes.joined(separator: ", ")), met nothing"
        return [
            Diagnostic(
                .error, file: scene.file, path: "base",
                message:
                    "the robot falls for ever, \(trial.drop.digits) m in \(trial.seconds.digits) s, and never touches anything: \(why)",
                remedy: shapes.isEmpty
                    ? "give its feet or wheels <collision> shapes, or set base: fixed"
                    : "add ground: {friction: 1}, or set base: fixed")
        ]
    }

    /// Servos that give all they have where the robot rests cannot move it from there.
    private func held(_ trial: SceneTrial) -> [Diagnostic] {
        guard !trial.isDiverged else { return [] }
        return scene.actuators.compactMap { actuator in
            guard actuator.drive.kind != .torque, actuator.drive.kind != .none,
                let limit = scene.joints[actuator.joint].effortLimit,
                trial.efforts.indices.contains(actuator.joint)
            else { return nil }
            let effort = abs(trial.efforts[actuator.joint])
            guard effort > 0.95 * limit else { return nil }
            let joint = scene.robot.joints[actuator.joint]
            let unit = joint.kind == .hinge ? "N m" : "N"
            return warn(
                "actuators",
                "with no action joint '\(joint.name)' gives \(effort.digits) \(unit), all that its effort limit of \(limit.digits) \(unit) allows: it cannot hold its share of the robot",
                "start in a pose that needs less, raise effort_limit, or lower kp")
        }
    }

    /// What the trial with random actions shows of the actuators.
    func motion(_ trial: SceneTrial) -> [Diagnostic] {
        guard !trial.isDiverged, trial.seconds >= 1, !trial.travel.isEmpty else { return [] }
        return scene.actuators.compactMap { actuator in
            let joint = scene.robot.joints[actuator.joint]
            let (moved, hinge) = (trial.travel[actuator.joint], joint.kind == .hinge)
            guard moved < (hinge ? 1e-3 : 1e-4) else { return nil }
            return warn(
                "actuators",
                "random actions move joint '\(joint.name)' by \(moved.digits) \(joint.unit) only",
                "give its actuator more \(actuator.drive.kind == .torque ? "gear" : "scale or kp"), or look what blocks it"
            )
        }
    }
}
