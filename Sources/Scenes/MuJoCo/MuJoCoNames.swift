// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
internal import Robots

/// What the parts of a scene are called in its MuJoCo file: by their own names, as far as MuJoCo lets them.
package struct MuJoCoNames: Sendable {
    /// The joints that hold a moving base: none, three or one.
    package let base: [String]
    /// The joints, in the robot's order.
    package let joints: [String]
    /// The bodies, in the order of the robot's links; no file has that of a link which `MuJoCoBodies` leaves out.
    package let bodies: [String]
    /// The objects, in the scene's order.
    package let objects: [MuJoCoObjectName]
    /// The geoms, in the order of the world's definition.
    package let geoms: [String]
    /// What was renamed.
    let notes: [String]

    init(_ scene: Scene, _ physics: ScenePhysics) {
        var notes: [String] = []
        let (joints, bodies) = (NameSet(), NameSet(taken: ["world"]))
        self.joints = scene.robot.joints.map { joints.take($0.name) }
        self.bodies = scene.robot.links.map { link in
            let name = bodies.take(link.name)
            if name != link.name { notes.append("link '\(link.name)' is the body '\(name)'") }
            return name
        }
        base =
            switch scene.base {
            case .fixed: []
            case .planar: ["root_x", "root_z", "root_pitch"].map(joints.take)
            case .floating: [joints.take("root")]
            }
        objects = scene.objects.map {
            MuJoCoObjectName(body: bodies.take($0.name), joint: joints.take($0.name))
        }
        let geoms = NameSet()
        var names = [String](repeating: "", count: physics.definition.geoms.count)
        for (link, indices) in physics.geomsOfLink.sorted(by: { $0.key < $1.key }) {
            for index in indices { names[index] = geoms.take(link) }
        }
        for index in names.indices where names[index].isEmpty {
            let kind =
                switch physics.definition.geoms[index].shape {
                case .plane: "ground"
                case .field: "terrain"
                case .solid: "obstacle"
                }
            names[index] = geoms.take(kind)
        }
        self.geoms = names
        self.notes = notes
    }
}

/// Names of one kind, each given once.
private final class NameSet {
    private var taken: Set<String>

    init(taken: Set<String> = []) { self.taken = taken }

    /// The name that is wished, with a number behind it where it is taken.
    func take(_ wish: String) -> String {
        var (name, number) = (wish, 2)
        while !taken.insert(name).inserted {
            name = "\(wish)_\(number)"
            number += 1
        }
        return name
    }
}
