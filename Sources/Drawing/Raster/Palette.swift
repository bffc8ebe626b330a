// SPDX-License-Identifier: MIT

/// At most 255 colours that stand for all those of some pictures.
///
/// The colours, in steps of 4, lie in boxes, of which the one with the greatest spread is cut at its mean until there are enough
/// (median cut by variance); each box gives its mean.
struct Palette {
    /// Red, green, blue.
    private(set) var colours: [SIMD3<Int32>] = []
    /// The nearest colour of each step, once it was asked for; -1 before.
    private var nearest: [Int16]

    init(of pictures: [Picture], count: Int = 255) {
        nearest = Array(repeating: -1, count: 1 << 18)
        var counts = Array(repeating: 0, count: 1 << 18)
        for picture in pictures {
            for place in stride(from: 0, to: picture.bytes.count, by: 3) {
                counts[Self.step(picture.bytes[place], picture.bytes[place + 1], picture.bytes[place + 2])] +=
                    1
            }
        }
        var boxes = [Box(counts.indices.filter { counts[$0] > 0 }.map { ($0, counts[$0]) })]
        while boxes.count < count {
            let widest = boxes.indices.max { (boxes[$0].spread, $1) < (boxes[$1].spread, $0) }
            guard let widest, boxes[widest].spread > 0 else { break }
            let (low, high) = boxes[widest].halves
            boxes[widest] = low
            boxes.append(high)
        }
        colours = boxes.filter { !$0.steps.isEmpty }.map(\.colour)
    }

    /// The number of the colour that is nearest to one.
    mutating func number(of red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
        let step = Self.step(red, green, blue)
        if nearest[step] >= 0 { return Int(nearest[step]) }
        let colour = Self.middle(step)
        var best = (number: 0, distance: Int32.max)
        for (number, other) in colours.enumerated() {
            let way = other &- colour
            let distance = (way &* way).wrappedSum()
            if distance < best.distance { best = (number, distance) }
        }
        nearest[step] = Int16(best.number)
        return best.number
    }

    private static func step(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
        Int(red >> 2) << 12 | Int(green >> 2) << 6 | Int(blue >> 2)
    }

    /// The colour in the middle of a step; black and white are themselves.
    fileprivate static func middle(_ step: Int) -> SIMD3<Int32> {
        func byte(_ part: Int) -> Int32 { Int32((part & 63) * 255 / 63) }
        return [byte(step >> 12), byte(step >> 6), byte(step)]
    }

    /// Steps with how often they occur.
    private struct Box {
        let steps: [(step: Int, count: Int)]
        /// The mean colour.
        let colour: SIMD3<Int32>
        /// The part, red, green or blue, that differs most, its mean, and the sum of squares about it.
        let axis: Int
        let mean: Double
        let spread: Double

        init(_ steps: [(Int, Int)]) {
            self.steps = steps
            var (sum, squares, total) = (SIMD3<Double>.zero, SIMD3<Double>.zero, 0.0)
            for (step, count) in steps {
                let colour = SIMD3<Double>(Palette.middle(step))
                sum += Double(count) * colour
                squares += Double(count) * colour * colour
                total += Double(count)
            }
            let mean = sum / max(total, 1)
            // Less than the count would make it, so that what is small in a picture keeps its colour.
            let spreads = (squares - mean * sum) / max(total, 1).squareRoot()
            let axis = (0..<3).max { spreads[$0] < spreads[$1] } ?? 0
            (self.axis, self.mean) = (axis, mean[axis])
            spread = steps.count > 1 ? spreads[axis] : 0
            colour = [Int32(mean.x.rounded()), Int32(mean.y.rounded()), Int32(mean.z.rounded())]
        }

        /// What is below the mean, and the rest.
        var halves: (Box, Box) {
            let (axis, mean) = (axis, mean)
            let isLow = { (entry: (step: Int, count: Int)) in Double(Palette.middle(entry.step)[axis]) < mean
            }
            return (Box(steps.filter(isLow)), Box(steps.filter { !isLow($0) }))
        }
    }
}
