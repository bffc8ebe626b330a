// SPDX-License-Identifier: MIT

import Geometry
import Robots
import Settings
import Testing

/// What the files of real robots have beside what a robot needs: links without mass, without inertia, limits that say nothing.
struct RealFileTests {
    private static let matter =
        "<inertial><mass value='1'/><inertia ixx='1' iyy='1' izz='1'/></inertial>"

    @Test func `links without mass may stand between joints`() throws {
        let robot = try Robot(
            urdf: """
                <robot name='rover'><link name='world'/><link name='bx'/><link name='by'/><link name='base'>\(Self.matter)</link>
                <joint name='x' type='prismatic'><parent link='world'/><child link='bx'/><limit lower='-5' upper='5' effort='100' velocity='2'/></joint>
                <joint name='y' type='prismatic'><parent link='bx'/><child link='by'/><axis xyz='0 1 0'/><limit lower='-5' upper='5' effort='100' velocity='2'/></joint>
                <joint name='turn' type='continuous'><parent link='by'/><child link='base'/><axis xyz='0 0 1'/></joint></robot>
                """, file: "r.urdf")
        #expect(robot.joints.map(\.name) == ["x", "y", "turn"])
        #expect(robot.links.map(\.properties.mass) == [0, 0, 0, 1])
        #expect(robot.declaredBase == .fixed)
    }

    private func arm(_ inertial: String, _ rest: String = "") -> String {
        "<robot name='r'><link name='a'/><link name='b'><inertial><mass value='8'/>\(inertial)</inertial>\(rest)</link>"
            + "<joint name='j' type='continuous'><parent link='a'/><child link='b'/></joint></robot>"
    }

    @Test(arguments: ["", "<inertia ixx='0' iyy='0' izz='0'/>", "<inertia ixx='5e-20' iyy='1e-20' izz='0'/>"])
    func `mass without inertia takes that of the shapes, and where there is none that of a ball of water`(
        inertia: String
    ) throws {
        let shape = "<collision><geometry><box size='1 2 3'/></geometry></collision>"
        let solid = try Robot(urdf: arm(inertia, shape), file: "r.urdf")
        #expect(abs(solid.links[1].properties.inertia.xx - 8.0 / 12 * 13) < 1e-12)
        #expect(solid.notes.contains { $0.message.contains("filled evenly") })
        let ball = try Robot(urdf: arm(inertia), file: "r.urdf")
        #expect(ball.notes.count == 1, "\(ball.notes)")
        // 8 litres: 4/3 pi r^3 = 0.008.
        let radius = 0.124_070_098_179_88
        #expect(abs(ball.links[1].properties.inertia.zz - 0.4 * 8 * radius * radius) < 1e-9)
        #expect(
            ball.notes.contains { $0.message.contains("that of a ball of water is added, 0.04926 kg m²") })
    }

    @Test func `limits that are all 0 are none`() throws {
        func robot(_ limit: String) throws -> Robot {
            try Robot(
                urdf:
                    "<robot name='r'><link name='a'/><link name='b'>\(Self.matter)</link><joint name='j' type='revolute'><parent link='a'/><child link='b'/><limit \(limit)/></joint></robot>",
                file: "r.urdf")
        }
        let blank = try robot("lower='0' upper='0' effort='0' velocity='0'")
        #expect(blank.joints.map(\.name) == ["j"] && blank.joints[0].lower == nil)
        #expect(blank.notes.contains { $0.message.contains("all four limits are 0") })
        // One that says something else means it.
        #expect(try robot("lower='0' upper='0' effort='1' velocity='0'").joints == [])
    }
}
