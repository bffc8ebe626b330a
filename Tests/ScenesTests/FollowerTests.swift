// SPDX-License-Identifier: MIT

import Environments
import Physics
import Robots
import Scenes
import Settings
import Testing

/// Robots whose joints follow others, and whose links have no mass, as scenes have them.
struct FollowerTests {
    /// Two fingers on rails; the second goes twice as far the other way.
    static let gripper = """
        <robot name="pinch"><link name="base"/>
        <link name="l"><inertial><mass value="0.3"/><inertia ixx="1e-3" iyy="1e-3" izz="1e-3"/></inertial></link>
        <link name="r"><inertial><mass value="0.2"/><inertia ixx="1e-3" iyy="1e-3" izz="1e-3"/></inertial></link>
        <joint name="grip_l" type="prismatic"><parent link="base"/><child link="l"/><axis xyz="0 1 0"/>
          <limit lower="-1" upper="1" effort="20" velocity="9"/></joint>
        <joint name="grip_r" type="prismatic"><parent link="base"/><child link="r"/><axis xyz="0 1 0"/>
          <mimic joint="grip_l" multiplier="-2" offset="0.1"/><limit lower="-9" upper="9" effort="20" velocity="99"/></joint>
        </robot>
        """

    private func scene(
        _ urdf: String = gripper, physics: String = ", solver: articulated",
        actuators: String = "{kind: torque, gear: 1}", rest: String = ""
    ) throws(DescriptionError) -> Scene {
        let robot = try Robot(urdf: urdf, file: "r.urdf")
        let text = """
            format: 1
            summary: A test.
            robot: r.urdf
            physics: {time_step: 0.001, substeps: 10, gravity: [0, 0, 0]\(physics)}
            actuators: [\(actuators)]
            episode: {steps: 100}
            observation: [{term: joint_positions}]
            reward: [{term: action_squared, weight: -1}]
            \(rest)
            """
        return try Scene(yaml: Array(text.utf8), file: "r.yaml", SceneOptions(robot: robot))
    }

    private func problems(_ make: () throws(DescriptionError) -> Scene) -> [String] {
        do throws(DescriptionError) {
            return try make().notes.map(\.description)
        } catch {
            return error.diagnostics.map(\.description)
        }
    }

    @Test func `one action moves both fingers by the mass of both`() throws {
        let scene = try scene()
        #expect(scene.actuators.map(\.joint) == [0])
        let environment = try SimulatedEnvironment(scene, random: RandomStream(seed: 0, .environment))
        var rollOut = RollOut(environment)
        try rollOut.reset()
        for _ in 0..<20 { _ = try rollOut.step { _, action in action[0] = 0.5 } }
        let state = environment.state.after.reading
        let q = 0.5 * 0.5 / (0.3 + 4 * 0.2) * 0.2 * 0.2
        #expect(abs(state.position(ofJoint: 0) / q - 1) < 1e-9)
        #expect(abs(state.position(ofJoint: 1) - (0.1 - 2 * q)) < 1e-12)
    }

