// SPDX-License-Identifier: MIT

/// A colour as amounts of light, 0 to 1 each; a picture's byte is 255 times the root, which is near to sRGB and exact everywhere.
package struct Colour: Sendable, Equatable {
    /// Red, green, blue.
    var light: SIMD3<Float>

    /// Makes a colour as pages write it: 0xRRGGBB.
    package init(_ hex: UInt32) {
        let bytes = SIMD3(Float(hex >> 16 & 255), Float(hex >> 8 & 255), Float(hex & 255)) / 255
        light = bytes * bytes
    }

    /// Makes a colour of red, green and blue as files give them, 0 to 1 each; what is outside is cut.
    package init(red: Double, green: Double, blue: Double) {
        let parts = SIMD3(Float(red), Float(green), Float(blue))
        let bounded = parts.replacing(with: 0, where: .!(parts .> 0))
        let bytes = bounded.replacing(with: 1, where: bounded .> 1)
        light = bytes * bytes
    }
}

/// The colours of four pixels beside each other.
struct ColourRow {
    var red, green, blue: SIMD4<Float>

    init(_ colour: Colour) {
        red = SIMD4(repeating: colour.light.x)
        green = SIMD4(repeating: colour.light.y)
        blue = SIMD4(repeating: colour.light.z)
    }

    subscript(lane: Int) -> SIMD3<Float> {
        get { [red[lane], green[lane], blue[lane]] }
        set { (red[lane], green[lane], blue[lane]) = (newValue.x, newValue.y, newValue.z) }
    }

    /// Goes a part of the way to other colours.
    @inline(__always)
    mutating func mix(_ other: ColourRow, _ share: SIMD4<Float>) {
        red += share * (other.red - red)
        green += share * (other.green - green)
        blue += share * (other.blue - blue)
    }

    @inline(__always)
    mutating func dim(red r: SIMD4<Float>, green g: SIMD4<Float>, blue b: SIMD4<Float>) {
        red *= r
        green *= g
        blue *= b
    }

    /// The bytes of amounts of light: 255 times the root, rounded.
    @inline(__always)
    static func bytes(_ light: SIMD4<Float>) -> SIMD4<UInt32> {
        let root = light.clamped(lowerBound: .zero, upperBound: .one).squareRoot()
        // Added to 2²³, a number is rounded to the last bits of its pattern.
        let sum = 255 * root + 8_388_608
        return SIMD4(sum.x.bitPattern, sum.y.bitPattern, sum.z.bitPattern, sum.w.bitPattern) & 255
    }
}
