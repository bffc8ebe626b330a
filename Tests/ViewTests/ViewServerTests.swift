// SPDX-License-Identifier: MIT

import Foundation
import Synchronization
import Testing
import View

/// Who is let in, what is answered, and that nothing that a client sends is more than refused.
struct ViewServerTests {
    /// Keeps what it hears.
    final class Listener: Attraction {
        let heard = Mutex<[String]>([])
        let present = Mutex<[Onlooker]>([])
        func enter(_ onlooker: Onlooker) { present.withLock { $0.append(onlooker) } }
        func hear(_ text: String) { heard.withLock { $0.append(text) } }
        func leave(_ onlooker: Onlooker) { present.withLock { $0.removeAll { $0 === onlooker } } }

        /// Waits until something holds, at most ten seconds.
        func wait(until holds: (Listener) -> Bool) -> Bool {
            for _ in 0..<1000 {
                if holds(self) { return true }
                usleep(10_000)
            }
            return false
        }
    }

    /// A server that ends with the test.
    final class Open {
        let listener = Listener()
        let server: ViewServer
        init() throws {
            server = try ViewServer(host: "127.0.0.1", port: 0, page: "<p>page</p>", attraction: listener)
            server.start()
        }
        deinit { server.end() }
        func caller() throws -> Caller { try Caller(server.address) }
    }

    private func answer(_ open: Open, _ request: (Caller) -> String) throws -> String {
        let caller = try open.caller()
        caller.send(request(caller))
        return caller.rest()
    }

    @Test func `the page is for who has the token, and nothing else is there`() throws {
        let open = try Open()
        func get(_ path: (Caller) -> String, host: String = "127.0.0.1") throws -> String {
            try answer(open) { "GET \(path($0)) HTTP/1.1\r\nHost: \(host):\($0.port)\r\n\r\n" }
        }
        let page = try get { "/\($0.token)/" }
        #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n") && page.hasSuffix("\r\n\r\n<p>page</p>"))
        #expect(page.contains("connect-src ws://127.0.0.1:") && page.contains("frame-ancestors 'none'"))
        #expect(try get({ "/\($0.token)" }).hasPrefix("HTTP/1.1 200"))
        #expect(try get({ "/\($0.token)/?x" }).hasPrefix("HTTP/1.1 200"))
        for wrong in [
            "/", "/live", "/favicon.ico", "/../../etc/passwd", "/00000000000000000000000000000000/",
        ] {
            #expect(try get({ _ in wrong }).hasPrefix("HTTP/1.1 403"))
        }
        #expect(try get({ "/\($0.token.dropLast())/" }).hasPrefix("HTTP/1.1 403"))
        #expect(try get({ "/\($0.token)0/" }).hasPrefix("HTTP/1.1 403"))
        #expect(try get({ "/\($0.token)/other" }).hasPrefix("HTTP/1.1 404"))
        #expect(try get({ "/\($0.token)/live" }).hasPrefix("HTTP/1.1 400"))
        #expect(try get({ "/\($0.token)/live/more" }).hasPrefix("HTTP/1.1 404"))
    }

    @Test func `a name that was turned to this machine is refused`() throws {
        let open = try Open()
        func get(host: String) throws -> String {
            try answer(open) { "GET /\($0.token)/ HTTP/1.1\r\n\(host)\r\n" }
        }
        for good in ["localhost", "localhost:9", "127.0.0.1", "[::1]:5"] {
            #expect(try get(host: "Host: \(good)\r\n").hasPrefix("HTTP/1.1 200"))
        }
        for bad in [
            "evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", "", "[::1", "127.1x",
            "localhost:9; script-src *", "localhost:9\nX-Injected: yes", "[::1].evil.example", "[::1]5",
        ] {
            #expect(try get(host: "Host: \(bad)\r\n").hasPrefix("HTTP/1.1 403"))
        }
        #expect(try get(host: "").hasPrefix("HTTP/1.1 403"))
        #expect(try get(host: "Host: localhost\r\nHost: localhost\r\n").hasPrefix("HTTP/1.1 403"))
    }

