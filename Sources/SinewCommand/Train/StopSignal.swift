// SPDX-License-Identifier: MIT

import Foundation
import Synchronization

/// The signals that end a run politely: Ctrl-C and SIGTERM.
///
/// The first one asks it to stop, a second one ends it at once.
enum StopSignal {
    private static let received = Atomic<Int32>(0)

    /// Lets the signals through: some parents start their children with signals blocked (from a worker thread of Dispatch, for
    /// one), and nothing but SIGKILL would end such a run.
    static func unblock() {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in [SIGINT, SIGTERM] { unsafe sigaddset(&set, number) }
        unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// Begins to listen.
    static func listen() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                StopSignal.received.store(number, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
    }

    /// The signal that came; nil where none did.
    static var current: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
