// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing

/// `sinew view` and `train --view`: an address, an end, errors in words, and a run that does not know that it is seen.
struct ViewCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The address that a process prints; nil where it ends before.
    private func address(of process: SinewProcess) -> String? {
        for _ in 0..<6000 {
            let text = process.printed.output + process.printed.errors
            if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("http://127.0.0.1:") }),
                line.hasSuffix("/")
            {
                return String(line)
            }
            guard process.isRunning else { return nil }
            usleep(10_000)
        }
        return nil
    }

    /// Somebody who looks, and keeps what they see in a file until the end.
    private func look(at address: String, into file: String) throws -> Process {
        let url = try #require(URL(string: address))
        let (port, token) = (try #require(url.port), url.lastPathComponent)
        let request =
            "GET /\(token)/live HTTP/1.1\\r\\nHost: localhost:\(port)\\r\\nOrigin: http://localhost:\(port)\\r\\n"
            + "Upgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Version: 13\\r\\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = [
            "-c", "exec 3<>/dev/tcp/127.0.0.1/\(port); printf '\(request)' >&3; exec cat <&3 >\(file)",
        ]
        try process.run()
        return process
    }

    @Test func `it prints one address, and Ctrl-C is its end`() throws {
        let process = try SinewProcess(["view", "pendulum"], in: folder.path)
        let place = try #require(address(of: process))
        #expect(process.printed.output == "\(place)\n")
        let looker = try look(at: place, into: folder["seen"])
        func seen() -> String { String(decoding: (try? FileBytes.read(folder["seen"])) ?? [], as: UTF8.self) }
        let end = Date(timeIntervalSinceNow: 60)
        while !seen().contains("\"kind\":\"state\""), looker.isRunning, Date() < end { usleep(10_000) }
        process.send(SIGINT)
        let outcome = try process.wait(atMost: 60)
        #expect(outcome.code == 0 && outcome.errors.contains("Ctrl-C ends it"), "\(outcome.errors)")
        looker.waitUntilExit()
        #expect(seen().hasPrefix("HTTP/1.1 101 ") && seen().contains("\"scene\":\"pendulum\""))
    }

    @Test func `a run has the same bits, whether somebody looks or not`() throws {
        let arguments = Runs.arguments(steps: 3000)
        let plain = try sinew(arguments + ["--output", "plain"], in: folder)
        #expect(plain.code == 0, "\(plain.errors)")
        let process = try SinewProcess(arguments + ["--output", "seen", "--view", "--json"], in: folder.path)
        let place = try #require(address(of: process))
        let looker = try look(at: place, into: folder["look"])
        let outcome = try process.wait(atMost: 300)
        #expect(outcome.code == 0, "\(outcome.errors)")
        // Of the run's own document nothing is told but itself.
        #expect(outcome.output.hasPrefix("{") && !outcome.output.contains("http://"))
        looker.waitUntilExit()
        let seen = String(decoding: try FileBytes.read(folder["look"]), as: UTF8.self)
        #expect(seen.contains("\"kind\":\"curves\"") && seen.contains("policy of step "))
        #expect(seen.contains("the training has ended"))
        #expect(try Runs.Leavings(folder["seen"]) == Runs.Leavings(folder["plain"]))
    }

    @Test func `a run that is not trained now is shown with its policy`() throws {
        let run = try Runs.finished.get()["run"]
        let process = try SinewProcess(["view", run, "--seed", "7"], in: folder.path)
        let place = try #require(address(of: process))
        // The second one comes when nothing is new in the logs.
        for name in ["look", "later"] {
            let looker = try look(at: place, into: folder[name])
            func seen() -> String {
                String(decoding: (try? FileBytes.read(folder[name])) ?? [], as: UTF8.self)
            }
            let end = Date(timeIntervalSinceNow: 60)
            while !seen().contains("\"kind\":\"curves\""), Date() < end { usleep(100_000) }
            #expect(seen().contains("\"kind\":\"curves\""))
            #expect(seen().contains("policy of step ") && seen().contains("\"seed\":\"7\""))
            // A process that a test's thread starts has SIGTERM blocked, as that thread has.
            kill(looker.processIdentifier, SIGKILL)
            looker.waitUntilExit()
        }
        process.send(SIGTERM)
        #expect(try process.wait(atMost: 60).code == 0)
    }

    @Test func `what cannot be shown is told`() throws {
        expectFailure(66, "there is no", from: try sinew("view", "hoppper", in: folder))
        expectFailure(66, "no run in runs/", from: try sinew("view", in: folder))
        expectFailure(
            64, "--scene is for a policy", from: try sinew("view", "hopper", "--scene", "ant", in: folder))
        expectFailure(
            64, "--host somewhere", from: try sinew("view", "pendulum", "--host", "somewhere", in: folder))
        expectFailure(
            64, "whole number from 1 to 65535",
            from: try sinew("view", "pendulum", "--port", "65536", in: folder))
        expectFailure(
            65, "sinew scenes --new",
            from: try sinew("view", "\(SinewProcess.repository)/Robots/hopper.urdf", in: folder))
        expectFailure(
            65, "in the scene hopper it is",
            from: try sinew("view", try Runs.finished.get()["run"], "--scene", "hopper", in: folder))
        expectFailure(64, "need --view", from: try sinew("train", "pendulum", "--port", "5000", in: folder))
        expectFailure(
            64, "--view shows one run",
            from: try sinew("train", "pendulum", "--seeds", "0-1", "--view", in: folder))
        #expect(folder.files().isEmpty)
    }

    @Test func `a port that is taken is told before a run is made`() throws {
        let process = try SinewProcess(["view", "pendulum"], in: folder.path)
        let place = try #require(address(of: process))
        let port = try #require(URL(string: place)?.port)
        for words in [["view", "pendulum"], ["train", "pendulum", "--output", "run", "--view"]] {
            expectFailure(
                73, "--port \(port): another program listens there",
                from: try sinew(words + ["--port", "\(port)"], in: folder))
        }
        #expect(folder.files().isEmpty)
        process.send(SIGINT)
        #expect(try process.wait(atMost: 60).code == 0)
    }
}
