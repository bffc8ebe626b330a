// SPDX-License-Identifier: MIT

internal import Files

extension Header {
    /// The header's length in a file that begins with `bytes` and has `fileByteCount` bytes in all.
    static func byteCount(
        _ bytes: [UInt8], fileByteCount: Int, file: String
    ) throws(SafetensorsError) -> Int {
        guard let length = [UInt64](littleEndianBytes: bytes.prefix(lengthByteCount)).first else {
            throw .refused(file: file, .tooShort(byteCount: bytes.count))
        }
        guard length <= UInt64(byteLimit) else {
            throw .refused(file: file, .headerTooLarge(byteCount: length))
        }
        guard Int(length) <= fileByteCount - lengthByteCount else {
            throw .refused(file: file, .headerBeyondFile(byteCount: length))
        }
        return Int(length)
    }

    /// Reads the header of a file that begins with `bytes`, at least the whole header, and has `fileByteCount` bytes in all.
    init(reading bytes: [UInt8], fileByteCount: Int, file: String) throws(SafetensorsError) {
        let length = try Self.byteCount(bytes, fileByteCount: fileByteCount, file: file)
        // A file that was cut since it was measured.
        guard bytes.count - Self.lengthByteCount >= length else {
            throw .refused(file: file, .headerBeyondFile(byteCount: UInt64(length)))
        }
        let text = Array(bytes[Self.lengthByteCount..<Self.lengthByteCount + length])
        guard String(validating: text, as: UTF8.self) != nil else {
            throw .refused(file: file, .notUnicode)
        }
        var scanner = HeaderScanner(text, start: Self.lengthByteCount, file: file)
        var entries: [Entry] = []
        var metadata: [String: String] = [:]
        var checksumOffset: Int?
        try scanner.object { (scanner, key) throws(SafetensorsError) in
            if key == Self.metadataKey {
                (metadata, checksumOffset) = try Self.readMetadata(&scanner)
            } else {
                entries.append(try Self.readEntry(&scanner, name: key))
            }
        }
        try scanner.expectEnd()
        self.metadata = metadata
        self.checksumOffset = checksumOffset
        self.dataStart = Self.lengthByteCount + length
        // The bytes of the tensors follow each other from the first byte to the last, in whatever order the header has.
        self.entries = entries.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        dataByteCount = 0
        for entry in self.entries {
            guard entry.range.lowerBound == dataByteCount else {
                throw .refused(file: file, .holeOrOverlap(tensor: entry.description.name))
            }
            dataByteCount = entry.range.upperBound
        }
        guard dataByteCount == fileByteCount - dataStart else {
            let (end, overflow) = dataByteCount.addingReportingOverflow(dataStart)
            throw .refused(file: file, .wrongEnd(expected: overflow ? .max : end, found: fileByteCount))
        }
    }

    /// Reads strings by key, and where the digits of the checksum stand in the file.
    private static func readMetadata(
        _ scanner: inout HeaderScanner
    ) throws(SafetensorsError) -> ([String: String], Int?) {
        var metadata: [String: String] = [:]
        var checksumOffset: Int?
        try scanner.object { (scanner, key) throws(SafetensorsError) in
            scanner.skipSpace()
            let begin = scanner.position + 1
            let value = try scanner.string()
            let digitsBegin = begin + checksumPrefix.utf8.count
            // Only text without an escape has its digits where they are looked for.
            if key == checksumKey, value.hasPrefix(checksumPrefix),
                scanner.position - 1 - digitsBegin == checksumDigitCount
            {
                checksumOffset = scanner.start + digitsBegin
            } else {
                metadata[key] = value
            }
        }
        return (metadata, checksumOffset)
    }

    /// Reads a tensor's type, shape and range.
    private static func readEntry(
        _ scanner: inout HeaderScanner, name: String
    ) throws(SafetensorsError) -> Entry {
        var typeName: String?
        var shape: [Int]?
        var offsets: [Int]?
        let file = scanner.file
        try scanner.object { (scanner, key) throws(SafetensorsError) in
            switch key {
            case "dtype": typeName = try scanner.string()
            case "shape": shape = try scanner.integers()
            case "data_offsets": offsets = try scanner.integers()
            default: throw scanner.failure("dtype, shape or data_offsets, not '\(key)'")
            }
        }
        guard let typeName, let shape, let offsets else {
            throw scanner.failure("dtype, shape and data_offsets of '\(name)' before its closing brace")
        }
        guard let type = ElementType(rawValue: typeName) else {
            throw .refused(file: file, .unknownType(tensor: name, type: typeName))
        }
        let description = TensorDescription(name, type, shape: shape)
        guard let byteCount = description.byteCount else {
            throw .refused(file: file, .sizeOverflow(tensor: name))
        }
        guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] - offsets[0] == byteCount else {
            throw .refused(file: file, .wrongSize(tensor: name))
        }
        return Entry(description: description, range: offsets[0]..<offsets[1])
    }
}
