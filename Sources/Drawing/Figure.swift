// SPDX-License-Identifier: MIT

internal import Geometry
internal import Scenes

/// A robot as outlines in the plane that it moves in: what a picture shows of one moment, in m to the right and up.
struct Figure {
    /// What of a shape is seen.
    enum Outline {
        /// A line with round ends of this half width.
        case line(from: SIMD2<Double>, to: SIMD2<Double>, radius: Double)
        /// A convex area by its corners.
        case area([SIMD2<Double>])
    }

    /// The outlines of all shapes, each with the link that it belongs to, from the farthest to the nearest.
    private(set) var outlines: [(link: Int, outline: Outline)] = []
    /// The places of the joints.
    let joints: [SIMD2<Double>]
    /// The task's target.
    let target: SIMD2<Double>?
    /// The middle of the links.
    let middle: SIMD2<Double>

    /// Makes the outlines of a moment, seen from the side (x to the right, z up), or from above where every joint turns about the
    /// vertical.
    init(_ scene: EpisodeScene, _ frame: EpisodeFrame) {
        let isFromAbove = scene.isFlat
        func project(_ point: Vector3) -> SIMD2<Double> {
            isFromAbove ? [point.x, point.y] : [point.x, point.z]
        }
        var seen: [(depth: Double, link: Int, outline: Outline)] = []
        for part in scene.parts {
            guard let link = part.link, frame.links.indices.contains(link) else { continue }
            let pose = frame.links[link] * part.pose
            let outline = Self.outline(part.form) { project(pose.place($0)) }
            seen.append((isFromAbove ? pose.position.z : -pose.position.y, link, outline))
        }
        seen.sort { ($0.depth, $0.link) < ($1.depth, $1.link) }
        outlines = seen.map { ($0.link, $0.outline) }
        joints = scene.joints.compactMap { joint in
            frame.links.indices.contains(joint.child) ? project(frame.links[joint.child].position) : nil
        }
        target = frame.target.map { project($0.position) }
        middle = project(frame.middle)
    }

    private static func outline(_ form: EpisodeScene.Form, _ place: (Vector3) -> SIMD2<Double>) -> Outline {
        switch form {
        case .solid(.sphere(let radius)): return .line(from: place(.zero), to: place(.zero), radius: radius)
        case .solid(.capsule(let radius, let length)):
            let end = Vector3(0, 0, length / 2)
            return .line(from: place(-end), to: place(end), radius: radius)
        case .solid(let shape):
            let points = TriangleMesh(shape).points
            return .area(hull(points.map { place(Vector3(Double($0.x), Double($0.y), Double($0.z))) }))
        case .surface(let surface): return .area(hull(surface.points.map(place)))
        }
    }

    /// The corners of the smallest convex area that holds some points, counter-clockwise (Andrew's monotone chain).
    private static func hull(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
        let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        func chain(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
            var chain: [SIMD2<Double>] = []
            for point in points {
                while chain.count > 1 {
                    let (a, b) = (chain[chain.count - 2], chain[chain.count - 1])
                    let turn = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)
                    guard turn <= 1e-12 else { break }
                    chain.removeLast()
                }
                chain.append(point)
            }
            return Array(chain.dropLast())
        }
        return chain(sorted) + chain(sorted.reversed())
    }

    /// The corner points of all outlines with what is drawn around them, m.
    var corners: [(place: SIMD2<Double>, radius: Double)] {
        outlines.flatMap { _, outline -> [(place: SIMD2<Double>, radius: Double)] in
            switch outline {
            case .line(let from, let to, let radius): [(from, radius), (to, radius)]
            case .area(let corners): corners.map { ($0, 0) }
            }
        }
    }
}

extension EpisodeScene {
    /// The direction at right angles to flat ground; nil where there is none.
    var groundNormal: Vector3? {
        guard terrain == nil, let groundSlope else { return nil }
        return Quaternion(angle: -groundSlope, about: Vector3(0, 1, 0)).rotate(Vector3(0, 0, 1))
    }

    /// Whether the robot moves in a horizontal plane, and is seen from above.
    var isFlat: Bool {
        base == .fixed && !joints.isEmpty && joints.allSatisfy { abs($0.axis.z) > 0.99 && $0.unit == "rad" }
    }
}
