// SPDX-License-Identifier: MIT

import Foundation
import Synchronization

/// The signals that end a run politely: Ctrl-C, SIGTERM, a terminal that closes (SIGHUP), and a reader of what the run prints that
/// went away (SIGPIPE).
///
/// The first one asks it to stop; Ctrl-C or SIGTERM after that end it at once.
enum StopSignal {
    private static let received = Atomic<Int32>(0)
    private static let milliseconds = Atomic<Int>(0)

    /// Lets the signals through: some parents start their children with signals blocked (from a worker thread of Dispatch, for
    /// one), and nothing but SIGKILL would end such a run.
    static func unblock() {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&set, number) }
        unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// Begins to listen.
    ///
    /// A SIGHUP or SIGPIPE that the parent has this process ignore, as `nohup` does, stays ignored. A rank listens to SIGUSR1 too, which
    /// `mpirun` passes on without killing anybody a second later, as it does after the others.
    static func listen(asRank isRank: Bool = false) {
        for number in [SIGINT, SIGTERM] + (isRank ? [SIGUSR1] : []) { signal(number) { StopSignal.take($0) } }
        for number in [SIGHUP, SIGPIPE] {
            let before = signal(number) { StopSignal.take($0) }
            if unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                signal(number, SIG_IGN)
            }
        }
    }

    /// The signal that came; nil where none did.
    static var current: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// What a signal does: nothing here may take a lock or memory.
    private static func take(_ number: Int32) {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        let now = Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
        if StopSignal.received.load(ordering: .relaxed) == 0 {
            StopSignal.milliseconds.store(now, ordering: .relaxed)
            StopSignal.received.store(number, ordering: .relaxed)
        } else if number == SIGINT || number == SIGTERM,
            // Shells and `timeout` send one wish to stop twice, to the process and to its group.
            now - StopSignal.milliseconds.load(ordering: .relaxed) > 300
        {
            signal(number, SIG_DFL)
            raise(number)
        }
    }
}
