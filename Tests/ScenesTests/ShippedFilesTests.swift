// SPDX-License-Identifier: MIT

import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Settings
import Testing

struct ShippedFilesTests {
    @Test(arguments: ShippedScenes.names)
    func `every shipped scene loads without a warning`(name: String) throws {
        let scene = try Scene.load(named: name, in: ShippedScenes.catalog)
        #expect(scene.name == name)
        // What MuJoCo's file says beyond what is simulated is told of the file as it is.
        #expect(scene.notes.filter { $0.severity != .note && !$0.file.hasSuffix(".xml") } == [])
        #expect(!scene.observationElements.isEmpty)
        #expect(Set(scene.observationElements.map(\.name)).count == scene.observationElements.count)
    }

    @Test func `the pendulum is a rod of 1 kg and 1 m on a motor of 2 N m`() throws {
        let scene = try Scene.load(named: "pendulum", in: ShippedScenes.catalog)
        let rod = scene.robot.links[1]
        #expect(scene.robot.root.properties.mass == 0)
        #expect(scene.base == .fixed)
        #expect(rod.properties.mass == 1)
        #expect(rod.properties.centerOfMass == Vector3(0, 0, 0.5))
        // m l²/3 about the pivot.
        #expect(abs(rod.properties.inertia(about: .zero).yy - 1.0 / 3) < 1e-12)
        #expect(rod.merged == ["tip"])
        #expect(scene.robot.frame(named: "tip")?.pose.position == Vector3(0, 0, 1))
        #expect(scene.actuators == [ActuatorSettings(joint: 0, drive: .torque, scale: 2)])
        #expect(scene.joints[0].velocityLimit == 8)
        #expect(scene.joints[0].effortLimit == 2)
        #expect(scene.physics.controlPeriod == 0.05)
        #expect(scene.physics.gravity == Vector3(0, 0, -10))
        #expect(scene.episodeSteps == 200)
        #expect(scene.reset.jointPositions == [.uniform(low: -.pi, high: .pi)])
        #expect(scene.reset.jointVelocities == [.uniform(low: -1, high: 1)])
        #expect(
            scene.observationElements.map(\.name) == [
                "joint_cosines.hinge", "joint_sines.hinge", "joint_velocities.hinge",
            ])
        #expect(
            scene.reward.compactMap { RewardEntry.format.encode($0).map { Setting($0).flowText } } == [
                "{term: joint_pos_target_l2, target: 0, state: before, weight: -1}",
                "{term: joint_vel_l2, state: before, weight: -0.1}",
                "{term: joint_torques_l2, weight: -0.001}",
            ])
        #expect(scene.training.map(\.algorithm) == ["q-learning", "dqn", "a2c", "sac"])
        #expect(scene.training[3].settings["steps"]?.number == 10000)
        #expect(scene.training[3].settings["steps"]?.path == "train.sac.steps")
        #expect(scene.training[3].settings["learning_rate"]?.number == 1e-3)
    }
}
