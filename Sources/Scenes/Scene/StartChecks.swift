// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
internal import Robots
internal import Settings

/// Warns of what will simulate badly: shapes that start in the ground, and springs that are too stiff for the time step.
struct StartChecks {
    let decoder: Decoder
    /// What the scene was decoded from.
    let root: Setting
    let scene: Scene
    /// The poses of all links at the start.
    let poses: [Pose]

    func check() {
        checkPenetration()
        checkStiffness()
        checkMassRatios()
    }

    /// Where a joint hangs a thousand times as much on a link as the link weighs, solvers lose digits.
    private func checkMassRatios() {
        let robot = scene.robot
        for (index, joint) in robot.joints.enumerated() where joint.parent > 0 || scene.base != .fixed {
            let (own, carried) = (robot.links[joint.parent], robot.links[joint.child])
            // Without any it has no coordinates but its joint's.
            guard own.properties.mass > 0 else { continue }
            let ratio = carried.properties.mass / max(own.properties.mass, 1e-12)
            guard ratio > 1000 else { continue }
            decoder.warn(
                root.place(of: "robot"),
                "link '\(carried.name)' is \(ratio.digits) times as heavy as '\(own.name)', on which joint '\(robot.joints[index].name)' hangs it",
                "such ratios simulate badly; give '\(own.name)' more mass")
        }
    }

    /// How deep a shape may stand in the ground without a word: rounding, and a soft stance.
    private static let allowedDepth = 1e-3

    private func checkPenetration() {
        guard scene.hasGround else { return }
        // A terrain is level where robots start.
        let tilt = Quaternion(angle: -(scene.ground?.slope ?? 0), about: Vector3(0, 1, 0))
        let normal = tilt.rotate(Vector3(0, 0, 1))
        var deepest: (depth: Double, link: String) = (Self.allowedDepth, "")
        func depth(_ shape: Shape, at placed: Pose) -> Double {
            shape.reach(along: placed.orientation.inverse.rotate(normal)) - placed.position.dot(normal)
        }
        for (link, pose) in zip(scene.robot.links, poses) {
            for shape in link.shapes {
                let depth = depth(shape.geometry, at: pose * shape.origin)
                if depth > deepest.depth { deepest = (depth, shape.link) }
            }
        }
        for (index, object) in scene.objects.enumerated() {
            let depth = depth(object.shape, at: object.placement.pose)
            guard depth > Self.allowedDepth else { continue }
            decoder.warn(
                root.place(of: "objects"),
                "object '\(object.name)' (the \(index + 1). of them) starts \(depth.digits) m deep in the ground and will be thrown out",
                "raise its position")
        }
        guard !deepest.link.isEmpty, !(scene.base == .fixed && deepest.link == scene.robot.root.name) else {
            return
        }
        decoder.warn(
            root.place(of: "start"),
            "link '\(deepest.link)' starts \(deepest.depth.digits) m deep in the ground and will be thrown out",
            "raise start.position, or change start.joints")
    }

    /// The servo or spring of a joint swings at sqrt(k / I); a step should be well below its period.
    private func checkStiffness() {
        for (index, joint) in scene.robot.joints.enumerated() {
            var stiffness = scene.joints[index].stiffness
            for actuator in scene.actuators where actuator.joint == index {
                // Other drives have no stiffness: 0.
                stiffness += actuator.drive.kp
            }
            guard stiffness > 0 else { continue }
            let inertia = scene.robot.inertia(movedBy: index, poses) + scene.joints[index].armature
            let phase = scene.physics.timeStep * (stiffness / inertia).squareRoot()
            guard phase > 0.7 else { continue }
            decoder.warn(
                root.place(of: "physics").place(of: "time_step"),
                "joint '\(joint.name)' is too stiff for it: its spring turns through \(phase.digits) rad of its swing in a step, which it then damps away",
                "use a step of at most \((scene.physics.timeStep * 0.5 / phase).digits) s, less kp or stiffness, or more armature"
            )
        }
    }
}

extension Robot {
    /// What a joint moves, with the links at these poses: the inertia of all links behind it about its axis, or their mass for a slider;
    /// with what the joints that follow it move.
    func inertia(movedBy index: Int, _ poses: [Pose]) -> Double {
        followers(of: index).reduce(ownInertia(index, poses)) { sum, follower in
            sum + follower.ratio * follower.ratio * ownInertia(follower.joint, poses)
        }
    }

    private func followers(of leader: Int) -> [(joint: Int, ratio: Double)] {
        joints.enumerated().compactMap { index, joint in
            joint.mimic.flatMap { $0.leader == leader ? (index, $0.multiplier) : nil }
        }
    }

    private func ownInertia(_ index: Int, _ poses: [Pose]) -> Double {
        let joint = joints[index]
        let frame = poses[joint.parent] * joint.origin
        let axis = frame.orientation.rotate(joint.axis)
        let sum = links(behind: index).reduce(0.0) { sum, link in
            let placed = links[link].properties.placed(at: poses[link])
            return sum
                + (joint.kind == .slider
                    ? placed.mass : axis.dot(placed.inertia(about: frame.position) * axis))
        }
        return max(sum, 1e-12)
    }

    /// The most effort with which weight (9.81 m/s²) can load a joint whose child points anywhere, N m or N.
    func weight(on index: Int, _ poses: [Pose]) -> Double {
        followers(of: index).reduce(ownWeight(index, poses)) { sum, follower in
            sum + abs(follower.ratio) * ownWeight(follower.joint, poses)
        }
    }

    private func ownWeight(_ index: Int, _ poses: [Pose]) -> Double {
        let joint = joints[index]
        let pivot = (poses[joint.parent] * joint.origin).position
        return links(behind: index).reduce(0.0) { sum, link in
            let placed = links[link].properties.placed(at: poses[link])
            let arm = joint.kind == .slider ? 1 : (placed.centerOfMass - pivot).length
            return sum + 9.81 * placed.mass * arm
        }
    }

    /// The links that a joint moves.
    private func links(behind index: Int) -> [Int] {
        var isBehind = [Bool](repeating: false, count: links.count)
        isBehind[joints[index].child] = true
        for other in joints where isBehind[other.parent] { isBehind[other.child] = true }
        return links.indices.filter { isBehind[$0] }
    }
}
