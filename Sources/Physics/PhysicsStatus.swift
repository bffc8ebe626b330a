// SPDX-License-Identifier: MIT

internal import CPhysics

extension phys_status {
    /// Throws the error that a status is, with `text` for a wrong argument.
    func check(_ text: @autoclosure () -> String) throws(PhysicsError) {
        switch self {
        case .ok: return
        case .invalidArgument: throw .invalidArgument(text())
        case .invalidDefinition: throw .invalidDefinition(text())
        case .outOfMemory: throw .outOfMemory
        case .diverged: throw .diverged
        case .badState: throw .badState
        case .precisionMismatch: throw .precisionMismatch
        @unknown default: throw .invalidArgument(text())
        }
    }
}

/// A status and the text that came with it.
struct ErrorText {
    private let status: phys_status
    private let text: String

    /// Calls C with room for a text.
    init(_ call: (UnsafeMutablePointer<CChar>?) -> phys_status) {
        var bytes = [CChar](repeating: 0, count: Int(PHYS_TEXT_SIZE))
        status = unsafe bytes.withUnsafeMutableBufferPointer { unsafe call($0.baseAddress) }
        text = String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func check(_ otherwise: String) throws(PhysicsError) {
        try status.check(text.isEmpty ? otherwise : text)
    }
}
