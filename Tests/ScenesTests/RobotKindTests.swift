// SPDX-License-Identifier: MIT

import Robots
import Scenes
import Testing

/// What a robot is taken for, and on what grounds.
struct RobotKindTests {
    private func anatomy(_ robot: Robot) -> RobotAnatomy {
        RobotAnatomy(robot, at: robot.joints.map { _ in 0 })
    }

    @Test(arguments: [("thigh", "shank"), ("p", "q"), ("pata", "pie")])
    func `four limbs that reach lowest are legs, whatever they are called`(names: (String, String)) throws {
        let anatomy = try anatomy(NewRobots.dog(names: names))
        #expect(anatomy.kind == .legged(4))
        #expect(anatomy.legs.map(\.joints) == [[0, 1], [2, 3], [4, 5], [6, 7]])
        #expect(anatomy.grounds.contains(names.0 == "p" ? "reach lowest of all" : "legs by their names"))
    }

    @Test func `legs are known by their names where their shapes are missing`() throws {
        #expect(try anatomy(NewRobots.dog(feet: false)).kind == .legged(4))
    }

    @Test(arguments: ["wheel", "rueda", "part"])
    func `what is round about a level axis without stops and reaches the ground is a wheel`(name: String)
        throws
    {
        let anatomy = try anatomy(NewRobots.cart(wheels: name))
        #expect(anatomy.kind == .wheeled(2) && anatomy.wheels == [0, 1])
        #expect(anatomy.grounds.contains("round about them"))
    }

    @Test func `arms, hands, flyers and bipeds are told apart`() throws {
        let arm = try anatomy(NewRobots.arm())
        #expect(arm.kind == .arm && arm.arms.map(\.joints.count) == [5] && arm.arms[0].hand.count == 2)
        #expect(try anatomy(NewRobots.hand()).kind == .hand)
        #expect(try anatomy(NewRobots.flyer()).kind == .flyer)
        let biped = try anatomy(NewRobots.biped())
        #expect(biped.kind == .biped && biped.legs.count == 2 && biped.arms.count == 2)
    }

    @Test(arguments: ["0 0 1", "0 1 0"])
    func `a base that slides along x and y and turns is told`(turn: String) throws {
        let rail = { (name: String, parent: String, child: String, axis: String) in
            """
            <joint name="\(name)" type="prismatic"><parent link="\(parent)"/><child link="\(child)"/><axis xyz="\(axis)"/>
            <limit lower="-5" upper="5" effort="100" velocity="2"/></joint>
            """
        }
        let robot = try NewRobots.robot(
            "rover",
            "<link name=\"world\"/><link name=\"along\"/><link name=\"across\"/>"
                + NewRobots.link("base", mass: 5, "<box size=\"0.4 0.3 0.1\"/>") + NewRobots.link("upper")
                + rail("x", "world", "along", "1 0 0") + rail("y", "along", "across", "0 1 0")
                + NewRobots.joint("turn", "across", "base", axis: turn)
                + NewRobots.joint("shoulder", "base", "upper", at: "0 0 0.1"))
        let found = anatomy(robot)
        #expect(found.kind == .arm)
        #expect(found.grounds.contains("on a planar base") == (turn == "0 0 1"), "\(found.grounds)")
    }

    @Test(arguments: [
        ("pendulum", RobotKind.other), ("acrobot", .arm), ("reacher", .arm), ("quadruped", .legged(4)),
        ("ant", .legged(4)), ("walker", .biped), ("hopper", .legged(1)),
    ])
    func `the shipped robots are what they are`(name: String, kind: RobotKind) throws {
        let robot = try Robot.load(file: "\(ShippedScenes.folder)/Robots/\(name).urdf")
        let middle = robot.joints.map { joint in
            guard let lower = joint.lower, let upper = joint.upper, lower > 0 || upper < 0 else { return 0.0 }
            return (lower + upper) / 2
        }
        #expect(RobotAnatomy(robot, at: middle).kind == kind)
    }
}
