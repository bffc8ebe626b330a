// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Testing

/// MJCF robots move in the air as in MuJoCo, driven by the motors of their own files; the reference is written by
/// RobotsTests/Golden/make_mjcf.py.
struct MJCFMotionTests {
    struct Reference: Decodable {
        var trajectories: [ContactFreeReference.Trajectory]
    }

    static let folder = ShippedScenes.folder + "/Tests/RobotsTests/Golden"
    /// Files elsewhere can be tried by SINEW_MJCF=FILE.xml:FILE.json,...
    static var files: [[String]] {
        [["dog.xml", "dog.json"], ["arm.xml", "arm.json"], ["ur5e/ur5e.xml", "ur5e.json"]].map {
            $0.map { "\(folder)/\($0)" }
        }
            + (ProcessInfo.processInfo.environment["SINEW_MJCF"]?.split(separator: ",") ?? [])
            .map { $0.split(separator: ":").map(String.init) }
    }

    /// The scene of a robot in the air, without stops and dry friction, with the motors of its file.
    private func scene(_ file: String, timeStep: Double, substeps: Int) throws -> Scene {
        let robot = try Robot.load(file: file)
        let start = zip(robot.joints, robot.home?.joints ?? []).map { "\($0.name): \($1)" }
        let text = """
            format: 1
            summary: in the air
            robot: \(file)
            physics: {time_step: \(timeStep), substeps: \(substeps), solver: articulated}
            actuators: [{kind: model}]
            start: {joints: {\(start.joined(separator: ", "))}}
            episode: {steps: 100000}
            observation: [{term: joint_positions}]
            reward: [{term: alive, weight: 1}]
            """
        var scene = try Scene(yaml: text, file: "m.yaml", catalog: ShippedScenes.catalog).withoutChance
        for joint in scene.robot.joints.indices {
            (scene.robot.joints[joint].lower, scene.robot.joints[joint].upper) = (nil, nil)
            scene.joints[joint].friction = 0
        }
        return scene
    }

    private func deviation(
        _ scene: Scene, from trajectory: ContactFreeReference.Trajectory
    ) throws -> Deviation {
        let driver = try Driver(scene)
        try driver.reset()
        let isFree = scene.base == .floating
        let (q, v) = (trajectory.qpos[0], trajectory.qvel[0])
        var base: BaseState?
        if isFree {
            let turn = Quaternion(w: q[3], x: q[4], y: q[5], z: q[6])
            base = BaseState(
                position: Vector3(q[0], q[1], q[2]), orientation: turn,
                linearVelocity: Vector3(v[0], v[1], v[2]),
                angularVelocity: turn.rotate(Vector3(v[3], v[4], v[5])))
        }
        try driver.environment.place(
            base: base, positions: Array(q.dropFirst(isFree ? 7 : 0)),
            velocities: Array(v.dropFirst(isFree ? 6 : 0)))
        var deviation = Deviation()
        for (index, commands) in trajectory.control.enumerated() {
            try driver.step(zip(scene.actuators, commands).map { Float(($1 - $0.offset) / $0.scale) })
            let reading = driver.environment.reading
            let (q, v) = (trajectory.qpos[index + 1], trajectory.qvel[index + 1])
            deviation.add(
                reading.jointPositions, reading.jointVelocities, Array(q.dropFirst(isFree ? 7 : 0)),
                Array(v.dropFirst(isFree ? 6 : 0)))
            guard isFree else { continue }
            let (place, velocity) = (reading.position(ofLink: 0), reading.linearVelocity(ofLink: 0))
            deviation.add(place.components, velocity.components, Array(q.prefix(3)), Array(v.prefix(3)))
        }
        return deviation
    }

    @Test(arguments: files)
    func `a robot in the air moves as in MuJoCo and the more so the shorter the step`(files: [String]) throws
    {
        let reference = try JSONDecoder().decode(
            Reference.self, from: Data(contentsOf: URL(fileURLWithPath: files[1])))
        for (number, trajectory) in reference.trajectories.enumerated() {
            let fine = try deviation(scene(files[0], timeStep: 1e-4, substeps: 200), from: trajectory)
            let coarse = try deviation(scene(files[0], timeStep: 1e-3, substeps: 20), from: trajectory)
            #expect(fine.position < 1e-3, "trajectory \(number): \(fine)")
            #expect(fine.velocity < 1e-2, "trajectory \(number): \(fine)")
            // Of first order, for motors that reach what they can give.
            #expect(coarse.position / fine.position > 8, "trajectory \(number): \(coarse) \(fine)")
        }
    }
}
