// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Physics
import Robots
import Scenes
import Settings
import Testing

/// The first scenes of robots: they stand, their actuators suit them, and there is something to learn.
struct NewSceneTests {
    private func scene(_ robot: Robot, base: Base? = nil) throws -> Scene {
        let template = SceneTemplate(robot, robotFile: robot.file, base: base)
        #expect(template.refusal == nil)
        let scene = try Scene(
            yaml: Array(template.text.utf8), file: "new.yaml",
            SceneOptions(catalog: SceneCatalog(folders: []), robot: robot))
        #expect(scene.notes.filter { $0.severity != .note } == [], "\(template.text)")
        return scene
    }

    /// The base's height and the cosine of its tilt after some seconds of no action.
    private func rest(_ scene: Scene, seconds: Double) throws -> (height: Double, upright: Double) {
        var still = scene
        still.termination = []
        still.episodeSteps = .max
        still.randomisation = Randomisation()
        let environment = try SimulatedEnvironment(still, random: RandomStream(seed: 0, .environment))
        var rollOut = RollOut(environment)
        try rollOut.reset()
        for _ in 0..<Int(seconds / still.physics.controlPeriod) { _ = try rollOut.step { _, _ in } }
        var reading = environment.world.makeReading()
        try environment.world.read(into: &reading)
        let up = reading.orientation(ofLink: 0).rotate(Vector3(0, 0, 1)).z
        return (reading.position(ofLink: 0).z, up)
    }

    @Test func `a dog stands on bent legs for ten seconds and is asked to walk`() throws {
        let scene = try scene(NewRobots.dog())
        #expect(scene.base == .floating && scene.commands != nil && scene.physics.solver == .articulated)
        #expect(scene.reward.map(\.name).contains("track_lin_vel_xy_linear"))
        let knees = [1, 3, 5, 7].map { scene.start.joints[$0] }
        #expect(knees.allSatisfy { $0 < -0.3 }, "\(knees)")
        let (height, upright) = try rest(scene, seconds: 10)
        #expect(upright > 0.99 && abs(height - scene.start.base.position.z) < 0.01, "\(height) \(upright)")
    }

    @Test func `a cart drives on velocity servos`() throws {
        let scene = try scene(NewRobots.cart())
        #expect(scene.base == .floating && scene.actuators.map(\.drive.kind) == [.velocity, .velocity])
        #expect(scene.actuators.allSatisfy { $0.scale <= 15 })
        let (height, upright) = try rest(scene, seconds: 10)
        #expect(upright > 0.99 && abs(height - scene.start.base.position.z) < 0.005)
        let commands = try #require(scene.commands)
        #expect(commands.linearVelocityX.upperBound > 0.1 && commands.angularVelocityZ.upperBound > 0.1)
    }

    @Test func `an arm reaches above its foot with what it can hold, and its jaws are held`() throws {
        let robot = try NewRobots.arm()
        let scene = try scene(robot)
        #expect(scene.base == .fixed && scene.actuators.map(\.joint) == [0, 1, 2, 3, 4])
        #expect(scene.joints[5].stiffness > 0 && scene.joints[6].stiffness > 0)
        guard case .reach(let reach) = scene.target else {
            Issue.record("no reach")
            return
        }
        #expect(reach.link.link == 5 && reach.above == 0.05)
        #expect(!scene.reward.map(\.name).contains("target_angle"), "five joints cannot turn it as they like")
        let six = try self.scene(NewRobots.arm(joints: 6))
        #expect(six.reward.map(\.name) == ["target_distance", "target_angle", "action_rate_l2"])
    }

    @Test func `a biped stands with its feet flat, its arms held, and is pushed`() throws {
        let scene = try scene(NewRobots.biped())
        #expect(scene.actuators.count == 10 && scene.joints.filter { $0.stiffness > 0 }.count == 6)
        #expect(scene.randomisation.push != nil, "it stands by itself")
        let (_, upright) = try rest(scene, seconds: 5)
        #expect(upright > 0.99)
    }

    @Test(arguments: [0, 0.12, -0.12])
    func `a biped puts its feet under its weight and stands on them for ten seconds`(ahead: Double) throws {
        let scene = try scene(NewRobots.biped(ahead: ahead))
        let (_, upright) = try rest(scene, seconds: 10)
        #expect(upright > 0.99 && scene.randomisation.push != nil, "\(upright)")
        var still = scene
        still.randomisation = Randomisation()
        let trial = try SceneTrial(of: still, actions: .zero)
        #expect(trial.end == nil && (trial.restTime ?? 10) < 5, "\(String(describing: trial.restTime))")
    }

