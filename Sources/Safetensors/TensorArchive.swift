// SPDX-License-Identifier: MIT

internal import Files

/// Named tensors and metadata: a file of tensors as a value.
///
/// One that was read keeps the file's bytes once; its tensors are windows into them.
public struct TensorArchive: Sendable, Equatable {
    /// Whether a file must have a checksum.
    ///
    /// A checksum that is there is always verified.
    public enum ChecksumRule: Sendable {
        /// Files of other programs may have none.
        case verifiedIfPresent
        /// A file without one is refused: right for files that only we write, since damage may hit the checksum's own key.
        case required
    }

    /// The tensors: in the order in which they were added, or lie in the file.
    public private(set) var tensors: [TensorDescription] = []
    /// Strings by name, without the checksum.
    public var metadata: [String: String]
    /// The file's path, or another name of the source, as it stands in errors.
    public private(set) var file: String
    private var contents: [String: ArraySlice<UInt8>] = [:]

    /// Makes an archive without tensors.
    public init(metadata: [String: String] = [:], file: String = "tensors") {
        self.metadata = metadata
        self.file = file
    }

    // MARK: Filling and writing

    /// Adds a tensor of `shape`; `values` in row-major order.
    ///
    /// - Throws: `SafetensorsError.invalid` where the name is taken or the shape has another count.
    public mutating func add<Element: TensorElement>(
        _ name: String, shape: [Int], _ values: [Element]
    ) throws(SafetensorsError) {
        let description = TensorDescription(name, Element.elementType, shape: shape)
        let bytes = unsafe values.withUnsafeBytes { unsafe Array($0) }
        guard description.byteCount == bytes.count else {
            throw .invalid(
                file: file, problem: "\(values.count) numbers do not fill shape \(shape) of '\(name)'")
        }
        guard contents[name] == nil else {
            throw .invalid(file: file, problem: "two tensors are called '\(name)'")
        }
        tensors.append(description)
        contents[name] = bytes[...]
    }

    /// Adds the single number `value`, with the shape `(1)`.
    ///
    /// - Throws: `SafetensorsError.invalid` where the name is taken.
    public mutating func add<Element: TensorElement>(
        _ name: String, _ value: Element
    ) throws(SafetensorsError) {
        try add(name, shape: [1], [value])
    }

    /// The bytes of the file; the same for the same tensors and metadata, in whatever order they were added.
    ///
    /// - Throws: `SafetensorsError.invalid` for names that no file can hold.
    public func encoded(checksum: Bool = true) throws(SafetensorsError) -> [UInt8] {
        var header = try Header(tensors, metadata: metadata, file: file)
        var bytes = try header.encode(checksum: checksum, file: file)
        bytes.reserveCapacity(bytes.count + header.dataByteCount)
        for entry in header.entries {
            bytes += contents[entry.description.name] ?? []
        }
        if let offset = header.checksumOffset {
            let digits = CRC32.digits(of: CRC32.checksum(of: bytes))
            bytes.replaceSubrange(offset..<offset + digits.count, with: digits)
        }
        return bytes
    }

    /// Writes the file atomically: it appears whole or not at all; or through a pipe or device.
    ///
    /// A file that is there is in the way unless it is to be replaced.
    ///
    /// - Throws: `SafetensorsError`; what `path` held before is intact then.
    public func write(
        to path: String, checksum: Bool = true, replacing: Bool = true
    ) throws(SafetensorsError) {
        let bytes = try encoded(checksum: checksum)
        try SafetensorsError.wrap { () throws(FileError) in
            try OutputFile(path, replacing: replacing).write(bytes)
        }
    }

    // MARK: Reading

    /// Reads the file at `path` strictly.
    ///
    /// - Throws: `SafetensorsError.file` where it cannot be read, `.refused` where it is not valid.
    public init(
        contentsOf path: String, checksum: ChecksumRule = .verifiedIfPresent
    ) throws(SafetensorsError) {
        try Self.checkHeader(of: path)
        let bytes = try SafetensorsError.wrap { () throws(FileError) in
            try FileBytes.read(path, atMost: FileLimit.checkpoint)
        }
        try self.init(bytes: bytes, file: path, checksum: checksum)
    }

    /// Refuses a file by its header and its size alone, before gigabytes of it are read.
    private static func checkHeader(of path: String) throws(SafetensorsError) {
        guard let (first, size) = FileBytes.start(of: path, count: Header.lengthByteCount) else { return }
        let length = try Header.byteCount(first, fileByteCount: size, file: path)
        guard let (head, _) = FileBytes.start(of: path, count: Header.lengthByteCount + length) else {
            return
        }
        _ = try Header(reading: head, fileByteCount: size, file: path)
    }

