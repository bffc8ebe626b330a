// SPDX-License-Identifier: MIT

internal import Dispatch
internal import Foundation

/// Work in two halves that do not touch each other's memory, in numbered phases.
public protocol LaneWork: AnyObject {
    /// Does half `lane` (0 or 1) of `phase`. The halves may run at the same time on two threads.
    func run(phase: Int, lane: Int)
}

/// Two lanes that work is laid out for: on one thread they run one after the other, on two at the same time.
///
/// The halves are fixed by the work, never by the number of threads, so the bits are the same with one or two. The
/// second thread is started once and sleeps between phases.
public final class Lanes: @unchecked Sendable {
    // Sendable: `work` and `phase` are written before `start` is signalled and read after it is awaited; the caller
    // touches them again only after `finished` is awaited.
    /// The number of threads that run the lanes: 1 or 2.
    public let threads: Int
    private let start = DispatchSemaphore(value: 0)
    private let finished = DispatchSemaphore(value: 0)
    private var work: (any LaneWork)?
    private var phase = 0

    /// Makes lanes on one thread, or on two where `threads` is 2 or more.
    public init(threads: Int) {
        self.threads = threads >= 2 ? 2 : 1
        guard self.threads == 2 else { return }
        let thread = Thread { [start, finished, weak self] in
            while true {
                start.wait()
                guard let lanes = self, let work = lanes.work else { return }
                work.run(phase: lanes.phase, lane: 1)
                finished.signal()
            }
        }
        thread.stackSize = 1 << 22
        thread.name = "lane 1"
        thread.start()
    }

    deinit {
        // Woken without work, the thread ends.
        if threads == 2 { start.signal() }
    }

    /// Runs both halves of `phase` and returns when both are done.
    public func run(_ work: some LaneWork, phase: Int) {
        guard threads == 2 else {
            work.run(phase: phase, lane: 0)
            work.run(phase: phase, lane: 1)
            return
        }
        self.work = work
        self.phase = phase
        start.signal()
        work.run(phase: phase, lane: 0)
        finished.wait()
        self.work = nil
    }
}
