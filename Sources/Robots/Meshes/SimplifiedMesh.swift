// SPDX-License-Identifier: MIT

internal import Geometry

extension Polyhedron {
    /// A surface of at most about `count` triangles that looks the same from afar: points that are near each other became one.
    func simplified(to count: Int) -> Polyhedron {
        let low = Axis.allCases.map { axis in points.reduce(.infinity) { min($0, $1[axis]) } }
        let high = Axis.allCases.map { axis in points.reduce(-.infinity) { max($0, $1[axis]) } }
        let extent = zip(low, high).reduce(0) { max($0, $1.1 - $1.0) }
        guard triangles.count > count, extent > 0 else { return self }
        // A surface of n x n cells has about 6 n² points on a cube, twice as many triangles.
        var cells = (Double(count) / 4).squareRoot()
        var simple = self
        while simple.triangles.count > count, cells >= 1 {
            simple = joined(from: Vector3(low[0], low[1], low[2]), cell: extent / cells)
            cells *= 0.85
        }
        return simple.triangles.count > count ? self : simple
    }

    /// The surface whose points are the means of those in each cell of a grid; triangles of fewer than three cells are left out.
    private func joined(from low: Vector3, cell: Double) -> Polyhedron {
        var numbers: [SIMD3<Int32>: UInt32] = [:]
        var sums: [(sum: Vector3, count: Double)] = []
        let cells = points.map { point in
            let place = (1 / cell) * (point - low)
            let key = SIMD3<Int32>(Int32(place.x), Int32(place.y), Int32(place.z))
            let number = numbers[key] ?? UInt32(sums.count)
            if numbers[key] == nil {
                numbers[key] = number
                sums.append((.zero, 0))
            }
            sums[Int(number)].sum += point
            sums[Int(number)].count += 1
            return number
        }
        let kept = triangles.map { SIMD3(cells[Int($0.x)], cells[Int($0.y)], cells[Int($0.z)]) }.filter {
            $0.x != $0.y && $0.y != $0.z && $0.z != $0.x
        }
        return Polyhedron(points: sums.map { (1 / $0.count) * $0.sum }, triangles: kept)
    }
}
