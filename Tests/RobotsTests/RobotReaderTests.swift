// SPDX-License-Identifier: MIT

import Foundation
import Geometry
import Robots
import Settings
import Testing

/// A body to hang joints on.
private let matter = "<inertial><mass value=\"1\"/><inertia ixx=\"1\" iyy=\"1\" izz=\"1\"/></inertial>"

/// A robot of a root, one link, and the joint between them.
private func robot(
    joint: String = "type=\"revolute\"", inside: String = "<limit lower=\"-1\" upper=\"1\"/>",
    arm: String = matter
) -> String {
    """
    <?xml version="1.0"?>
    <robot name="r">
      <link name="base"/>
      <joint name="elbow" \(joint)>
        <parent link="base"/>
        <child link="arm"/>
        \(inside)
      </joint>
      <link name="arm">\(arm)</link>
    </robot>
    """
}

/// What a robot's reader says: the errors, or the warnings and notes.
private func said(_ urdf: String) -> [String] {
    do {
        return try Robot(urdf: urdf, file: "r.urdf").notes.map(\.description)
    } catch {
        return error.errors.map(\.description)
    }
}

struct RobotReaderTests {
    /// Each file with what its first message must begin with.
    static let refusals: [(String, String)] = [
        ("", "r.urdf: the file is empty; a URDF file has one <robot> element"),
        (
            "\n<!-- a -->\nrobot: x",
            "r.urdf:3: this is not well-formed XML: Start tag expected, '<' not found"
        ),
        ("<robot name='x'>", "r.urdf:1: this is not well-formed XML"),
        (
            "<robot>\n<link name='a'>\n</robot>",
            "r.urdf:3: this is not well-formed XML: Opening and ending tag mismatch: link line 2 and robot"
        ),
        ("<!DOCTYPE robot [<!ENTITY a 'b'>]><robot/>", "r.urdf: document types and entities are not read"),
        (
            "<sdf version='1.6'/>",
            "r.urdf:1: <sdf>: this is an SDF file, not a URDF file; convert it to URDF"
        ),
        (
            "<robot xmlns:xacro='x'><xacro:macro/></robot>",
            "r.urdf:1: <xacro:macro>: this is a xacro file, not yet a URDF file; expand it first: xacro r.urdf > r-expanded.urdf"
        ),
        ("<robot name='x'/>", "r.urdf:1: <robot>: has no links"),
        ("<robot name='x'><link name='a'/></robot>", "r.urdf:1: link 'a': no link of the robot has mass"),
        ("<robot><link/></robot>", "r.urdf:1: <link>: has no name"),
        (
            "<robot>\n<link name='a'/>\n<link name='a'/></robot>",
            "r.urdf:3: link 'a': a link of this name is already in line 2; rename one of them"
        ),
        (
            robot(joint: "type=\"revolut\""),
            "r.urdf:4: joint 'elbow': type 'revolut' is unknown; did you mean 'revolute'?"
        ),
        (
            robot(joint: "type=\"spherical\""),
            "r.urdf:4: joint 'elbow': type 'spherical' is not URDF and not simulated"
        ),
        (robot(joint: ""), "r.urdf:4: joint 'elbow': has no type; allowed: revolute, continuous"),
        (
            robot(joint: "type=\"floating\"", inside: "", arm: ""),
            "r.urdf:3: link 'base': no link of the robot has mass"
        ),
        (
            robot(inside: "<limit lower=\"1.2\" upper=\"-0.3\"/>"),
            "r.urdf:7: joint 'elbow' <limit>: lower 1.2 must be below upper -0.3 (rad); swap them"
        ),
        (
            robot(inside: "<axis xyz=\"0 0 0\"/>"),
            "r.urdf:7: joint 'elbow' <axis xyz>: the axis has no length; write a direction"
        ),
        (
            robot(inside: "<axis xyz=\"0 nan 0\"/>"),
            "r.urdf:7: joint 'elbow' <axis xyz>: '0 nan 0' is not three finite numbers"
        ),
        (
            robot(inside: "<origin xyz=\"1 2\"/>"),
            "r.urdf:7: joint 'elbow' <origin xyz>: '1 2' is not three finite numbers"
        ),
        (
            robot(inside: "<origin xyz=\"1 2 1e300\"/>"),
            "r.urdf:7: joint 'elbow' <origin xyz>: '1 2 1e300' is not allowed"
        ),
        (
            robot(inside: "<limit lower=\"low\" upper=\"1\"/>"),
            "r.urdf:7: joint 'elbow' <limit lower>: 'low' is not a finite number"
        ),
        (
            robot(inside: "<dynamics damping=\"-1\"/>"),
            "r.urdf:7: joint 'elbow' <dynamics damping>: '-1' is not a finite number of at least 0"
        ),
        (
            robot(inside: "<mimic joint=\"x\"/>"),
            "r.urdf:7: joint 'elbow' <mimic>: follows 'x', but there is no such joint"
        ),
        (
            robot(arm: "<inertial><mass value=\"-1\"/></inertial>"),
            "r.urdf:9: link 'arm' <mass value>: '-1' is not a number from 0 to 10000000"
        ),
        (
            robot(arm: "<inertial><inertia ixx=\"1\" iyy=\"1\" izz=\"1\"/></inertial>"),
            "r.urdf:9: link 'arm' <inertial>: has no <mass>"
        ),
        (
            robot(
                arm:
                    "<inertial><mass value=\"2\"/><inertia ixx=\"1\" iyy=\"1\" izz=\"1\" ixy=\"2\"/></inertial>"
            ),
            "r.urdf:9: link 'arm' <inertia>: no body has this inertia: its principal moments are -1, 1, 3 kg m²"
        ),
        (robot(arm: matter + "<collision/>"), "r.urdf:9: link 'arm' <collision>: has no shape"),
        (
            robot(arm: matter + "<collision><geometry><sphere radius=\"-1\"/></geometry></collision>"),
            "r.urdf:9: link 'arm' <sphere radius>: '-1' is not a number from 1e-06 to 100000"
        ),
        (
            robot(arm: matter + "<collision><geometry><cylinder radius=\"1\"/></geometry></collision>"),
            "r.urdf:9: link 'arm' <cylinder length>: is missing"
        ),
        (
            "<robot><link name='upper_arm'>\(matter)</link><joint name='j' type='fixed'><parent link='uper_arm'/><child link='upper_arm'/></joint></robot>",
            "r.urdf:1: joint 'j': there is no link 'uper_arm'; did you mean 'upper_arm'?"
        ),
        (
            "<robot><link name='a'/><link name='b'/></robot>",
            "r.urdf:1: link 'b': no joint leads to it, nor to 'a'"
        ),
        (
            "<robot><link name='a'/><link name='b'/><link name='c'/>\(weld("a", "c"))\(weld("b", "c"))</robot>",
            "r.urdf:1: link 'c': is the child of 2 joints: 'a-c', 'b-c'; a robot is a tree"
        ),
        (
            "<robot><link name='a'/><link name='b'/>\(weld("a", "b"))\(weld("b", "a"))</robot>",
            "r.urdf:1: link 'a': every link is the child of a joint"
        ),
        (
            "<robot><link name='r'>\(matter)</link><link name='a'/><link name='b'/>\(weld("a", "b"))\(weld("b", "a"))</robot>",
            "r.urdf:1: link 'a': cannot be reached from the root 'r'; a loop of joints holds 'a', 'b'"
        ),
        (
            "<robot><link name='r'>\(matter)</link><link name='a'>\(matter)</link><joint name='f' type='floating'><parent link='r'/><child link='a'/></joint></robot>",
            "r.urdf:1: joint 'f': a floating joint can only lead from a massless root"
        ),
    ]

