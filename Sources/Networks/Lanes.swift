// SPDX-License-Identifier: MIT

internal import Foundation

/// Work in two halves that do not touch each other's memory, in numbered phases.
public protocol LaneWork: AnyObject {
    /// Does half `lane` (0 or 1) of `phase`. The halves may run at the same time on two threads.
    func run(phase: Int, lane: Int)
}

/// Two lanes that work is laid out for: on one thread they run one after the other, on two at the same time.
///
/// The halves are fixed by the work, never by the number of threads, so the bits are the same with one or two. The
/// second thread is started once. Between phases it waits some tens of microseconds in a loop, then it sleeps: within an
/// update it is at hand, and an idle agent costs nothing. A half that it has not begun when the first one is done is done by
/// the caller: where other work keeps the second thread from running, nobody waits for it.
public final class Lanes {
    /// The number of threads that may run the lanes: 1 or 2.
    public let threads: Int
    private let second: SecondLane?

    /// Makes lanes on one thread, or on two where `threads` is 2 or more.
    public init(threads: Int) {
        self.threads = threads >= 2 ? 2 : 1
        second = self.threads == 2 ? SecondLane() : nil
        guard let second else { return }
        let thread = Thread { second.serve() }
        thread.stackSize = 1 << 22
        thread.name = "lane 1"
        thread.start()
    }

    deinit {
        second?.end()
    }

    /// Runs both halves of `phase` and returns when both are done.
    public func run(_ work: some LaneWork, phase: Int) {
        second?.offer(work, phase: phase)
        work.run(phase: phase, lane: 0)
        if second?.takeBack() ?? true { work.run(phase: phase, lane: 1) }
    }
}

/// What the thread of lane 1 shares with the one that offers it work.
private final class SecondLane: @unchecked Sendable {
    // Sendable: `work`, `phase` and `count` are written by the caller alone, while no half is open; the thread of lane 1 reads
    // the first two only after it took a half, and until it says that the half is done.
    private let offered = Handover()
    private let done = Handover()
    private var work: (any LaneWork)?
    private var phase = 0
    /// The halves offered so far: the number of the one that is open.
    private var count = 0
    private static let end = -1

    /// Opens half 1 of `phase` to the thread of lane 1.
    func offer(_ work: any LaneWork, phase: Int) {
        self.work = work
        self.phase = phase
        count += 1
        offered.set(count)
    }

    /// Takes back the half that is open, where the thread of lane 1 has not begun it; otherwise waits until it is done.
    func takeBack() -> Bool {
        let isMine = offered.take(count)
        if !isMine { _ = done.wait { $0 == count } }
        work = nil
        return isMine
    }

    /// Lets the thread end.
    func end() {
        offered.set(Self.end)
    }

    /// Does the halves that it can take, on a thread of its own, until the end.
    func serve() {
        while true {
            let half = offered.wait { $0 != 0 }
            guard half != Self.end else { return }
            guard offered.take(half), let work else { continue }
            work.run(phase: phase, lane: 1)
            done.set(half)
        }
    }
}
