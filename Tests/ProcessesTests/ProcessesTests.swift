// SPDX-License-Identifier: MIT

import Foundation
import Processes
import Testing

struct ProcessesTests {
    private func all(_ process: ChildProcess, _ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        while process.descriptors.contains(descriptor) { bytes += process.read(descriptor) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a process answers what it is asked, on streams of their own`() throws {
        let process = try ChildProcess(
            "/bin/sh", ["-c", "read x; echo got $x; echo oh >&2; exit 3"], hasInput: true)
        try process.write(Array("seven\n".utf8))
        process.closeInput()
        let errors = try #require(process.descriptors.last)
        #expect(all(process, process.output) == "got seven\n" && all(process, errors) == "oh\n")
        #expect(process.wait() == (3, false))
    }

    @Test func `without an input it reads nothing, and what it says may come together`() throws {
        let process = try ChildProcess("/bin/sh", ["-c", "cat; echo a; echo b >&2"], errors: .withOutput)
        #expect(all(process, process.output) == "a\nb\n")
        #expect(process.wait() == (0, false))
    }

    @Test func `writing to a process that has ended is an error, not the end of this one`() throws {
        let process = try ChildProcess("/bin/sh", ["-c", "exit 0"], hasInput: true)
        #expect(all(process, process.output).isEmpty)
        #expect(process.wait() == (0, false))
        #expect(throws: SystemRefusal(code: EPIPE)) { try process.write([1, 2, 3]) }
    }

    @Test func `a signal is told from a code`() throws {
        let process = try ChildProcess("/bin/sh", ["-c", "sleep 60"], hasInput: true)
        process.send(SIGTERM)
        #expect(process.wait() == (SIGTERM, true))
    }

    @Test func `what cannot be started is told in the system's words`() throws {
        #expect(throws: SystemRefusal(code: ENOENT)) { try ChildProcess("/no/such/program", []) }
        let folder = NSTemporaryDirectory() + "sinew-processes-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/program"
        try Data("no program".utf8).write(to: URL(fileURLWithPath: file))
        #expect(Program(file) == nil && Program(folder) == nil && Program("no-such-program") == nil)
        unsafe chmod(file, 0o755)
        let program = try #require(Program(file))
        #expect(throws: ProgramError.self) { try program.run([]) }
    }

    @Test func `a program is run to its end, and its failure says what it said`() throws {
        let shell = try #require(Program("sh"))
        #expect(shell.path.hasPrefix("/"))
        #expect(try shell.run(["-c", "echo a; echo b >&2"]) == "a\nb\n")
        for (script, words) in [("echo no; exit 2", "failed: no\n"), ("kill -9 $$", "ended by signal 9: ")] {
            let error = #expect(throws: ProgramError.self) { try shell.run(["-c", script]) }
            #expect(error?.description == "\(shell.path) \(words)")
        }
    }
}
