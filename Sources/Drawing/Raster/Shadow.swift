// SPDX-License-Identifier: MIT

internal import Geometry

/// What the light of the sun reaches: the scene as it is seen from there.
struct Shadow {
    /// Pixels along each side; a shadow's edge is as soft as three of them are wide.
    private static let size = 160

    private var buffer = SampleBuffer(width: size, height: size)
    private var lens: Lens?
    private var right = SIMD3<Float>.zero
    private var down = SIMD3<Float>.zero
    private var ahead = SIMD3<Float>.zero
    private var start = SIMD3<Float>.zero
    /// How far a surface is lifted before it is looked for, so that it does not shade itself, m.
    private var lift: Float = 0

    /// Draws what stands in the light.
    mutating func draw(_ stage: Stage, origin: Vector3) {
        let lens = Lens(
            light: stage.light, on: stage.centre, radius: stage.reach, size: Self.size, origin: origin)
        self.lens = lens
        buffer.clear()
        for solid in stage.solids { buffer.add(solid, colour: 0, through: lens) }
        // Place and nearness as linear functions of the point.
        right = lens.scale * SIMD3(lens.right)
        down = -lens.scale * SIMD3(lens.up)
        ahead = SIMD3(lens.forward) / (lens.range ?? 1)
        let eye = SIMD3<Float>(lens.eye)
        start = [lens.centre.x - right.dot(eye), lens.centre.y - down.dot(eye), 1 + ahead.dot(eye)]
        lift = 2.5 / lens.scale
    }

    /// The share of sunlight, 0 to 1, at four points of the ground.
    @inline(__always)
    func light(x: SIMD4<Float>, y: SIMD4<Float>, z: SIMD4<Float>) -> SIMD4<Float>? {
        let column = start.x + right.x * x + right.y * y + right.z * z
        let row = start.y + down.x * x + down.y * y + down.z * z
        let limit = Float(Self.size)
        guard column.max() > 0, column.min() < limit, row.max() > 0, row.min() < limit else { return nil }
        let nearness = start.z - ahead.x * x - ahead.y * y - ahead.z * z
        var light = SIMD4<Float>.one
        for lane in 0..<4 { light[lane] = share(column[lane], row[lane], nearness[lane]) }
        return light
    }

    /// The share of sunlight at a point of a surface with this normal.
    func light(at point: SIMD3<Float>, normal: SIMD3<Float>) -> Float {
        let point = point + lift * normal
        return share(
            start.x + right.dot(point), start.y + down.dot(point), start.z - ahead.dot(point) + 0.002)
    }

    /// The share of the places about one that nothing nearer to the light covers, by a tent three pixels wide.
    private func share(_ column: Float, _ row: Float, _ nearness: Float) -> Float {
        let limit = Float(Self.size - 2)
        guard column > 2, row > 2, column < limit, row < limit else { return 1 }
        let (left, top) = (Int(column - 0.5), Int(row - 0.5))
        let (right, down) = (column - 0.5 - Float(left), row - 0.5 - Float(top))
        // The middle pixel counts fully, those beside it as far as the tent covers them.
        let across = SIMD4(1 - right, 1, right, 0)
        let downward = SIMD4(1 - down, 1, down, 0)
        let own = SIMD4<Float>(repeating: nearness)
        var covered: Float = 0
        for j in 0..<3 {
            var inRow: Float = 0
            for i in 0..<3 {
                let nearest = buffer.pixels[(top + j) * Self.size + left + i].nearness
                let isCovered = nearest .> own
                inRow += across[i] * SIMD4<Float>.zero.replacing(with: 1, where: isCovered).sum()
            }
            covered += downward[j] * inRow
        }
        return 1 - covered / 16
    }
}
