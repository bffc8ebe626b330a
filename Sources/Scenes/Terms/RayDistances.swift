// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Physics
internal import Robots
internal import Settings

/// What a laser scanner on a link sees.
struct RayDistances: ObservationTerm {
    static let name = "ray_distances"
    static let summary =
        "How far it is along rays from a link's frame to ground, terrain or obstacles; the robot itself is not seen. The rays fan out in the link's x-y plane about its x axis, from right to left."
    static let unit = "m"
    static let synonyms = ["lidar", "raycaster", "ray_caster"]
    static let keys: [Key<Self>] = [
        .link(\.link),
        Key("rays", \.rays, .integer(1...2000), "How many rays."),
        Key(
            "fov", \.fieldOfView, .number(.positive(upTo: 2 * .pi)),
            "The angle between the outer rays in rad; all around, the last is one ray before the first."),
        Key(
            "elevation", \.elevation, .number(.within(-1.5707, 1.5707)),
            "How far they point up from the link's x-y plane, in rad."),
        Key("range", \.range, .number(.positive(upTo: 1000)), "The greatest distance that is seen, in m."),
    ]

    var link = LinkFrame.unnamed
    var rays = 16
    var fieldOfView = 2 * Double.pi
    var elevation = 0.0
    var range = 10.0

    func elements(in scene: Scene) -> [ObservationElement] {
        (0..<rays).map {
            ObservationElement(
                name: "\(Self.name).\(link.name).\($0)", unit: Self.unit, frame: .base, link: link.name,
                low: 0,
                high: range)
        }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) throws(PhysicsError) {
        let pose = state.after.pose(of: link)
        let isRound = fieldOfView > 2 * .pi - 1e-6
        let step = fieldOfView / Double(isRound ? rays : max(rays - 1, 1))
        let (level, up) = (cos(elevation), sin(elevation))
        for ray in 0..<rays {
            let angle = rays == 1 ? 0 : Double(ray) * step - fieldOfView / 2
            let direction = pose.orientation.rotate(
                Vector3(level * cos(angle), level * sin(angle), up))
            numbers.append(try state.distance(pose.position, direction, range))
        }
    }
}
