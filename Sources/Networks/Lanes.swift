// SPDX-License-Identifier: MIT

/// Two lanes that work is laid out for: on one thread they run one after the other, on two at the same time.
///
/// The halves are fixed by the work, never by the number of threads, so the bits are the same with one or two. The
/// second thread is started once. Between two calls of `run` it waits some tens of microseconds in a loop, then it sleeps:
/// within an update it is at hand, and an idle agent costs nothing. A half that it has not begun when the first one is done
/// is done by the caller: where other work keeps the second thread from running, nobody waits for it.
public final class Lanes {
    /// The number of threads that may run the lanes: 1 or 2.
    public let threads: Int
    private let second: SecondLane?

    /// Makes lanes on one thread, or on two where `threads` is 2 or more.
    public init(threads: Int) {
        self.threads = threads >= 2 ? 2 : 1
        second = self.threads == 2 ? SecondLane() : nil
        second?.start()
    }

    deinit {
        second?.end()
    }

    /// Does `half` of lane 0 and of lane 1, perhaps at the same time, and returns when both are done.
    ///
    /// The halves must not touch each other's memory. A closure that captures one object alone (`[self]`) is no allocation:
    /// the object is its context. `scripts/allocations.py` counts; a closure that is not escaping would take memory here.
    public func run(_ half: @escaping (_ lane: Int) -> Void) {
        second?.offer(half)
        half(0)
        if second?.takeBack() ?? true { half(1) }
    }
}

/// What the thread of lane 1 shares with the one that offers it work.
private final class SecondLane: @unchecked Sendable {
    // Sendable: `half` and `count` are written by the caller alone, while no half is open; the thread of lane 1 reads `half` only
    // after it took one, and until it says that it is done.
    private let offered = Handover()
    private let done = Handover()
    private var half: ((_ lane: Int) -> Void)?
    /// The halves offered so far: the number of the one that is open.
    private var count = 0
    private static let end = -1

    /// Opens half 1 to the thread of lane 1.
    func offer(_ half: @escaping (_ lane: Int) -> Void) {
        self.half = half
        count += 1
        offered.set(count)
    }

    /// Takes back the half that is open, where the thread of lane 1 has not begun it; otherwise waits until it is done.
    func takeBack() -> Bool {
        let isMine = offered.take(count)
        if !isMine { _ = done.wait { $0 == count } }
        half = nil
        return isMine
    }

    /// Starts the thread; where the system gives none, the caller does all halves.
    func start() {
        detachThread(self) { $0.serve() }
    }

    /// Lets the thread end.
    func end() {
        offered.set(Self.end)
    }

    /// Does the halves that it can take, on a thread of its own, until the end.
    func serve() {
        while true {
            let number = offered.wait { $0 != 0 }
            guard number != Self.end else { return }
            guard offered.take(number), let half else { continue }
            half(1)
            done.set(number)
        }
    }
}