    @Test func `ode and what moves a follower alone are refused with what to do`() {
        let ode = problems { () throws(DescriptionError) in try scene(physics: "") }
        #expect(
            ode.contains {
                $0.contains(
                    "joint 'grip_r' follows 'grip_l', which ode does not simulate; set physics: {solver: articulated}"
                )
            }, "\(ode)")
        let driven = problems { () throws(DescriptionError) in
            try scene(actuators: "{joints: [grip_r], kind: torque, gear: 1}")
        }
        #expect(
            driven.contains {
                $0.contains("joint 'grip_r' follows 'grip_l', so one action moves both; drive 'grip_l'")
            }, "\(driven)")
        let noise = problems { () throws(DescriptionError) in
            try scene(rest: "reset: {joints: {grip_r: {position: {uniform: 0.1}}}}")
        }
        #expect(noise.contains { $0.contains("has no noise of its own; give it to 'grip_l'") }, "\(noise)")
    }

    @Test func `a follower starts where its leader has it`() throws {
        let scene = try scene(rest: "start: {joints: {grip_l: 0.2, grip_r: 0.5}}")
        #expect(scene.start.joints == [0.2, 0.1 - 2 * 0.2])
        #expect(scene.notes.contains { $0.message.contains("so it starts at -0.3") })
    }

    @Test func `a base of links without mass moves as its joints do`() throws {
        let rover = """
            <robot name="rover"><link name="world"/><link name="bx"/><link name="by"/>
            <link name="base"><inertial><origin xyz="0.1 0 0"/><mass value="5"/><inertia ixx="0.1" iyy="0.1" izz="0.1"/></inertial></link>
            <joint name="x" type="prismatic"><parent link="world"/><child link="bx"/><axis xyz="1 0 0"/></joint>
            <joint name="y" type="prismatic"><parent link="bx"/><child link="by"/><axis xyz="0 1 0"/></joint>
            <joint name="turn" type="continuous"><parent link="by"/><child link="base"/><axis xyz="0 0 1"/></joint></robot>
            """
        let ode = problems { () throws(DescriptionError) in try scene(rover, physics: "") }
        #expect(
            ode.contains {
                $0.contains(
                    "link 'bx' has no mass, and joint 'x' moves it, which ode does not simulate; set physics: {solver: articulated}"
                )
            }, "\(ode)")
        let environment = try SimulatedEnvironment(
            scene(rover), random: RandomStream(seed: 0, .environment))
        var rollOut = RollOut(environment)
        try rollOut.reset()
        for _ in 0..<10 { _ = try rollOut.step { _, action in (action[0], action[1]) = (1, 0.5) } }
        let reading = environment.state.after.reading
        // The centre of mass goes the way of the force, whatever the base turns.
        let (angle, arm) = (reading.position(ofJoint: 2), 0.1)
        let push = 0.5 * 0.1 * 0.1 / 5
        #expect(abs(reading.position(ofJoint: 0) + arm * (cosine(angle) - 1) - push) < 1e-6)
        #expect(abs(reading.position(ofJoint: 1) + arm * sine(angle) - push / 2) < 1e-6)
        #expect(abs(angle) > 1e-4)
    }

    @Test func `links that are in each other at the start never touch, and others do`() throws {
        func link(_ name: String, _ x: Double) -> String {
            """
            <link name="\(name)"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1"/></inertial>
              <collision><geometry><sphere radius="0.1"/></geometry></collision></link>
            <joint name="to_\(name)" type="prismatic"><parent link="base"/><child link="\(name)"/><origin xyz="\(x) 0 0"/></joint>
            """
        }
        let urdf =
            "<robot name='r'><link name='base'/>" + link("a", 0) + link("b", 0.15) + link("c", 0.6)
            + "</robot>"
        func environment(_ rest: String) throws -> SimulatedEnvironment {
            try SimulatedEnvironment(
                scene(urdf, rest: rest), random: RandomStream(seed: 0, .environment))
        }
        let touching = try environment("contacts: {self_collision: true}")
        #expect(touching.linksTouchingAtStart == [LinkPair(first: "a", second: "b")])
        #expect(touching.world.definition.pairs.map(\.first) == [0, 1])
        // Where b starts elsewhere it is in nothing, and in c where it starts there.
        let apart = try environment("contacts: {self_collision: true}\nstart: {joints: {to_b: 0.15}}")
        #expect(apart.linksTouchingAtStart == [] && apart.world.definition.pairs.count == 3)
        let other = try environment("contacts: {self_collision: true}\nstart: {joints: {to_b: 0.4}}")
        #expect(other.linksTouchingAtStart == [LinkPair(first: "b", second: "c")])
        #expect(try environment("").world.definition.pairs == [])
    }

    /// Of small angles.
    private func sine(_ x: Double) -> Double { x - x * x * x / 6 }
    private func cosine(_ x: Double) -> Double { 1 - x * x / 2 }
}
