// SPDX-License-Identifier: MIT

internal import CLibrary

/// A connection from a browser: bytes in and out, none of them waited for beyond a limit; the one place that reads and writes sockets.
final class Connection: @unchecked Sendable {
    // Sendable: the descriptor stays the same until the last owner is gone; two threads use it, one to read, one to write.
    private let descriptor: Int32

    /// The longest that the other side may leave what is sent to it lying, s.
    private static let patience = 10

    /// Takes over an open socket.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        // Frames are small, and each is wanted at once.
        _ = unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, size)
        #if canImport(Darwin)
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, size)
        #endif
        // What the system itself keeps for who reads slowly: some frames, not seconds of them.
        var room: Int32 = 65536
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &room, size)
        var time = timeval(tv_sec: Self.patience, tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// What has come, at most 4096 bytes; nil at the end, or where nothing came for so many milliseconds (-1: however long).
    func read(atMost milliseconds: Int32 = -1) -> [UInt8]? {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let ready = unsafe poll(&waited, 1, milliseconds)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            return count > 0 ? Array(bytes.prefix(count)) : nil
        }
    }

    /// Sends all of it; false where the other side is gone or takes nothing.
    func write(_ bytes: [UInt8]) -> Bool {
        #if canImport(Darwin)
            let flags: Int32 = 0
        #else
            let flags = Int32(MSG_NOSIGNAL)
        #endif
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return unsafe send(descriptor, rest.baseAddress, rest.count, flags)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Ends it for both threads.
    func end() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
}
