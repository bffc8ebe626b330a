// SPDX-License-Identifier: MIT

import Foundation
import Testing
import View

/// A client on a real socket, which speaks as a browser does, or worse.
final class Caller {
    private let descriptor: Int32
    private var bytes: [UInt8] = []
    let port: UInt16
    let token: String

    struct Failed: Error {}

    init(_ address: String) throws {
        let parts = try #require(URL(string: address))
        port = UInt16(try #require(parts.port))
        token = parts.lastPathComponent
        #if canImport(Glibc)
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafePointer(to: &place) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, size)
            }
        }
        guard result == 0 else { throw Failed() }
        var time = timeval(tv_sec: 20, tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        // No signal where the other side has ended. It is not ignored by the whole process: the commands that other tests start
        // would ignore it too.
        #if canImport(Darwin)
            var yes: Int32 = 1
            let length = socklen_t(MemoryLayout<Int32>.size)
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, length)
        #endif
    }

    deinit { close(descriptor) }

    /// Sends; false where the other side has ended.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        #if canImport(Darwin)
            let flags: Int32 = 0
        #else
            let flags = Int32(MSG_NOSIGNAL)
        #endif
        var sent = 0
        while sent < bytes.count {
            let part = Array(bytes[sent...].prefix(1 << 16))
            let count = unsafe Foundation.send(descriptor, part, part.count, flags)
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Ends the sending side.
    func finish() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    private func more() -> Bool {
        var part = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe read(descriptor, &part, part.count)
        bytes += part.prefix(max(count, 0))
        return count > 0
    }

    /// All that comes until the end.
    func rest() -> String {
        while more() {}
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The head of an answer.
    func head() throws -> String {
        while true {
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                defer { bytes.removeFirst(end.upperBound) }
                return String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            }
            guard more() else { throw Failed() }
        }
    }

    /// Asks for a WebSocket as a browser does; what is given stands in place of the usual.
    func upgrade(path: String? = nil, headers: [String: String?] = [:]) throws -> String {
        var lines: [String: String?] = [
            "Host": "127.0.0.1:\(port)", "Origin": "http://127.0.0.1:\(port)", "Upgrade": "websocket",
            "Connection": "keep-alive, Upgrade", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        ]
        for (name, value) in headers { lines.updateValue(value, forKey: name) }
        let text = lines.compactMap { name, value in value.map { "\(name): \($0)\r\n" } }.joined()
        send("GET \(path ?? "/\(token)/live") HTTP/1.1\r\n\(text)\r\n")
        return try head()
    }

    /// Says a text as a masked frame.
    func say(_ text: String) { send(Self.frame(0x81, Array(text.utf8))) }

    static func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let mask: [UInt8] = [1, 2, 3, 4]
        let length: [UInt8] =
            payload.count < 126
            ? [0x80 | UInt8(payload.count)] : [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        return [first] + length + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    /// The next frame: its kind and what it carries.
    func next() throws -> (kind: UInt8, payload: [UInt8]) {
        func need(_ count: Int) throws { while bytes.count < count { guard more() else { throw Failed() } } }
        try need(2)
        let kind = bytes[0] & 15
        var (length, start) = (Int(bytes[1]), 2)
        if length == 126 {
            try need(4)
            (length, start) = (Int(bytes[2]) << 8 | Int(bytes[3]), 4)
        } else if length == 127 {
            try need(10)
            (length, start) = (bytes[2..<10].reduce(0) { $0 << 8 | Int($1) }, 10)
        }
        try need(start + length)
        defer { bytes.removeFirst(start + length) }
        return (kind, Array(bytes[start..<start + length]))
    }

    /// How long what is wanted is waited for, s: a simulation that goes on sends pictures for ever.
    private static let patience = 120.0

    /// The next text of a kind that satisfies a condition, as JSON.
    func text(_ kind: String, where isWanted: ([String: Any]) -> Bool = { _ in true }) throws -> [String: Any]
    {
        let end = Date(timeIntervalSinceNow: Self.patience)
        while true {
            guard Date() < end else { throw Failed() }
            let (opcode, payload) = try next()
            guard opcode == 1 else { continue }
            let json = try JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any]
            if let json, json["kind"] as? String == kind, isWanted(json) { return json }
        }
    }

    /// The next moment that satisfies a condition, as numbers.
    func moment(where isWanted: ([Float]) -> Bool = { _ in true }) throws -> [Float] {
        let end = Date(timeIntervalSinceNow: Self.patience)
        while true {
            guard Date() < end else { throw Failed() }
            let (opcode, payload) = try next()
            guard opcode == 2 else { continue }
            let numbers = stride(from: 0, to: payload.count, by: 4).map { at in
                Float(
                    bitPattern: (0..<4).reduce(UInt32(0)) {
                        $0 | UInt32(payload[at + $1]) << (8 * UInt32($1))
                    })
            }
            if isWanted(numbers) { return numbers }
        }
    }
}
