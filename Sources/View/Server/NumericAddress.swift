// SPDX-License-Identifier: MIT

internal import CLibrary

/// The number of a machine, and where it is listened to; the one place that speaks of socket addresses.
struct NumericAddress {
    /// As it stands in an address of the web.
    let shown: String
    private let bytes: [UInt8]
    private let isSix: Bool

    /// The address of a number such as 127.0.0.1 or ::1, or of `localhost`; nil for other words.
    init?(_ host: String) {
        let number = host == "localhost" ? "127.0.0.1" : host
        if let bytes = Self.bytes(number, AF_INET, count: 4) {
            (self.bytes, isSix, shown) = (bytes, false, host)
        } else if let bytes = Self.bytes(number, AF_INET6, count: 16) {
            (self.bytes, isSix, shown) = (bytes, true, "[\(host)]")
        } else {
            return nil
        }
    }

    /// Whether a text is such a number.
    static func isNumeric(_ text: String) -> Bool {
        bytes(text, AF_INET, count: 4) != nil || bytes(text, AF_INET6, count: 16) != nil
    }

    /// Whether none but this machine's own programs reach it.
    var isLoopback: Bool { isSix ? bytes == [UInt8](repeating: 0, count: 15) + [1] : bytes[0] == 127 }

    private static func bytes(_ text: String, _ family: Int32, count: Int) -> [UInt8]? {
        guard !text.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        return unsafe inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }

    /// A socket that listens on a port of it, 0 for any that is free.
    ///
    /// - Throws: ``ViewError/port(_:host:code:)``.
    func listening(on port: UInt16) throws(ViewError) -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(isSix ? AF_INET6 : AF_INET, Self.stream, 0)
        guard descriptor >= 0 else { throw .port(port, host: shown, code: errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var yes: Int32 = 1
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var found = port
        guard (isSix ? bindSix(descriptor, &found) : bindFour(descriptor, &found)) == 0,
            listen(descriptor, 16) == 0
        else {
            let code = errno
            close(descriptor)
            throw .port(port, host: shown, code: code)
        }
        return (descriptor, found)
    }

    private static var stream: Int32 {
        #if canImport(Glibc)
            Int32(SOCK_STREAM.rawValue)
        #else
            SOCK_STREAM
        #endif
    }

    private func bindFour(_ descriptor: Int32, _ port: inout UInt16) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        unsafe withUnsafeMutableBytes(of: &address.sin_addr) { unsafe $0.copyBytes(from: bytes) }
        let result = Self.take(&address, descriptor)
        port = UInt16(bigEndian: address.sin_port)
        return result
    }

    private func bindSix(_ descriptor: Int32, _ port: inout UInt16) -> Int32 {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { unsafe $0.copyBytes(from: bytes) }
        let result = Self.take(&address, descriptor)
        port = UInt16(bigEndian: address.sin6_port)
        return result
    }

    /// Binds, and reads back what was bound: the port that the system chose.
    private static func take<Address>(_ address: inout Address, _ descriptor: Int32) -> Int32 {
        var size = socklen_t(MemoryLayout<Address>.size)
        return unsafe withUnsafeMutableBytes(of: &address) { bytes in
            guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else {
                return -1
            }
            let result = unsafe bind(descriptor, start, size)
            return unsafe result == 0 ? getsockname(descriptor, start, &size) : result
        }
    }
}
