// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Environments
public import Geometry
public import Physics

/// The heights of a terrain, and where its tiles are.
public struct TerrainGrid: Sendable, Equatable {
    /// The heights; its x and y axes are the world's.
    public let field: HeightField
    /// Where the field's first node is in the world, at height 0.
    public let corner: Vector3
    private let size: Double

    /// Makes the heights of a terrain; the same settings always give the same ones.
    public init(_ terrain: Terrain) {
        let cells = terrain.cellsOfTile
        let (along, across) = (terrain.rows * cells + 1, terrain.columns * cells + 1)
        let cell = terrain.size / Double(cells)
        var heights = [Float](repeating: 0, count: along * across)
        for row in 0..<terrain.rows {
            for column in 0..<terrain.columns where !terrain.kinds.isEmpty {
                let tile = TerrainTile(terrain, row: row, column: column)
                // A border between two tiles is the later one's.
                for j in 0...cells {
                    for i in 0...cells {
                        let place = (column * cells + j) * along + row * cells + i
                        heights[place] = Float(
                            tile.height(x: Double(i) * cell, y: Double(j) * cell))
                    }
                }
            }
        }
        field = HeightField(heights: heights, columns: along, cell: cell)
        corner = Vector3(-terrain.size / 2, -terrain.size / 2, 0)
        size = terrain.size
    }

    /// The height over a point of the world, m.
    public func height(x: Double, y: Double) -> Double {
        field.surface(x: x - corner.x, y: y - corner.y).height
    }

    /// The middle of a tile, on its ground.
    public func middle(row: Int, column: Int) -> Vector3 {
        let (x, y) = (Double(row) * size, Double(column) * size)
        return Vector3(x, y, height(x: x, y: y))
    }
}

/// One tile of a terrain.
private struct TerrainTile {
    let kind: TerrainKind
    let size: Double
    let flat: Double
    let difficulty: Double
    /// Random numbers in [0, 1) of its parts, `parts` in a row.
    let random: [Double]
    let parts: Int
    /// From the start of a part to that of the next.
    let period: Double

    init(_ terrain: Terrain, row: Int, column: Int) {
        kind = terrain.kinds[column % terrain.kinds.count]
        (size, flat, difficulty) = (terrain.size, terrain.flat, terrain.difficulty(row: row))
        period = kind.shape == .steppingStones ? kind.length + difficulty * kind.gap : kind.length
        parts = Int((size / period).rounded(.up)) + 2
        var stream = RandomStream(
            seed: terrain.seed, name: "terrain", index: UInt64(row * terrain.columns + column))
        let isRandom = [.rough, .steps, .steppingStones].contains(kind.shape)
        random = isRandom ? (0..<parts * parts).map { _ in stream.uniform() } : []
    }

    /// The height over a point that is so far from the tile's low corner.
    func height(x: Double, y: Double) -> Double {
        // How far it is from the middle, in the larger of two directions.
        let out = max(abs(x - size / 2), abs(y - size / 2))
        let rise = difficulty * kind.height
        switch kind.shape {
        case .rough: return rise * (smooth(x, y) - 0.5) * offPatch(out, over: 0.5)
        case .waves:
            let (u, v) = (x - size / 2, y - size / 2)
            let wave = sin(2 * .pi * u / kind.length) + sin(2 * .pi * v / kind.length)
            return rise * wave / 4 * offPatch(out, over: 0.5)
        case .image:
            let grey = (kind.image?.value(x / size, y / size) ?? 0) - (kind.image?.value(0.5, 0.5) ?? 0)
            return rise * grey * offPatch(out, over: 0.5)
        case .slope: return rise * min(max((size / 2 - out) / (size / 2 - flat), 0), 1)
        case .stairs:
            let steps = ((size / 2 - flat) / kind.length + 1e-9).rounded(.down)
            guard out > flat + 1e-9 else { return rise * steps }
            return rise * max(steps - 1 - ((out - flat) / kind.length - 1e-9).rounded(.down), 0)
        case .steps: return out > flat ? rise * (part(x, y) - 0.5) : 0
        case .steppingStones:
            let isStone = [x, y].allSatisfy {
                $0.truncatingRemainder(dividingBy: period) <= kind.length + 1e-9
            }
            guard out > flat else { return 0 }
            return isStone ? rise * (part(x, y) - 0.5) : -kind.depth
        }
    }

    /// 0 on the level patch, 1 from a distance to it on.
    private func offPatch(_ out: Double, over distance: Double) -> Double {
        min(max((out - flat) / distance, 0), 1)
    }

    /// The random number of the part that a point is in.
    private func part(_ x: Double, _ y: Double) -> Double {
        random[Int(y / period + 1e-9) * parts + Int(x / period + 1e-9)]
    }

    /// Between the random numbers of the four nodes around a point.
    private func smooth(_ x: Double, _ y: Double) -> Double {
        let (i, j) = (Int(x / period), Int(y / period))
        let (u, v) = (x / period - Double(i), y / period - Double(j))
        func at(_ i: Int, _ j: Int) -> Double { random[j * parts + i] }
        let low = at(i, j) + u * (at(i + 1, j) - at(i, j))
        let high = at(i, j + 1) + u * (at(i + 1, j + 1) - at(i, j + 1))
        return low + v * (high - low)
    }
}
