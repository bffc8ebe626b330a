// SPDX-License-Identifier: MIT

import Foundation
import Geometry
import Robots
import Settings
import Testing

struct RobotMergingTests {
    /// A base, and a chain of welded links that each have an offset, a turn, and a full inertia.
    static func chain(weld: String) -> String {
        """
        <robot name="chain">
          <link name="world"/>
          <joint name="hinge" type="continuous"><parent link="world"/><child link="a"/><axis xyz="0 1 0"/></joint>
          <link name="a">
            <inertial><origin xyz="0.1 -0.2 0.3" rpy="0.3 0.2 -0.5"/><mass value="2"/>
              <inertia ixx="0.5" iyy="0.6" izz="0.7" ixy="0.05" ixz="-0.02" iyz="0.03"/></inertial>
            <collision><origin xyz="0 0 1"/><geometry><sphere radius="0.1"/></geometry></collision>
          </link>
          <joint name="ab" type="\(weld)"><parent link="a"/><child link="b"/><origin xyz="0.5 0.25 -0.75" rpy="-0.4 1.1 0.7"/></joint>
          <link name="b">
            <inertial><origin xyz="-0.3 0.1 0.05" rpy="1 0 0"/><mass value="3"/>
              <inertia ixx="0.2" iyy="0.3" izz="0.25" ixy="-0.01" ixz="0.02" iyz="0"/></inertial>
            <collision><origin xyz="0 0.2 0" rpy="0 0 1"/><geometry><box size="1 2 3"/></geometry></collision>
          </link>
          <joint name="bc" type="\(weld)"><parent link="b"/><child link="c"/><origin xyz="0 0 2" rpy="0.2 -0.3 2"/></joint>
          <link name="c">
            <inertial><mass value="0.5"/><inertia ixx="0.01" iyy="0.02" izz="0.03"/></inertial>
          </link>
        </robot>
        """
    }

    @Test func `a welded chain has the mass, centre and inertia of its parts about any point`() throws {
        let whole = try Robot(urdf: Self.chain(weld: "fixed"), file: "chain.urdf")
        let parts = try Robot(urdf: Self.chain(weld: "continuous"), file: "chain.urdf")
        #expect(whole.links.map(\.name) == ["world", "a"])
        #expect(whole.links[1].merged == ["b", "c"])
        #expect(parts.links.map(\.name) == ["world", "a", "b", "c"])
        let poses = parts.linkPoses()
        // Sum mass, first moment, and inertia about points of the world, part by part.
        for point in [Vector3.zero, Vector3(1, -2, 0.5)] {
            var mass = 0.0
            var moment = Vector3.zero
            var inertia = Inertia.zero
            for (link, pose) in zip(parts.links, poses) {
                let placed = link.properties.placed(at: pose)
                mass += placed.mass
                moment = moment + placed.mass * placed.centerOfMass
                inertia = inertia + placed.inertia(about: point)
            }
            let merged = whole.links[1].properties
            #expect(abs(merged.mass - 5.5) < 1e-12 && abs(mass - 5.5) < 1e-12)
            #expect((merged.centerOfMass - (1 / mass) * moment).length < 1e-12)
            #expect(distance(merged.inertia(about: point), inertia) < 1e-12)
        }
    }

    @Test func `the names and shapes of merged links stand where they stood`() throws {
        let whole = try Robot(urdf: Self.chain(weld: "fixed"), file: "chain.urdf")
        let parts = try Robot(urdf: Self.chain(weld: "continuous"), file: "chain.urdf")
        let poses = parts.linkPoses()
        for (index, name) in ["world", "a", "b", "c"].enumerated() {
            let frame = try #require(whole.frame(named: name))
            #expect(frame.link == min(index, 1))
            #expect((frame.pose.position - poses[index].position).length < 1e-12)
            #expect(isNear(frame.pose.orientation, poses[index].orientation))
        }
        let shapes = whole.links[1].shapes
        #expect(shapes.map(\.link) == ["a", "b"])
        #expect((shapes[1].origin.position - poses[2].place(Vector3(0, 0.2, 0))).length < 1e-12)
        #expect(whole.frame(named: "d") == nil)
    }

    @Test func `two halves of a rod, welded, are the rod`() throws {
        // m l²/12 of each half about its centre, and 2 · m (l/2)² by parallel axes: M L²/12 with M = 2m, L = 2l.
        let robot = try Robot(
            urdf: """
                <robot name="rod"><link name="half">\(rod)</link>
                <joint name="j" type="fixed"><parent link="half"/><child link="other"/><origin xyz="0 0 1"/></joint>
                <link name="other">\(rod)</link></robot>
                """, file: "rod.urdf")
        let whole = robot.root.properties
        #expect(whole.mass == 2)
        #expect(whole.centerOfMass == Vector3(0, 0, 0.5))
        #expect(abs(whole.inertia.xx - 2 * 4 / 12.0) < 1e-12)
        #expect(abs(whole.inertia.zz - 0.02) < 1e-12)
    }

