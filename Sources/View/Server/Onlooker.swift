// SPDX-License-Identifier: MIT

internal import Foundation

/// Somebody who looks: what waits to be sent to them.
///
/// Of each kind there is at most one message: who reads slowly misses frames, and nothing grows meanwhile.
package final class Onlooker: @unchecked Sendable {
    // Sendable: all but the lock itself is used under the lock.
    private let lock = NSCondition()
    private var waiting: [(kind: String, frame: MessageFrame)] = []
    private var hasLeft = false
    /// What is sent at the end.
    private var farewell: MessageFrame?

    init() {}

    /// Sends a picture of now; one that is not sent yet is replaced.
    package func show(_ moment: [UInt8]) { post("moment", MessageFrame(kind: .binary, payload: moment)) }

    /// Sends a text; one of the same kind that is not sent yet is replaced.
    package func tell(_ kind: String, _ text: String) {
        post(kind, MessageFrame(kind: .text, payload: Array(text.utf8)))
    }

    func post(_ kind: String, _ frame: MessageFrame) {
        lock.lock()
        defer { lock.unlock() }
        if let index = waiting.firstIndex(where: { $0.kind == kind }) {
            waiting[index].frame = frame
        } else {
            waiting.append((kind, frame))
        }
        lock.signal()
    }

    /// Ends the waiting of ``next(atMost:)``, which gives `farewell` before it gives nothing.
    func leave(with farewell: MessageFrame? = nil) {
        lock.lock()
        defer { lock.unlock() }
        (hasLeft, self.farewell) = (true, farewell)
        lock.broadcast()
    }

    /// What is to be sent next: a ping where nothing was for so many seconds, nil after the end.
    func next(atMost seconds: Double) -> MessageFrame? {
        lock.lock()
        defer { lock.unlock() }
        let end = Date(timeIntervalSinceNow: seconds)
        while waiting.isEmpty, !hasLeft {
            guard lock.wait(until: end) || hasLeft else { return MessageFrame(kind: .ping, payload: []) }
        }
        guard hasLeft else { return waiting.removeFirst().frame }
        defer { farewell = nil }
        return farewell
    }
}

/// What those who look see and say.
package protocol Attraction: AnyObject, Sendable {
    /// Somebody has come.
    func enter(_ onlooker: Onlooker)
    /// They said something; whatever it is.
    func hear(_ text: String)
    /// They have gone.
    func leave(_ onlooker: Onlooker)
}
