// SPDX-License-Identifier: MIT

package import Files

/// Writes a file of tensors piece by piece, for numbers that are too many to copy.
///
/// All tensors are declared first. Then their numbers are appended, tensor by tensor in any order and in pieces of any size;
/// each piece goes straight to the disk. Same tensors and numbers, same bytes, whatever the order and the pieces.
/// Without `commit` nothing appears at the path.
///
///     let writer = try TensorFileWriter(
///         path: path, tensors: [TensorDescription("rewards", .f32, shape: [count])])
///     try writer.append(rewards.span, to: "rewards")
///     try writer.commit()
public final class TensorFileWriter {
    /// A tensor's place in the file, and what of it is there.
    private struct Progress {
        var entry: Header.Entry
        var written = 0
        var checksum = CRC32()
    }

    private let file: AtomicFile
    private let header: Header
    private let headerBytes: [UInt8]
    private var progress: [String: Progress] = [:]

    /// Creates the partial file of `path` and writes the header.
    ///
    /// With `checksum`, the metadata gets the key `checksum`: `crc32:` and the checksum of the whole file, in which the eight
    /// hexadecimal digits themselves count as zeros.
    ///
    /// - Throws: `SafetensorsError.invalid` for tensors that no file can hold, `.file` for what the system refuses.
    public convenience init(
        path: String, tensors: [TensorDescription], metadata: [String: String] = [:], checksum: Bool = true
    ) throws(SafetensorsError) {
        try self.init(path, tensors, metadata, checksum) { () throws(FileError) in try AtomicFile(path: path)
        }
    }

    /// As for a path, for a name in a folder, which is never followed as a link.
    package convenience init(
        in folder: Folder, _ name: String, tensors: [TensorDescription], metadata: [String: String] = [:]
    ) throws(SafetensorsError) {
        try self.init(folder.path(of: name), tensors, metadata, true) { () throws(FileError) in
            try AtomicFile(in: folder, name)
        }
    }

    private init(
        _ path: String, _ tensors: [TensorDescription], _ metadata: [String: String], _ checksum: Bool,
        open: () throws(FileError) -> AtomicFile
    ) throws(SafetensorsError) {
        var header = try Header(tensors, metadata: metadata, file: path)
        let bytes = try header.encode(checksum: checksum, file: path)
        headerBytes = bytes
        self.header = header
        file = try SafetensorsError.wrap(open)
        for entry in header.entries {
            progress[entry.description.name] = Progress(entry: entry)
        }
        try SafetensorsError.wrap { () throws(FileError) in try unsafe file.write(bytes.span.bytes, at: 0) }
    }

    /// Appends `values` to the tensor `name`.
    ///
    /// - Throws: `SafetensorsError.unexpected` for another type or too many numbers, `.missing` for an undeclared name,
    ///   `.file` for what the system refuses.
    public func append<Element: TensorElement>(_ values: Span<Element>, to name: String)
        throws(SafetensorsError)
    {
        guard let type = progress[name]?.entry.description.type else {
            throw .missing(file: file.path, tensor: name)
        }
        guard type == Element.elementType else {
            throw .unexpected(
                file: file.path, tensor: name, found: "declared as \(type.rawValue)",
                expected: Element.elementType.rawValue)
        }
        try unsafe append(bytes: values.bytes, to: name)
    }

    /// Appends `values` to the tensor `name`.
    ///
    /// - Throws: as for a span.
    public func append<Element: TensorElement>(_ values: [Element], to name: String) throws(SafetensorsError)
    {
        try append(values.span, to: name)
    }

    /// Appends the bytes of numbers of the declared type to the tensor `name`.
    ///
    /// - Throws: as for numbers; the type is not checked.
    public func append(bytes: RawSpan, to name: String) throws(SafetensorsError) {
        guard var tensor = progress[name] else { throw .missing(file: file.path, tensor: name) }
        guard bytes.byteCount <= tensor.entry.range.count - tensor.written else {
            throw .unexpected(
                file: file.path, tensor: name, found: "given more numbers",
                expected: "the shape \(tensor.entry.description.shape)")
        }
        let start = header.dataStart + tensor.entry.range.lowerBound + tensor.written
        try SafetensorsError.wrap { () throws(FileError) in try file.write(bytes, at: start) }
        tensor.checksum.update(bytes)
        tensor.written += bytes.byteCount
        progress[name] = tensor
    }

    /// Completes the file with its checksum, and gives it its name.
    ///
    /// - Throws: `SafetensorsError.unexpected` where a tensor is not complete, `.file` for what the system refuses.
    public func commit() throws(SafetensorsError) {
        var checksum = CRC32()
        let head = headerBytes
        unsafe checksum.update(head.span.bytes)
        for entry in header.entries {
            let name = entry.description.name
            guard let tensor = progress[name], tensor.written == entry.range.count else {
                throw .unexpected(
                    file: file.path, tensor: name, found: "given too few numbers",
                    expected: "the shape \(entry.description.shape)")
            }
            checksum.append(checksum: tensor.checksum.value, byteCount: entry.range.count)
        }
        try SafetensorsError.wrap { () throws(FileError) in
            if let offset = header.checksumOffset {
                try unsafe file.write(CRC32.digits(of: checksum.value).span.bytes, at: offset)
            }
            try file.commit()
        }
    }
}
