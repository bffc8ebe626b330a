// SPDX-License-Identifier: MIT

import Foundation
import Geometry
import Physics
import Robots
import Scenes

/// Trajectories of a robot that touches nothing, as MuJoCo integrates them with Runge-Kutta at 0.1 ms; the acrobot's by Gymnasium's equations.
struct ContactFreeReference: Decodable {
    struct Actuator: Decodable {
        var joint: String
        var gear: Double
    }

    struct Trajectory: Decodable {
        var qpos: [[Double]]
        var qvel: [[Double]]
        var control: [[Double]]
    }

    enum CodingKeys: String, CodingKey {
        case controlStep = "control_step"
        case actuators, trajectories
    }

    var controlStep: Double
    var actuators: [Actuator]
    var trajectories: [Trajectory]

    init(named name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden/contact_free_\(name).json")
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }
}

/// The largest differences from a reference over a trajectory.
struct Deviation {
    /// rad or m.
    var position = 0.0
    /// rad/s or m/s.
    var velocity = 0.0

    mutating func add(_ positions: [Double], _ velocities: [Double], _ q: [Double], _ v: [Double]) {
        for index in q.indices { position = max(position, abs(positions[index] - q[index])) }
        for index in v.indices { velocity = max(velocity, abs(velocities[index] - v[index])) }
    }
}

/// A shipped scene's robot on a trajectory of the reference: contacts off, its time step changed.
struct ContactFreeFlight {
    let reference: ContactFreeReference
    let scene: Scene
    /// How many numbers of qpos are the base's: 0 fixed, 3 planar, 7 floating.
    let baseCount: Int
    var isFirstOrder: Bool { scene.physics.solver == .ode }

    init(scene name: String, reference: ContactFreeReference, timeStep: Double) throws {
        self.reference = reference
        var scene = try ShippedScenes.load(name).withoutChance
        scene.physics.timeStep = timeStep
        scene.physics.substeps = Int((reference.controlStep / timeStep).rounded())
        scene.ground = nil
        scene.obstacles = []
        scene.contacts.selfCollision = false
        scene.episodeSteps = .max
        self.scene = scene
        baseCount =
            switch scene.base {
            case .fixed: 0
            case .planar: 3
            case .floating: 7
            }
    }

    /// The joints that the actuators drive, in the order of the action.
    var jointNames: [String] { scene.actuators.map { scene.robot.joints[$0.joint].name } }

    /// The same of the reference, whose Hopper and Walker2d add `_joint` to each name.
    var referenceJointNames: [String] {
        reference.actuators.map { $0.joint.replacing("_joint", with: "") }
    }

    /// How far our robot gets from the reference on one of its trajectories.
    func deviation(on trajectory: ContactFreeReference.Trajectory) throws -> Deviation {
        let driver = try Driver(scene)
        try driver.reset()
        try start(driver.environment, trajectory)
        var deviation = Deviation()
        for (index, control) in trajectory.control.enumerated() {
            try driver.step(action(control))
            let (positions, velocities) = state(of: driver.environment)
            deviation.add(
                positions, velocities, Array(trajectory.qpos[index + 1].prefix(positions.count)),
                Array(trajectory.qvel[index + 1].prefix(velocities.count)))
        }
        return deviation
    }

    /// The policy's numbers for a control of the reference: the same effort, whatever the gears.
    private func action(_ control: [Double]) -> [Float] {
        zip(control, zip(reference.actuators, scene.actuators)).map { control, pair in
            guard pair.1.drive.kind == .torque else { return .nan }
            return Float(control * pair.0.gear / pair.1.scale)
        }
    }

    private func start(
        _ environment: SimulatedEnvironment, _ trajectory: ContactFreeReference.Trajectory
    ) throws {
        let (q, v) = (trajectory.qpos[0], trajectory.qvel[0])
        let speeds = scene.base == .floating ? 6 : baseCount
        try environment.place(
            base: base(q, v), positions: Array(q[baseCount...].prefix(scene.robot.joints.count)),
            velocities: Array(v[speeds...].prefix(scene.robot.joints.count)))
    }

    /// The base's state from its part of qpos and qvel: slides along x and z and a turn about +y, or a free joint with its
    /// angular velocity in the body's frame.
    private func base(_ q: [Double], _ v: [Double]) -> BaseState? {
        switch scene.base {
        case .fixed: return nil
        case .planar:
            return BaseState(
                position: Vector3(q[0], 0, q[1]),
                orientation: .init(w: cos(q[2] / 2), x: 0, y: sin(q[2] / 2), z: 0),
                linearVelocity: Vector3(v[0], 0, v[1]), angularVelocity: Vector3(0, v[2], 0))
        case .floating:
            let turn = Quaternion(w: q[3], x: q[4], y: q[5], z: q[6])
            let rate = turn.rotate(.init(v[3], v[4], v[5]))
            return BaseState(
                position: Vector3(q[0], q[1], q[2]), orientation: .init(w: q[3], x: q[4], y: q[5], z: q[6]),
                linearVelocity: Vector3(v[0], v[1], v[2]), angularVelocity: rate)
        }
    }

    /// The robot's state in the reference's numbers.
    private func state(of environment: SimulatedEnvironment) -> (positions: [Double], velocities: [Double]) {
        let reading = environment.reading
        var (positions, velocities): ([Double], [Double]) = ([], [])
        let place = reading.position(ofLink: 0)
        let turn = reading.orientation(ofLink: 0)
        let velocity = reading.linearVelocity(ofLink: 0)
        let rate = reading.angularVelocity(ofLink: 0)
        switch scene.base {
        case .fixed: break
        case .planar:
            positions = [place.x, place.z, 2 * atan2(turn.y, turn.w)]
            velocities = [velocity.x, velocity.z, rate.y]
        case .floating:
            let sign = turn.w < 0 ? -1.0 : 1.0
            positions = [
                place.x, place.y, place.z, sign * turn.w, sign * turn.x, sign * turn.y, sign * turn.z,
            ]
            let own = Quaternion(w: turn.w, x: -turn.x, y: -turn.y, z: -turn.z)
                .rotate(rate)
            velocities = [velocity.x, velocity.y, velocity.z, own.x, own.y, own.z]
        }
        return (positions + reading.jointPositions, velocities + reading.jointVelocities)
    }
}
