// SPDX-License-Identifier: MIT

internal import Geometry

/// Draws stages without a graphics card: the same bytes on every processor, since it adds, multiplies, divides and takes roots, which
/// IEEE 754 fixes to the last bit, and nothing else.
///
/// What is nearest at four places of each pixel is found first (``SampleBuffer``), for the camera and for the light; then each pixel is
/// lit, each triangle in it once.
package final class Rasteriser {
    /// The size of its pictures in pixels.
    package let width, height: Int
    private var samples: SampleBuffer
    private var shadow = Shadow()

    /// Makes one for pictures of a size, each side within 1...8192.
    package init(width: Int, height: Int) {
        (self.width, self.height) = (min(max(width, 1), 8192), min(max(height, 1), 8192))
        samples = SampleBuffer(width: self.width, height: self.height)
    }

    /// The picture of a stage.
    package func draw(_ stage: Stage, from camera: Camera) -> Picture {
        let lens = Lens(camera, width: width, height: height)
        samples.clear()
        for (number, solid) in stage.solids.enumerated() { samples.add(solid, colour: number, through: lens) }
        shadow.draw(stage, origin: lens.origin)
        let (seen, light) = (samples, shadow)
        let backdrop = Backdrop(stage, lens)
        let lighting = Lighting(stage, lens, backdrop)
        var picture = Picture(width: width, height: height)
        var bytes = picture.bytes.mutableSpan
        for y in 0..<height {
            for x in stride(from: 0, to: width, by: 4) {
                var (colours, ground) = backdrop.row(x: Float(x), y: Float(y) + 0.5, in: light)
                if seen.rows.contains(y), x + 4 > seen.columns.lowerBound,
                    x < seen.columns.upperBound
                {
                    for lane in 0..<min(4, width - x) {
                        lighting.mix(
                            seen, x + lane, y, ground[lane], over: &colours, lane, in: light)
                    }
                }
                Self.write(colours, to: &bytes, at: 3 * (y * width + x), count: min(4, width - x))
            }
        }
        return picture
    }

    @inline(__always)
    private static func write(
        _ colours: ColourRow, to bytes: inout MutableSpan<UInt8>, at place: Int, count: Int
    ) {
        let (red, green, blue) = (
            ColourRow.bytes(colours.red), ColourRow.bytes(colours.green), ColourRow.bytes(colours.blue)
        )
        for lane in 0..<count {
            bytes[place + 3 * lane] = UInt8(truncatingIfNeeded: red[lane])
            bytes[place + 3 * lane + 1] = UInt8(truncatingIfNeeded: green[lane])
            bytes[place + 3 * lane + 2] = UInt8(truncatingIfNeeded: blue[lane])
        }
    }
}
