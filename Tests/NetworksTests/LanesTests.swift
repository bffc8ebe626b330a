// SPDX-License-Identifier: MIT

import Foundation
import Networks
import Testing

struct LanesTests {
    /// Adds up the numbers that each lane is given, waiting as long as it is told.
    private final class Work {
        var sums = (0, 0)
        var pauses = (0.0, 0.0)

        func add(_ number: Int, lane: Int) {
            Thread.sleep(forTimeInterval: lane == 0 ? pauses.0 : pauses.1)
            if lane == 0 { sums.0 += number } else { sums.1 += number }
        }
    }

    @Test(arguments: [1, 2])
    func `two lanes do the work of one thread`(threads: Int) {
        let (lanes, work) = (Lanes(threads: threads), Work())
        for number in 1...10_000 {
            lanes.run { work.add(number, lane: $0) }
            // Both halves are done, and seen here, when run returns.
            let sum = number * (number + 1) / 2
            guard work.sums == (sum, sum) else {
                Issue.record("after \(number): \(work.sums)")
                return
            }
        }
    }

    /// Pauses in milliseconds: far longer than a lane looks for work before it sleeps.
    @Test(arguments: [(0, 0, 3), (3, 0, 0), (0, 3, 0), (3, 3, 3)])
    func `a lane that went to sleep is woken`(first: Int, second: Int, between: Int) {
        let (lanes, work) = (Lanes(threads: 2), Work())
        work.pauses = (Double(first) / 1000, Double(second) / 1000)
        for number in 1...20 {
            Thread.sleep(forTimeInterval: Double(between) / 1000)
            lanes.run { work.add(number, lane: $0) }
            #expect(work.sums == (number * (number + 1) / 2, number * (number + 1) / 2))
        }
    }

    /// The lanes that ran on the thread that the test runs on.
    private final class Threads {
        let caller = Thread.current
        var isCaller = (false, false)

        func look(lane: Int) {
            // Half 0 goes on long enough for another thread to begin half 1.
            if lane == 0 { Thread.sleep(forTimeInterval: 0.02) }
            if lane == 0 {
                isCaller.0 = Thread.current === caller
            } else {
                isCaller.1 = Thread.current === caller
            }
        }
    }

    @Test func `the second lane has a thread of its own where two are asked for`() {
        for threads in [1, 2] {
            let work = Threads()
            let lanes = Lanes(threads: threads)
            // A busy machine may keep the second thread from beginning in time once, hardly each time.
            var apart = 0
            for _ in 1...10 {
                lanes.run { work.look(lane: $0) }
                #expect(work.isCaller.0)
                if !work.isCaller.1 { apart += 1 }
            }
            #expect(threads == 1 ? apart == 0 : apart > 0)
        }
    }

    @Test func `lanes keep no work, and many come and go`() {
        for round in 0..<200 {
            weak var seen: Work?
            let lanes = Lanes(threads: 2)
            do {
                let work = Work()
                seen = work
                lanes.run { work.add(round, lane: $0) }
                #expect(work.sums == (round, round))
            }
            // The thread of lane 1 lets go of it a moment after it has said so.
            for _ in 0..<1000 where seen != nil { Thread.sleep(forTimeInterval: 0.001) }
            #expect(seen == nil)
        }
    }
}
