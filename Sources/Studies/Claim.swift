// SPDX-License-Identifier: MIT

internal import Settings

/// What a study claims: a figure that it measured, and what the figure must be.
///
/// Whether it holds is decided here, from the two numbers; a figure that is not a number decides nothing, so it does not hold.
public struct Claim: Sendable, Equatable {
    /// What a figure must be.
    public enum Demand: Sendable, Equatable {
        /// At most this.
        case atMost(Double)
        /// Below this.
        case below(Double)
        /// At least this.
        case atLeast(Double)
        /// Above this.
        case above(Double)
    }

    /// What is claimed and what the figure is: "what Q-learning does: how often it goes left".
    public var text: String
    /// What was measured.
    public var figure: Double
    /// What it must be.
    public var demand: Demand

    /// Makes a claim.
    public init(_ text: String, _ figure: Double, _ demand: Demand) {
        self.text = text
        self.figure = figure
        self.demand = demand
    }

    /// Whether the figure is what it must be.
    public var holds: Bool {
        switch demand {
        case .atMost(let limit): figure <= limit
        case .below(let limit): figure < limit
        case .atLeast(let limit): figure >= limit
        case .above(let limit): figure > limit
        }
    }

    /// What a study's seeds say of a claim.
    public enum Verdict: String, Sendable {
        /// The figure is what it must be.
        case holds
        /// It is not.
        case fails = "FAILS"
        /// It is not, but more seeds could show otherwise: nothing is refuted.
        case undecided
    }

    /// What `seeds` of a study say of it.
    ///
    /// Where a single seed against a claim refutes it, so do few of them, unless the figure needs several and is no number.
    public func verdict(of study: Study, seeds: Int) -> Verdict {
        guard !holds else { return .holds }
        guard seeds < study.seeds else { return .fails }
        return study.isRefutedByOne && figure.isFinite ? .fails : .undecided
    }

    /// The claim on one line: the verdict, what it says, the figure, and what it must be.
    public func line(_ verdict: Verdict) -> String {
        "\(verdict.rawValue)  \(text): \(Self.short(figure)) (must be \(demand.text))"
    }

    /// A number with five significant digits.
    static func short(_ number: Double) -> String { number.formatted("%.5g") }
}

extension Claim.Demand {
    /// The demand in words.
    public var text: String {
        switch self {
        case .atMost(let limit): "at most \(Claim.short(limit))"
        case .below(let limit): "below \(Claim.short(limit))"
        case .atLeast(let limit): "at least \(Claim.short(limit))"
        case .above(let limit): "above \(Claim.short(limit))"
        }
    }
}