    /// Reads the bytes of a file strictly; `file` names them in errors.
    ///
    /// Refused are wrong lengths, JSON that is not the format's, keys that stand twice, sizes that are not those of shape
    /// and type, overlaps, holes, bytes after the end, and a wrong checksum. Numbers may be NaN or infinite.
    ///
    /// - Throws: `SafetensorsError.refused`.
    public init(
        bytes: [UInt8], file: String, checksum: ChecksumRule = .verifiedIfPresent
    ) throws(SafetensorsError) {
        let header = try Header(reading: bytes, fileByteCount: bytes.count, file: file)
        if let offset = header.checksumOffset {
            try Self.verify(bytes, digitsAt: offset, file: file)
        } else if checksum == .required {
            throw .refused(file: file, .noChecksum)
        }
        self.file = file
        metadata = header.metadata
        for entry in header.entries {
            let range = entry.range.lowerBound + header.dataStart..<entry.range.upperBound + header.dataStart
            tensors.append(entry.description)
            contents[entry.description.name] = bytes[range]
        }
    }

    private static func verify(_ bytes: [UInt8], digitsAt offset: Int, file: String) throws(SafetensorsError)
    {
        let end = offset + Header.checksumDigitCount
        var checksum = CRC32()
        let raw = unsafe bytes.span.bytes
        checksum.update(raw.extracting(0..<offset))
        unsafe checksum.update(CRC32.digits(of: 0).span.bytes)
        checksum.update(raw.extracting(end..<raw.byteCount))
        guard Array(bytes[offset..<end]) == CRC32.digits(of: checksum.value) else {
            throw .refused(file: file, .wrongChecksum)
        }
    }

    // MARK: Numbers

    /// The tensor called `name`, without its numbers; nil where there is none.
    public func description(of name: String) -> TensorDescription? {
        contents[name] == nil ? nil : tensors.first { $0.name == name }
    }

    /// The numbers of a tensor in row-major order, of `shape` where one is given.
    ///
    /// - Throws: `SafetensorsError.missing`, or `.unexpected` for another type or shape.
    public func values<Element: TensorElement>(
        _ name: String, as type: Element.Type = Element.self, shape: [Int]? = nil
    ) throws(SafetensorsError) -> [Element] {
        let bytes = try checkedBytes(of: name, type, shape: shape)
        let count = bytes.count / MemoryLayout<Element>.stride
        return unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            unsafe bytes.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
            initialized = count
        }
    }

    /// The single number of a tensor of shape `(1)` or `()`.
    ///
    /// - Throws: as `values`.
    public func value<Element: TensorElement>(
        _ name: String, as type: Element.Type = Element.self
    ) throws(SafetensorsError) -> Element {
        let values = try values(name, as: type)
        guard values.count == 1 else {
            throw unexpected(name, expected: "a single number")
        }
        return values[0]
    }

    /// Copies the numbers of a tensor over all elements of `destination`, which must be as many.
    ///
    /// - Throws: `SafetensorsError.missing`, or `.unexpected` for another type or count.
    public func copy<Element: TensorElement>(
        _ name: String, into destination: inout MutableSpan<Element>
    ) throws(SafetensorsError) {
        let bytes = try checkedBytes(of: name, Element.self, shape: nil)
        guard bytes.count == destination.count * MemoryLayout<Element>.stride else {
            throw unexpected(name, expected: "\(destination.count) numbers")
        }
        unsafe destination.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
        }
    }

    private func checkedBytes<Element: TensorElement>(
        of name: String, _ type: Element.Type, shape: [Int]?
    ) throws(SafetensorsError) -> ArraySlice<UInt8> {
        guard let bytes = contents[name], let found = description(of: name) else {
            throw .missing(file: file, tensor: name)
        }
        guard found.type == Element.elementType, shape == nil || found.shape == shape else {
            let expected = shape.map { " of shape \($0)" } ?? ""
            throw unexpected(name, expected: Element.elementType.rawValue + expected)
        }
        return bytes
    }

    private func unexpected(_ name: String, expected: String) -> SafetensorsError {
        let found = description(of: name).map { "\($0.type.rawValue) of shape \($0.shape)" } ?? "absent"
        return .unexpected(file: file, tensor: name, found: found, expected: expected)
    }
}
