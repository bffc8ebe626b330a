// SPDX-License-Identifier: MIT

/// A frame of a WebSocket (RFC 6455, 5.2).
struct MessageFrame: Equatable {
    /// What a frame is.
    enum Kind: UInt8 {
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10
    }

    /// Why the other side is not listened to any longer.
    enum Fault: Error, Equatable {
        /// What comes is no frame that a browser sends here.
        case protocolError
        /// It is longer than anything that the page says.
        case tooLong

        /// The number that a close frame gives.
        var code: UInt16 { self == .tooLong ? 1009 : 1002 }
    }

    var kind: Kind
    var payload: [UInt8]

    /// The most bytes that a frame from the page may carry; its longest message has about a hundred.
    static let mostBytes = 512

    /// Takes the first frame from the page out of what has come; nil where it is not whole yet.
    ///
    /// - Throws: ``Fault`` as soon as its first bytes tell: a length is never believed before it is looked at.
    static func take(from bytes: inout [UInt8]) throws(Fault) -> MessageFrame? {
        guard bytes.count >= 2 else { return nil }
        let isWhole = bytes[0] & 0x80 != 0
        // Pieces and extensions were not agreed upon, and a browser always masks.
        guard isWhole, bytes[0] & 0x70 == 0, let kind = Kind(rawValue: bytes[0] & 0x0F), bytes[1] & 0x80 != 0
        else { throw .protocolError }
        var (length, start) = (Int(bytes[1] & 0x7F), 2)
        if length == 127 { throw .tooLong }
        if length == 126 {
            guard bytes.count >= 4 else { return nil }
            (length, start) = (Int(bytes[2]) << 8 | Int(bytes[3]), 4)
        }
        guard length <= mostBytes else { throw .tooLong }
        guard kind == .text || kind == .binary || length <= 125 else { throw .protocolError }
        guard bytes.count >= start + 4 + length else { return nil }
        let mask = Array(bytes[start..<start + 4])
        let payload = (0..<length).map { bytes[start + 4 + $0] ^ mask[$0 % 4] }
        bytes.removeFirst(start + 4 + length)
        return MessageFrame(kind: kind, payload: payload)
    }

    /// The bytes that are sent to the page.
    var encoded: [UInt8] {
        var head = [0x80 | kind.rawValue]
        switch payload.count {
        case 0...125: head.append(UInt8(payload.count))
        case 126...0xFFFF:
            head += [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            head.append(127)
            head += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        return head + payload
    }

    /// The frame that ends a connection.
    static func close(_ code: UInt16) -> MessageFrame {
        MessageFrame(kind: .close, payload: [UInt8(code >> 8), UInt8(code & 0xFF)])
    }
}