    private static func weld(_ parent: String, _ child: String) -> String {
        "<joint name='\(parent)-\(child)' type='fixed'><parent link='\(parent)'/><child link='\(child)'/></joint>"
    }

    @Test(arguments: refusals)
    func `what cannot be simulated is refused with place, reason and remedy`(urdf: String, message: String) {
        #expect(throws: DescriptionError.self) { try Robot(urdf: urdf, file: "r.urdf") }
        let first = said(urdf).first ?? "nothing"
        #expect(first.hasPrefix(message), "said: \(first)")
        #expect(!first.contains("\n"))
    }

    /// Each file that is tolerated, with the note or warning that says how.
    static let tolerances: [(String, String)] = [
        (
            "\n\n  " + robot(inside: "<limit lower=\"0\" upper=\"0\"/>"),
            "r.urdf:9: warning: joint 'elbow' <limit>: lower and upper are both 0.0 rad; the joint is fixed there"
        ),
        (
            robot(inside: ""),
            "r.urdf:4: warning: joint 'elbow': is revolute and has no <limit>; it moves without limits"
        ),
        (
            robot(inside: "<limit effort=\"1\" velocity=\"1\"/>"),
            "r.urdf:7: warning: joint 'elbow' <limit>: has neither lower nor upper"
        ),
        (
            robot(inside: "<limit lower=\"0\" upper=\"1\" effort=\"0\"/>"),
            "r.urdf:7: warning: joint 'elbow' <limit effort>: is 0"
        ),
        (
            robot(
                arm:
                    "<inertial><mass value=\"2\"/></inertial><collision><geometry><box size=\"1 1 1\"/></geometry></collision>"
            ),
            "r.urdf:9: warning: link 'arm': has mass and no inertia; that of its collision shapes"
        ),
        (
            robot(arm: "<inertial><mass value=\"2\"/><inertia ixx=\"1\" iyy=\"1\" izz=\"3\"/></inertial>"),
            "r.urdf:9: warning: link 'arm' <inertia>: no body has this inertia: its greatest principal moment 3 exceeds the sum of the others, 2"
        ),
        (
            """
            <robot name="r">
              <link name="base"><inertial><mass value="0"/><inertia ixx="1" iyy="0" izz="0" ixy="2"/></inertial></link>
              <joint name="elbow" type="continuous"><parent link="base"/><child link="arm"/></joint>
              <link name="arm">\(matter)</link>
            </robot>
            """,
            "r.urdf:2: note: link 'base' <inertial>: has inertia but no mass; it is taken as a link without matter"
        ),
        (
            robot(inside: "<limit lower=\"-1\" upper=\"1\"/>\n<calibration/>"),
            "r.urdf:8: note: <calibration>: is ignored"
        ),
    ]

