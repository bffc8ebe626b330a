// SPDX-License-Identifier: MIT

internal import CKernels
internal import CLibrary
internal import Dispatch
internal import Synchronization

/// A number that one thread sets and another waits for; 0 says that there is nothing.
///
/// Waking a thread that sleeps takes many microseconds, longer than a step of a small network's update; so a waiting thread looks
/// at the number for a while (``spins`` times, some tens of microseconds) before it sleeps. What was written before `set`
/// is seen after `wait`, and after a `take` that succeeds.
final class Handover: Sendable {
    /// How often a waiting thread looks before it sleeps: where a core is free for each of the two threads, about as often as
    /// fills the time between two updates of a small network.
    private static let spins = sysconf(Int32(_SC_NPROCESSORS_ONLN)) >= 2 ? 4000 : 0

    private let number = Atomic<Int>(0)
    private let isAsleep = Atomic<Bool>(false)
    private let alarm = DispatchSemaphore(value: 0)

    /// Sets the number, and wakes the other thread where it sleeps.
    func set(_ value: Int) {
        number.store(value, ordering: .sequentiallyConsistent)
        // Either this sees that the other is about to sleep, or the other sees the number before it does.
        if isAsleep.load(ordering: .sequentiallyConsistent), endSleep() { alarm.signal() }
    }

    /// Replaces the number by 0 where it is `value`; of two threads that try, one succeeds.
    func take(_ value: Int) -> Bool {
        number.compareExchange(expected: value, desired: 0, ordering: .acquiringAndReleasing).exchanged
    }

    /// Waits until the number satisfies `isAwaited`, and returns it.
    func wait(for isAwaited: (Int) -> Bool) -> Int {
        while true {
            for _ in 0...Self.spins {
                let value = number.load(ordering: .acquiring)
                if isAwaited(value) { return value }
                kern_spin_pause()
            }
            isAsleep.store(true, ordering: .sequentiallyConsistent)
            let value = number.load(ordering: .sequentiallyConsistent)
            // Where the number came in between, whoever ends the sleep decides whether there is an alarm to wait for.
            if isAwaited(value), endSleep() { return value }
            alarm.wait()
        }
    }

    /// Whether this call ended the sleep that was announced.
    private func endSleep() -> Bool {
        isAsleep.exchange(false, ordering: .sequentiallyConsistent)
    }
}
