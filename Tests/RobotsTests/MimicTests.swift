// SPDX-License-Identifier: MIT

import Geometry
import Robots
import Settings
import Testing

/// Joints that follow others, as files have them.
struct MimicTests {
    private static let matter =
        "<inertial><mass value='1'/><inertia ixx='1' iyy='1' izz='1'/></inertial>"

    /// A hand of a palm and fingers, each on a slider with limits (0, 0.04) unless it says other ones, and what is in it.
    private static func hand(_ fingers: [(name: String, inside: String)]) -> String {
        let made = fingers.map { finger in
            let isFixed = finger.inside.hasPrefix("fixed")
            let inside = isFixed ? String(finger.inside.dropFirst(5)) : finger.inside
            let limit =
                isFixed || inside.contains("<limit")
                ? "" : "<limit lower='0' upper='0.04' effort='20' velocity='0.2'/>"
            return """
                <link name='\(finger.name)_link'>\(matter)</link>
                <joint name='\(finger.name)' type='\(isFixed ? "fixed" : "prismatic")'>\(limit)\(inside)
                <parent link='palm'/><child link='\(finger.name)_link'/></joint>
                """
        }
        return "<robot name='hand'><link name='palm'/>\n" + made.joined(separator: "\n") + "</robot>"
    }

    private func mimic(_ joint: String, _ rest: String = "") -> String { "<mimic joint='\(joint)' \(rest)/>" }

    private func said(_ urdf: String) -> [String] {
        do throws(DescriptionError) {
            return try Robot(urdf: urdf, file: "r.urdf").notes.map(\.description)
        } catch {
            return error.diagnostics.map(\.description)
        }
    }

    @Test func `a joint follows another, named before or after it, by multiplier and offset`() throws {
        let robot = try Robot(
            urdf: Self.hand([("b", mimic("a", "multiplier='-1' offset='0.04'")), ("a", "")]), file: "r.urdf")
        #expect(robot.joints[0].mimic == .init(leader: 1, multiplier: -1, offset: 0.04))
        #expect(robot.joints[0].isPassive)
        #expect(robot.joints[1].mimic == nil)
        #expect(robot.following([9, 0.01]) == [0.03, 0.01])
        // The follower's link is where its leader has it.
        #expect(abs(robot.linkPoses(positions: [9, 0.01])[1].position.x - 0.03) < 1e-15)
        #expect(robot.notes == [])
    }

    @Test func `a chain of followers is led by its first joint`() throws {
        let robot = try Robot(
            urdf: Self.hand([
                ("a", "<limit effort='1' velocity='1' lower='-9' upper='9'/>"),
                (
                    "c",
                    "<limit effort='1' velocity='1' lower='-99' upper='99'/>"
                        + mimic("b", "multiplier='3' offset='0.5'")
                ),
                (
                    "b",
                    "<limit effort='1' velocity='1' lower='-99' upper='99'/>"
                        + mimic("a", "multiplier='2' offset='0.1'")
                ),
            ]), file: "r.urdf")
        #expect(robot.joints[1].mimic == .init(leader: 0, multiplier: 6, offset: 0.5 + 3 * 0.1))
        #expect(robot.joints[2].mimic == .init(leader: 0, multiplier: 2, offset: 0.1))
        #expect(robot.following([1, 0, 0]) == [1, 6 + (0.5 + 3 * 0.1), 2.1])
    }

