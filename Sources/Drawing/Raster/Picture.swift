// SPDX-License-Identifier: MIT

/// A picture of pixels.
package struct Picture: Sendable, Equatable {
    /// The pixels in a row.
    package let width: Int
    /// The rows.
    package let height: Int
    /// Red, green and blue of each pixel, row by row from the top.
    package var bytes: [UInt8]

    package init(width: Int, height: Int, bytes: [UInt8]? = nil) {
        (self.width, self.height) = (width, height)
        self.bytes = bytes ?? Array(repeating: 0, count: 3 * width * height)
    }

    /// Red, green and blue of a pixel.
    package subscript(x: Int, y: Int) -> SIMD3<UInt8> {
        let place = 3 * (y * width + x)
        return [bytes[place], bytes[place + 1], bytes[place + 2]]
    }

    /// Pictures of one height beside each other, with a white line of some pixels between.
    package static func row(_ pictures: [Picture], gap: Int = 4) -> Picture {
        let height = pictures.first?.height ?? 0
        let width = pictures.reduce(-gap) { $0 + $1.width + gap }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(3 * max(width, 0) * height)
        for y in 0..<height {
            for (index, picture) in pictures.enumerated() {
                if index > 0 { bytes += Array(repeating: 255, count: 3 * gap) }
                bytes += picture.bytes[3 * y * picture.width..<3 * (y + 1) * picture.width]
            }
        }
        return Picture(width: max(width, 0), height: height, bytes: bytes)
    }
}
