// SPDX-License-Identifier: MIT

internal import Geometry
package import Scenes

/// What an episode looks like: its surfaces with their colours, made once, and the stage of each frame.
package struct EpisodeStage {
    let scene: EpisodeScene
    /// The surfaces of the robot, each with its link and place in it.
    let parts: [(link: Int, solid: Solid)]
    private let radii: [Double]
    /// What stands still.
    let still: [Solid]
    /// How far the robot reaches from the middle of its parts, m.
    let size: Double

    /// Makes the surfaces of a scene; `first` is a frame of it.
    package init(_ scene: EpisodeScene, first: EpisodeFrame) {
        self.scene = scene
        let depths = Self.depths(scene)
        parts = scene.parts.compactMap { part in
            guard let link = part.link, scene.links.indices.contains(link) else { return nil }
            let colour = part.colour.map { Colour(red: $0.x, green: $0.y, blue: $0.z) }
            let own = Self.colours[depths[link] % Self.colours.count]
            return (link, Solid(TriangleMesh(part.form), at: part.pose, colour ?? own))
        }
        radii = parts.map { Double($0.solid.mesh.radius) }
        still =
            scene.obstacles.map { Solid(TriangleMesh($0.form), at: $0.pose, Self.obstacle) }
            + (scene.terrain.map { [Solid(TriangleMesh($0), Colour(0xffffff), isTiled: true)] } ?? [])
        size = Self.size(scene, first)
    }

    /// Calm colours, one for each rank of links that have shapes, from the trunk outwards: both legs of a pair have the same.
    private static let colours = [0x4b7895, 0xe09866, 0x6f9a84, 0x9484b0, 0xcbab5c, 0x6b7683].map {
        Colour($0)
    }
    private static let obstacle = Colour(0xaab4bd)
    static let target = Colour(0xd64d5e)
    static let command = Colour(0x3d9a6c)

    /// How many links with shapes each link hangs on.
    private static func depths(_ scene: EpisodeScene) -> [Int] {
        let shaped = Set(scene.parts.compactMap(\.link))
        var depths = scene.links.map { _ in 0 }
        for (index, link) in scene.links.enumerated() {
            guard let parent = link.parent, parent < index else { continue }
            depths[index] = depths[parent] + (shaped.contains(parent) ? 1 : 0)
        }
        return depths
    }

    private static func size(_ scene: EpisodeScene, _ frame: EpisodeFrame) -> Double {
        let places = frame.links.map(\.position)
        let balls =
            scene.parts.compactMap { part in
                part.link.flatMap { link -> (Vector3, Double)? in
                    guard frame.links.indices.contains(link) else { return nil }
                    return ((frame.links[link] * part.pose).position, part.form.radius)
                }
            } + places.map { ($0, 0) }
        let middle =
            balls.isEmpty ? Vector3.zero : 1 / Double(balls.count) * balls.reduce(.zero) { $0 + $1.0 }
        let reach = balls.reduce(0) { max($0, ($1.0 - middle).length + $1.1) }
        return reach.isFinite && reach > 1e-3 ? reach : 1
    }

    /// Balls that hold what the camera is to see.
    func balls(_ frame: EpisodeFrame) -> [(place: Vector3, radius: Double)] {
        var balls = frame.links.map { (place: $0.position, radius: 0.0) }
        for (index, (link, solid)) in parts.enumerated() where frame.links.indices.contains(link) {
            balls.append(((frame.links[link] * solid.pose).position, radii[index]))
        }
        if let target = frame.target { balls.append((target.position, 0.045 * size)) }
        return balls
    }

    /// A ball about a fixed root that holds whatever the joints do.
    func reach(from frame: EpisodeFrame) -> (place: Vector3, radius: Double) {
        let places = frame.links.map(\.position)
        var reaches = places.map { _ in 0.0 }
        for (link, parent) in scene.links.map(\.parent).enumerated() {
            guard let parent, parent < link, places.indices.contains(link) else { continue }
            reaches[link] = reaches[parent] + (places[link] - places[parent]).length
            if let slider = scene.joints.first(where: { $0.child == link && $0.unit == "m" }) {
                reaches[link] += max(abs(slider.lower ?? 1), abs(slider.upper ?? 1))
            }
        }
        var radius = reaches.max() ?? 0
        for (index, part) in parts.enumerated() where reaches.indices.contains(part.link) {
            radius = max(radius, reaches[part.link] + part.solid.pose.position.length + radii[index])
        }
        return (places.first ?? .zero, radius)
    }

    /// What there is to be seen in a frame.
    func stage(_ frame: EpisodeFrame) -> Stage {
        var stage = Stage()
        for (link, solid) in parts where frame.links.indices.contains(link) {
            var solid = solid
            solid.pose = frame.links[link] * solid.pose
            stage.solids.append(solid)
        }
        stage.solids += still
        (stage.centre, stage.reach) = (frame.middle, 2.5 * size)
        if let target = frame.target {
            let ball = TriangleMesh(.sphere(radius: 0.045 * size))
            stage.solids.append(Solid(ball, at: target, Self.target))
        }
        stage.solids += arrow(frame)
        stage.ground = scene.groundNormal
        stage.tile = size.roundedToStep
        stage.haze = 10 * size
        // In the light they are nearly white, and calm beside the robot.
        (stage.lightTile, stage.darkTile) = (Colour(0xd9dbdd), Colour(0xc8cdd2))
        return stage
    }

    private func rod(from: Vector3, to: Vector3, radius: Double, _ colour: Colour) -> Solid? {
        let way = to - from
        guard way.length > 1e-6, way.length.isFinite else { return nil }
        let mesh = TriangleMesh(.capsule(radius: radius, length: way.length))
        return Solid(mesh, at: Pose(position: from + 0.5 * way, orientation: .turning(toward: way)), colour)
    }

    /// Where the arrow of the commanded velocity begins, over the robot, and its way: what the robot is to do in half a second.
    func commanded(_ frame: EpisodeFrame) -> (start: Vector3, way: Vector3)? {
        guard let command = frame.command, let root = frame.links.first else { return nil }
        let ahead = root.orientation.rotate(Vector3(1, 0, 0))
        let flat = Vector3(ahead.x, ahead.y, 0)
        guard flat.length > 1e-3 else { return nil }
        let (x, y) = (1 / flat.length * flat, 1 / flat.length * Vector3(-flat.y, flat.x, 0))
        return (frame.middle + Vector3(0, 0, 0.8 * size), 0.5 * (command.x * x + command.y * y))
    }

    /// The commanded velocity as an arrow.
    private func arrow(_ frame: EpisodeFrame) -> [Solid] {
        guard let (start, way) = commanded(frame),
            let shaft = rod(from: start, to: start + way, radius: 0.02 * size, Self.command)
        else { return [] }
        let tip = Solid(
            TriangleMesh(cylinder: 0.055 * size, top: 0, length: 0.14 * size),
            at: Pose(
                position: start + way + 0.07 * size / way.length * way, orientation: .turning(toward: way)),
            Self.command)
        return [shaft, tip]
    }
}

extension EpisodeFrame {
    /// The middle of the box along the axes that holds the links' frames, m.
    var middle: Vector3 {
        guard let first = links.first?.position else { return .zero }
        let (low, high) = links.reduce((first, first)) { box, link in
            let place = link.position
            return (
                Vector3(min(box.0.x, place.x), min(box.0.y, place.y), min(box.0.z, place.z)),
                Vector3(max(box.1.x, place.x), max(box.1.y, place.y), max(box.1.z, place.z))
            )
        }
        return 0.5 * (low + high)
    }
}

extension EpisodeScene.Form {
    /// The radius of the ball around its centre that holds it, m.
    var radius: Double {
        switch self {
        case .solid(let shape): shape.radiusAround
        case .surface(let surface): surface.points.reduce(0) { max($0, $1.length) }
        }
    }
}

extension TriangleMesh {
    fileprivate init(_ form: EpisodeScene.Form) {
        switch form {
        case .solid(let shape): self.init(shape)
        case .surface(let surface): self.init(surface)
        }
    }

    fileprivate init(_ terrain: EpisodeScene.Terrain) {
        self.init(
            heights: terrain.heights, columns: terrain.columns, origin: terrain.origin, cell: terrain.cell)
    }
}
