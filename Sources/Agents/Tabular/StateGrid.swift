// SPDX-License-Identifier: MIT

public import Environments
internal import Foundation
public import Policies

/// The bins that one number of an observation is divided into, as a scene declares them.
public struct Bins: Sendable, Equatable {
    /// The number's name.
    public var name: String
    /// How many bins.
    public var count: Int
    /// Where the first begins and the last ends, in the number's unit; nil takes the range that the observation space gives.
    public var range: ClosedRange<Double>?

    /// Makes a declaration.
    public init(_ name: String, count: Int, range: ClosedRange<Double>? = nil) {
        self.name = name
        self.count = count
        self.range = range
    }
}

/// Divides observations into states: a number that has bins gives a digit, the others do not matter.
///
/// It computes in single precision what the policy's engine computes of ``normaliser`` and ``counts``, so that agent and policy
/// see the same state.
public struct StateGrid: Sendable, Equatable {
    /// The most states that a grid may have.
    public static let limit = 1_000_000

    /// The bins of each number of an observation; 1 where it does not matter.
    public let counts: [Int]
    /// Counts each number in bins: the mean is where the first begins, the deviation the width of one.
    public let normaliser: Normaliser
    /// The number of states.
    public let stateCount: Int

    /// Makes the grid of observations of `space`.
    ///
    /// - Throws: ``StateGridError``.
    public init(_ bins: [Bins], space: Space) throws(StateGridError) {
        guard !bins.isEmpty else { throw .nothing }
        var counts = [Int](repeating: 1, count: space.count)
        var normaliser = Normaliser.identity(space.count)
        for bin in bins {
            guard let index = space.elements.firstIndex(where: { $0.name == bin.name }) else {
                throw .unknownName(bin.name, known: space.elements.map(\.name))
            }
            let element = space.elements[index]
            let (low, high) = (bin.range?.lowerBound ?? element.low, bin.range?.upperBound ?? element.high)
            guard low.isFinite, high.isFinite else { throw .noRange(bin.name) }
            let width = (high - low) / Double(bin.count)
            let inverse = Float(1 / width)
            // Each bin must hold numbers of its own.
            guard inverse.isFinite, inverse > 0, Float(low) < Float(low + width),
                Float(high - width) < Float(high), Float(high).isFinite
            else { throw .badRange(bin.name) }
            counts[index] = bin.count
            normaliser.mean[index] = Float(low)
            normaliser.inverseDeviation[index] = inverse
        }
        // In floating point, where no count of states overflows.
        let states = counts.reduce(1.0) { $0 * Double($1) }
        guard states <= Double(Self.limit) else { throw .tooMany(states, counts: bins.map(\.count)) }
        self.counts = counts
        self.normaliser = normaliser
        stateCount = Int(states)
    }

    /// The state of an observation; numbers beyond the range belong to the first or last bin.
    public func state(of observation: Span<Float>) -> Int {
        precondition(observation.count == counts.count, "an observation of \(observation.count) numbers")
        var state = 0
        for i in counts.indices where counts[i] > 1 {
            let x = (observation[i] - normaliser.mean[i]) * normaliser.inverseDeviation[i]
            // Held first, so that the conversion cannot fail; NaN is no case of either.
            state = state * counts[i] + (x > 0 ? Int(min(x, Float(counts[i] - 1))) : 0)
        }
        return state
    }
}

/// Why bins make no grid of states.
public enum StateGridError: Error, Equatable {
    /// No bins are declared.
    case nothing
    /// An observation has no such number.
    case unknownName(String, known: [String])
    /// The number has no range of its own, and none is declared.
    case noRange(String)
    /// The range is too narrow or too far away for single precision.
    case badRange(String)
    /// There would be this many states.
    case tooMany(Double, counts: [Int])

    /// What is there, and what is allowed instead, for a person who set `bins`.
    public var parts: (value: String, allowed: String) {
        switch self {
        case .nothing:
            return (
                "nothing",
                "a mapping from numbers of the observation to bins, such as {joint_velocities.hinge: {count: 20, range: [-8, 8]}}"
            )
        case .unknownName(let name, let known):
            let shown = known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", ..." : "")
            return ("'\(name)'", "a number of the observation: \(shown)")
        case .noRange(let name):
            return (
                "'\(name)' without a range",
                "{count: 20, range: [low, high]}, since the scene does not bound it"
            )
        case .badRange(let name):
            return ("the range of '\(name)'", "wide enough for single precision")
        case .tooMany(let states, let counts):
            let many = states < 1e15 ? "\(Int(states))" : "\(states)"
            return (
                counts.map(String.init).joined(separator: " x ") + " = \(many) states",
                "at most \(StateGrid.limit) states; use fewer bins, or bins for fewer numbers"
            )
        }
    }
}

extension Hyperparameter {
    /// The key `bins`: a mapping from numbers of the observation to a count, or to a count and a range.
    static func bins(_ path: any WritableKeyPath<Configuration, [Bins]> & Sendable) -> Self {
        Self(
            key: "bins",
            summary:
                "the numbers of the observation that make the state, each with the count of its bins and their range in its unit",
            allowed:
                "a mapping from numbers of the observation to {count: 1 to 10000, range: [low, high]}, or to a count alone where the scene bounds the number",
            read: { .mapping($0[keyPath: path].map { .init(key: $0.name, value: SettingValue($0)) }) },
            write: { configuration, setting in
                guard case .mapping(let entries) = setting else { return false }
                let bins = entries.compactMap { Bins($0.key, $0.value) }
                guard bins.count == entries.count, Set(bins.map(\.name)).count == bins.count else {
                    return false
                }
                configuration[keyPath: path] = bins
                return true
            })
    }
}

extension Bins {
    fileprivate init?(_ name: String, _ setting: SettingValue) {
        var count = setting.wholeNumber
        var range: ClosedRange<Double>?
        if case .mapping(let entries) = setting {
            for entry in entries {
                switch (entry.key, entry.value) {
                case ("count", let value): count = value.wholeNumber
                case ("range", .list(let ends)):
                    let numbers = ends.compactMap(\.realNumber)
                    guard ends.count == 2, numbers.count == 2, numbers[0] < numbers[1] else { return nil }
                    range = numbers[0]...numbers[1]
                default: return nil
                }
            }
        }
        guard let count, (1...10_000).contains(count) else { return nil }
        self.init(name, count: count, range: range)
    }
}

extension SettingValue {
    fileprivate init(_ bins: Bins) {
        guard let range = bins.range else {
            self = .integer(bins.count)
            return
        }
        self = .mapping([
            .init(key: "count", value: .integer(bins.count)),
            .init(key: "range", value: .list([.number(range.lowerBound), .number(range.upperBound)])),
        ])
    }
}
