// SPDX-License-Identifier: MIT

package import Geometry

/// Where a picture is taken from.
package struct Camera: Sendable, Equatable {
    /// Its place in the world, m.
    package var eye: Vector3
    /// What is in the middle of the picture, m.
    package var target: Vector3
    /// How many pictures high the picture is of what is 1 m high and 1 m away.
    package var zoom: Double

    /// A zoom that shows 31° from top to bottom.
    package static let usualZoom = 1.8

    package init(eye: Vector3, target: Vector3, zoom: Double = Self.usualZoom) {
        (self.eye, self.target, self.zoom) = (eye, target, zoom)
    }
}

/// How points of the world come to places of a picture: through a camera, or along the rays of a light that is far away.
///
/// All places count from an origin near to what is seen, so that single precision suffices far from the world's own.
struct Lens {
    /// Directions of length 1 in the world: to the right and up in the picture, and into it.
    let right, up, forward: Vector3
    /// From the origin, m.
    let eye: Vector3
    let origin: Vector3
    /// Pixels for 1 m at a distance of 1 m, or for 1 m at any distance.
    let scale: Float
    /// The middle of the picture in pixels.
    let centre: SIMD2<Float>
    /// Nearer than this nothing is seen, m.
    let near: Float
    /// The depth of an orthographic view, m; nil for one in perspective.
    let range: Float?

    init(_ camera: Camera, width: Int, height: Int) {
        origin = camera.target
        eye = camera.eye - camera.target
        (right, up, forward) = Self.axes(into: -eye)
        scale = Float(camera.zoom * Double(height))
        centre = [Float(width) / 2, Float(height) / 2]
        near = Float(max(eye.length / 100, 1e-6))
        range = nil
    }

    /// The rays of light from a direction on what is within `radius` of a place.
    ///
    /// The picture moves by whole pixels, so that edges of shadows do not shimmer.
    init(light: Vector3, on place: Vector3, radius: Double, size: Int, origin: Vector3) {
        (right, up, forward) = Self.axes(into: -light)
        self.origin = origin
        let radius = max(radius, 1e-6)
        let pixel = 2 * radius / Double(size - 4)
        let (x, y) = (place.dot(right), place.dot(up))
        let step = Vector3(x - (x / pixel).rounded() * pixel, y - (y / pixel).rounded() * pixel, 0)
        eye = place - step.x * right - step.y * up - 2 * radius * forward - origin
        scale = Float(1 / pixel)
        centre = SIMD2(repeating: Float(size) / 2)
        near = 0
        range = Float(4 * radius)
    }

    private static func axes(into direction: Vector3) -> (Vector3, Vector3, Vector3) {
        let forward = 1 / max(direction.length, 1e-12) * direction
        var right = forward.cross(Vector3(0, 0, 1))
        if right.length < 1e-6 { right = Vector3(1, 0, 0) }
        right = 1 / right.length * right
        return (right, right.cross(forward), forward)
    }

    /// The axes of a body at a pose, as columns in the lens's own axes, and where its origin is.
    func placement(of pose: Pose) -> (columns: [SIMD3<Float>], offset: SIMD3<Float>) {
        let columns = [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)].map {
            SIMD3(turned(pose.orientation.rotate($0)))
        }
        return (columns, SIMD3(turned(pose.position - origin - eye)))
    }

    /// A direction of the world in the lens's own axes: to the right, up, into the picture.
    func turned(_ vector: Vector3) -> Vector3 {
        Vector3(vector.dot(right), vector.dot(up), vector.dot(forward))
    }

    /// Where a point in the lens's own axes is in the picture, in pixels, and how near: greater is nearer, and 0 is infinitely far.
    @inline(__always)
    func project(_ point: SIMD3<Float>) -> (place: SIMD2<Float>, nearness: Float) {
        if let range {
            return (centre + scale * SIMD2(point.x, -point.y), 1 - point.z / range)
        }
        let nearness = 1 / point.z
        return (centre + scale * nearness * SIMD2(point.x, -point.y), nearness)
    }
}
