// SPDX-License-Identifier: MIT

/// When checkpoints are written: at most one part in fifty of the time goes into them, and at least half a second lies between.
struct CheckpointSchedule {
    private var next: ContinuousClock.Instant?

    mutating func begin(at now: ContinuousClock.Instant) { next = now + .milliseconds(500) }

    func isDue(at now: ContinuousClock.Instant) -> Bool { next.map { now >= $0 } ?? false }

    mutating func wrote(from begin: ContinuousClock.Instant, to end: ContinuousClock.Instant) {
        next = end + max(.milliseconds(500), (end - begin) * 50)
    }
}

extension Duration {
    /// The duration as a number of seconds.
    var inSeconds: Double { self / .seconds(1) }
}
