// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
internal import Robots

/// A scene's robot, its objects and what surrounds them as a MuJoCo file (MJCF), so that another simulator can judge what was learned here.
///
/// Bodies, inertias, joints, stops, geoms, friction, motors, followers and the start are the scene's; a control is a command in N m, rad or
/// rad/s, as a policy's contract has it. What MuJoCo cannot say is in the notes.
package struct MuJoCoFile: Sendable {
    /// The document.
    package let text: String
    /// What is not in it or differs there, a sentence each.
    package let notes: [String]
    /// What the scene's parts are called in it.
    package let names: MuJoCoNames

    /// Describes a scene.
    package init(_ scene: Scene) {
        let physics = ScenePhysics(scene)
        names = MuJoCoNames(scene, physics)
        let contacts = MuJoCoContacts(scene, physics, names)
        let bodies = MuJoCoBodies(scene, names, contacts)
        let drives = MuJoCoDrives(scene: scene, names: names)
        notes = MuJoCoNotes(scene).notes + names.notes + bodies.notes
        let softness = MuJoCoElement(
            "default", [],
            [
                MuJoCoElement(
                    "geom", scene.contactMaterial.softness.mujoco(timeStep: scene.physics.timeStep)),
                MuJoCoElement(
                    "joint", scene.stopSoftness.mujoco(timeStep: scene.physics.timeStep, suffix: "limit")),
            ])
        let assets = bodies.meshes + [scene.terrainGrid?.field.mujocoAsset].compactMap(\.self)
        let parts = [
            MuJoCoElement("compiler", [("angle", "radian"), ("inertiafromgeom", "false")]),
            Self.option(scene), softness,
            assets.isEmpty ? nil : MuJoCoElement("asset", [], assets),
            MuJoCoElement(
                "worldbody", [],
                Self.surroundings(scene, names, contacts) + [bodies.root]
                    + Self.objects(scene, names, contacts)),
            contacts.element, drives.couplings, drives.actuators, drives.start,
        ].compactMap(\.self)
        text =
            Self.comment(scene, notes)
            + MuJoCoElement("mujoco", [("model", scene.robot.name)], parts).text()
    }

    private static func comment(_ scene: Scene, _ notes: [String]) -> String {
        let lines =
            ["The scene '\(scene.name)' of Sinew. Controls are commands in N m, rad or rad/s (N, m or m/s)."]
            + notes
        // Two hyphens would end it.
        let text = lines.map { "  " + $0.replacing("--", with: "- -") + "\n" }.joined()
        return "<!--\n\(text)-->\n"
    }

    private static func option(_ scene: Scene) -> MuJoCoElement {
        // MuJoCo's own law is on the pyramid; nearest to Coulomb's cone is a stiff ellipse.
        let isPyramid = scene.contactMaterial.softness.law == .convex
        return MuJoCoElement(
            "option",
            [
                ("timestep", mujoco(scene.physics.timeStep)),
                ("gravity", mujoco(scene.physics.gravity.components)), ("integrator", "implicitfast"),
                ("cone", isPyramid ? "pyramidal" : "elliptic"), ("impratio", isPyramid ? nil : "10"),
            ])
    }

    /// Ground and obstacles, in the order of the world's definition.
    private static func surroundings(
        _ scene: Scene, _ names: MuJoCoNames, _ contacts: MuJoCoContacts
    ) -> [MuJoCoElement] {
        var index = names.geoms.count - contacts.staticCount
        func geom(_ attributes: [(String, String?)], friction: Double) -> MuJoCoElement {
            defer { index += 1 }
            return MuJoCoElement(
                "geom",
                [("name", names.geoms[index])] + attributes + contacts.surface(of: index, friction: friction))
        }
        var elements: [MuJoCoElement] = []
        if let ground = scene.ground {
            let tilt = Pose(orientation: Quaternion(angle: -ground.slope, about: Vector3(0, 1, 0)))
            elements.append(
                geom([("type", "plane"), ("size", "0 0 1")] + tilt.mujoco, friction: ground.friction))
        }
        if let grid = scene.terrainGrid, let terrain = scene.terrain {
            elements.append(
                geom(
                    [("type", "hfield"), ("hfield", grid.field.mujocoName)]
                        + Pose(position: grid.corner + grid.field.mujocoCenter).mujoco,
                    friction: terrain.friction))
        }
        for obstacle in scene.obstacles {
            elements.append(
                geom(
                    Shape.box(size: obstacle.size).mujoco(mesh: "") + obstacle.placement.pose.mujoco,
                    friction: obstacle.friction))
        }
        return elements
    }
}
