// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// `sinew scenes --check` tries the task: what cannot be learned is said, with its number and what to do.
struct TaskCheckTests {
    private static let cart = """
        <robot name="cart">
          <link name="chassis"><inertial><mass value="3"/><inertia ixx="0.02" iyy="0.03" izz="0.04"/></inertial>
            <collision><geometry><box size="0.3 0.2 0.05"/></geometry></collision>
            <collision><origin xyz="-0.12 0 -0.06"/><geometry><sphere radius="0.03"/></geometry></collision></link>
          \(wheel("left", "0.12"))
          \(wheel("right", "-0.12"))
        </robot>
        """

    private static func wheel(_ side: String, _ y: String) -> String {
        """
        <link name="\(side)_wheel"><inertial><mass value="0.2"/><inertia ixx="2e-4" iyy="3.6e-4" izz="2e-4"/></inertial>
          <collision><origin rpy="1.5707963 0 0"/><geometry><cylinder radius="0.06" length="0.03"/></geometry></collision></link>
        <joint name="\(side)_joint" type="continuous"><origin xyz="0.05 \(y) -0.03"/><parent link="chassis"/><child link="\(side)_wheel"/>
          <axis xyz="0 1 0"/><limit effort="3" velocity="15"/></joint>
        """
    }

    /// A new scene for the cart, with changes.
    private func check(_ changes: [(String, String)], in folder: TemporaryFolder) throws
        -> SinewProcess.Outcome
    {
        try folder.write(Self.cart, to: "cart.urdf")
        #expect(try sinew("scenes", "--new", "cart.urdf", "--force", in: folder).code == 0)
        var text = try String(contentsOfFile: folder["cart.yaml"], encoding: .utf8)
        for (old, new) in changes {
            #expect(text.contains(old), "\(old)\n\(text)")
            text = text.replacingOccurrences(of: old, with: new)
        }
        try folder.write(text, to: "changed.yaml")
        return try sinew("scenes", "--check", "changed.yaml", in: folder)
    }

    @Test func `a new scene says what the robot is taken for, and what doing nothing earns`() throws {
        let folder = try TemporaryFolder()
        let outcome = try check([], in: folder)
        #expect(
            outcome.code == 0 && outcome.output.hasSuffix("changed.yaml: no errors\n"), "\(outcome.output)")
        #expect(outcome.output.contains("an episode earns "), "\(outcome.output)")
        let new = try sinew("scenes", "--new", "cart.urdf", "--force", in: folder)
        #expect(
            new.output.contains(
                "it is taken for a robot on 2 driven wheels: 'left_joint', 'right_joint' turn"))
        let robot = try sinew("scenes", "--check", "cart.urdf", in: folder)
        #expect(
            robot.output.contains("taken for a robot on 2 driven wheels") && robot.code == 0,
            "\(robot.output)")
    }

    @Test func `episodes that end at once, and a reward that never varies, are warnings`() throws {
        let folder = try TemporaryFolder()
        let hasty = try check(
            [
                ("{term: bad_orientation, above: 1}", "{term: base_position, axis: x, outside: 0.01}"),
                (
                    "velocities: {uniform: 0.05}",
                    "velocities: {uniform: 0.05}\n  base: {linear_velocity: {uniform: 3}}"
                ),
            ],
            in: folder)
        #expect(
            hasty.output.contains("episodes end within 5 steps, the first by 'base_position'"),
            "\(hasty.output)")
        let text = try String(contentsOfFile: folder["cart.yaml"], encoding: .utf8)
        let rewards = try #require(text.firstMatch(of: #/reward:\n(  .*\n)+/#))
        let flat = try check([(String(rewards.0), "reward:\n  - {term: alive, weight: 2}\n")], in: folder)
        #expect(flat.output.contains("every step earns 2, whatever the robot does"), "\(flat.output)")
    }

    @Test func `a robot that falls for ever is an error, with why`() throws {
        let folder = try TemporaryFolder()
        let outcome = try check([("ground: {friction: 1}\n", "")], in: folder)
        #expect(outcome.code == 65)
        #expect(
            outcome.output.contains("the robot falls for ever, ")
                && outcome.output.contains("the scene has no ground"), "\(outcome.output)")
    }

    @Test func `an actuator that moves nothing is a warning`() throws {
        let folder = try TemporaryFolder()
        let text = try check([], in: folder).output
        #expect(!text.contains("random actions move joint"))
        let weak = try check(
            [("kind: velocity", "effort_limit: 1e-6, friction: 1, kind: velocity")], in: folder)
        #expect(weak.output.contains("random actions move joint 'left_joint' by "), "\(weak.output)")
    }

    @Test func `targets out of reach and where the hand already is are warnings`() throws {
        let folder = try TemporaryFolder()
        let arm = """
            <robot name="arm"><link name="base"/>
              <link name="upper"><inertial><origin xyz="0 0 0.2"/><mass value="1"/><inertia ixx="0.02" iyy="0.02" izz="0.01"/></inertial></link>
              <link name="lower"><inertial><origin xyz="0 0 0.2"/><mass value="0.5"/><inertia ixx="0.01" iyy="0.01" izz="0.005"/></inertial></link>
              <link name="tip"/>
              <joint name="shoulder" type="revolute"><parent link="base"/><child link="upper"/><axis xyz="0 1 0"/>
                <limit lower="-2" upper="2" effort="20" velocity="10"/></joint>
              <joint name="elbow" type="revolute"><origin xyz="0 0 0.4"/><parent link="upper"/><child link="lower"/><axis xyz="0 1 0"/>
                <limit lower="-2" upper="2" effort="10" velocity="10"/></joint>
              <joint name="end" type="fixed"><origin xyz="0 0 0.4"/><parent link="lower"/><child link="tip"/></joint>
            </robot>
            """
        try folder.write(arm, to: "arm.urdf")
        #expect(try sinew("scenes", "--new", "arm.urdf", in: folder).code == 0)
        let text = try String(contentsOfFile: folder["arm.yaml"], encoding: .utf8)
        func checked(_ target: String, _ start: Bool = true) throws -> String {
            var changed = text.replacing(#/target: .*/#, with: "target: \(target)")
            if !start {
                changed = changed.replacing(#/ +(shoulder|elbow): .*\n/#, with: "").replacing(
                    "  joints:\n", with: "")
            }
            try folder.write(changed, to: "a.yaml")
            return try sinew("scenes", "--check", "a.yaml", in: folder).output
        }
        let far = try checked("{box: {low: [2, 0, 2], high: [3, 0, 3]}}")
        #expect(far.contains("100 % of the targets are farther away than link 'tip' ever gets"), "\(far)")
        let near = try checked("{point: [0, 0, 0.8]}", false)
        #expect(near.contains("link 'tip' starts within 0 m of every target"), "\(near)")
    }
}
