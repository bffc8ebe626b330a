// SPDX-License-Identifier: MIT

import Files
import Foundation
public import Policies

/// A file or folder that holds an exported policy.
public enum ExportedFile {
    /// A policy file.
    case policy(PolicyFile)
    /// An ONNX model.
    case onnx(ONNXModel)
    /// A folder with C source, by its path.
    case source(folder: String)

    /// Reads and checks what is at `path`: a policy file, an ONNX file, or a folder with C source (or a file of it).
    ///
    /// - Throws: `ExportError.file` where it cannot be read, `.refused` or `.policy` where it is damaged or none of these.
    public init(path: String) throws(ExportError) {
        var isFolder: ObjCBool = false
        let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if exists, isFolder.boolValue {
            self = .source(folder: path)
            return
        }
        let url = URL(fileURLWithPath: path)
        if [CSource.headerName, CSource.sourceName].contains(url.lastPathComponent) {
            self = .source(folder: url.deletingLastPathComponent().path)
            return
        }
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path)
        } catch {
            throw .file(error)
        }
        self =
            try Self.isONNX(bytes, path)
            ? .onnx(ONNXModel(bytes: bytes, file: path)) : .policy(Self.policy(bytes, path))
    }

    /// The policy that the file holds; nil for C source, whose numbers only a compiler reads.
    public var policy: PolicyFile? {
        switch self {
        case .policy(let file): file
        case .onnx(let model): model.policy
        case .source: nil
        }
    }

    private static func policy(_ bytes: [UInt8], _ path: String) throws(ExportError) -> PolicyFile {
        do {
            return try PolicyFile(bytes: bytes, name: path)
        } catch {
            throw .policy(error)
        }
    }

    /// An ONNX file begins with its version (field 1); a policy file with the length of its header, whose JSON follows.
    private static func isONNX(_ bytes: [UInt8], _ path: String) -> Bool {
        path.hasSuffix(".onnx") || (bytes.first == 0x08 && bytes.count > 8 && bytes[8] != UInt8(ascii: "{"))
    }
}
