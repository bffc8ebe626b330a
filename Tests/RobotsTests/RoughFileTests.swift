// SPDX-License-Identifier: MIT

import Geometry
import Robots
import Settings
import Testing

/// What public files have that is not quite right, and is read as it was meant, with a word.
struct RoughFileTests {
    private func robot(
        inertial: String = "<inertial><mass value='2'/><inertia ixx='1' iyy='1' izz='1'/></inertial>",
        limit: String = "effort='3' velocity='4'", shape: String = "<box size='1 2 3'/>", head: String = ""
    ) throws -> Robot {
        try Robot(
            urdf: """
                \(head)<robot name='r'><link name='a'/><link name='b'>\(inertial)
                <collision><geometry>\(shape)</geometry></collision></link>
                <joint name='j' type='continuous'><parent link='a'/><child link='b'/><limit \(limit)/></joint></robot>
                """, file: "r.urdf")
    }

    private func says(_ robot: Robot, _ words: String) -> Bool {
        robot.notes.contains { $0.description.contains(words) }
    }

    @Test func `where no link has mass, shapes weigh as much as water`() throws {
        let robot = try robot(inertial: "")
        #expect(robot.joints.map(\.name) == ["j"] && abs(robot.totalMass - 6000) < 1e-9)
        #expect(abs(robot.links[1].properties.inertia.xx - 6000.0 / 12 * 13) < 1e-6)
        #expect(
            says(robot, "no link has mass: each is taken as its collision shapes filled with water, 6000 kg"))
        // It weighs where it is.
        let away = """
            <robot name='r'><link name='a'/><link name='b'><collision><origin xyz='0 0 2'/><geometry><box size='1 1 1'/>
            </geometry></collision></link><joint name='j' type='continuous'><parent link='a'/><child link='b'/></joint></robot>
            """
        let high = try Robot(urdf: away, file: "r.urdf").links[1].properties
        #expect((high.centerOfMass - Vector3(0, 0, 2)).length < 1e-12)
        // One that has some means the others to have none.
        let text = "<robot name='r'><link name='a'/><link name='b'/></robot>"
        #expect(throws: DescriptionError.self) { try Robot(urdf: text, file: "r.urdf") }
    }

    @Test func `a ball without radius is a point, a box without size nothing`() throws {
        let point = try robot(shape: "<sphere radius='0.0'/>")
        #expect(point.links[1].shapes.map(\.geometry) == [.sphere(radius: 1e-4)])
        #expect(
            says(point, "r.urdf:2: warning: link 'b' <sphere radius>: is 0: the point is taken as a ball"))
        let nothing = try robot(shape: "<box size='0 0 0'/>")
        #expect(nothing.links[1].shapes.isEmpty && says(nothing, "<box size>: is 0 in all directions"))
        #expect(throws: DescriptionError.self) { try robot(shape: "<box size='0 1 1'/>") }
    }

    @Test func `masses of less than anything weighs are none`() throws {
        let text = """
            <robot name='r'><link name='a'/><link name='b'><inertial><mass value='2'/><inertia ixx='1' iyy='1' izz='1'/></inertial></link>
            <link name='c'><inertial><mass value='4e-15'/><inertia ixx='1e-20' iyy='1' izz='1'/></inertial></link>
            <joint name='j' type='continuous'><parent link='a'/><child link='b'/></joint>
            <joint name='k' type='fixed'><parent link='b'/><child link='c'/></joint></robot>
            """
        let robot = try Robot(urdf: text, file: "r.urdf")
        #expect(
            robot.totalMass == 2 && says(robot, "4e-15 kg is less than anything weighs; it is taken as 0"))
    }

    @Test func `negative limits of effort and speed are none`() throws {
        let robot = try robot(limit: "effort='-1' velocity='-1.0'")
        #expect(robot.joints[0].effort == nil && robot.joints[0].velocity == nil)
        #expect(says(robot, "joint 'j' <limit effort>: -1.0 is taken as no limit"))
    }

    @Test(arguments: ["<?xml version='0.0'?>\n", "<?xml version=\"0.0\" encoding=\"utf-8\" ?>", "<?xml ?>\n"])
    func `a declaration of no version that there is is passed over`(head: String) throws {
        let robot = try robot(head: head)
        #expect(
            robot.joints.count == 1 && says(robot, "r.urdf:1: note: the XML declaration names no version"))
        #expect(try self.robot(head: "<?xml version='1.0'?>").notes == [])
        #expect(try self.robot(head: "<?xml version = \"1.1\" ?>").joints.count == 1)
        // Lines count on as they stand in the file.
        let broken = try self.robot(shape: "<sphere radius='0'/>", head: "<?xml\nversion='0.0'?>\n")
        #expect(says(broken, "r.urdf:4: warning: link 'b' <sphere radius>"), "\(broken.notes)")
    }

    @Test func `what rounding leaves of two moments is told as 0`() throws {
        let robot = try robot(
            inertial:
                "<inertial><mass value='2'/><inertia ixx='0.01' iyy='0.01' izz='0' ixy='-0.01'/></inertial>")
        #expect(says(robot, "exceeds the sum of the others, 0;"), "\(robot.notes)")
    }
}
