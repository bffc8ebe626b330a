// SPDX-License-Identifier: MIT

package import Geometry

extension TriangleMesh {
    /// A shape about its own centre.
    package init(_ shape: Shape) {
        switch shape {
        case .box(let size): self.init(box: size)
        case .sphere(let radius): self.init(radius: radius, length: 0)
        case .capsule(let radius, let length): self.init(radius: radius, length: length)
        case .cylinder(let radius, let length): self.init(cylinder: radius, top: radius, length: length)
        case .hull(let hull): self.init(hull)
        }
    }

    /// A box of these full lengths of its sides.
    init(box size: Vector3) {
        self.init()
        let half = 0.5 * size
        let (x, y, z) = (Vector3(half.x, 0, 0), Vector3(0, half.y, 0), Vector3(0, 0, half.z))
        for (normal, right, up) in [(x, y, z), (y, z, x), (z, x, y)] {
            for side in [1.0, -1] {
                let outward = side / max(normal.length, 1e-12) * normal
                let middle = side * normal
                let grid = [(-1.0, -1.0), (side, -side), (-side, side), (1, 1)].map { along, upward in
                    (point: middle + along * right + upward * up, normal: outward)
                }
                addGrid(grid, columns: 2)
            }
        }
    }

    /// A ball, or a capsule along z: `length` between the centres of its half balls.
    init(radius: Double, length: Double) {
        self.init()
        let around = Circle.points(5)
        // From the lower pole over a quarter of the circle to the equator, which is there twice, and on to the upper one.
        let heights = around[24...].map { ($0, -length / 2) } + around[0...8].map { ($0, length / 2) }
        let grid = heights.flatMap { direction, middle in
            around.map { turn in
                let normal = Vector3(direction.x * turn.x, direction.x * turn.y, direction.y)
                return (point: Vector3(0, 0, middle) + radius * normal, normal: normal)
            }
        }
        addGrid(grid, columns: around.count)
    }

    /// A cylinder along z, or a cone where its top has another radius.
    init(cylinder radius: Double, top: Double, length: Double) {
        self.init()
        let around = Circle.points(5)
        let slope = Vector3(length, 0, radius - top)
        let side = 1 / max(slope.length, 1e-12) * slope
        func ring(_ radius: Double, _ z: Double, _ normal: (SIMD2<Double>) -> Vector3) -> [(
            point: Vector3, normal: Vector3
        )] {
            around.map { (Vector3(radius * $0.x, radius * $0.y, z), normal($0)) }
        }
        let outward = { (turn: SIMD2<Double>) in Vector3(side.x * turn.x, side.x * turn.y, side.z) }
        addGrid(
            ring(radius, -length / 2, outward) + ring(top, length / 2, outward), columns: around.count)
        let (down, up) = (Vector3(0, 0, -1), Vector3(0, 0, 1))
        addGrid(
            ring(0, -length / 2) { _ in down } + ring(radius, -length / 2) { _ in down },
            columns: around.count)
        addGrid(ring(top, length / 2) { _ in up } + ring(0, length / 2) { _ in up }, columns: around.count)
    }

    /// Ground over a grid of points: heights row by row along x, `columns` in a row, from a corner on.
    package init(heights: [Float], columns: Int, origin: Vector3, cell: SIMD2<Double>) {
        self.init()
        guard columns > 1, heights.count >= 2 * columns else { return }
        let rows = heights.count / columns
        func height(_ column: Int, _ row: Int) -> Double {
            Double(heights[min(max(row, 0), rows - 1) * columns + min(max(column, 0), columns - 1)])
        }
        var grid: [(point: Vector3, normal: Vector3)] = []
        for row in 0..<rows {
            for column in 0..<columns {
                let rise =
                    SIMD2(
                        height(column + 1, row) - height(column - 1, row),
                        height(column, row + 1) - height(column, row - 1)) / (2 * cell)
                let normal = Vector3(-rise.x, -rise.y, 1)
                let point = Vector3(Double(column) * cell.x, Double(row) * cell.y, height(column, row))
                grid.append((origin + point, 1 / normal.length * normal))
            }
        }
        addGrid(grid, columns: columns)
    }
}

/// Points of the unit circle without a sine, whose last bit differs from system to system.
enum Circle {
    /// 2ⁿ steps around, the first point again as the last.
    static func points(_ doublings: Int) -> [SIMD2<Double>] {
        var points: [SIMD2<Double>] = [[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]]
        for _ in 2..<max(doublings, 2) {
            points =
                zip(points, points.dropFirst()).flatMap { first, second in
                    let sum = first + second
                    return [first, sum / (sum * sum).sum().squareRoot()]
                } + [points[0]]
        }
        return points
    }
}
