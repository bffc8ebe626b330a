// SPDX-License-Identifier: MIT

internal import Files

extension Picture {
    /// The picture as a PNG file (ISO 15948) of eight bits a colour.
    package func png(title: String? = nil) -> [UInt8] {
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        var header: [UInt8] = []
        header.addHighFirst(UInt32(width))
        header.addHighFirst(UInt32(height))
        Self.add("IHDR", header + [8, 2, 0, 0, 0], to: &file)
        if let title { Self.add("iTXt", Array("Title\0\0\0\0\0\(title)".utf8), to: &file) }
        Self.add("IDAT", Deflate.zlib(filteredRows), to: &file)
        Self.add("IEND", [], to: &file)
        return file
    }

    private static func add(_ kind: String, _ content: [UInt8], to file: inout [UInt8]) {
        file.addHighFirst(UInt32(content.count))
        let body = Array(kind.utf8) + content
        file += body
        file.addHighFirst(CRC32.checksum(of: body))
    }

    /// The rows, each as the differences from its surroundings that are smallest, after the number of how they were taken.
    private var filteredRows: [UInt8] {
        let length = 3 * width
        var result: [UInt8] = []
        result.reserveCapacity((length + 1) * height)
        var above = [UInt8](repeating: 0, count: length)
        for y in 0..<height {
            let row = Array(bytes[length * y..<length * (y + 1)])
            let choices = (UInt8(0)...4).map { (kind: $0, bytes: Self.filtered(row, above, $0)) }
            let best = choices.min { Self.size($0.bytes) < Self.size($1.bytes) }
            if let best { result += [best.kind] + best.bytes }
            above = row
        }
        return result
    }

    private static func size(_ bytes: [UInt8]) -> Int {
        bytes.reduce(0) { $0 + Int(Int8(bitPattern: $1).magnitude) }
    }

    /// A row by one of PNG's five filters: as it is, less the pixel to the left, above, both's mean, or what Paeth predicts.
    private static func filtered(_ row: [UInt8], _ above: [UInt8], _ kind: UInt8) -> [UInt8] {
        row.indices.map { place in
            let (left, up) = (place < 3 ? 0 : Int(row[place - 3]), Int(above[place]))
            let corner = place < 3 ? 0 : Int(above[place - 3])
            let expected =
                switch kind {
                case 1: left
                case 2: up
                case 3: (left + up) / 2
                case 4: paeth(left, up, corner)
                default: 0
                }
            return row[place] &- UInt8(truncatingIfNeeded: expected)
        }
    }

    private static func paeth(_ left: Int, _ up: Int, _ corner: Int) -> Int {
        let sum = left + up - corner
        let (byLeft, byUp, byCorner) = (abs(sum - left), abs(sum - up), abs(sum - corner))
        if byLeft <= byUp, byLeft <= byCorner { return left }
        return byUp <= byCorner ? up : corner
    }
}
