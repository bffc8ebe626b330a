// SPDX-License-Identifier: MIT

/// The steps per second of the last ten seconds, from counts that come now and then.
struct RecentSpeed {
    private static let window = Duration.seconds(10)
    private var samples: [(time: ContinuousClock.Instant, steps: Int)] = []

    /// Takes in how many steps are done by now.
    mutating func add(_ steps: Int, at time: ContinuousClock.Instant = .now) {
        // A sample each quarter of a second is enough; the one that ends the window moves until then.
        if samples.count > 1, time - samples[samples.count - 2].time < .milliseconds(250) {
            samples.removeLast()
        }
        samples.append((time, steps))
        while samples.count > 2, time - samples[1].time > Self.window { samples.removeFirst() }
    }

    /// Forgets what was, after a pause that is not to count.
    mutating func restart() { samples = [] }

    /// The speed; nil where too little is known.
    var perSecond: Double? {
        guard let first = samples.first, let last = samples.last, last.time > first.time else { return nil }
        return Double(last.steps - first.steps) / ((last.time - first.time) / .seconds(1))
    }
}
