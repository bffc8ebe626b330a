// SPDX-License-Identifier: MIT

internal import Foundation

/// What one connection gets: an answer to its first request and the end, or, as a WebSocket, what there is to see until it goes.
struct Reception {
    let connection: Connection
    let entrance: Entrance
    /// The page, as bytes.
    let page: [UInt8]
    let attraction: any Attraction

    /// The longest that a head may take to come, s.
    private static let patience = 10.0
    /// How long nothing is sent before a ping asks whether anybody is there, s.
    private static let silence = 20.0

    /// Serves it to its end.
    func serve() {
        defer { connection.end() }
        guard let (bytes, rest) = readHead() else { return }
        guard let head = RequestHead(bytes) else { return refuse(400, "this is no request") }
        switch entrance.answer(to: head) {
        case .page:
            answer("200 OK", Self.pageHeaders(for: head["host"] ?? ""), page)
        case .refusal(let number, let words): refuse(number, words)
        case .live(let accept):
            guard
                answer(
                    "101 Switching Protocols",
                    ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: \(accept)"], nil)
            else { return }
            show(after: rest)
        }
    }

    /// The bytes up to the empty line, and what came behind it; nil where the head does not end within its limits.
    private func readHead() -> (head: [UInt8], rest: [UInt8])? {
        var bytes: [UInt8] = []
        let end = Date(timeIntervalSinceNow: Self.patience)
        while true {
            if let range = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                return (Array(bytes[..<range.lowerBound]), Array(bytes[range.upperBound...]))
            }
            guard bytes.count <= RequestHead.mostBytes else {
                refuse(431, "the request is too long")
                return nil
            }
            let left = end.timeIntervalSinceNow
            guard left > 0, let more = connection.read(atMost: Int32(left * 1000) + 1) else { return nil }
            bytes += more
        }
    }

    /// What a browser is told of the page: to ask nothing but this server, to be shown in no frame, and to keep the address to itself.
    private static func pageHeaders(for host: String) -> [String] {
        let policy =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
            + "connect-src ws://\(host); base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return [
            "Content-Type: text/html; charset=utf-8", "Content-Security-Policy: \(policy)",
            "Cross-Origin-Opener-Policy: same-origin", "Cross-Origin-Resource-Policy: same-origin",
        ]
    }

    private func refuse(_ number: Int, _ words: String) {
        let names = [
            400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
            431: "Request Header Fields Too Large",
        ]
        answer(
            "\(number) \(names[number] ?? "Refused")", ["Content-Type: text/plain; charset=utf-8"],
            Array("\(words)\n".utf8))
    }

    @discardableResult
    private func answer(_ status: String, _ headers: [String], _ body: [UInt8]?) -> Bool {
        var lines = ["HTTP/1.1 \(status)"] + headers
        if let body {
            lines += [
                "Content-Length: \(body.count)", "Cache-Control: no-store", "X-Content-Type-Options: nosniff",
                "Referrer-Policy: no-referrer", "Connection: close",
            ]
        }
        return connection.write(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? []))
    }

    /// Shows what there is, and hears what is said, until one side ends it; `bytes` came with the request.
    private func show(after bytes: [UInt8]) {
        let onlooker = Onlooker()
        attraction.enter(onlooker)
        let connection = connection
        let sending = Thread {
            while let frame = onlooker.next(atMost: Self.silence) {
                guard connection.write(frame.encoded), frame.kind != .close else { break }
            }
            connection.end()
        }
        sending.stackSize = 1 << 20
        sending.start()
        let fault = hear(onlooker, after: bytes)
        attraction.leave(onlooker)
        onlooker.leave(with: fault.map { .close($0.code) })
    }

    /// Hears to the end; why the other side is not heard any longer, where it did not go by itself.
    private func hear(_ onlooker: Onlooker, after bytes: [UInt8]) -> MessageFrame.Fault? {
        var bytes = bytes
        do throws(MessageFrame.Fault) {
            while true {
                while let frame = try MessageFrame.take(from: &bytes) {
                    switch frame.kind {
                    case .text: attraction.hear(String(decoding: frame.payload, as: UTF8.self))
                    case .ping: onlooker.post("pong", MessageFrame(kind: .pong, payload: frame.payload))
                    case .binary, .pong: break
                    case .close: return nil
                    }
                }
                guard let more = connection.read() else { return nil }
                bytes += more
            }
        } catch {
            return error
        }
    }
}
