// SPDX-License-Identifier: MIT

import Foundation
import Networks
import Testing

struct TeamTests {
    /// A job's number, and how long it waits before it adds what it is given.
    private final class Job {
        var sum = 0
        var pause = 0.0

        func add(_ number: Int) {
            if pause > 0 { Thread.sleep(forTimeInterval: pause) }
            sum += number
        }
    }

    @Test(arguments: [(1, 2), (2, 2), (2, 7), (4, 3), (8, 16)])
    func `a team does each job once`(threads: Int, count: Int) {
        let (team, jobs) = (Team(threads: threads), (0..<count).map { _ in Job() })
        for number in 1...3000 {
            team.run(count) { jobs[$0].add(number) }
            // All are done, and seen here, when run returns.
            guard jobs.allSatisfy({ $0.sum == number * (number + 1) / 2 }) else {
                Issue.record("after \(number): \(jobs.map(\.sum))")
                return
            }
        }
    }

    /// Pauses in milliseconds: far longer than a thread looks for work before it sleeps.
    @Test(arguments: [(0, 0, 3), (3, 0, 0), (0, 3, 0), (3, 3, 3)])
    func `a thread that went to sleep is woken`(first: Int, second: Int, between: Int) {
        let (team, jobs) = (Team(threads: 2), [Job(), Job()])
        for (job, pause) in zip(jobs, [first, second]) { job.pause = Double(pause) / 1000 }
        for number in 1...20 {
            Thread.sleep(forTimeInterval: Double(between) / 1000)
            team.run(2) { jobs[$0].add(number) }
            #expect(jobs.map(\.sum) == [number * (number + 1) / 2, number * (number + 1) / 2])
        }
    }

    /// Whether each of two jobs ran on the thread that the test runs on.
    private final class Threads {
        let caller = Thread.current
        var isCaller = (false, false)

        func look(_ job: Int) {
            // Each goes on long enough for another thread to begin the other.
            Thread.sleep(forTimeInterval: 0.02)
            if job == 0 {
                isCaller.0 = Thread.current === caller
            } else {
                isCaller.1 = Thread.current === caller
            }
        }
    }

    @Test func `a second thread does a job where two are asked for`() {
        for threads in [1, 2] {
            let work = Threads()
            let team = Team(threads: threads)
            // A busy machine may keep the second thread from beginning in time once, hardly each time.
            var apart = 0
            for _ in 1...10 {
                team.run(2) { work.look($0) }
                if work.isCaller != (true, true) { apart += 1 }
            }
            #expect(threads == 1 ? apart == 0 : apart > 0)
        }
    }

    @Test func `a team keeps no work, and many come and go`() {
        for round in 0..<200 {
            weak var seen: Job?
            let team = Team(threads: 2)
            do {
                let jobs = [Job(), Job()]
                seen = jobs[0]
                team.run(2) { jobs[$0].add(round) }
                #expect(jobs.map(\.sum) == [round, round])
            }
            // The other thread lets go of it a moment after it has said so.
            for _ in 0..<1000 where seen != nil { Thread.sleep(forTimeInterval: 0.001) }
            #expect(seen == nil)
        }
    }
}
