// SPDX-License-Identifier: MIT

package import Settings

/// The settings of one algorithm, as the file has them.
public struct TrainingBlock: Sendable, Equatable {
    /// The algorithm, such as `sac`.
    public var algorithm: String
    /// Its settings: a mapping, without what is decoded here.
    package var settings: Setting
    /// How often its runs are evaluated: what the block says over what the scene says.
    public var evaluation: EvaluationSettings
}

/// How often a run is evaluated.
public struct EvaluationSettings: Sendable, Equatable {
    /// The environment steps between two evaluations, at least 1.
    public var every: Int = 10_000
    /// The episodes of an evaluation, at least 1.
    public var episodes: Int = 10

    /// Makes settings; the usual ones without arguments.
    public init(every: Int = 10_000, episodes: Int = 10) {
        self.every = every
        self.episodes = episodes
    }
}
