// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Foundation
internal import Synchronization

/// Listens on one address of this machine, and serves each connection on a thread of its own.
package final class ViewServer: Sendable {
    /// Where the page is.
    package let address: String
    /// Whether programs of other machines reach it.
    package let isOpen: Bool

    private let descriptor: Int32
    private let entrance: Entrance
    private let page: [UInt8]
    private let attraction: any Attraction
    /// The connections that are open.
    private let connections = Mutex<[ObjectIdentifier: Connection]>([:])
    private let isEnded = Atomic<Bool>(false)

    /// The most connections at once: more are closed as they come.
    package static let mostConnections = 32

    /// Listens; nobody is served yet.
    ///
    /// - Parameters:
    ///   - host: an IP address of this machine, or localhost.
    ///   - port: 0 for any that is free.
    ///   - page: what is handed out.
    ///   - attraction: what the page speaks with.
    /// - Throws: ``ViewError``.
    package init(host: String, port: UInt16, page: String, attraction: any Attraction) throws(ViewError) {
        guard let number = NumericAddress(host) else { throw .host(host) }
        let (descriptor, port) = try number.listening(on: port)
        self.descriptor = descriptor
        entrance = Entrance(token: Entrance.makeToken(), host: host)
        // What listens on all of a machine's addresses is reached by this one too.
        let shown = ["0.0.0.0": "127.0.0.1", "[::]": "[::1]"][number.shown] ?? number.shown
        address = "http://\(shown):\(port)/\(entrance.token)/"
        isOpen = !number.isLoopback
        self.page = Array(page.utf8)
        self.attraction = attraction
    }

    deinit { close(descriptor) }

    /// Begins to serve, on a thread of its own, until ``end()``.
    package func start() {
        let thread = Thread { [self] in
            while !isEnded.load(ordering: .acquiring) { acceptNext() }
        }
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Ends all connections, and takes no more.
    package func end() {
        isEnded.store(true, ordering: .releasing)
        // This wakes who waits for connections.
        _ = shutdown(descriptor, Int32(SHUT_RDWR))
        connections.withLock { open in
            for connection in open.values { connection.end() }
        }
    }

    private func acceptNext() {
        let accepted = accept(descriptor, nil, nil)
        guard accepted >= 0 else {
            // Too many open files, say: those that are open go on, and this is no reason to spin.
            if errno != EINTR, !isEnded.load(ordering: .acquiring) { usleep(50_000) }
            return
        }
        let connection = Connection(accepted)
        let name = ObjectIdentifier(connection)
        // Under the lock: one that came while ``end()`` was at work is ended by it, or closed here.
        let isWelcome = connections.withLock { open in
            guard open.count < Self.mostConnections, !isEnded.load(ordering: .acquiring) else { return false }
            open[name] = connection
            return true
        }
        guard isWelcome else { return }
        let thread = Thread { [self] in
            Reception(connection: connection, entrance: entrance, page: page, attraction: attraction).serve()
            connections.withLock { $0[name] = nil }
        }
        thread.stackSize = 1 << 20
        thread.start()
    }
}
