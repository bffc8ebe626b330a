// SPDX-License-Identifier: MIT

import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Settings
import Testing

struct SceneValuesTests {
    /// The hopper as the design of the format has it.
    static let hopper = """
        format: 1
        summary: A one-legged planar robot hops forward without falling.
        robot: hopper.urdf              # looked up beside the scene, then in Robots/
        base: planar                    # fixed | planar | floating
        physics: {time_step: 0.002, substeps: 4, gravity: [0, 0, -9.81], joint_erp: 0.8, contact_erp: 0.2, cfm: 1e-8}
        ground: {friction: 1.0}
        contacts: {self_collision: false, friction: {foot: 2.0}}
        actuators:                      # kind: torque | position (kp, kd) | velocity (kd); these values win over the URDF's
          - {joints: [thigh, leg, foot], kind: torque, gear: 200, armature: 1, damping: 3}
        start: {position: [0, 0, 1.25]}
        episode: {steps: 1000}
        reset: {positions: {uniform: 0.005}, velocities: {normal: 0.01}}
        observation:                    # in order; this order is the deployment contract
          - {term: base_position, axes: [z]}
          - {term: base_pitch}
          - {term: joint_positions}
          - {term: base_velocity, axes: [x, z], clip: 10}
          - {term: base_pitch_rate, clip: 10}
          - {term: joint_velocities, clip: 10, scale: 0.5}
        reward:
          - {term: forward_velocity, weight: 1}
          - {term: alive, weight: 1}
          - {term: action_squared, weight: -0.001}
        terminate:
          - {term: base_position, axis: z, below: 0.7}
          - {term: base_pitch, outside: [-0.2, 0.2]}
        evaluate: {every: 10000, episodes: 10}
        train:
          sac: {steps: 300000, hidden: [256, 256], batch: 256}
        """

