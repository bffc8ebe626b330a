// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
internal import Robots

/// The bodies of a scene's MuJoCo file: each link with the joints that move it, what it weighs and what it touches with.
struct MuJoCoBodies {
    private let scene: Scene
    private let names: MuJoCoNames
    private let contacts: MuJoCoContacts
    /// The number of each link's first geom.
    private let firstGeoms: [Int]
    private(set) var meshes: [MuJoCoElement] = []
    private(set) var notes: [String] = []
    private(set) var root = MuJoCoElement("body")

    init(_ scene: Scene, _ names: MuJoCoNames, _ contacts: MuJoCoContacts) {
        (self.scene, self.names, self.contacts) = (scene, names, contacts)
        var count = 0
        firstGeoms = scene.robot.links.map { link in
            defer { count += link.shapes.count }
            return count
        }
        root = body(0, at: scene.start.base, joints: baseJoints)
    }

    // MARK: Joints

    /// The joints of a moving base; their positions are those of the root link in the world.
    private var baseJoints: [MuJoCoElement] {
        let start = scene.start.base
        switch scene.base {
        case .fixed: return []
        case .floating: return [MuJoCoElement("freejoint", [("name", names.base[0])])]
        case .planar:
            let back = start.orientation.inverse
            let axes = [
                ("slide", Vector3(1, 0, 0), start.position.x), ("slide", Vector3(0, 0, 1), start.position.z),
            ]
            return zip(names.base, axes + [("hinge", Vector3(0, 1, 0), scene.start.pitch)]).map {
                name, axis in
                MuJoCoElement(
                    "joint",
                    [
                        ("name", name), ("type", axis.0),
                        ("axis", mujoco(back.rotate(axis.1).components)), ("ref", mujocoUnlessZero(axis.2)),
                    ])
            }
        }
    }

    /// A joint whose frame has the pose `pose` in that of its body.
    private func joint(_ index: Int, at pose: Pose) -> MuJoCoElement {
        let (joint, own) = (scene.robot.joints[index], scene.joints[index])
        // What follows keeps between its leader's stops.
        let isStopped = joint.mimic == nil && (joint.lower != nil || joint.upper != nil)
        return MuJoCoElement(
            "joint",
            [
                ("name", names.joints[index]), ("type", joint.kind == .hinge ? "hinge" : "slide"),
                ("pos", pose.position == .zero ? nil : mujoco(pose.position.components)),
                ("axis", mujoco(pose.orientation.rotate(joint.axis).components)),
                // MuJoCo knows no joint that has one stop.
                ("range", isStopped ? mujoco(joint.lower ?? -1e10, joint.upper ?? 1e10) : nil),
                ("armature", mujocoUnlessZero(own.armature)), ("damping", mujocoUnlessZero(own.damping)),
                ("stiffness", mujocoUnlessZero(own.stiffness)),
                ("springref", own.stiffness == 0 ? nil : mujocoUnlessZero(own.rest)),
                ("frictionloss", mujocoUnlessZero(own.friction)),
            ])
    }

    // MARK: Links

    /// The links that hang on one, as bodies in its frame.
    private mutating func children(of link: Int) -> [MuJoCoElement] {
        scene.robot.joints.indices.filter { scene.robot.joints[$0].parent == link }.map {
            hang($0, in: .identity, behind: [])
        }
    }

    /// The body that a joint moves.
    ///
    /// A link without matter between two joints is no body of its own: the next one has both of them, which are `behind` it.
    private mutating func hang(_ index: Int, in frame: Pose, behind: [(joint: Int, pose: Pose)])
        -> MuJoCoElement
    {
        let joint = scene.robot.joints[index]
        let pose = frame * joint.origin
        let joints = behind + [(index, pose)]
        let link = scene.robot.links[joint.child]
        let next = scene.robot.joints.indices.filter { scene.robot.joints[$0].parent == joint.child }
        if link.properties.mass == 0, link.shapes.isEmpty, next.count == 1 {
            return hang(next[0], in: pose, behind: joints)
        }
        let back = Pose(orientation: pose.orientation.inverse) * Pose(position: -pose.position)
        return body(
            joint.child, at: pose,
            joints: joints.dropLast().map { self.joint($0.joint, at: back * $0.pose) }
                + [self.joint(index, at: .identity)])
    }

