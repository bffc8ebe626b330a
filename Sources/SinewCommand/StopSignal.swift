// SPDX-License-Identifier: MIT

import Foundation
import Synchronization

/// The signals that end a run politely: Ctrl-C and SIGTERM.
///
/// The first one asks it to stop, a second one ends it at once.
enum StopSignal {
    private static let received = Atomic<Int32>(0)

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
