// SPDX-License-Identifier: MIT

internal import CKernels
internal import CLibrary
internal import Dispatch
internal import Synchronization

/// A number that one thread sets and another waits for; 0 says that there is nothing.
///
/// Waking a thread that sleeps takes many microseconds, longer than a step of a small network's update; so a waiting thread looks
/// at the number for a while (``patience``) before it sleeps. What was written before `set`
/// is seen after `wait`, and after a `take` that succeeds.
final class Handover: Sendable {
    /// How long a waiting thread looks before it sleeps, ns: about the time between two updates of a small network; not at all where
    /// the other thread has no core of its own.
    private static let patience: UInt64 = sysconf(Int32(_SC_NPROCESSORS_ONLN)) >= 2 ? 50_000 : 0

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
            let end = DispatchTime.now().uptimeNanoseconds + Self.patience
            repeat {
                // A pause is some ten nanoseconds; asking for the time takes as long as two.
                for _ in 0..<16 {
                    let value = number.load(ordering: .acquiring)
                    if isAwaited(value) { return value }
                    kern_spin_pause()
                }
            } while DispatchTime.now().uptimeNanoseconds < end
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
