// SPDX-License-Identifier: MIT

package import Robots
package import Settings

/// What meshes touch with: the key `collision`.
package struct CollisionChoice: Configurable, Equatable {
    package var kind = MeshKinds.Kind.primitive
    package var primitive: [LinkFrame]?
    package var hull: [LinkFrame]?
    package var decompose: [LinkFrame]?

    package init() {}

    package static let keys: [Key<CollisionChoice>] = [
        Key(
            "kind", \.kind, .choice,
            "What all meshes touch with: the sphere, capsule, cylinder or box that each is, where it is one, else its hull; always its hull; or the convex parts that `python3 -m sinew.decompose` wrote beside it."
        ),
        Key("primitive", \.primitive, .set(of: .link), "Links of this kind.", absent: "none"),
        Key("hull", \.hull, .set(of: .link), "Links of this kind.", absent: "none"),
        Key("decompose", \.decompose, .set(of: .link), "Links of this kind.", absent: "none"),
    ]

    /// What a scene's tree says, which the robot is read by; what is wrong in it the keys tell.
    static func kinds(in root: Setting) -> MeshKinds {
        let block = root["collision"]
        var kinds = MeshKinds(
            others: block?["kind"]?.text.flatMap(MeshKinds.Kind.init(rawValue:)) ?? .primitive)
        for kind in MeshKinds.Kind.allCases {
            for link in block?[kind.rawValue]?.items ?? [] {
                if let name = link.text { kinds.links[name] = kind }
            }
        }
        return kinds
    }
}
