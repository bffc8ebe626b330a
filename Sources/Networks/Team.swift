// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Synchronization

/// Threads that share a list of jobs which do not touch each other: what each job computes does not depend on who does it.
///
/// The threads are started once, and wait as those of ``Lanes`` do. The caller works too; a thread that has not begun when all jobs
/// are taken is not waited for.
package final class Team: Sendable {
    /// The number of threads, the caller's included.
    package let threads: Int
    private let members: [Member]

    /// Starts `threads` - 1 threads, at least none; where the system gives fewer, the others do their jobs.
    package init(threads: Int) {
        self.threads = max(1, threads)
        members = (1..<self.threads).map { _ in Member() }
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
        let jobs = Jobs(count: count, job)
        for member in members { member.offer(jobs) }
        jobs.work()
        for member in members { member.takeBack() }
    }
}

/// A list of jobs of which each is taken once.
private final class Jobs: @unchecked Sendable {
    // Sendable: `job` is only called, for indices that one thread alone has taken.
    private let count: Int
    private let job: (_ index: Int) -> Void
    private let taken = Atomic<Int>(0)

    init(count: Int, _ job: @escaping (_ index: Int) -> Void) {
        self.count = count
        self.job = job
    }

    /// Does jobs until none is left.
    func work() {
        while true {
            let index = taken.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            job(index)
        }
    }
}

/// A thread of a team, and what it shares with the one that offers it work.
private final class Member: @unchecked Sendable {
    // Sendable: `jobs` and `number` are written by the caller alone, while nothing is open; the thread reads `jobs` only
    // after it took an offer, and until it says that it is done.
    private let offered = Handover()
    private let done = Handover()
    private var jobs: Jobs?
    private var number = 0
    private static let end = -1

    func offer(_ jobs: Jobs) {
        self.jobs = jobs
        number += 1
        offered.set(number)
    }

    /// Takes the offer back where the thread has not begun; otherwise waits until it is done.
    func takeBack() {
        if !offered.take(number) { _ = done.wait { $0 == number } }
        jobs = nil
    }

    func start() {
        detachThread(self) { $0.serve() }
    }

    func end() {
        offered.set(Self.end)
    }

    private func serve() {
        while true {
            let number = offered.wait { $0 != 0 }
            guard number != Self.end else { return }
            guard offered.take(number), let jobs else { continue }
            jobs.work()
            done.set(number)
        }
    }
}

/// What a new thread begins with.
private final class ThreadStart: Sendable {
    let serve: @Sendable () -> Void

    init(_ serve: @escaping @Sendable () -> Void) { self.serve = serve }
}

/// Starts a thread of its own that serves `object` and then lets it go; false where the system gives none.
@discardableResult
func detachThread<Object: AnyObject & Sendable>(
    _ object: Object, _ serve: @escaping @Sendable (Object) -> Void
) -> Bool {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, 1 << 22)
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let start = unsafe Unmanaged.passRetained(ThreadStart { serve(object) })
    var thread = pthread_t()
    let code = unsafe pthread_create(
        &thread, &attributes,
        { context in
            if let context = unsafe context as UnsafeMutableRawPointer? {
                unsafe Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue().serve()
            }
            return nil
        }, start.toOpaque())
    if code != 0 { unsafe start.release() }
    return code == 0
}
