// SPDX-License-Identifier: MIT

internal import Geometry
internal import Scenes

/// Which moments of an episode tell it best.
enum EpisodeMoments {
    /// At most `count` frames by their numbers, taken so that the robot moves about as much between any two: one that has come to rest
    /// does not fill the picture.
    static func indices(_ frames: [EpisodeFrame], count: Int) -> [Int] {
        let motions = zip(frames, frames.dropFirst()).map(motion)
        // A little for the time alone, so that rest is shown too.
        let rest = max(0.02 * (motions.max() ?? 0), 1e-6)
        var ways = [0.0]
        for motion in motions { ways.append(ways[ways.count - 1] + motion + rest) }
        let end = ways[ways.count - 1]
        var chosen: [Int] = []
        for (index, way) in ways.enumerated()
        where chosen.count < count && index < frames.count
            && way >= end * Double(chosen.count) / Double(max(count - 1, 1)) * (1 - 1e-12)
        { chosen.append(index) }
        return chosen
    }

    /// How far the links went, beside the robot's way as a whole, and points 0.3 m out on their axes as they turned, m.
    private static func motion(_ earlier: EpisodeFrame, _ later: EpisodeFrame) -> Double {
        let shift = later.middle - earlier.middle
        var sum = 0.0
        for (before, after) in zip(earlier.links, later.links) {
            sum += (after.position - before.position - shift).length
            for axis in [Vector3(0.3, 0, 0), Vector3(0, 0, 0.3)] {
                sum += (after.orientation.rotate(axis) - before.orientation.rotate(axis)).length
            }
        }
        return sum.isFinite ? sum : 0
    }
}

extension Double {
    /// The greatest of 1, 2, 5, 10, and so on, that is not above a length.
    var roundedToStep: Double {
        var step = 1e-3
        while step * 10 <= self, step < 1e6 { step *= 10 }
        return self >= 5 * step ? 5 * step : self >= 2 * step ? 2 * step : step
    }
}
