// SPDX-License-Identifier: MIT

/// A triangle as it lies in a picture: its normal divided by its distance, and how near it is, are linear there.
struct Facet {
    /// The pixel coordinates that the others count from.
    var place: SIMD2<Float>
    /// At `place`: the normal in the lens's axes times the nearness, and the nearness.
    var value: SIMD4<Float>
    /// What these grow by from pixel to pixel to the right, and downwards.
    var alongX, alongY: SIMD4<Float>
    /// The number of its colour.
    var colour: Int

    /// The values at a place of the picture.
    @inline(__always)
    func value(at x: Float, _ y: Float) -> SIMD4<Float> {
        value + (x - place.x) * alongX + (y - place.y) * alongY
    }
}

/// What is nearest at four places within each pixel, and which triangle that is.
///
/// Corners are rounded to sixteenths of a pixel and edges computed in integers, so that triangles with a common edge leave no gap. The four
/// places stand on a turned square: an edge that is almost upright or level passes them one after the other.
struct SampleBuffer {
    /// Where the four places are, in pixels from the pixel's corner.
    static let (placesX, placesY): (SIMD4<Float>, SIMD4<Float>) =
        ([0.375, 0.875, 0.125, 0.625], [0.125, 0.375, 0.625, 0.875])
    private static let (gridX, gridY): (SIMD4<Int32>, SIMD4<Int32>) = ([6, 14, 2, 10], [2, 6, 10, 14])
    /// The longest side of what is filled at once, in sixteenths: edges stay within 32 bits.
    private static let longest: Int32 = 16_000

    /// What is nearest at the four places of a pixel.
    struct Pixel {
        /// How near it is; 0 where nothing is.
        var nearness = SIMD4<Float>.zero
        /// Its number in `facets`.
        var facets = SIMD4<Int32>.zero
    }