    @Test func `limits of a follower limit its leader, and those that leave no room are said and not used`()
        throws
    {
        let narrow = Self.hand([
            ("a", ""),
            ("b", "<limit effort='1' velocity='1' lower='-0.05' upper='0'/>" + mimic("a", "multiplier='-2'")),
        ])
        let robot = try Robot(urdf: narrow, file: "r.urdf")
        #expect(robot.joints[0].lower == 0 && robot.joints[0].upper == 0.025)
        #expect(robot.joints[1].lower == -0.05 && robot.joints[1].upper == 0)
        #expect(said(narrow).count == 1 && said(narrow)[0].contains("hold 'a' within 0 to 0.025"))
        // As in the PR2's parallel grippers.
        let wrong = Self.hand([("a", ""), ("b", mimic("a", "multiplier='-1'"))])
        let read = try Robot(urdf: wrong, file: "r.urdf")
        #expect(read.joints[0].upper == 0.04)
        #expect(read.joints[1].lower == -0.04 && read.joints[1].upper == 0)
        #expect(said(wrong).count == 1)
        #expect(
            said(wrong)[0].contains(
                "its limits, 0 to 0.04, leave no room to follow 'a' within 0 to 0.04; they are not used; limits that fit are -0.04 to 0"
            ))
    }

    @Test func `what cannot be followed is refused with its reason`() {
        let cases: [([(String, String)], String)] = [
            (
                [("left_grip", ""), ("b", mimic("grip_left"))],
                "joint 'b' <mimic>: follows 'grip_left', but there is no such joint"
            ),
            (
                [("a", ""), ("b", mimic("b"))],
                "joint 'b' <mimic>: follows itself; name the joint that leads it"
            ),
            (
                [("a", mimic("c")), ("b", mimic("a")), ("c", mimic("b"))],
                "joint 'a' <mimic>: follows itself in a circle: 'a', 'c', 'b', 'a'; let one of them lead"
            ),
            (
                [("a", "fixed"), ("b", mimic("a"))],
                "joint 'b' <mimic>: follows 'a', which is fixed: there is no position to follow; make this joint fixed too"
            ),
            ([("a", ""), ("b", "<mimic/>")], "joint 'b' <mimic>: names no joint; add joint=\"...\""),
            (
                [("a", ""), ("b", mimic("a", "multiplier='nan'"))],
                "joint 'b' <mimic multiplier>: 'nan' is not a number from -1000000 to 1000000"
            ),
            (
                [("a", ""), ("b", mimic("a", "multiplier='1e-9'"))],
                "joint 'b' <mimic>: follows 'a' by 1e-09 and 0.0, which is out of reach"
            ),
        ]
        for (fingers, message) in cases {
            let urdf = Self.hand(fingers)
            #expect(throws: DescriptionError.self) { try Robot(urdf: urdf, file: "r.urdf") }
            #expect(said(urdf).first?.contains(message) == true, "said: \(said(urdf))")
            #expect(said(urdf).count == 1, "said: \(said(urdf))")
        }
    }

    @Test func `a fixed joint follows nothing, and what follows a joint that stands still does too`() throws {
        let fixed = Self.hand([("a", ""), ("b", "fixed" + mimic("a"))])
        #expect(try Robot(urdf: fixed, file: "r.urdf").joints.map(\.name) == ["a"])
        #expect(
            said(fixed).contains { $0.contains("<mimic> of a fixed joint: is ignored") }, "\(said(fixed))")
        let locked = Self.hand([
            ("a", "<limit effort='1' velocity='1' lower='0.02' upper='0.02'/>"),
            ("b", mimic("a", "multiplier='0.5' offset='0.01'")), ("c", ""),
        ])
        let robot = try Robot(urdf: locked, file: "r.urdf")
        #expect(robot.joints.map(\.name) == ["c"])
        #expect(robot.frames["b_link"]?.pose.position.x == 0.02)
    }

    @Test func `what leads may move no mass itself`() throws {
        let urdf = """
            <robot name='h'><link name='palm'/><link name='knob'/><link name='f'>\(Self.matter)</link>
            <joint name='turn' type='continuous'><parent link='palm'/><child link='knob'/></joint>
            <joint name='slide' type='prismatic'><parent link='palm'/><child link='f'/><mimic joint='turn' multiplier='0.01'/>
            <limit lower='0' upper='0.1' effort='1' velocity='1'/></joint></robot>
            """
        let robot = try Robot(urdf: urdf, file: "r.urdf")
        #expect(robot.joints.map(\.name) == ["turn", "slide"])
        #expect(robot.joints[0].upper == 10)
    }
}
