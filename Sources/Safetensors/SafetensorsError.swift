// SPDX-License-Identifier: MIT

public import Files

/// Why a file of tensors was not read or written, in words for people.
public enum SafetensorsError: Error, Equatable, CustomStringConvertible {
    /// The bytes of `file` are not a valid file of tensors.
    case refused(file: String, Refusal)
    /// `file` is valid, but has no tensor of this name.
    case missing(file: String, tensor: String)
    /// The tensor is there with another type or shape than its user needs.
    case unexpected(file: String, tensor: String, found: String, expected: String)
    /// What should be written cannot be: `problem` says why. Nothing was written.
    case invalid(file: String, problem: String)
    /// The system refused to read or write the file.
    case file(FileError)

    /// Why bytes were refused.
    public enum Refusal: Equatable, Sendable {
        /// Fewer bytes than the header's length takes.
        case tooShort(byteCount: Int)
        /// The header's length is above the limit.
        case headerTooLarge(byteCount: UInt64)
        /// The header ends beyond the file.
        case headerBeyondFile(byteCount: UInt64)
        /// The header is not UTF-8.
        case notUnicode
        /// The header is not the JSON that the format allows, from this byte of the file on.
        case notJSON(offset: Int, expected: String)
        /// A key stands twice in the header.
        case duplicateKey(String)
        /// A tensor has a type that is unknown here.
        case unknownType(tensor: String, type: String)
        /// A tensor's byte range is not its shape times its type.
        case wrongSize(tensor: String)
        /// A tensor's shape is larger than memory can be.
        case sizeOverflow(tensor: String)
        /// A tensor does not begin where the one before it ends.
        case holeOrOverlap(tensor: String)
        /// The tensors end before or after the file does.
        case wrongEnd(expected: Int, found: Int)
        /// The bytes are not those that were written.
        case wrongChecksum
        /// The file has no checksum, and its reader insists on one.
        case noChecksum
    }

    /// One or two sentences: where, what, and what to do.
    public var description: String {
        switch self {
        case .refused(let file, let refusal):
            "\(file): \(refusal.text)"
        case .missing(let file, let tensor):
            "\(file): there is no tensor '\(tensor)'; the file was made for something else or by another version"
        case .unexpected(let file, let tensor, let found, let expected):
            "\(file): tensor '\(tensor)' is \(found), but \(expected) is needed"
        case .invalid(let file, let problem):
            "\(file): cannot be written: \(problem)"
        case .file(let error):
            error.description
        }
    }

    /// Does `work`; what the system refuses becomes `file`.
    static func wrap<Result>(_ work: () throws(FileError) -> Result) throws(SafetensorsError) -> Result {
        do {
            return try work()
        } catch {
            throw .file(error)
        }
    }
}

extension SafetensorsError.Refusal {
    /// The refusal in words.
    var text: String {
        switch self {
        case .tooShort(let count):
            "only \(count) bytes long; it is not a safetensors file, or was cut off"
        case .headerTooLarge(let count):
            "the header would be \(count) bytes, \(Header.byteLimit) are allowed; it is not a safetensors file, or is damaged"
        case .headerBeyondFile(let count):
            "the header of \(count) bytes ends beyond the file; the file was cut off or is no safetensors file"
        case .notUnicode:
            "the header is not UTF-8; the file is damaged"
        case .notJSON(let offset, let expected):
            "the header is wrong at byte \(offset): expected \(expected); the file is damaged"
        case .duplicateKey(let key):
            "'\(key)' stands twice in the header; the file is damaged or forged"
        case .unknownType(let tensor, let type):
            "tensor '\(tensor)' has type '\(type)'; allowed are "
                + ElementType.allCases.map(\.rawValue).joined(separator: ", ")
        case .wrongSize(let tensor):
            "the byte range of tensor '\(tensor)' does not fit its shape and type; the file is damaged"
        case .sizeOverflow(let tensor):
            "the shape of tensor '\(tensor)' is larger than any memory; the file is damaged"
        case .holeOrOverlap(let tensor):
            "tensor '\(tensor)' does not begin where the one before it ends; the file is damaged or forged"
        case .wrongEnd(let expected, let found):
            "the file has \(found) bytes where its header says \(expected); it was cut off or appended to"
        case .wrongChecksum:
            "the checksum does not match; the file is damaged"
        case .noChecksum:
            "the file has no checksum; it is damaged or was not written by sinew"
        }
    }
}