    let width, height: Int
    private(set) var pixels: [Pixel]
    private(set) var facets: [Facet] = []
    /// The rows and columns that something may be in.
    private(set) var (columns, rows) = (0..<0, 0..<0)

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        pixels = Array(repeating: Pixel(), count: width * height)
    }

    /// Takes everything out.
    mutating func clear() {
        for y in rows {
            for index in y * width + columns.lowerBound..<y * width + columns.upperBound {
                pixels[index].nearness = .zero
            }
        }
        facets.removeAll(keepingCapacity: true)
        (columns, rows) = (0..<0, 0..<0)
    }

    /// A corner of a triangle: its place in pixels, and the values that a ``Facet`` has there.
    typealias Corner = (place: SIMD2<Float>, value: SIMD4<Float>)

    /// Draws a triangle if its corners are counter-clockwise as they are seen.
    mutating func add(_ a: Corner, _ b: Corner, _ c: Corner, colour: Int) {
        let (ab, ac) = (b.place - a.place, c.place - a.place)
        // Twice the area, positive where it is seen from outside: rows count downwards.
        let area = ab.y * ac.x - ab.x * ac.y
        guard area > 1e-6, area.isFinite else { return }
        let (low, high) = (min(a.place, b.place, c.place), max(a.place, b.place, c.place))
        guard low.x < Float(width), low.y < Float(height), high.x > 0, high.y > 0 else { return }
        let (first, second) = (b.value - a.value, c.value - a.value)
        let alongX = (ab.y * second - ac.y * first) / area
        let alongY = (ac.x * first - ab.x * second) / area
        facets.append(
            Facet(place: a.place, value: a.value, alongX: alongX, alongY: alongY, colour: colour))
        fill(Self.grid(a.place), Self.grid(b.place), Self.grid(c.place))
    }

    private static func grid(_ place: SIMD2<Float>) -> SIMD2<Int32> {
        let bounded = (16 * place).clamped(
            lowerBound: .init(repeating: -5e8), upperBound: .init(repeating: 5e8))
        return [Int32(bounded.x.rounded()), Int32(bounded.y.rounded())]
    }

    /// Fills the places within a triangle where the last facet is nearest.
    private mutating func fill(_ a: SIMD2<Int32>, _ b: SIMD2<Int32>, _ c: SIMD2<Int32>) {
        let low = SIMD2(Swift.min(a.x, b.x, c.x), Swift.min(a.y, b.y, c.y))
        let high = SIMD2(Swift.max(a.x, b.x, c.x), Swift.max(a.y, b.y, c.y))
        let (left, right) = (Swift.max(0, Int(low.x) >> 4), Swift.min(width - 1, Int(high.x) >> 4))
        let (top, bottom) = (Swift.max(0, Int(low.y) >> 4), Swift.min(height - 1, Int(high.y) >> 4))
        guard left <= right, top <= bottom else { return }
        guard high.x - low.x <= Self.longest, high.y - low.y <= Self.longest else {
            return split(a, b, c)
        }
        columns = columns.joined(with: left..<right + 1)
        rows = rows.joined(with: top..<bottom + 1)
        let start = SIMD2(Int32(left << 4), Int32(top << 4))
        fill(
            Edge(from: a, to: b, at: start), Edge(from: b, to: c, at: start), Edge(from: c, to: a, at: start),
            left...right, top...bottom)
    }

    private mutating func fill(
        _ first: Edge, _ second: Edge, _ third: Edge, _ columns: ClosedRange<Int>, _ rows: ClosedRange<Int>
    ) {
        let number = facets.count - 1
        let facet = facets[number]
        let name = SIMD4<Int32>(repeating: Int32(number))
        let (x, y) = (Float(columns.lowerBound) - facet.place.x, Float(rows.lowerBound) - facet.place.y)
        var rowNearness =
            facet.value.w + (x + Self.placesX) * facet.alongX.w + (y + Self.placesY) * facet.alongY.w
        var (first, second, third) = (first, second, third)
        let width = width
        var pixels = pixels.mutableSpan
        for y in rows {
            var (one, two, three, near) = (first.value, second.value, third.value, rowNearness)
            for index in y * width + columns.lowerBound...y * width + columns.upperBound {
                let outside = (one | two | three) &>> 31
                if outside.wrappedSum() != -4 {
                    let isSeen = (outside .== 0) .& (near .> pixels[index].nearness)
                    pixels[index].nearness.replace(with: near, where: isSeen)
                    pixels[index].facets.replace(with: name, where: isSeen)
                }
                one &+= first.alongX
                two &+= second.alongX
                three &+= third.alongX
                near += facet.alongX.w
            }
            first.value &+= first.alongY
            second.value &+= second.alongY
            third.value &+= third.alongY
            rowNearness += facet.alongY.w
        }
    }

    /// Cuts the longest side in the middle.
    private mutating func split(_ a: SIMD2<Int32>, _ b: SIMD2<Int32>, _ c: SIMD2<Int32>) {
        func length(_ from: SIMD2<Int32>, _ to: SIMD2<Int32>) -> Int {
            Swift.max(abs(Int(to.x) - Int(from.x)), abs(Int(to.y) - Int(from.y)))
        }
        let (ab, bc, ca) = (length(a, b), length(b, c), length(c, a))
        if bc >= ab, bc >= ca { return split(b, c, a) }
        if ca > ab { return split(c, a, b) }
        let middle = SIMD2(Int32((Int(a.x) + Int(b.x)) / 2), Int32((Int(a.y) + Int(b.y)) / 2))
        fill(a, middle, c)
        fill(middle, b, c)
    }

    /// On which side of an edge the four places of a pixel are: negative outside.
    private struct Edge {
        var value: SIMD4<Int32>
        let alongX, alongY: SIMD4<Int32>

        init(from: SIMD2<Int32>, to: SIMD2<Int32>, at start: SIMD2<Int32>) {
            let way = to &- from
            let (x, y) = (start.x &- from.x &+ gridX, start.y &- from.y &+ gridY)
            value = way.y &* x &- way.x &* y
            alongX = SIMD4(repeating: 16 &* way.y)
            alongY = SIMD4(repeating: -16 &* way.x)
        }
    }
}

extension Range<Int> {
    fileprivate func joined(with other: Range<Int>) -> Range<Int> {
        isEmpty ? other : Swift.min(lowerBound, other.lowerBound)..<Swift.max(upperBound, other.upperBound)
    }
}

private func min(_ a: SIMD2<Float>, _ b: SIMD2<Float>, _ c: SIMD2<Float>) -> SIMD2<Float> {
    pointwiseMin(a, pointwiseMin(b, c))
}

private func max(_ a: SIMD2<Float>, _ b: SIMD2<Float>, _ c: SIMD2<Float>) -> SIMD2<Float> {
    pointwiseMax(a, pointwiseMax(b, c))
}
