// SPDX-License-Identifier: MIT

import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Testing

/// A scene's MuJoCo file says what the scene says: it is read back.
///
/// What MuJoCo makes of it, Python/tests/test_mujoco.py asks.
struct MuJoCoFileTests {
    /// The robot that is read from a scene's file, without the three joints of a planar base.
    private func robotBack(_ scene: Scene) throws -> (robot: Robot, shift: Int) {
        let file = MuJoCoFile(scene)
        let robot = try Robot(urdf: file.text, file: "\(scene.name).xml")
        // A fixed root hangs on the world's body, a planar one on two links between.
        return (robot, scene.base == .planar ? 3 : 0)
    }

    /// The same shape at the same place, to a bit or two of what came apart and together again.
    private func expect(_ a: MassProperties, _ b: MassProperties, _ name: String) {
        let inertia = a.inertia + -1 * b.inertia
        let parts = [inertia.xx, inertia.yy, inertia.zz, inertia.xy, inertia.xz, inertia.yz].map(abs)
        #expect(a.mass == b.mass, "\(name)")
        #expect((a.centerOfMass - b.centerOfMass).length < 1e-12, "\(name)")
        #expect((parts.max() ?? 0) < 3e-12 * a.inertia.principalMoments[2], "\(name)")
    }

    private func expectEqual(_ scene: Scene) throws {
        let (robot, shift) = try robotBack(scene)
        let original = scene.robot
        try #require(robot.joints.count == original.joints.count + shift)
        for (index, joint) in original.joints.enumerated() {
            let back = robot.joints[index + shift]
            let own = scene.joints[index]
            #expect(back.name == joint.name && back.kind == joint.kind)
            #expect((back.axis - joint.axis).length < 1e-12)
            if joint.mimic == nil { #expect(back.lower == joint.lower && back.upper == joint.upper) }
            #expect(
                back.mimic?.multiplier == joint.mimic?.multiplier && back.mimic?.offset == joint.mimic?.offset
            )
            #expect(
                back.mimic.map { robot.joints[$0.leader].name }
                    == joint.mimic.map { original.joints[$0.leader].name })
            let values = [back.armature, back.damping, back.stiffness, back.friction]
            #expect(values == [own.armature, own.damping, own.stiffness, own.friction], "\(joint.name)")
            if own.stiffness > 0 { #expect(back.rest == own.rest) }
            guard scene.base != .fixed || joint.parent > 0 else { continue }
            #expect((back.origin.position - joint.origin.position).length < 1e-12)
        }
        // All places are those of the scene.
        let positions = scene.start.joints
        let poses = original.linkPoses(base: scene.start.base, positions: positions)
        let base: [Double] =
            shift == 0 ? [] : [scene.start.base.position.x, scene.start.base.position.z, scene.start.pitch]
        let rootBase = scene.base == .floating ? scene.start.base : .identity
        let back = robot.linkPoses(base: rootBase, positions: base + positions)
        for (index, link) in original.links.enumerated() where index > 0 || scene.base != .fixed {
            let found = try #require(robot.frame(named: link.name))
            let pose = back[found.link] * found.pose
            #expect((pose.position - poses[index].position).length < 1e-9, "\(link.name)")
            let there = robot.links[found.link]
            if link.properties.mass > 0 { expect(there.properties, link.properties, link.name) }
            // What touches nothing is not read.
            if scene.ground == nil, !scene.contacts.selfCollision {
                #expect(there.shapes.isEmpty)
                continue
            }
            try #require(there.shapes.count == link.shapes.count)
            for (shape, other) in zip(link.shapes, there.shapes) { expect(shape, other) }
        }
        expectMotors(scene, robot, shift)
    }

    private func expect(_ shape: CollisionShape, _ other: CollisionShape) {
        #expect((shape.origin.position - other.origin.position).length < 1e-9)
        guard case .hull(let hull) = shape.geometry, case .hull(let read) = other.geometry else {
            #expect(shape.geometry == other.geometry)
            return
        }
        #expect(hull.points.count == read.points.count && abs(hull.volume - read.volume) < 1e-9 * hull.volume)
    }