    @Test func `a WebSocket is for the page alone`() throws {
        let open = try Open()
        let head = try open.caller().upgrade()
        #expect(head.hasPrefix("HTTP/1.1 101 "))
        // The example of RFC 6455, 1.3.
        #expect(head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
        for origin in ["http://evil.example", "https://127.0.0.1", "null", nil] as [String?] {
            #expect(try open.caller().upgrade(headers: ["Origin": origin]).hasPrefix("HTTP/1.1 403"))
        }
        #expect(
            try open.caller().upgrade(headers: ["Host": "evil.example", "Origin": "http://evil.example"])
                .hasPrefix("HTTP/1.1 403"))
        #expect(try open.caller().upgrade(path: "/0000/live").hasPrefix("HTTP/1.1 403"))
        for header in ["Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"] {
            for value in [nil, "x"] as [String?] {
                #expect(try open.caller().upgrade(headers: [header: value]).hasPrefix("HTTP/1.1 400"))
            }
        }
    }

    @Test func `requests that are none are refused, and long ones are not kept`() throws {
        let open = try Open()
        func status(_ text: String) throws -> String { String(try answer(open) { _ in text }.prefix(12)) }
        #expect(try status("hello\r\n\r\n") == "HTTP/1.1 400")
        #expect(try status("GET  HTTP/1.1\r\n\r\n") == "HTTP/1.1 400")
        #expect(try status("GET http://x/ HTTP/1.1\r\n\r\n") == "HTTP/1.1 400")
        #expect(try status("GET / HTTP/2\r\n\r\n") == "HTTP/1.1 400")
        #expect(try status("GET / HTTP/1.1\r\nno colon\r\n\r\n") == "HTTP/1.1 400")
        #expect(try status("GET / HTTP/1.1\r\n\u{0}: x\r\n\r\n") == "HTTP/1.1 400")
        #expect(try status("\u{FF}\r\n\r\n") == "HTTP/1.1 400")
        #expect(try status("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n") == "HTTP/1.1 405")
        #expect(
            try status("GET / HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 100) + "\r\n")
                == "HTTP/1.1 400")
        // The end comes long before this has all been sent.
        let caller = try open.caller()
        let sent = caller.send([UInt8](repeating: 97, count: 64 << 20))
        #expect(!sent)
        let half = try open.caller()
        half.send("GET / HT")
        half.finish()
        #expect(half.rest().isEmpty)
    }

    @Test func `messages go both ways, and pings are answered`() throws {
        let open = try Open()
        let caller = try open.caller()
        _ = try caller.upgrade()
        caller.say("one")
        caller.send(Caller.frame(0x89, [7, 8]))
        caller.say(String(repeating: "x", count: 400))
        let (kind, payload) = try caller.next()
        #expect(kind == 10 && payload == [7, 8])
        #expect(open.listener.wait { $0.heard.withLock { $0.count } == 2 })
        #expect(open.listener.heard.withLock { $0 }.first == "one")
        let onlooker = try #require(open.listener.present.withLock { $0.first })
        let long = [UInt8](repeating: 5, count: 70_000)
        onlooker.show(long)
        let moment = try caller.next()
        #expect(moment.kind == 2 && moment.payload == long)
        onlooker.tell("a", "text")
        let told = try caller.next()
        #expect(told.kind == 1 && told.payload == Array("text".utf8))
        caller.send(Caller.frame(0x88, [3, 232]))
        #expect(open.listener.wait { $0.present.withLock { $0.isEmpty } })
    }

    @Test func `who reads slowly misses frames, and gets the newest`() throws {
        let open = try Open()
        let caller = try open.caller()
        _ = try caller.upgrade()
        #expect(open.listener.wait { $0.present.withLock { !$0.isEmpty } })
        let onlooker = try #require(open.listener.present.withLock { $0.first })
        for index in 0..<20_000 {
            onlooker.show([UInt8(index & 255), UInt8(index >> 8)] + [UInt8](repeating: 0, count: 5000))
        }
        var (count, last) = (0, -1)
        while last != 19_999 {
            let payload = try caller.next().payload
            let index = Int(payload[0]) | Int(payload[1]) << 8
            #expect(index > last)
            (count, last) = (count + 1, index)
        }
        #expect(count < 10_000)
    }

    @Test(
        arguments: [
            (Caller.frame(0x01, [65]), 1002), (Caller.frame(0x80, [65]), 1002),
            (Caller.frame(0xC1, [65]), 1002),
            (Caller.frame(0x83, [65]), 1002), ([0x81, 0x01, 65], 1002),
            (Caller.frame(0x89, [UInt8](repeating: 1, count: 126)), 1002),
            (Caller.frame(0x81, [UInt8](repeating: 65, count: 513)), 1009),
            ([0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], 1009),
            ([0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 1009),
        ] as [([UInt8], Int)])
    func `a frame that is none ends the connection, and no other`(bytes: [UInt8], code: Int) throws {
        let open = try Open()
        let (other, caller) = (try open.caller(), try open.caller())
        _ = try other.upgrade()
        _ = try caller.upgrade()
        caller.send(bytes)
        let (kind, payload) = try caller.next()
        #expect(kind == 8 && payload == [UInt8(code >> 8), UInt8(code & 255)])
        #expect(caller.rest().isEmpty)
        other.say("still here")
        #expect(open.listener.wait { $0.heard.withLock { $0 } == ["still here"] })
    }

    @Test func `no more connections than it can serve, and it goes on after them`() throws {
        let open = try Open()
        var callers = try (0..<60).map { _ in try open.caller() }
        // Those beyond the limit hear the end at once.
        #expect(callers.last?.rest() == "")
        callers = []
        #expect(
            open.listener.wait { _ in
                (try? answer(open) { "GET /\($0.token)/ HTTP/1.1\r\nHost: localhost\r\n\r\n" })?.hasPrefix(
                    "HTTP/1.1 200") == true
            })
    }

    @Test func `a port that is taken, and what is no number, are told`() throws {
        let open = try Open()
        let port = try open.caller().port
        #expect(throws: ViewError.self) {
            try ViewServer(host: "127.0.0.1", port: port, page: "", attraction: Listener())
        }
        do {
            _ = try ViewServer(host: "127.0.0.1", port: port, page: "", attraction: Listener())
        } catch {
            #expect("\(error)".contains("another program listens there"))
        }
        for host in ["example.org", "", "1.2.3", "::g", "localhost\u{0}"] {
            #expect(throws: ViewError.host(host)) {
                try ViewServer(host: host, port: 0, page: "", attraction: Listener())
            }
        }
        #expect(try ViewServer(host: "0.0.0.0", port: 0, page: "", attraction: Listener()).isOpen)
        #expect(try !ViewServer(host: "127.0.0.3", port: 0, page: "", attraction: Listener()).isOpen)
        let tokens = try (0..<3).map { _ in try Open().server.address.suffix(33) }
        #expect(Set(tokens).count == 3 && tokens.allSatisfy { $0.count == 33 })
    }
}
