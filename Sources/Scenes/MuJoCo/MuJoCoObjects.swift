// SPDX-License-Identifier: MIT

internal import Geometry

/// What an object is called in a scene's MuJoCo file.
package struct MuJoCoObjectName: Sendable {
    /// Its body.
    package let body: String
    /// The joint that lets it move.
    package let joint: String
}

extension MuJoCoFile {
    /// The objects as free bodies, in their order.
    static func objects(
        _ scene: Scene, _ names: MuJoCoNames, _ contacts: MuJoCoContacts
    ) -> [MuJoCoElement] {
        let first = names.geoms.count - contacts.staticCount - scene.objects.count
        return zip(scene.objects, names.objects).enumerated().map { index, pair in
            let (object, name) = pair
            let properties = object.properties
            let inertia = properties.inertia
            let geom =
                [("name", names.geoms[first + index])] + object.shape.mujoco(mesh: "")
                + [("rgba", mujoco(object.colour.components + [1]))]
                + contacts.surface(of: first + index, friction: object.friction)
            return MuJoCoElement(
                "body", [("name", name.body)] + object.placement.pose.mujoco,
                [
                    MuJoCoElement("freejoint", [("name", name.joint)]),
                    MuJoCoElement(
                        "inertial",
                        [
                            ("mass", mujoco(properties.mass)), ("pos", "0 0 0"),
                            ("diaginertia", mujoco(inertia.xx, inertia.yy, inertia.zz)),
                        ]),
                    MuJoCoElement("geom", geom),
                ])
        }
    }
}
