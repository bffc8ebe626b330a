// SPDX-License-Identifier: MIT

/// A tensor that its owner writes when a file is made: how large state reaches a checkpoint without a copy.
public struct TensorSource {
    /// The name, type and shape.
    public let description: TensorDescription
    /// Appends all numbers of the tensor.
    public let write: (TensorFileWriter) throws -> Void

    /// Makes a source of a description and what writes it.
    public init(_ description: TensorDescription, write: @escaping (TensorFileWriter) throws -> Void) {
        self.description = description
        self.write = write
    }

    /// A source of numbers that are at hand.
    public init<Element: TensorElement>(_ name: String, _ values: [Element]) {
        self.init(TensorDescription(name, Element.elementType, shape: [values.count])) {
            try $0.append(values, to: name)
        }
    }
}

extension TensorFileWriter {
    /// Writes all `sources` to a checksummed file at `path`, atomically.
    ///
    /// - Throws: `SafetensorsError`, or what a source throws; what `path` held before is intact then.
    public static func write(
        _ sources: [TensorSource], metadata: [String: String] = [:], to path: String
    ) throws {
        let writer = try TensorFileWriter(path: path, tensors: sources.map(\.description), metadata: metadata)
        for source in sources {
            try source.write(writer)
        }
        try writer.commit()
    }
}