    private func expectMotors(_ scene: Scene, _ robot: Robot, _ shift: Int) {
        #expect(robot.actuators.count == scene.actuators.count)
        for (motor, actuator) in zip(robot.actuators, scene.actuators) {
            #expect(motor.joint == actuator.joint + shift)
            #expect(motor.kind.rawValue == actuator.drive.kind.rawValue)
            #expect([motor.kp, motor.kd] == [actuator.drive.kp, actuator.drive.kd])
            #expect(motor.range?.contains(actuator.command(0)) == true)
        }
    }

    @Test(arguments: ShippedScenes.names)
    func `a scene is written and read back as it is`(name: String) throws {
        var scene = try ShippedScenes.load(name)
        // A file that is read is one robot.
        scene.objects = []
        try expectEqual(scene)
    }

    /// A scene of a robot's file or text.
    static func scene(_ text: String, base: String = "fixed", actuators: String, more: String = "") throws
        -> Scene
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent(text.contains("<mujoco") ? "r.xml" : "r.urdf").path
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return try Scene(
            yaml: """
                format: 1
                summary: s
                robot: \(file)
                base: \(base)
                physics: {time_step: 0.002, solver: articulated}
                actuators: \(actuators)
                episode: {steps: 10}
                observation: [{term: joint_positions}]
                reward: [{term: alive, weight: 1}]
                \(more)
                """, file: "m.yaml", catalog: ShippedScenes.catalog)
    }

    /// Followers, several joints in a body, a hull, frames, springs, one stop alone, names that MuJoCo keeps for itself.
    static let odd = """
        <mujoco><compiler angle="radian"/><asset><mesh name="wedge"
          vertex="0 0 0  0.2 0 0  0 0.1 0  0.2 0.1 0  0 0 0.05  0 0.1 0.05"/></asset>
        <worldbody><body name="world_">
          <body name="trunk" pos="0.1 0 0.2" quat="0.9 0.1 0.3 0.2">
            <joint name="yaw" axis="0 0 1" damping="0.3" frictionloss="0.1"/>
            <joint name="tilt" axis="0 1 0" pos="0 0 0.05" stiffness="3" springref="0.2" armature="0.01" range="-1 1"/>
            <geom type="mesh" mesh="wedge" density="800"/><site name="mark" pos="0.1 0 0"/>
            <body name="left" pos="0.2 0 0"><joint name="left" type="slide" axis="0 1 0" range="-0.1 0.2"/>
              <geom type="capsule" size="0.02 0.05" mass="0.2"/></body>
            <body name="right" pos="0.2 0.3 0"><joint name="right" type="slide" axis="0 1 0"/>
              <geom type="cylinder" size="0.02 0.05" mass="0.2"/></body>
          </body></body></worldbody>
        <equality><joint joint1="right" joint2="left" polycoef="0 -1 0 0 0"/></equality>
        <actuator><position joint="left" kp="20" kv="2" ctrlrange="-0.05 0.1" forcerange="-5 5"/>
          <velocity joint="tilt" kv="2" ctrlrange="-1 1"/><motor joint="yaw" ctrlrange="-2 2"/></actuator></mujoco>
        """

    @Test func `an odd robot is written and read back as it is`() throws {
        let scene = try Self.scene(
            Self.odd, actuators: "[{kind: model}]",
            more: "contacts: {self_collision: true}\nground: {slope: 0.1}")
        try expectEqual(scene)
        let file = MuJoCoFile(scene)
        for part in ["polycoef=\"0 -1 0 0 0\"", "forcerange=\"-5 5\"", "<mesh name=", "type=\"plane\""] {
            #expect(file.text.contains(part), "\(part)\n\(file.text)")
        }
        #expect(file.notes.contains { $0.contains("follow") } && file.notes.contains { $0.contains("creep") })
    }

    @Test func `a terrain is written as the heights that it has`() throws {
        let scene = try Self.scene(
            Self.odd, actuators: "[{kind: model}]",
            more:
                "terrain: {kinds: [{kind: waves, height: 0.4, length: 3}], size: 4, cell: 0.25, flat: 0.1, friction: 0.7}"
        )
        let grid = try #require(scene.terrainGrid)
        let text = MuJoCoFile(scene).text
        func numbers(_ element: String, _ attribute: String) throws -> [Double] {
            let start = try #require(text.range(of: "<\(element) ")).upperBound
            let rest = text[start...]
            let value = try #require(rest.range(of: " \(attribute)=\""))
            return rest[value.upperBound...].prefix { $0 != "\"" }.split(separator: " ").compactMap {
                Double($0)
            }
        }
        let elevation = try numbers("hfield", "elevation")
        let size = try numbers("hfield", "size")
        let (rows, columns) = (Int(try numbers("hfield", "nrow")[0]), Int(try numbers("hfield", "ncol")[0]))
        let geom = String(try #require(text.split(separator: "\n").first { $0.contains("type=\"hfield\"") }))
        #expect(geom.contains("friction=\"0.7\""))
        let place = try #require(geom.range(of: " pos=\"")).upperBound
        let middle = geom[place...].prefix { $0 != "\"" }.split(separator: " ").compactMap { Double($0) }
        try #require(rows == 17 && columns == 17 && elevation.count == 289 && middle.count == 3)
        // MuJoCo: rows from the farthest, whose lowest height becomes 0 and whose highest 1 (a file's, unlike a model's, are turned over).
        let (low, high) = (try #require(elevation.min()), try #require(elevation.max()))
        for row in 0..<rows {
            for column in 0..<columns {
                let x = middle[0] + size[0] * (2 * Double(column) / 16 - 1)
                let y = middle[1] + size[1] * (1 - 2 * Double(row) / 16)
                let z = middle[2] + size[2] * (elevation[row * columns + column] - low) / (high - low)
                #expect(abs(z - grid.height(x: x, y: y)) < 1e-6, "\(row), \(column)")
            }
        }
    }

    private static let matter =
        "<inertial><mass value=\"1\"/><inertia ixx=\"0.01\" iyy=\"0.01\" izz=\"0.01\"/></inertial>"

    @Test func `what MuJoCo cannot say is noted, and names and moments are mended`() throws {
        let urdf = """
            <robot name="a&quot;b"><link name="world"/>
              <link name="rod"><inertial><mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.05"/></inertial></link>
              <link name="fork"/><link name="a">\(Self.matter)</link><link name="b">\(Self.matter)</link>
              <joint name="j" type="revolute"><parent link="world"/><child link="rod"/><axis xyz="0 1 0"/>
                <limit lower="-1" upper="1" effort="3" velocity="2"/></joint>
              <joint name="k" type="continuous"><parent link="rod"/><child link="fork"/><axis xyz="0 1 0"/></joint>
              <joint name="l" type="continuous"><parent link="fork"/><child link="a"/><axis xyz="0 1 0"/></joint>
              <joint name="m" type="continuous"><parent link="fork"/><child link="b"/><axis xyz="1 0 0"/></joint></robot>
            """
        let scene = try Self.scene(
            urdf, actuators: "[{joints: [j], kind: torque, gear: 2}]",
            more: "randomise: {latency: [0, 3], mass: [0.9, 1.1]}\nground: {}\ncontact: {restitution: 0.5}")
        let file = MuJoCoFile(scene)
        for part in [
            "velocity_limit of 'j'", "restitution 0.5", "randomise latency", "randomise mass",
            "turns harder by 0.03",
            "a mass of 1e-9 kg", "'world' is the body 'world_2'", "python -m sinew.mujoco",
        ] { #expect(file.notes.contains { $0.contains(part) }, "\(part): \(file.notes)") }
        #expect(file.text.contains("model=\"a&quot;b\"") && file.text.contains("forcerange=\"-3 3\""))
    }
}
