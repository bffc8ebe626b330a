// SPDX-License-Identifier: MIT

internal import CLibrary

/// When steps are due: as many in a second as the world has, times the speed.
///
/// What cannot be kept up with is left out: a slow machine shows the simulation slower, and nothing is made up for later.
package struct StepClock {
    /// How many times as fast as in the world.
    package var speed = 1.0
    package private(set) var isPaused = false
    /// When the steps began that were taken so far; nil where the next one is the first.
    private var last: Double?

    /// Steps are taken together, so that the thread does not wake more often than pictures are wanted, s.
    private static let beat = 1.0 / 60
    /// What is made up for at most, s.
    private static let patience = 0.1

    /// The time, s, by a clock that nobody sets.
    package static var now: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    package init() {}

    /// When it is to be looked at again.
    package private(set) var due = 0.0

    package mutating func pause() {
        isPaused = true
        forget()
    }
    package mutating func play() { isPaused = false }

    /// Forgets the time that has passed.
    package mutating func forget() { (last, due) = (nil, 0) }

    /// The steps of `period` seconds that are due now; they count as done.
    package mutating func takeSteps(of period: Double, at now: Double = StepClock.now) -> Int {
        let step = period / speed
        guard let last else {
            (self.last, due) = (now, now + max(step, Self.beat))
            return 1
        }
        let passed = max(0, min(now - last, max(step, Self.patience)))
        let count = Int(passed / step + 1e-9)
        if count > 0 { self.last = max(last + Double(count) * step, now - max(step, Self.patience)) }
        due = max((self.last ?? now) + step, now + Self.beat)
        return count
    }
}
