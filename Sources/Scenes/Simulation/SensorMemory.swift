// SPDX-License-Identifier: MIT

internal import Environments

/// What an observation term remembers from step to step of an episode: its bias, how late it comes, and what it saw.
///
/// Of a term with none of these it is empty.
struct SensorMemory {
    /// Added to each element.
    private var bias: [Double] = []
    /// The control steps by which it comes late.
    private var delay = 0
    /// What it saw after noise, clip and scale, the newest first.
    private var past: [[Double]] = []
    private let history: Int
    private let longestDelay: Int

    init(_ entry: ObservationEntry, in scene: Scene) {
        history = entry.history
        longestDelay = entry.delay?.upperBound ?? 0
        let count = entry.newestElements(in: scene).count
        if entry.bias != .none { bias = Array(repeating: 0, count: count) }
        if history + longestDelay > 1 {
            past = Array(repeating: Array(repeating: 0, count: count), count: history + longestDelay)
        }
    }

    /// Draws what an episode begins with.
    mutating func begin(_ entry: ObservationEntry, using random: inout RandomStream) {
        for index in bias.indices { bias[index] = entry.bias.draw(using: &random) }
        if let range = entry.delay { delay = range.lowerBound + random.index(below: range.count) }
    }

    func addBias(to values: inout [Double], from start: Int) {
        for index in bias.indices { values[start + index] += bias[index] }
    }

    /// Takes the values from `start` on as the newest, and puts in their place what the policy sees of them and of those before.
    mutating func follow(_ values: inout [Double], from start: Int, isFirst: Bool) {
        guard !past.isEmpty else { return }
        for age in past.indices.reversed() where age > 0 && !isFirst { past.swapAt(age, age - 1) }
        for age in past.indices where age == 0 || isFirst {
            for index in past[age].indices { past[age][index] = values[start + index] }
        }
        values.removeSubrange(start...)
        for age in 0..<history { values += past[delay + age] }
    }

    /// All of it as numbers; none where it remembers nothing.
    var numbers: [Double] {
        bias + (past.isEmpty ? [] : [Double(delay)] + past.flatMap { $0 })
    }

    /// Takes numbers that `numbers` gave; false where they are not such.
    mutating func take(_ numbers: [Double]) -> Bool {
        var rest = numbers[...]
        for index in bias.indices { bias[index] = rest.removeFirst() }
        guard !past.isEmpty else { return true }
        guard let delay = Int(exactly: rest.removeFirst()), (0...longestDelay).contains(delay) else {
            return false
        }
        self.delay = delay
        for age in past.indices {
            for index in past[age].indices { past[age][index] = rest.removeFirst() }
        }
        return true
    }
}