    @Test(arguments: tolerances)
    func `what real files contain is read, and said`(urdf: String, message: String) throws {
        _ = try Robot(urdf: urdf, file: "r.urdf")
        #expect(said(urdf).count == 1)
        let first = said(urdf).first ?? "nothing"
        #expect(first.hasPrefix(message), "said: \(first)")
    }

    @Test func `unknown tags are noted once for each kind`() {
        let tags = "<gazebo reference='base'><x/></gazebo><gazebo/><transmission/>"
        let urdf = robot().replacing("</robot>", with: tags + "</robot>")
        #expect(
            said(urdf) == [
                "r.urdf:10: note: <gazebo>: is ignored here and 1 more times",
                "r.urdf:10: note: <transmission>: is ignored",
            ])
    }

    @Test func `all errors of a file are reported, in the order of its lines`() {
        let urdf = robot(
            inside: "<axis xyz=\"0 0 0\"/>\n<limit lower=\"1\" upper=\"0\"/>",
            arm: "<inertial><mass value=\"x\"/></inertial>")
        #expect(said(urdf).map { String($0.prefix(9)) } == ["r.urdf:7:", "r.urdf:8:", "r.urdf:10"])
    }

    @Test func `a hundred warnings hide no error, and it is said how many more there are`() throws {
        let odd = "<inertial><mass value='2'/><inertia ixx='1' iyy='1' izz='3'/></inertial>"
        let links = (0..<150).map {
            "<link name='l\($0)'>\(odd)</link><joint name='j\($0)' type='fixed'><parent link='arm'/><child link='l\($0)'/></joint>"
        }.joined(separator: "\n")
        let many = robot().replacing("</robot>", with: links + "</robot>")
        let notes = try Robot(urdf: many, file: "r.urdf").notes
        #expect(notes.count == 101 && notes.filter { $0.severity == .warning }.count == 100)
        #expect(notes.last?.description == "r.urdf: note: 50 more warnings are not shown")
        let wrong = many.replacing("</robot>", with: "<link name='l0'/></robot>")
        #expect(said(wrong).contains { $0.contains("a link of this name is already in line") })
    }

    @Test func `a name too long for a message is refused`() {
        let long = String(repeating: "x", count: 201)
        let said = said(robot().replacing("\"arm\"", with: "\"\(long)\""))
        #expect(said.contains { $0.contains("has a name of 201 characters, 'xxx") })
        #expect(said.allSatisfy { $0.count < 300 })
        #expect(throws: Never.self) {
            try Robot(urdf: robot().replacing("\"arm\"", with: "\"\(long.dropLast())\""), file: "r.urdf")
        }
    }

    @Test func `a joint that moves no mass is fixed, with a warning`() throws {
        let wheel =
            "<joint name='spin' type='continuous'><parent link='arm'/><child link='wheel'/></joint><link name='wheel'/>"
        let read = try Robot(urdf: robot().replacing("</robot>", with: wheel + "</robot>"), file: "r.urdf")
        #expect(read.joints.map(\.name) == ["elbow"])
        #expect(read.frame(named: "wheel")?.link == 1)
        #expect(read.notes.first?.message.hasPrefix("moves no mass") == true)
    }

    @Test func `a floating joint from a massless root says how the robot is held`() throws {
        let urdf = robot(joint: "type=\"floating\"", inside: "")
        let read = try Robot(urdf: urdf, file: "r.urdf")
        #expect(read.declaredBase == .floating)
        #expect(read.links.map(\.name) == ["arm"])
        let planar = robot(joint: "type=\"planar\"", inside: "<axis xyz=\"0 1 0\"/>")
        #expect(try Robot(urdf: planar, file: "r.urdf").declaredBase == .planar)
    }

    @Test func `a solid's inertia follows from its shape`() throws {
        let ball =
            "<inertial><mass value=\"2\"/></inertial><collision><geometry>\("<sphere radius=\"0.5\"/>")</geometry></collision>"
        let inertia = try Robot(urdf: robot(arm: ball), file: "r.urdf").links[1].properties.inertia
        #expect(abs(inertia.xx - 0.4 * 2 * 0.25) < 1e-12 && abs(inertia.zz - inertia.xx) < 1e-15)
        // A capsule of almost no cylinder is a ball of the same radius; one of almost no radius is a rod, m l²/12.
        let stub = ball.replacing(
            "<sphere radius=\"0.5\"/>", with: "<capsule radius=\"0.5\" length=\"0.000001\"/>")
        let capsule = try Robot(urdf: robot(arm: stub), file: "r.urdf").links[1].properties.inertia
        #expect(abs(capsule.xx - inertia.xx) < 1e-5 && abs(capsule.zz - inertia.zz) < 1e-5)
        let thin = ball.replacing(
            "<sphere radius=\"0.5\"/>", with: "<capsule radius=\"0.0001\" length=\"3\"/>")
        let rod = try Robot(urdf: robot(arm: thin), file: "r.urdf").links[1].properties.inertia
        #expect(abs(rod.xx - 2 * 9 / 12.0) < 1e-3)
    }

    @Test func `a missing file and a folder are told apart from a bad file`() {
        #expect { try Robot.load(file: "/nowhere/x.urdf") } throws: {
            ($0 as? DescriptionError)?.kind == .missing
        }
        #expect { try Robot.load(file: "/tmp") } throws: { ($0 as? DescriptionError)?.kind == .unreadable }
    }

    @Test func `bytes beyond ASCII in a file that is not UTF-8 do no harm`() throws {
        var bytes = Data(robot().utf8)
        let place = try #require(bytes.range(of: Data("<link name=\"base\"/>".utf8)))
        bytes.insert(
            contentsOf: Data("<!-- ".utf8) + [0xE9, 0xFF, 0xC0] + Data(" -->".utf8), at: place.lowerBound)
        let read = try Robot(urdf: Array(bytes), file: "r.urdf")
        #expect(read.notes.first?.message.hasPrefix("the file is not UTF-8") == true)
    }
}
