// SPDX-License-Identifier: MIT

/// How often a run is evaluated, and by how much: a scene says it for its runs, and a run's recipe keeps it.
public struct EvaluationPlan: Sendable, Equatable {
    /// Control steps between two evaluations.
    public var every: Int
    /// Episodes of one evaluation.
    public var episodes: Int

    /// Makes a plan; the usual one without arguments.
    public init(every: Int = 10_000, episodes: Int = 10) {
        (self.every, self.episodes) = (every, episodes)
    }
}

extension EvaluationPlan: Configurable {
    package init() { self.init(every: 10_000) }

    package static let keys: [Key<Self>] = [
        Key("every", \.every, .integer(1...1_000_000_000), "Environment steps between two evaluations."),
        Key("episodes", \.episodes, .integer(1...100_000), "Episodes of an evaluation."),
    ]
}
