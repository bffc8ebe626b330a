// SPDX-License-Identifier: MIT

package import Settings

/// A term in one of a scene's lists, with what the list says of it.
package protocol TermEntry: Sendable, Equatable {
    /// The term, whatever its kind.
    var anyTerm: any Term { get set }
}

/// One term of the observation: quantity, then bias and noise added, then clipped, then scaled (Isaac Lab's order); then it may come late, and
/// with what came before it.
public struct ObservationEntry: TermEntry {
    package var term: any ObservationTerm
    /// Noise on each element, drawn at each step, in the quantity's unit.
    public var noise = Distribution.none
    /// What is added to each element throughout an episode, drawn at its start, in the quantity's unit.
    public var bias = Distribution.none
    /// The control steps by which it comes late, one draw an episode; nil for none.
    public var delay: ClosedRange<Int>?
    /// How many observations it gives, the newest first.
    public var history = 1
    /// The range that each element is clipped to, in the quantity's unit; nil for none.
    public var clip: ClosedRange<Double>?
    /// The factor of each element, last.
    public var scale = 1.0

    package init(_ term: any ObservationTerm) { self.term = term }

    /// Whether what it gives depends on more than the state of now.
    var remembers: Bool { history > 1 || delay != nil || bias != .none }

    package static let format = Format<ObservationEntry>.terms(
        [
            Key("noise", \.noise, .distribution(), "Noise added to each element at each step, in its unit."),
            Key("clip", \.clip, .interval, "What each element is clipped to after the noise, in its unit."),
            Key("scale", \.scale, .number(.any), "The factor of each element, last."),
            Key(
                "bias", \.bias, .distribution(),
                "Added to each element besides, drawn once an episode, in its unit."),
            Key(
                "delay", \.delay, .range(.integer(0...1000)),
                "Control steps by which it comes late, one draw an episode; at first what was seen at the start.",
                absent: "none"),
            Key(
                "history", \.history, .integer(1...1000),
                "How many observations it gives: the newest, then those of the steps before, at first the start's again."
            ),
        ], allTerms.compactMap { $0 as? any ObservationTerm.Type }.map { Variant(of: $0) })
}

/// One term of the reward: weight times quantity, per control step.
///
/// (Not multiplied by the seconds of a step, unlike legged_gym and Isaac Lab.)
public struct RewardEntry: TermEntry {
    package var term: any RewardTerm
    /// The factor.
    public var weight: Double

    package init(_ term: any RewardTerm, weight: Double) {
        self.term = term
        self.weight = weight
    }

    package static let format = Format<RewardEntry>.terms(
        [
            Key("weight", \.weight, .number(.any), "The factor of the term in the reward.", isRequired: true)
        ], allTerms.compactMap { $0 as? any RewardTerm.Type }.map { Variant(of: $0) })
}

/// One reason to end an episode: a number is below or above a bound, or not a number.
///
/// The bounds themselves are inside.
public struct TerminationEntry: TermEntry {
    package var term: any TerminationTerm
    /// The lowest value that goes on; nil for none.
    public var below: Double?
    /// The highest value that goes on; nil for none.
    public var above: Double?
    /// Both at once.
    public var outside: ClosedRange<Double>?

    package init(
        _ term: any TerminationTerm, below: Double? = nil, above: Double? = nil,
        outside: ClosedRange<Double>? = nil
    ) {
        self.term = term
        self.below = below
        self.above = above
        self.outside = outside
    }

    /// The lowest value that goes on.
    package var low: Double { below ?? outside?.lowerBound ?? -.infinity }
    /// The highest value that goes on.
    package var high: Double { above ?? outside?.upperBound ?? .infinity }

    /// Whether a value ends the episode, as one does that is not a number.
    package func isOutside(_ value: Double) -> Bool { !(value >= low && value <= high) }

    package static let format = Format<TerminationEntry>.terms(
        [
            Key("below", \.below, .number(.any), "The episode ends below this."),
            Key("above", \.above, .number(.any), "The episode ends above this."),
            Key("outside", \.outside, .interval, "The episode ends outside."),
        ], allTerms.compactMap { $0 as? any TerminationTerm.Type }.map { Variant(of: $0) },
        check: { $0.checkBounds($1, $2) })

    private func checkBounds(_ setting: Setting, _ decoder: Decoder) {
        let given = ["below", "above", "outside"].filter { setting[$0] != nil }
        if given.isEmpty {
            decoder.report(setting, "has no bound", "add below, above or outside")
        } else if given.count > 1, given.contains("outside") {
            decoder.report(setting, "has outside and also below or above", "keep one way to say it")
        } else if low >= high {
            decoder.report(
                setting, "every value ends the episode: below \(low) must be less than above \(high)",
                "swap them")
        }
    }
}

extension ObservationEntry {
    /// The term's name in the file.
    public var name: String { type(of: term).name }
    package var anyTerm: any Term {
        get { term }
        set { if let new = newValue as? any ObservationTerm { term = new } }
    }
    /// Whether both say the same.
    public static func == (one: ObservationEntry, other: ObservationEntry) -> Bool {
        one.term.isSame(as: other.term) && one.noise == other.noise && one.clip == other.clip
            && one.scale == other.scale && one.bias == other.bias && one.delay == other.delay
            && one.history == other.history
    }
}

extension RewardEntry {
    /// The term's name in the file.
    public var name: String { type(of: term).name }
    package var anyTerm: any Term {
        get { term }
        set { if let new = newValue as? any RewardTerm { term = new } }
    }
    /// Whether both say the same.
    public static func == (one: RewardEntry, other: RewardEntry) -> Bool {
        one.term.isSame(as: other.term) && one.weight == other.weight
    }
}

extension TerminationEntry {
    /// The term's name in the file.
    public var name: String { type(of: term).name }
    package var anyTerm: any Term {
        get { term }
        set { if let new = newValue as? any TerminationTerm { term = new } }
    }
    /// Whether both say the same.
    public static func == (one: TerminationEntry, other: TerminationEntry) -> Bool {
        one.term.isSame(as: other.term) && one.low == other.low && one.high == other.high
    }
}
