// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Foundation

/// What the system said no to, by its error number.
package struct SystemRefusal: Error, Equatable {
    package var code: Int32

    package init(code: Int32) { self.code = code }
}

/// A process that this one started, with a pipe for each of its streams that is asked for.
///
/// Foundation's `Process` keeps the system's reason to itself where it cannot start one.
package final class ChildProcess {
    /// Where what it says on standard error goes.
    package enum Errors {
        /// Into a pipe of its own.
        case apart
        /// Into the one of its standard output.
        case withOutput
        /// Where that of this process goes.
        case inherited
    }

    private let identifier: pid_t
    /// Where its standard output is read.
    package let output: Int32
    /// The streams that it may still write to, to be read.
    package private(set) var descriptors: [Int32]
    /// Where its standard input is written to; -1 where it reads /dev/null, and after `closeInput`.
    private var input: Int32

    /// Starts `program`, in a group of its own.
    ///
    /// - Throws: `SystemRefusal`.
    package init(
        _ program: String, _ arguments: [String], hasInput: Bool = false, errors: Errors = .apart
    ) throws(SystemRefusal) {
        var pairs: [Pair] = []
        // What the child has is closed here in any case, what is ours where it does not start.
        defer { for pair in pairs { close(pair.child) } }
        do throws(SystemRefusal) {
            pairs.append(try .pipe())
            if hasInput { pairs.append(try .sockets()) }
            if errors == .apart { pairs.append(try .pipe()) }
            let output = pairs[0]
            let said: Int32? =
                switch errors {
                case .apart: pairs[pairs.count - 1].child
                case .withOutput: output.child
                case .inherited: nil
                }
            identifier = try Self.spawn(
                program, arguments, input: hasInput ? pairs[1].child : nil, output: output.child, errors: said
            )
            self.output = output.own
            input = hasInput ? pairs[1].own : -1
            descriptors = [output.own] + (errors == .apart ? [pairs[pairs.count - 1].own] : [])
        } catch {
            for pair in pairs { close(pair.own) }
            throw error
        }
    }

    deinit {
        closeInput()
        for descriptor in descriptors { close(descriptor) }
    }

    /// Sends it a signal; it has not been waited for.
    package func send(_ signal: Int32) { kill(identifier, signal) }

    /// What stands ready in one of the streams, which is closed at its end: nothing is read then.
    package func read(_ descriptor: Int32, atMost most: Int = 65536) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: most)
        var count = -1
        repeat {
            count = unsafe bytes.withUnsafeMutableBytes {
                unsafe systemRead(descriptor, $0.baseAddress, $0.count)
            }
        } while count < 0 && errno == EINTR
        guard count <= 0 else { return Array(bytes.prefix(count)) }
        close(descriptor)
        descriptors.removeAll { $0 == descriptor }
        return []
    }

    /// Writes all of `bytes` to its standard input.
    ///
    /// - Throws: `SystemRefusal`, EPIPE where it reads no more: no signal ends this process then.
    package func write(_ bytes: [UInt8]) throws(SystemRefusal) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                #if canImport(Darwin)
                    unsafe CLibrary.send(input, $0.baseAddress, $0.count, 0)
                #else
                    unsafe CLibrary.send(input, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemRefusal(code: count < 0 ? errno : EIO) }
            rest = rest.dropFirst(count)
        }
    }

    /// Closes its standard input: what reads it comes to its end.
    package func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    /// Waits for its end: its exit code, or the number of the signal that ended it.
    package func wait() -> (number: Int32, isSignal: Bool) {
        var status: Int32 = 0
        while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8 & 0xff, false) : (signal, true)
    }

    private static func spawn(
        _ program: String, _ arguments: [String], input: Int32?, output: Int32, errors: Int32?
    ) throws(SystemRefusal) -> pid_t {
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
        if let input {
            unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        if let errors { unsafe posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO) }
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        let variables =
            unsafe ProcessInfo.processInfo.environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var identifier = pid_t()
        let code = unsafe posix_spawn(&identifier, program, &actions, &attributes, words, variables)
        guard code == 0 else { throw SystemRefusal(code: code) }
        return identifier
    }
}

/// Two ends of a stream that other programs do not inherit: one is for the child, the other stays here.
private struct Pair {
    var own: Int32
    var child: Int32

    /// What the child writes and this process reads.
    static func pipe() throws(SystemRefusal) -> Pair {
        var ends: [Int32] = [-1, -1]
        guard unsafe CLibrary.pipe(&ends) == 0 else { throw SystemRefusal(code: errno) }
        return Pair(closingInOthers: ends)
    }

    /// What this process writes and the child reads: of sockets, since writing to a pipe that nobody reads ends a process.
    static func sockets() throws(SystemRefusal) -> Pair {
        var ends: [Int32] = [-1, -1]
        #if canImport(Darwin)
            guard unsafe socketpair(AF_UNIX, SOCK_STREAM, 0, &ends) == 0 else {
                throw SystemRefusal(code: errno)
            }
            var isSet: Int32 = 1
            unsafe setsockopt(ends[0], SOL_SOCKET, SO_NOSIGPIPE, &isSet, socklen_t(MemoryLayout<Int32>.size))
        #else
            let kind = Int32(SOCK_STREAM.rawValue)
            guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SystemRefusal(code: errno) }
        #endif
        return Pair(closingInOthers: ends)
    }

    private init(closingInOthers ends: [Int32]) {
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (own, child) = (ends[0], ends[1])
    }
}

/// `read` of the C library, which a method of that name hides.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    unsafe read(descriptor, buffer, count)
}
