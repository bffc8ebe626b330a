// SPDX-License-Identifier: MIT

import Foundation
import Networks
import Ranks
import Training

/// Where ranks that are threads of this process meet, and see each other's bytes.
@safe private final class Meeting: @unchecked Sendable {
    private let condition = NSCondition()
    private let count: Int
    private var present = 0
    private var generation = 0
    var bytes: [UnsafeMutableRawPointer?]
    var sizes: [[Int]]

    init(count: Int) {
        self.count = count
        unsafe bytes = Array(repeating: nil, count: count)
        sizes = Array(repeating: [], count: count)
    }

    /// Waits until all are here.
    func meet() {
        condition.lock()
        defer { condition.unlock() }
        present += 1
        if present == count {
            (present, generation) = (0, generation + 1)
            return condition.broadcast()
        }
        let before = generation
        while generation == before { condition.wait() }
    }
}

/// A rank that is a thread.
final class ThreadTransport: Transport {
    let rank: Int
    let count: Int
    private let meeting: Meeting
    /// The calls so far.
    private(set) var calls = 0

    fileprivate init(_ rank: Int, of count: Int, _ meeting: Meeting) {
        (self.rank, self.count, self.meeting) = (rank, count, meeting)
    }

    static func all(_ count: Int) -> [ThreadTransport] {
        let meeting = Meeting(count: count)
        return (0..<count).map { ThreadTransport($0, of: count, meeting) }
    }

    func gather(_ bytes: inout MutableRawSpan, sizes: [Int]) {
        calls += 1
        unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe meeting.bytes[rank] = buffer.baseAddress
            meeting.sizes[rank] = sizes
            precondition(sizes.count == count && sizes.reduce(0, +) == buffer.count, "sizes \(sizes)")
            meeting.meet()
            precondition(meeting.sizes.allSatisfy { $0 == sizes }, "ranks say different things")
            var start = 0
            for (other, size) in sizes.enumerated() {
                if other != rank, size > 0, let from = unsafe meeting.bytes[other],
                    let to = buffer.baseAddress
                {
                    unsafe (to + start).copyMemory(from: from + start, byteCount: size)
                }
                start += size
            }
            meeting.meet()
        }
    }
}

/// A run by several ranks, each a thread with a run of its own, of which the first one's folder is written.
final class RankedRun: @unchecked Sendable {
    let runs: [TestRun]
    private let transports: [ThreadTransport]
    private var ends: [Result<TrainingEnd, any Error>?]

    init(
        _ first: TestRun, ranks: Int, updates: RankedWork.Updates = .spread, threads: Int = 1,
        _ makeOther: () throws -> TestRun
    ) throws {
        runs = try [first] + (1..<ranks).map { _ in try makeOther() }
        transports = ThreadTransport.all(ranks)
        ends = runs.map { _ in nil }
        for (run, transport) in zip(runs, transports) {
            run.ranks = RankedWork(transport, updates: updates)
            run.threads = threads
        }
    }

    /// The calls by which the ranks told each other something.
    var calls: Int { transports[0].calls }

    /// Trains; to rank `stopped` a signal comes when it asks for one for the `stop`-th time.
    func train(
        isResumed: Bool = false, stopping stopped: Int = 0, after stop: Int? = nil
    ) throws -> [TrainingEnd] {
        let done = DispatchSemaphore(value: 0)
        for rank in runs.indices {
            let thread = Thread { [self] in
                ends[rank] = Result {
                    try runs[rank].train(
                        isResumed: isResumed, stoppingAfter: rank == stopped ? stop : nil)
                }
                done.signal()
            }
            thread.stackSize = 1 << 23
            thread.start()
        }
        for _ in runs { done.wait() }
        return try ends.compactMap { try $0?.get() }
    }

    /// What each rank failed with.
    var failures: [String] {
        ends.compactMap {
            guard case .failure(let error)? = $0 else { return nil }
            // Without the folder, each has its own.
            return "\(error)".split(separator: ": ", maxSplits: 1).last.map(String.init)
        }
    }
}
