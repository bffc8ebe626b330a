// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Environments
internal import Geometry
internal import Physics
internal import Robots
internal import Settings

/// Where a robot comes to rest when its actions are zero: its servos give way to its weight.
struct Settling {
    /// The height of the root's frame, and its roll and pitch.
    private(set) var height = 0.0
    private(set) var roll = 0.0
    private(set) var pitch = 0.0
    private(set) var joints: [Double] = []
    /// Whether it still stands, and after how many seconds it did not.
    private(set) var isStanding = true
    private(set) var fallTime = 0.0

    private static let seconds = 10.0
    /// What moves less than this (rad/s, m/s) for a second is at rest.
    private static let stillness = 1e-3

    /// Lets a robot come to rest in the scene of this text; nil where there is nothing to settle, or the scene does not load.
    init?(_ plan: ScenePlan, _ text: String) {
        guard plan.base == .floating else { return nil }
        let options = SceneOptions(catalog: SceneCatalog(folders: []), robot: plan.robot)
        guard var scene = try? Scene(yaml: Array(text.utf8), file: "new.yaml", options) else { return nil }
        scene.termination = []
        scene.episodeSteps = .max
        scene.reset = scene.reset.silent
        scene.randomisation = Randomisation()
        scene.commands?.resampleTime = nil
        guard let environment = try? SimulatedEnvironment(scene, random: RandomStream(seed: 0, .environment))
        else {
            return nil
        }
        var rollOut = RollOut(environment)
        guard (try? rollOut.reset()) != nil else { return nil }
        var still = 0
        for step in 0..<scene.steps(in: Self.seconds) where still < scene.steps(in: 1) {
            guard let done = try? rollOut.step({ _, _ in }), !done.isDiverged else { return nil }
            let state = environment.state.after
            let upright = -state.projectedGravity(scene).z
            guard upright > 0.7, state.base.position.z > 0.6 * plan.height - 0.02 else {
                (isStanding, fallTime) = (false, Double(step + 1) * scene.physics.controlPeriod)
                return
            }
            still = state.isStill(Self.stillness) ? still + 1 : 0
        }
        take(environment.state.after, plan.robot)
    }

    private mutating func take(_ state: RobotState, _ robot: Robot) {
        let turn = state.base.orientation
        height = state.base.position.z
        // Where it looks is no part of how it stands.
        let level = Quaternion(angle: -turn.yaw, about: Vector3(0, 0, 1)) * turn
        roll = atan2(
            2 * (level.w * level.x + level.y * level.z), 1 - 2 * (level.x * level.x + level.y * level.y))
        pitch = asin(max(-1, min(1, 2 * (level.w * level.y - level.z * level.x))))
        joints = robot.joints.enumerated().map { index, joint in
            let position = state.reading.position(ofJoint: index)
            return min(max(position, joint.lower ?? -.infinity), joint.upper ?? .infinity)
        }
    }
}

extension RobotState {
    /// Whether neither the base nor any joint moves faster than a speed, rad/s or m/s.
    fileprivate func isStill(_ speed: Double) -> Bool {
        baseVelocity.length < speed && baseAngularVelocity.length < speed
            && reading.jointVelocities.allSatisfy { abs($0) < speed }
    }
}
