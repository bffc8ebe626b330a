// SPDX-License-Identifier: MIT

/// A film as a GIF file (GIF89a) that begins again when it ends.
///
/// All pictures have one palette. Of each only the rectangle that changed is written, and in it what stayed nearly the same is left
/// through: a camera that stands still makes small files.
package struct GIF {
    private let width, height: Int
    private var palette: Palette
    private var file: [UInt8]
    /// The numbers of the colours that are to be seen so far.
    private var shown: [Int] = []
    private var coder = LZW()
    private static let transparent = 255

    /// Makes a film of pictures like these, whose colours it will have.
    package init(like pictures: [Picture]) {
        width = pictures.first?.width ?? 1
        height = pictures.first?.height ?? 1
        palette = Palette(of: pictures)
        file = Array("GIF89a".utf8)
        file.addLowFirst(width)
        file.addLowFirst(height)
        // 256 colours; no other pixel shape.
        file += [0xF7, 0, 0]
        for colour in palette.colours { file += (0..<3).map { UInt8(truncatingIfNeeded: colour[$0]) } }
        file += Array(repeating: 0, count: 3 * (256 - palette.colours.count))
        // Netscape's extension: again and again.
        file += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
    }

    /// Adds a picture of the film's size that is shown for so many hundredths of a second.
    package mutating func add(_ picture: Picture, hundredths: Int) {
        guard picture.width == width, picture.height == height else { return }
        let isFirst = shown.isEmpty
        if isFirst { shown = Array(repeating: -1, count: width * height) }
        var numbers = Array(repeating: Self.transparent, count: width * height)
        var (columns, rows) = (0...0, 0...0)
        // Of a picture that is the same as before one pixel is written.
        var isAny = false
        for y in 0..<height {
            var last = -1
            for x in 0..<width {
                let place = y * width + x
                let number = choose(picture, place, after: last)
                numbers[place] = number
                last = number
                guard number != Self.transparent else { continue }
                shown[place] = number
                rows = (isAny ? rows.lowerBound : y)...y
                columns =
                    (isAny ? min(columns.lowerBound, x) : x)...(isAny ? max(columns.upperBound, x) : x)
                isAny = true
            }
        }
        write(numbers, columns, rows, hundredths)
    }

    /// The whole file.
    package var bytes: [UInt8] { file + [0x3B] }

    /// The number of a pixel's colour, or of none where what is shown already is about as near; runs of one number go on where they can.
    private mutating func choose(_ picture: Picture, _ place: Int, after last: Int) -> Int {
        let (red, green, blue) = (
            picture.bytes[3 * place], picture.bytes[3 * place + 1], picture.bytes[3 * place + 2]
        )
        let number = palette.number(of: red, green, blue)
        let old = shown[place]
        guard old >= 0 else { return number }
        if old != number {
            let wanted = SIMD3(Int32(red), Int32(green), Int32(blue))
            let (stays, changes) = (palette.colours[old] &- wanted, palette.colours[number] &- wanted)
            let gain = (stays &* stays).wrappedSum() - (changes &* changes).wrappedSum()
            return gain > 36 ? number : Self.transparent
        }
        return last == number ? number : Self.transparent
    }

    private mutating func write(
        _ numbers: [Int], _ columns: ClosedRange<Int>, _ rows: ClosedRange<Int>, _ hundredths: Int
    ) {
        // What was there stays, and number 255 lets it through.
        file += [0x21, 0xF9, 4, 0b101]
        file.addLowFirst(min(max(hundredths, 1), 65535))
        file += [UInt8(Self.transparent), 0, 0x2C]
        for number in [columns.lowerBound, rows.lowerBound, columns.count, rows.count] {
            file.addLowFirst(number)
        }
        file += [0, 8]
        let cut = rows.flatMap { y in numbers[y * width + columns.lowerBound...y * width + columns.upperBound]
        }
        let coded = coder.code(cut)
        for start in stride(from: 0, to: coded.count, by: 255) {
            let block = coded[start..<min(start + 255, coded.count)]
            file.append(UInt8(block.count))
            file += block
        }
        file.append(0)
    }
}
