// SPDX-License-Identifier: MIT

package import Files

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
        try TensorFileWriter(path: path, tensors: sources.map(\.description), metadata: metadata)
            .finish(sources)
    }

    /// Writes all `sources` to a checksummed file of a folder, atomically.
    ///
    /// - Throws: `SafetensorsError`, or what a source throws; what had the name before is intact then.
    package static func write(
        _ sources: [TensorSource], metadata: [String: String], to name: String, in folder: Folder
    ) throws {
        try TensorFileWriter(
            in: folder, name, tensors: sources.map(\.description), metadata: metadata
        ).finish(sources)
    }

    private func finish(_ sources: [TensorSource]) throws {
        for source in sources {
            try source.write(self)
        }
        try commit()
    }
}
