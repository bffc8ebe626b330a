// SPDX-License-Identifier: MIT

internal import Geometry
internal import Scenes

/// Where an episode is seen from: a camera that stands still where the robot stays about where it is, and else goes along with it, without
/// its haste.
struct CameraPath {
    /// Whether it goes along.
    let follows: Bool
    private let direction: Vector3
    private let followed: [Vector3]
    /// The middle of the picture, from the place that is followed.
    private let offset: Vector3
    private let distance: Double

    /// A camera for an episode that is known.
    init(_ stage: EpisodeStage, _ frames: [EpisodeFrame], aspect: Double) {
        let middles = frames.map(\.middle).map { $0.length.isFinite ? $0 : .zero }
        let travel = middles.reduce(0) { max($0, ($1 - (middles.first ?? .zero)).length) }
        let follows = stage.scene.base != .fixed && travel > 0.6 * stage.size
        let followed = follows ? Self.smooth(middles, period: stage.scene.period) : middles.map { _ in .zero }
        // What all frames need, about the place that is followed.
        let balls = frames.indices.flatMap { index in
            stage.balls(frames[index]).map { ($0.place - followed[index], $0.radius) }
        }
        self.init(stage, balls, follows: follows, followed, aspect: aspect)
    }

    /// A camera for what is not known yet: it sees all that a fixed robot may reach, or goes along with one that moves (``camera(along:)``).
    init(_ stage: EpisodeStage, live first: EpisodeFrame, aspect: Double) {
        let follows = stage.scene.base != .fixed
        let middle = first.middle
        var balls = follows ? stage.balls(first) : [stage.reach(from: first)]
        for index in balls.indices where follows { balls[index].place = balls[index].place - middle }
        self.init(stage, balls, follows: follows, [follows ? middle : .zero], aspect: aspect)
    }

    private init(
        _ stage: EpisodeStage, _ balls: [(Vector3, Double)], follows: Bool, _ followed: [Vector3],
        aspect: Double
    ) {
        self.follows = follows
        let toCamera = stage.scene.isFlat ? Vector3(0.15, -0.75, 1.25) : Vector3(0.5, -1, 0.42)
        direction = 1 / toCamera.length * toCamera
        let right = Vector3(-direction.y, direction.x, 0)
        let across = 1 / right.length * right
        var view = Extent((across, direction.cross(across), direction))
        for (place, radius) in balls { view.add(place, radius) }
        offset = view.middle
        self.followed = followed
        distance = max(view.distance(zoom: Camera.usualZoom, aspect: aspect), 1e-3)
    }

    /// The camera for a frame.
    func camera(_ frame: Int) -> Camera {
        camera(on: followed.isEmpty ? .zero : followed[min(max(frame, 0), followed.count - 1)])
    }

    /// The camera for a robot whose middle is at a place, which it follows to the sides.
    func camera(along frame: EpisodeFrame) -> Camera {
        guard follows, let first = followed.first, frame.middle.length.isFinite else { return camera(0) }
        return camera(on: Vector3(frame.middle.x, frame.middle.y, first.z))
    }

    private func camera(on place: Vector3) -> Camera {
        let target = place + offset
        return Camera(eye: target + distance * direction, target: target)
    }

    /// The means over half a second before and after, thrice, of which the second and third smooth the corners.
    private static func smooth(_ places: [Vector3], period: Double) -> [Vector3] {
        let half = max(1, Int(0.4 / max(period, 1e-3)))
        var places = places
        for _ in 0..<3 {
            var sums = [Vector3.zero]
            for place in places { sums.append(sums[sums.count - 1] + place) }
            places = places.indices.map { index in
                // As far to one side as to the other, so that the ends stay where they are.
                let reach = min(half, index, places.count - 1 - index)
                return 1 / Double(2 * reach + 1) * (sums[index + reach + 1] - sums[index - reach])
            }
        }
        return places
    }
}

/// What a camera's axes see of balls.
private struct Extent {
    private let axes: (right: Vector3, up: Vector3, back: Vector3)
    private var low = Vector3(.infinity, .infinity, .infinity)
    private var high = Vector3(-.infinity, -.infinity, -.infinity)

    init(_ axes: (Vector3, Vector3, Vector3)) { self.axes = axes }

    mutating func add(_ place: Vector3, _ radius: Double) {
        let seen = Vector3(place.dot(axes.right), place.dot(axes.up), place.dot(axes.back))
        guard seen.length.isFinite else { return }
        low = Vector3(min(low.x, seen.x - radius), min(low.y, seen.y - radius), min(low.z, seen.z - radius))
        high = Vector3(
            max(high.x, seen.x + radius), max(high.y, seen.y + radius), max(high.z, seen.z + radius))
    }

    private var isEmpty: Bool { low.x > high.x }

    var middle: Vector3 {
        guard !isEmpty else { return .zero }
        let seen = 0.5 * (low + high)
        return seen.x * axes.right + seen.y * axes.up + seen.z * axes.back
    }

    /// From where all of it fills four fifths of the picture.
    func distance(zoom: Double, aspect: Double) -> Double {
        guard !isEmpty else { return 3 }
        let half = 0.5 * (high - low)
        return max(half.y, half.x / aspect) * zoom / 0.38 + 0.6 * half.z
    }
}