    private mutating func body(_ link: Int, at pose: Pose, joints: [MuJoCoElement]) -> MuJoCoElement {
        let parts =
            joints + [inertial(link, moves: !joints.isEmpty)].compactMap(\.self)
            + scene.robot.links[link].shapes.indices.map { geom(link, $0) } + sites(link)
        return MuJoCoElement("body", [("name", names.bodies[link])] + pose.mujoco, parts + children(of: link))
    }

    /// What a link weighs; nil for one that stands still without mass.
    private mutating func inertial(_ link: Int, moves: Bool) -> MuJoCoElement? {
        var properties = scene.robot.links[link].properties
        let name = names.bodies[link]
        if properties.mass == 0 {
            guard moves else { return nil }
            properties = MassProperties(mass: 1e-9, inertia: Inertia(xx: 1e-12, yy: 1e-12, zz: 1e-12))
            notes.append("body '\(name)' has a mass of 1e-9 kg: MuJoCo moves none without")
        }
        var inertia = properties.inertia
        let moments = inertia.principalMoments
        // A plate's moments are at the bound, which must not be missed for the sake of a bit.
        let missing = moments[2] - moments[0] - moments[1] + 1e-12 * moments[2]
        if missing > 0 {
            inertia = inertia + Inertia(xx: missing, yy: missing, zz: missing)
            if missing > 1e-11 * moments[2] {
                notes.append(
                    "body '\(name)' turns harder by \(mujoco(missing)) kg m²: of its moments the greatest exceeds the sum of the others, which MuJoCo refuses"
                )
            }
        }
        let isFull = inertia.xy != 0 || inertia.xz != 0 || inertia.yz != 0
        let diagonal = [inertia.xx, inertia.yy, inertia.zz]
        return MuJoCoElement(
            "inertial",
            [
                ("mass", mujoco(properties.mass)), ("pos", mujoco(properties.centerOfMass.components)),
                isFull
                    ? ("fullinertia", mujoco(diagonal + [inertia.xy, inertia.xz, inertia.yz]))
                    : ("diaginertia", mujoco(diagonal)),
            ])
    }

    /// The links of the robot's file that are part of this one, as frames, and where thrusters push.
    private func sites(_ link: Int) -> [MuJoCoElement] {
        scene.robot.links[link].merged.compactMap { name in
            scene.robot.frame(named: name).map { frame in
                MuJoCoElement("site", [("name", name)] + frame.pose.mujoco)
            }
        }
            + scene.thrusters.filter { $0.link.link == link }.map {
                MuJoCoElement("site", [("name", $0.name)] + $0.link.pose.mujoco)
            }
    }

    // MARK: Geoms

    private mutating func geom(_ link: Int, _ number: Int) -> MuJoCoElement {
        let shape = scene.robot.links[link].shapes[number]
        let index = firstGeoms[link] + number
        if case .hull(let hull) = shape.geometry {
            meshes.append(
                MuJoCoElement(
                    "mesh",
                    [
                        ("name", names.geoms[index]), ("vertex", mujoco(hull.points.flatMap(\.components))),
                        (
                            "face",
                            hull.triangles.map { "\($0.x) \($0.y) \($0.z)" }.joined(separator: " ")
                        ),
                    ]))
        }
        return MuJoCoElement(
            "geom",
            [("name", names.geoms[index])] + shape.geometry.mujoco(mesh: names.geoms[index])
                + shape.origin.mujoco
                + contacts.surface(of: index, friction: scene.friction(of: shape)))
    }
}

extension Shape {
    /// The attributes of its kind and size: radius and half lengths.
    func mujoco(mesh: String) -> [(String, String?)] {
        switch self {
        case .box(let size): [("type", "box"), ("size", Scenes.mujoco((0.5 * size).components))]
        case .sphere(let radius): [("type", "sphere"), ("size", Scenes.mujoco(radius))]
        case .cylinder(let radius, let length):
            [("type", "cylinder"), ("size", Scenes.mujoco(radius, length / 2))]
        case .capsule(let radius, let length):
            [("type", "capsule"), ("size", Scenes.mujoco(radius, length / 2))]
        case .hull: [("type", "mesh"), ("mesh", mesh)]
        }
    }
}
