// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Synchronization

/// Threads that share a list of jobs which do not touch each other: what each job computes does not depend on who does it.
///
/// The threads are started once. Between two calls of `run` they wait some tens of microseconds in a loop, then they sleep: within an
/// update they are at hand, and an idle agent costs nothing. The caller works too, and a thread that has not begun when all jobs
/// are taken is not waited for: where other work keeps it from running, nobody waits. Nothing is allocated in a call.
package final class Team {
    /// The number of threads, the caller's included.
    package let threads: Int
    /// The ranks of the run, where there are several.
    package let ranks: RankedWork?
    private let jobs = Jobs()
    private let members: [Member]

    /// Starts `threads` - 1 threads, at least none; where the system gives fewer, the others do their jobs.
    package init(threads: Int, ranks: RankedWork? = nil) {
        self.threads = max(1, threads)
        self.ranks = ranks
        let jobs = jobs
        members = (1..<self.threads).map { _ in Member(jobs) }
        for member in members { member.start() }
    }

    deinit {
        for member in members { member.end() }
    }

    /// Does the jobs 0..<count, in no order, and returns when all are done.
    package func run(_ count: Int, _ job: @escaping (_ index: Int) -> Void) {
        guard count > 1, !members.isEmpty else {
            for index in 0..<count { job(index) }
            return
        }
        jobs.lay(out: count, job)
        for member in members { member.offer() }
        jobs.work()
        for member in members { member.takeBack() }
        jobs.clear()
    }
}

/// The list of jobs of a team, of which each is taken once.
private final class Jobs: @unchecked Sendable {
    // Sendable: `count` and `job` are written by the caller alone, while no member works; a member reads them between an offer that it
    // took and its saying that it is done.
    private var count = 0
    private var job: ((_ index: Int) -> Void)?
    private let taken = Atomic<Int>(0)

    func lay(out count: Int, _ job: @escaping (_ index: Int) -> Void) {
        (self.count, self.job) = (count, job)
        taken.store(0, ordering: .relaxed)
    }

    func clear() { job = nil }

    /// Does jobs until none is left.
    func work() {
        guard let job else { return }
        while true {
            let index = taken.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            job(index)
        }
    }
}

/// A thread of a team, and what it shares with the one that offers it work.
private final class Member: @unchecked Sendable {
    // Sendable: `number` is the caller's alone.
    private let offered = Handover()
    private let done = Handover()
    private let jobs: Jobs
    /// The offers so far: the number of the one that is open.
    private var number = 0
    private static let end = -1

    init(_ jobs: Jobs) { self.jobs = jobs }

    func offer() {
        number += 1
        offered.set(number)
    }

    /// Takes the offer back where the thread has not begun; otherwise waits until it is done.
    func takeBack() {
        let number = number
        if !offered.take(number) { _ = done.wait { $0 == number } }
    }

    /// Starts the thread; where the system gives none, the caller does all jobs.
    func start() {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, 1 << 22)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let member = unsafe Unmanaged.passRetained(self)
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, &attributes,
            { context in
                if let context = unsafe context as UnsafeMutableRawPointer? {
                    unsafe Unmanaged<Member>.fromOpaque(context).takeRetainedValue().serve()
                }
                return nil
            }, member.toOpaque())
        if code != 0 { unsafe member.release() }
    }

    /// Lets the thread end.
    func end() {
        offered.set(Self.end)
    }

    private func serve() {
        while true {
            let number = offered.wait { $0 != 0 }
            guard number != Self.end else { return }
            guard offered.take(number) else { continue }
            jobs.work()
            done.set(number)
        }
    }
}
