// SPDX-License-Identifier: MIT

import Foundation

/// What the system said no to, by its error number.
struct SystemRefusal: Error {
    var code: Int32
}

/// A process that this one started, with a pipe for each of its two outputs.
///
/// Foundation's `Process` keeps the system's reason to itself where it cannot start one.
final class ChildProcess {
    private let identifier: pid_t
    /// Where its standard output is read.
    let output: Int32
    /// The streams that it may still write to, to be read.
    private(set) var descriptors: [Int32]

    /// Starts `program`, in a group of its own.
    init(_ program: String, _ arguments: [String]) throws(SystemRefusal) {
        let output = try Self.pipe()
        defer { close(output.write) }
        let errors: (read: Int32, write: Int32)
        do throws(SystemRefusal) {
            errors = try Self.pipe()
        } catch {
            close(output.read)
            throw error
        }
        defer { close(errors.write) }
        var identifier = pid_t()
        let code = Self.spawn(program, arguments, output.write, errors.write, &identifier)
        guard code == 0 else {
            for descriptor in [output.read, errors.read] { close(descriptor) }
            throw SystemRefusal(code: code)
        }
        (self.identifier, self.output, descriptors) = (identifier, output.read, [output.read, errors.read])
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }

    /// Sends it a signal; it has not been waited for.
    func send(_ signal: Int32) { kill(identifier, signal) }

    /// What stands ready in one of the streams, which is closed at its end: nothing is read then.
    func read(_ descriptor: Int32) -> Data {
        var bytes = [UInt8](repeating: 0, count: 65536)
        var count = -1
        repeat {
            count = unsafe bytes.withUnsafeMutableBytes {
                unsafe Foundation.read(descriptor, $0.baseAddress, $0.count)
            }
        } while count < 0 && errno == EINTR
        guard count <= 0 else { return Data(bytes.prefix(count)) }
        close(descriptor)
        descriptors.removeAll { $0 == descriptor }
        return Data()
    }

    /// Waits for its end: its exit code, or the number of the signal that ended it.
    func wait() -> (number: Int32, isSignal: Bool) {
        var status: Int32 = 0
        while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8 & 0xff, false) : (signal, true)
    }

    /// A pipe that other programs do not inherit.
    private static func pipe() throws(SystemRefusal) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard unsafe Foundation.pipe(&ends) == 0 else { throw SystemRefusal(code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ program: String, _ arguments: [String], _ output: Int32, _ errors: Int32, _ identifier: inout pid_t
    ) -> Int32 {
        #if canImport(Darwin)
            var (actions, attributes): (posix_spawn_file_actions_t?, posix_spawnattr_t?)
        #else
            var (actions, attributes) = unsafe (posix_spawn_file_actions_t(), posix_spawnattr_t())
        #endif
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        let variables =
            unsafe ProcessInfo.processInfo.environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        return unsafe posix_spawn(&identifier, program, &actions, &attributes, words, variables)
    }
}