    private let rod = """
        <inertial><mass value="1"/><inertia ixx="0.083333333333333333" iyy="0.083333333333333333" izz="0.01"/></inertial>
        """

    @Test func `a point mass away from the axes has products of inertia below zero`() {
        let point = MassProperties(mass: 2, centerOfMass: Vector3(1, 2, 3))
        #expect(point.inertia(about: .zero) == Inertia(xx: 26, yy: 20, zz: 10, xy: -4, xz: -6, yz: -12))
        #expect(point.inertia(about: point.centerOfMass) == .zero)
    }

    @Test func `the inertia of a turned body is that of the turned principal axes`() {
        // A quarter turn about z swaps x and y; an eighth mixes them: (Ixx - Iyy)/2 off the diagonal.
        let body = Inertia(xx: 1, yy: 3, zz: 3.5)
        let quarter = body.rotated(by: Quaternion(angle: .pi / 2, about: Vector3(0, 0, 1)))
        #expect(distance(quarter, Inertia(xx: 3, yy: 1, zz: 3.5)) < 1e-12)
        let eighth = body.rotated(by: Quaternion(angle: .pi / 4, about: Vector3(0, 0, 1)))
        #expect(distance(eighth, Inertia(xx: 2, yy: 2, zz: 3.5, xy: -1)) < 1e-12)
        #expect(zip(eighth.principalMoments, [1, 3, 3.5]).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func `roll, pitch and yaw turn about the fixed axes in this order`() {
        let quaternion = Quaternion(roll: 0.3, pitch: -0.7, yaw: 1.9)
        let byAxes = { (v: Vector3) -> Vector3 in
            let rolled = Vector3(v.x, cos(0.3) * v.y - sin(0.3) * v.z, sin(0.3) * v.y + cos(0.3) * v.z)
            let pitched = Vector3(
                cos(-0.7) * rolled.x + sin(-0.7) * rolled.z, rolled.y,
                -sin(-0.7) * rolled.x + cos(-0.7) * rolled.z)
            return Vector3(
                cos(1.9) * pitched.x - sin(1.9) * pitched.y, sin(1.9) * pitched.x + cos(1.9) * pitched.y,
                pitched.z)
        }
        for v in [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0.2, -3, 1)] {
            #expect((quaternion.rotate(v) - byAxes(v)).length < 1e-12)
        }
    }

    @Test func `joints move the links behind them`() throws {
        let robot = try Robot(urdf: Self.arm, file: "arm.urdf")
        let poses = robot.linkPoses(base: Pose(position: Vector3(0, 0, 1)), positions: [.pi / 2, 0.25])
        // A quarter turn about y takes x to -z; the slider then goes 0.25 along the turned x.
        #expect((poses[1].position - Vector3(0, 0, 1)).length < 1e-12)
        #expect((poses[2].position - Vector3(0, 0, 1 - 1 - 0.25)).length < 1e-12)
    }

    static let arm = """
        <robot name="arm"><link name="base"/>
        <joint name="turn" type="revolute"><parent link="base"/><child link="upper"/><axis xyz="0 2 0"/>
          <limit lower="-6.3" upper="9" effort="5" velocity="3"/><dynamics damping="0.1" friction="0.2"/></joint>
        <link name="upper"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1"/></inertial></link>
        <joint name="slide" type="prismatic"><parent link="upper"/><child link="hand"/><origin xyz="1 0 0"/>
          <limit lower="-0.5" upper="0.5" effort="0" velocity="0"/></joint>
        <link name="hand"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1"/></inertial></link>
        </robot>
        """

    @Test func `a joint keeps its axis, limits, motor and losses`() throws {
        let robot = try Robot(urdf: Self.arm, file: "arm.urdf")
        #expect(
            robot.joints[0]
                == Joint(
                    name: "turn", kind: .hinge, parent: 0, child: 1, axis: Vector3(0, 1, 0), lower: -6.3,
                    upper: 9, effort: 5,
                    velocity: 3, damping: 0.1, friction: 0.2))
        // The axis is x if it is left out; an effort of 0 beside others' says that there is no motor.
        #expect(robot.joints[1].axis == Vector3(1, 0, 0))
        #expect(robot.joints[1].effort == nil && robot.joints[1].velocity == nil)
        #expect(robot.joints.map(\.isPassive) == [false, true])
        #expect(robot.notes.filter { $0.severity == .warning }.count == 1)
        #expect(robot.declaredBase == .fixed)
    }

    private func distance(_ left: Inertia, _ right: Inertia) -> Double {
        let difference = left + (-1) * right
        return [difference.xx, difference.yy, difference.zz, difference.xy, difference.xz, difference.yz].map(
            abs
        ).max() ?? 0
    }

    private func isNear(_ left: Quaternion, _ right: Quaternion) -> Bool {
        abs(abs(left.w * right.w + left.x * right.x + left.y * right.y + left.z * right.z) - 1) < 1e-12
    }
}
