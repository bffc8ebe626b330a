// SPDX-License-Identifier: MIT

import Geometry
import Robots
import Testing

/// MJCF files mean to us what they mean to MuJoCo: masses, places, axes, and what joints have.
struct MJCFGoldenTests {
    @Test(arguments: MJCFGolden.files.map(\.robot), [1e-9])
    func `masses, centres, inertias, frames and axes are MuJoCo's`(file: String, bound: Double) throws {
        let robot = try Robot.load(file: file)
        let golden = try MJCFGolden(
            file: #require(MJCFGolden.files.first { $0.robot == file }).golden)
        for place in golden.places {
            let isFree = robot.declaredBase == .floating
            let q = place.qpos
            let base =
                isFree
                ? Pose(
                    position: Vector3(q),
                    orientation: Quaternion(w: q[3], x: q[4], y: q[5], z: q[6])) : .identity
            let poses = robot.linkPoses(base: base, positions: Array(q.dropFirst(isFree ? 7 : 0)))
            #expect(robot.joints.map(\.name) == place.axes.map(\.joint))
            for welded in place.welded {
                let link = try #require(robot.frame(named: welded.body)).link
                let properties = robot.links[link].properties.placed(at: poses[link])
                #expect(abs(properties.mass - welded.mass) < bound, "\(welded.body)")
                #expect((properties.centerOfMass - Vector3(welded.center)).length < bound, "\(welded.body)")
                let inertia = properties.inertia
                let ours = [
                    inertia.xx, inertia.xy, inertia.xz, inertia.xy, inertia.yy, inertia.yz, inertia.xz,
                    inertia.yz, inertia.zz,
                ]
                for (mine, theirs) in zip(ours, welded.inertia) {
                    #expect(abs(mine - theirs) < bound, "\(welded.body): \(ours) \(welded.inertia)")
                }
            }
            for frame in place.frames where !(isFree && frame.name == "world") {
                let ours = try #require(robot.frame(named: frame.name), "\(frame.name)")
                let pose = poses[ours.link] * ours.pose
                #expect((pose.position - Vector3(frame.position)).length < bound, "\(frame.name)")
                let (a, b) = (pose.orientation, frame.quaternion)
                #expect(
                    abs(abs(a.w * b[0] + a.x * b[1] + a.y * b[2] + a.z * b[3]) - 1) < bound, "\(frame.name)")
            }
            for (joint, axis) in zip(robot.joints, place.axes) {
                let ours = poses[joint.child].orientation.rotate(joint.axis)
                #expect((ours - Vector3(axis.axis)).length < bound, "\(joint.name)")
                let offset = poses[joint.child].position - Vector3(axis.anchor)
                // A point of the axis: which one does not matter.
                #expect(offset.cross(ours).length < bound || joint.kind == .slider, "\(joint.name)")
            }
        }
        for (joint, values) in zip(robot.joints, golden.joints) {
            #expect((joint.kind == .slider) == values.slides)
            let range = [joint.lower, joint.upper].compactMap(\.self)
            #expect(range.count == values.range.count, "\(joint.name)")
            for (ours, theirs) in zip(
                range + [
                    joint.damping, joint.friction, joint.armature, joint.stiffness,
                    joint.stiffness * joint.rest,
                ],
                values.range + [
                    values.damping, values.friction, values.armature, values.stiffness,
                    values.stiffness * values.rest,
                ])
            {
                #expect(abs(ours - theirs) < bound, "\(joint.name)")
            }
        }
    }

    @Test func `the motors of a file are there, with what their joints get of them`() throws {
        let robot = try Robot.load(file: MJCFGolden.folder + "/arm.xml")
        let motors = robot.actuators
        #expect(motors.map(\.name) == ["push", "servo", "tilt", "bend", "roll", "grip"])
        #expect(motors.map(\.kind) == [.torque, .position, .position, .velocity, .position, .torque])
        // Force = 50 control + 1 - 40 position - 6 velocity.
        #expect(motors[1].kp == 40 && motors[1].kd == 6)
        #expect(motors[1].range == (-49.0 / 40)...(51.0 / 40))
        // Gear 2: four times the stiffness, half the way.
        #expect(motors[2].kp == 120 && motors[2].range == -0.25...0.25)
        let golden = try MJCFGolden(file: MJCFGolden.folder + "/arm.json")
        for (motor, theirs) in zip(motors, golden.actuators) {
            #expect(robot.joints[motor.joint].name == theirs.joint)
            #expect(abs(motor.kp - theirs.kp) < 1e-9 && abs(motor.kd - theirs.kd) < 1e-9, "\(motor)")
        }
        #expect(motors[3].kd == 3 && motors[3].range == -2...2)
        let third = Double.pi / 6
        #expect(abs((motors[4].range?.upperBound ?? 0) - third) < 1e-12)
        #expect(motors[5].range == -3...6)
        #expect(robot.joints.map(\.effort) == [20, 30, 30, 40, nil, 6])
        let dog = try Robot.load(file: MJCFGolden.folder + "/dog.xml")
        #expect(dog.joints.allSatisfy { [23.7, 35.5].contains($0.effort) && !$0.isPassive })
    }

    @Test func `a ratio of damping is made of the inertia that the joint moves`() throws {
        let text = """
            <mujoco><worldbody><body><joint name="j" armature="0.1"/><geom size=".1" pos="1 0 0"/></body></worldbody>
            <actuator><position joint="j" kp="10" dampratio="1" gear="2"/></actuator></mujoco>
            """
        let motor = try #require(try Robot(urdf: text, file: "m.xml").actuators.first)
        // MuJoCo 4.0 has biasprm 0 -10 -6.56166546, which a gear of 2 makes four times as much.
        #expect(motor.kp == 40 && abs(motor.kd - 4 * 6.56166546) < 1e-7, "\(motor)")
    }

    @Test func `what touches, and what only looks`() throws {
        let dog = try Robot.load(file: MJCFGolden.folder + "/dog.xml")
        let calf = try #require(dog.links.first { $0.name == "FR_calf" })
        #expect(calf.shapes.count == 2 && calf.shapes[1].geometry == .sphere(radius: 0.023))
        #expect(calf.shapes.map(\.friction) == [0.6, 0.8])
        #expect(dog.root.shapes.count == 3)
        #expect(dog.untouching == [BodyPair(first: "trunk", second: "FR_thigh")])
        #expect(dog.home?.joints == [0, 0.9, -1.8, 0, 0.9, -1.8, 0, 0.9, -1.8, 0, 0.9, -1.8])
        #expect(dog.home?.base?.position == Vector3(0, 0, 0.27))
        #expect(dog.declaredBase == .floating)
        let arm = try Robot.load(file: MJCFGolden.folder + "/arm.xml")
        #expect(arm.included.map(\.name) == ["parts/classes.xml", "parts/hand.xml", "parts/finger.xml"])
        #expect(arm.declaredBase == .fixed)
        #expect(arm.untouching.contains { $0.isOf("column", "hand") })
        #expect(arm.untouching.contains { $0.isOf("pedestal", "column") })
    }
}