    @Test func `the hopper decodes as written`() throws {
        let scene = try Scene(yaml: Self.hopper, file: "hopper.yaml", catalog: ShippedScenes.catalog)
        #expect(scene.name == "hopper")
        #expect(scene.base == .planar)
        var physics = PhysicsSettings()
        (physics.timeStep, physics.substeps) = (0.002, 4)
        #expect(scene.physics == physics)
        // Version 1's shares of a step, as the file still has them.
        #expect(scene.contactMaterial.softness == Softness(timeConstant: 0.002 / 0.2))
        #expect(scene.stopSoftness == Softness(timeConstant: 2 * 0.002))
        let notes = scene.notes.filter { $0.severity == .note }.map(\.description)
        #expect(notes.contains { $0.contains("physics.contact_erp: means contact.time_constant: 0.01") })
        #expect(notes.contains { $0.contains("physics.cfm: is no setting any more") })
        #expect(scene.contacts.friction == ["foot": 2])
        #expect(scene.robot.links.flatMap(\.shapes).map { scene.friction(of: $0) } == [1, 1, 1, 2])
        #expect(scene.actuators == (0..<3).map { ActuatorSettings(joint: $0, drive: .torque, scale: 200) })
        // The scene's damping wins over the URDF's 1.
        #expect(scene.robot.joints.map(\.damping) == [1, 1, 1])
        #expect(scene.joints.map(\.damping) == [3, 3, 3])
        #expect(scene.joints.map(\.armature) == [1, 1, 1])
        #expect(scene.start.base.position == Vector3(0, 0, 1.25))
        #expect(scene.reset.basePosition == .uniform(low: -0.005, high: 0.005))
        #expect(scene.reset.baseOrientation == .uniform(low: -0.005, high: 0.005))
        #expect(scene.reset.jointVelocities == Array(repeating: .normal(deviation: 0.01), count: 3))
        #expect(scene.reset.baseAngularVelocity == .normal(deviation: 0.01))
        #expect(
            scene.observationElements.map(\.name) == [
                "base_position.z", "base_pitch", "joint_positions.thigh", "joint_positions.leg",
                "joint_positions.foot",
                "base_velocity.x", "base_velocity.z", "base_pitch_rate", "joint_velocities.thigh",
                "joint_velocities.leg",
                "joint_velocities.foot",
            ])
        #expect(scene.observationElements[10].unit == "rad/s")
        #expect(scene.observationElements[10].low == -5 && scene.observationElements[10].high == 5)
        #expect(scene.termination[0].low == 0.7 && scene.termination[0].above == nil)
        #expect(scene.termination[1].low == -0.2 && scene.termination[1].high == 0.2)
        #expect(scene.evaluation == EvaluationPlan(every: 10000, episodes: 10))
        let sac = try #require(scene.training.first?.settings)
        #expect(sac["hidden"]?.line == 29)
        #expect(sac["hidden"]?.path == "train.sac.hidden")
        guard case .list(let hidden) = sac["hidden"]?.value else { throw Missing() }
        #expect(hidden.map(\.number) == [256, 256])
        #expect(hidden[1].path == "train.sac.hidden[1]")
    }

    @Test func `an algorithm's evaluations are the scene's where its block says nothing else`() throws {
        let scene = try Scene.load(named: "pendulum")
        let block = try #require(scene.training.first { $0.algorithm == "q-learning" })
        #expect(block.evaluation == EvaluationPlan(every: 10_000, episodes: 30))
        #expect(block.settings["evaluate"] == nil)
        #expect(block.settings["steps"] != nil)
        #expect(scene.training.last?.evaluation == scene.evaluation)
        #expect(scene.evaluation.every == 1000)
    }

    struct Missing: Error {}

    @Test func `total masses and observation lengths are those of the twins`() throws {
        let twins: [(String, Double, Int, Int)] = [
            ("pendulum", 1, 3, 1), ("acrobot", 2, 6, 1), ("inverted-pendulum", 15.490567, 4, 1),
            ("inverted-double-pendulum", 18.869453, 8, 1), ("reacher", 0.075398, 10, 2),
            ("hopper", 15.820, 11, 3),
            ("walker", 23.677, 17, 6), ("cheetah", 14, 17, 6), ("ant", 0.910880, 27, 8),
            ("quadruped", 12.4, 47, 12), ("go1", 12.7434, 47, 12),
            ("push-box", 2, 16, 2),
        ]
        #expect(ShippedScenes.names.count == twins.count)
        for (name, mass, observations, actions) in twins {
            let scene = try Scene.load(named: name, in: ShippedScenes.catalog)
            #expect(abs(scene.robot.totalMass - mass) < 5e-4, "\(name)")
            #expect(scene.observationElements.count == observations, "\(name)")
            #expect(scene.actuators.count == actions, "\(name)")
        }
    }

    @Test func `a servo rests at the start's position unless it has an offset`() throws {
        let scene = try Scene.load(named: ShippedScenes.everything, in: ShippedScenes.catalog)
        let calf = try #require(scene.robot.joint(named: "FL_calf"))
        let servo = try #require(scene.actuators.first { $0.joint == calf })
        #expect(
            servo == ActuatorSettings(joint: calf, drive: .position(kp: 40, kd: 1), scale: 0.25, offset: -1.6)
        )
        #expect(scene.joints[calf].effortLimit == 24)
        #expect(scene.commands?.linearVelocityX == -0.6...1)
        #expect(scene.randomisation.latency == 0...4)
        #expect(scene.observation[0].noise == .uniform(low: -0.1, high: 0.1))
    }

    @Test func `the quadruped stands with its feet on the ground`() throws {
        let scene = try Scene.load(named: "quadruped", in: ShippedScenes.catalog)
        let poses = scene.robot.linkPoses(base: scene.start.base, positions: scene.start.joints)
        for leg in ["FL", "FR", "RL", "RR"] {
            let foot = try #require(scene.robot.frame(named: leg + "_foot"))
            let place = (poses[foot.link] * foot.pose).position
            // The foot is a ball of 0.02 m, and what rests sinks in by half a millimetre.
            #expect(place.z > 0.0193 && place.z < 0.02)
        }
        // Its centre of mass is between the feet.
        var moment = Vector3.zero
        for (link, pose) in zip(scene.robot.links, poses) {
            moment = moment + link.properties.mass * pose.place(link.properties.centerOfMass)
        }
        #expect(abs(moment.x / scene.robot.totalMass) < 0.02)
    }

    @Test func `an unknown scene is refused with the nearest and all names`() {
        do {
            _ = try Scene.load(named: "pendulm", in: ShippedScenes.catalog)
            Issue.record("found")
        } catch {
            #expect(error.kind == .missing)
            #expect(
                error.description
                    == "scene 'pendulm': there is none of this name; did you mean 'pendulum'? there are: "
                    + ShippedScenes.names.joined(separator: ", "))
        }
    }

    @Test func `the catalog knows each scene's summary`() {
        #expect(
            ShippedScenes.catalog.scenes().first { $0.name == "pendulum" }?.summary
                == "Swing a rod up with a weak motor and hold it upright.")
    }
}
