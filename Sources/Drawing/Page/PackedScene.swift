// SPDX-License-Identifier: MIT

internal import Geometry
internal import Scenes
internal import Settings

extension EpisodeScene {
    /// The scene as a page holds it.
    var packed: [(String, JSONValue)] {
        let surfaces = uniqueSurfaces
        func packed(_ part: Part) -> JSONValue { part.packed(surfaces) }
        func names(_ names: [String]) -> JSONValue { .array(names.map { .text(SVG.plain($0)) }) }
        var members: [(String, JSONValue)] = [
            ("scene", .text(SVG.plain(name))), ("robot", .text(SVG.plain(robot))),
            ("base", .text(base.rawValue)),
            ("links", .array(links.map(\.packed))), ("joints", .array(joints.map(\.packed))),
            ("surfaces", .array(surfaces.map(\.packed))),
            ("parts", .array(parts.map(packed))), ("obstacles", .array(obstacles.map(packed))),
            ("hasTarget", .flag(hasTarget)), ("hasCommand", .flag(hasCommand)),
            ("actions", names(actions)), ("terms", names(rewardTerms)),
        ]
        if let groundSlope { members.append(("slope", .number(groundSlope))) }
        if let terrain { members.append(("terrain", terrain.packed)) }
        return members
    }

    /// Each mesh once, whatever has it.
    private var uniqueSurfaces: [Polyhedron] {
        var found: [Polyhedron] = []
        for part in parts + obstacles {
            if let surface = part.form.polyhedron, !found.contains(surface) { found.append(surface) }
        }
        return found
    }
}

extension EpisodeScene.Link {
    fileprivate var packed: JSONValue {
        .object(
            [("name", .text(SVG.plain(name)))] + (parent.map { [("parent", .number(Double($0)))] } ?? []))
    }
}

extension EpisodeScene.Joint {
    fileprivate var packed: JSONValue {
        .object(
            [
                ("name", .text(SVG.plain(name))), ("unit", .text(unit)), ("child", .number(Double(child))),
                ("axis", Packing.numbers(axis)),
            ] + (lower.map { [("lower", .number($0))] } ?? [])
                + (upper.map { [("upper", .number($0))] } ?? []))
    }
}

extension EpisodeScene.Part {
    fileprivate func packed(_ surfaces: [Polyhedron]) -> JSONValue {
        var members = form.packed(surfaces) + [("pose", Packing.numbers(pose))]
        if let link { members.append(("link", .number(Double(link)))) }
        if let colour {
            members.append(
                ("colour", .array([colour.x, colour.y, colour.z, colour.w].map { .number($0) })))
        }
        return .object(members)
    }
}

extension EpisodeScene.Form {
    /// The triangles of what is no primitive.
    fileprivate var polyhedron: Polyhedron? {
        switch self {
        case .solid(.hull(let surface)), .surface(let surface): surface
        case .solid: nil
        }
    }

    fileprivate func packed(_ surfaces: [Polyhedron]) -> [(String, JSONValue)] {
        switch self {
        case .solid(.box(let size)): [("kind", .text("box")), ("size", Packing.numbers(size))]
        case .solid(.sphere(let radius)): [("kind", .text("sphere")), ("radius", .number(radius))]
        case .solid(.cylinder(let radius, let length)):
            [("kind", .text("cylinder")), ("radius", .number(radius)), ("length", .number(length))]
        case .solid(.capsule(let radius, let length)):
            [("kind", .text("capsule")), ("radius", .number(radius)), ("length", .number(length))]
        case .solid(.hull(let surface)), .surface(let surface):
            [
                ("kind", .text("surface")),
                ("surface", .number(Double(surfaces.firstIndex(of: surface) ?? 0))),
            ]
        }
    }
}

extension Polyhedron {
    /// Its points in 16 bits, and the corners of its triangles, in 16 bits too where those are enough.
    fileprivate var packed: JSONValue {
        let reach = points.flatMap(\.components).reduce(0) { max($0, abs($1)) }
        let corners = triangles.flatMap { [$0.x, $0.y, $0.z] }
        let isSmall = points.count <= 1 << 16
        return .object([
            ("reach", .number(reach)), ("small", .flag(isSmall)),
            ("points", Packing.text(points.flatMap(\.components).map { Packing.short($0, of: reach) })),
            (
                "triangles",
                isSmall
                    ? Packing.text(corners.map { Int16(truncatingIfNeeded: $0) }) : Packing.text(corners)
            ),
        ])
    }
}

extension EpisodeScene.Terrain {
    var packed: JSONValue {
        .object([
            ("origin", Packing.numbers(origin)), ("cell", .array([.number(cell.x), .number(cell.y)])),
            ("columns", .number(Double(columns))), ("heights", Packing.text(heights)),
        ])
    }
}
