// SPDX-License-Identifier: MIT

public import Environments
public import Policies
internal import Settings

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

extension Bins {
    private static let keys: [Key<Bins>] = [
        Key("count", \.count, counts, "How many bins.", isRequired: true),
        Key(
            "range", \.range,
            Format.range(.number(.any)).described("[low, high], low below high").map(
                to: { $0.lowerBound < $0.upperBound ? $0 : nil }, from: { $0 }),
            "Where the first begins and the last ends."),
    ]
    private static let counts = Format<Int>.integer(1...10_000)

    /// A mapping from numbers of the observation to a count, or to a count and a range.
    static let format = Format<[Bins]>(
        shape,
        encode: { .mapping($0.map { Setting.Entry(key: $0.name, value: Setting($0.encoded)) }) },
        decode: { setting, decoder in
            guard let entries = setting.entries else { return decoder.refuse(setting, shape) }
            let bins = entries.map { entry -> Bins? in
                if entry.value.scalar != nil {
                    return counts.decode(entry.value, decoder).map { Bins(entry.key, count: $0) }
                }
                return decoder.decode(entry.value, Bins(entry.key, count: 1), keys: keys)
            }
            return bins.contains { $0 == nil } ? nil : bins.compactMap(\.self)
        })

    private static let shape = SettingShape.described(
        "a mapping from numbers of the observation to {count: 1 to 10000, range: [low, high]}, or to a count alone where the scene bounds the number",
        .mapping(
            of: "number of the observation",
            .either([counts.shape, .block(keys.map { $0.description(of: nil) })])))

    private var encoded: Setting.Value {
        guard range != nil else { return .scalar(Scalar(count)) }
        return .mapping(
            Self.keys.compactMap { key in
                key.encode(self).map { Setting.Entry(key: key.name, value: Setting($0)) }
            })
    }
}
