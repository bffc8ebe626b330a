// SPDX-License-Identifier: MIT

internal import Geometry
internal import Scenes

extension EpisodeScene.Terrain {
    /// How far around the robot's way ground is kept, m.
    private static let room = 12.0
    /// The most heights that a page has.
    private static let mostHeights = 60_000

    /// The part of the ground that films show; every second point of it, or fewer, where there are too many for a page.
    func seen(in films: [EpisodeFilm]) -> Self {
        seen(around: films.flatMap(\.frames).compactMap(\.links.first?.position))
    }

    /// The part of the ground around some places, thinned out likewise.
    func seen(around places: [Vector3]) -> Self {
        guard columns > 0, cell.x > 0, cell.y > 0, !places.isEmpty else { return self }
        let rows = heights.count / columns
        let across = Self.indices(places.map { $0.x - origin.x }, cell.x, columns)
        let along = Self.indices(places.map { $0.y - origin.y }, cell.y, rows)
        guard !across.isEmpty, !along.isEmpty else { return self }
        var every = 1
        while (across.count / every + 1) * (along.count / every + 1) > Self.mostHeights { every += 1 }
        let (xs, ys) = (
            Array(stride(from: across.lowerBound, to: across.upperBound, by: every)),
            Array(stride(from: along.lowerBound, to: along.upperBound, by: every))
        )
        return Self(
            origin: origin
                + Vector3(Double(across.lowerBound) * cell.x, Double(along.lowerBound) * cell.y, 0),
            cell: Double(every) * cell, columns: xs.count,
            heights: ys.flatMap { y in xs.map { heights[y * columns + $0] } })
    }

    /// The points of an axis that are near some places on it.
    private static func indices(_ places: [Double], _ cell: Double, _ count: Int) -> Range<Int> {
        func index(_ place: Double) -> Int { Int(max(0, min(Double(count), (place / cell).rounded()))) }
        let (low, high) = places.reduce((Double.infinity, -Double.infinity)) {
            (min($0.0, $1), max($0.1, $1))
        }
        return index(low - room)..<max(index(low - room), index(high + room))
    }
}