    @Test func `a trial tells which end would have come, and when`() throws {
        var scene = try scene(NewRobots.cart())
        let pole = try NewRobots.robot(
            "pole",
            NewRobots.link("body", at: "0 0 0.5", "<box size=\"0.02 0.02 1\"/>")
                + NewRobots.link("hand", mass: 0.01) + NewRobots.joint("wrist", "body", "hand", axis: "0 0 1")
        )
        #expect(try SceneTrial(of: scene, actions: .zero).end == nil)
        scene = try self.scene(pole, base: .floating)
        scene.start.base.orientation = Quaternion(angle: 0.2, about: Vector3(0, 1, 0))
        let end = try #require(try SceneTrial(of: scene, actions: .zero).end)
        #expect(end.seconds > 0.1 && end.seconds < 2 && !end.reason.isEmpty, "\(end)")
    }

    @Test func `a flyer hovers on thrusters at its rotors`() throws {
        let robot = try NewRobots.flyer()
        let template = SceneTemplate(robot, robotFile: "quad.urdf")
        #expect(template.refusal == nil && template.base == .floating)
        let scene = try self.scene(robot, base: nil)
        #expect(scene.actuators.isEmpty && scene.thrusters.count == 4)
        #expect(Set(scene.thrusters.map(\.link.name)) == ["rotor0", "rotor1", "rotor2", "rotor3"])
        // Neighbours drag against each other, and all of them hold twice the weight.
        #expect(scene.thrusters.reduce(0) { $0 + $1.moment } == 0)
        let most = scene.thrusters.reduce(0) { $0 + $1.range.upperBound }
        #expect(abs(most / (2 * 9.81 * robot.totalMass) - 1) < 0.05)
        // With actions of 0 it hardly sinks, at first.
        #expect(abs(try SceneTrial(of: scene, seconds: 0.5, actions: .zero).drop) < 0.3)
    }

    @Test func `what has too few rotors, and what cannot touch the ground, are refused with the reason`()
        throws
    {
        let two = try NewRobots.robot(
            "drone",
            NewRobots.link("body", mass: 1, "<box size=\"0.1 0.1 0.04\"/>")
                + NewRobots.link("rotor0", mass: 0.01)
                + NewRobots.joint("spin0", "body", "rotor0", at: "0.1 0 0", axis: "0 0 1", limit: nil))
        let flyer = SceneTemplate(two, robotFile: "drone.urdf")
        #expect(flyer.refusal?.contains("fewer than three cannot hold it level") == true)
        // The wheels of a public file are fixed, and only its caster turns.
        let stuck = try NewRobots.robot(
            "stuck",
            NewRobots.link("chassis", mass: 3, at: "0 0 0.1", "<box size=\"0.3 0.2 0.05\"/>")
                + NewRobots.link("fork", mass: 0.1)
                + NewRobots.link(
                    "caster", mass: 0.1, rpy: "1.5707963 0 0", "<cylinder radius=\"0.03\" length=\"0.02\"/>")
                + NewRobots.joint("swivel", "chassis", "fork", at: "-0.1 0 0.05", axis: "0 0 1", limit: nil)
                + NewRobots.joint("caster_joint", "fork", "caster", limit: nil))
        let idle = SceneTemplate(stuck, robotFile: "stuck.urdf")
        #expect(idle.refusal?.contains("no joint of it has a motor") == true, "\(idle.refusal ?? idle.text)")
        let legless = try SceneTemplate(NewRobots.dog(feet: false), robotFile: "dog.urdf")
        #expect(legless.refusal?.contains("it cannot stand on them") == true)
        #expect(
            try SceneTemplate(NewRobots.dog(feet: false), robotFile: "dog.urdf", base: .fixed).refusal == nil)
    }

    @Test func `standing still earns nothing by linear tracking, and moving as told earns one`() throws {
        var scene = try scene(NewRobots.cart())
        scene.commands?.linearVelocityX = 0.4...0.4
        scene.commands?.angularVelocityZ = 0...0
        let environment = try SimulatedEnvironment(scene, random: RandomStream(seed: 1, .environment))
        func earned(_ action: Float) throws -> Double {
            var rollOut = RollOut(environment)
            try rollOut.reset()
            var last = 0.0
            for _ in 0..<40 {
                _ = try rollOut.step { _, actions in for index in actions.indices { actions[index] = action }
                }
                last = environment.rewardTerms[0]
            }
            return last
        }
        #expect(abs(try earned(0)) < 0.05)
        let speed = Double(0.4 / (0.06 * scene.actuators[0].scale))
        #expect(try earned(Float(speed)) > 0.9)
    }
}
