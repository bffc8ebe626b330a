// SPDX-License-Identifier: MIT

import Robots
import Settings
import Testing

/// Nothing that a file says is dropped in silence.
struct UnreadPartsTests {
    private static let matter = "<inertial><mass value='1'/><inertia ixx='1' iyy='1' izz='1'/></inertial>"

    /// What is said of a robot of two joints, with something in the first or anywhere in the robot.
    private func said(
        joint: String = "<limit lower='-1' upper='1' effort='5' velocity='1'/>", type: String = "revolute",
        second: String = "effort='5' velocity='1'", robot: String = "", parent: String = "base"
    ) -> [String] {
        let urdf = """
            <robot name="r">
              <link name="base"/><link name="a">\(Self.matter)</link><link name="b">\(Self.matter)</link>
              <joint name="one" type="\(type)"><parent link="\(parent)"/><child link="a"/>\(joint)</joint>
              <joint name="two" type="revolute"><parent link="a"/><child link="b"/><limit lower="0" upper="1" \(second)/></joint>
              \(robot)
            </robot>
            """
        do {
            return try Robot(urdf: urdf, file: "r.urdf").notes.map(\.description)
        } catch {
            return error.errors.map(\.description)
        }
    }

    @Test func `a robot of which all is read has no notes`() { #expect(said() == []) }

    @Test(
        arguments: [
            (
                "<limit lower='0' upper='1' effort='1' velocity='1' accel='3'/>",
                "r.urdf:3: note: <limit accel>: is ignored"
            ),
            ("<limit lower='0' upper='1'>soft</limit>", "r.urdf:3: note: text in <limit>: is ignored"),
            (
                "<limit lower='0' upper='1'/><safety_controller/>",
                "r.urdf:3: note: <safety_controller>: is ignored"
            ),
            (
                "<limit lower='0' upper='1'/><origin xyz='0 0 0' quat='1'/>",
                "r.urdf:3: note: <origin quat>: is ignored"
            ),
            (
                "<limit lower='0' upper='1'/>\n<limit lower='0' upper='2'/>",
                "r.urdf:4: warning: joint 'one': has 2 <limit> elements; the first is used; keep one"
            ),
        ])
    func `what is not read of a joint is named with its line`(joint: String, note: String) {
        #expect(said(joint: joint) == [note])
    }

    @Test func `what is not read elsewhere is named once for each kind`() {
        let more = "<visual><geometry><odd/></geometry></visual>"
        let link =
            "<link name='x'>\(more)\(more)<collision><geometry><box size='1 1 1' colour='3'/><sphere/></geometry></collision></link>"
        let weld =
            "<joint name='w' type='fixed'><parent link='b'/><child link='x'/><axis xyz='1 0 0'/><limit/></joint>"
        #expect(
            said(robot: link + weld + "<robot name='s'/>")
                == [
                    "r.urdf:5: note: <axis> of a fixed joint: is ignored",
                    "r.urdf:5: note: <box colour>: is ignored",
                    "r.urdf:5: note: <limit> of a fixed joint: is ignored",
                    "r.urdf:5: note: <robot>: is ignored",
                    "r.urdf:5: note: <visual>: is ignored here and 1 more times",
                    "r.urdf:5: warning: link 'x': has 2 shapes in a <geometry>; the first is used; keep one",
                ].sorted { ($0.contains("warning") ? 0 : 1, $0) < ($1.contains("warning") ? 0 : 1, $1) })
    }

    @Test func `limits of a continuous joint are named`() {
        #expect(
            said(joint: "<limit lower='-1' upper='1' effort='5' velocity='1'/>", type: "continuous") == [
                "r.urdf:3: note: joint 'one' <limit>: lower and upper are not read: a continuous joint turns without limits; make it revolute to keep them"
            ])
        #expect(said(joint: "<limit effort='5' velocity='1'/>", type: "continuous") == [])
    }

    @Test func `a second robot, and text behind the first, are told with their line`() {
        for tail in ["<robot name='s'/>", "the end"] {
            let said = (try? Robot(urdf: "<robot name='r'>\n</robot>\n\(tail)", file: "r.urdf")).map { _ in
                "read"
            }
            #expect(said == nil)
        }
        #expect { try Robot(urdf: "<robot name='r'>\n</robot>\n<robot/>", file: "r.urdf") } throws: {
            "\($0)".hasPrefix("r.urdf:3: ")
                && "\($0)".hasSuffix("a file holds one <robot>; remove what stands behind its end")
        }
    }

    @Test func `a world that is no link is to be made one`() {
        let missing = said(parent: "world")
        #expect(missing == ["r.urdf:3: joint 'one': there is no link 'world'; add <link name=\"world\"/>"])
        #expect(
            said(parent: "bse") == ["r.urdf:3: joint 'one': there is no link 'bse'; did you mean 'base'?"])
    }

    @Test func `an effort of 0 is a joint without a motor where others have more`() throws {
        let none = "<limit lower='0' upper='1' effort='0' velocity='0'/>"
        #expect(
            said(joint: none) == [
                "r.urdf:3: warning: joint 'one' <limit effort>: is 0 while other joints have more: it is taken as passive, without a motor; write the motor's value if it has one"
            ])
        // Where all are 0, nobody knew.
        #expect(said(joint: none, second: "effort='0' velocity='1'").count == 3)
        #expect(
            said(joint: none, second: "effort='0' velocity='1'").allSatisfy {
                $0.contains("it is taken as no limit")
            })
    }

    @Test func `a number with a character that is none says which`() {
        #expect(
            said(joint: "<limit lower='\u{2212}1' upper='1'/>")[0].hasSuffix(
                "U+2212 (MINUS SIGN) belongs to no number; type it again"))
        #expect(
            said(joint: "<limit lower='-1,5' upper='1'/>")[0].hasSuffix(
                "'-1,5' is not a finite number; write a point, not a comma"))
    }
}
