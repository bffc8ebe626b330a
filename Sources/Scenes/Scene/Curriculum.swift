// SPDX-License-Identifier: MIT

package import Settings

/// How a task begins easier in a run than it is: by commands, by what is randomised, by the terrain.
///
/// Environments that train follow it; those that evaluate or replay have the whole task.
public struct Curriculum: Sendable, Equatable {
    /// How commands widen; nil where they are the whole ones at once.
    public var commands: Widening?
    /// When what `randomise` says grows from nothing to all of it; nil where it is all at once.
    public var randomisation: Ramp?
    /// The levels of the terrain; nil where every episode may be anywhere.
    public var terrain: Levels?

    /// Ranges of commands that widen towards the scene's own as tracking succeeds (legged_gym's command curriculum).
    public struct Widening: Sendable, Equatable {
        /// Where the range of the forward speed begins; nil for the scene's own.
        public var linearVelocityX: ClosedRange<Double>?
        /// Where the range of the sideways speed begins.
        public var linearVelocityY: ClosedRange<Double>?
        /// Where the range of the turning rate begins.
        public var angularVelocityZ: ClosedRange<Double>?
        /// The reward terms, each at most 1, that an episode must do well in.
        public var terms: [String] = []
        /// What the mean of each must reach over a whole episode.
        public var above = 0.8
        /// The share of the way that one such episode widens the ranges by.
        public var step = 0.1

        /// Makes a curriculum of no commands.
        public init() {}
    }

    /// Steps of a run between which something grows from nothing to all of it.
    public struct Ramp: Sendable, Equatable {
        /// The last step with nothing.
        public var from = 0
        /// The first step with all of it.
        public var to = 1

        /// Makes the shortest ramp.
        public init() {}
    }

    /// Levels of terrain, one for each environment (legged_gym's terrain curriculum).
    public struct Levels: Sendable, Equatable {
        /// How many there are.
        public var count = 10
        /// The share of the commanded way that leads up.
        public var up = 0.8
        /// The share of the commanded way below which it goes down.
        public var down = 0.4

        /// Makes ten levels.
        public init() {}
    }

    /// Makes a curriculum of nothing.
    public init() {}
}

extension Curriculum: Configurable {
    package static let keys: [Key<Curriculum>] = [
        Key("commands", \.commands, .block, "Ranges that widen towards those of `commands`.", absent: "none"),
        Key(
            "randomise", \.randomisation, .block,
            "When all that `randomise` says grows, in a line, from nothing to what it is.", absent: "none"),
        Key(
            "terrain", \.terrain, .block,
            "Levels, a number for each environment that begins at 0 and rises with success.", absent: "none"),
    ]
}

extension Curriculum.Widening: Configurable {
    package static let keys: [Key<Self>] = [
        Key(
            "lin_vel_x", \.linearVelocityX, .speeds, "First range of the forward speed.", absent: "the whole"),
        Key(
            "lin_vel_y", \.linearVelocityY, .speeds, "First range of the sideways speed.", absent: "the whole"
        ),
        Key(
            "ang_vel_z", \.angularVelocityZ, .speeds, "First range of the turning rate.", absent: "the whole"),
        Key(
            "terms", \.terms, .set(of: .text),
            "Reward terms that are at most 1, such as track_lin_vel_xy_exp: an episode succeeds where each does.",
            isRequired: true),
        Key(
            "above", \.above, .number(.positive(upTo: 1)),
            "What the mean of each term over an episode must reach; an episode that ends early has 0 for the rest."
        ),
        Key(
            "step", \.step, .number(.positive(upTo: 1)),
            "Share of the way to the whole ranges that an episode with success widens them by."),
    ]
}

extension Curriculum.Ramp: Configurable {
    package static let keys: [Key<Self>] = [
        Key("from", \.from, .integer(0...1_000_000_000_000), "The last step of the run with nothing."),
        Key(
            "to", \.to, .integer(1...1_000_000_000_000), "The first step of the run with all of it.",
            isRequired: true),
    ]

    package func check(_ setting: Setting, _ decoder: Decoder) {
        guard from >= to else { return }
        decoder.report(setting.place(of: "to"), "must be above from, which is \(from)", "raise it")
    }
}

extension Curriculum.Levels: Configurable {
    package static let keys: [Key<Self>] = [
        Key("levels", \.count, .integer(2...1000), "How many levels there are."),
        Key(
            "up", \.up, .number(.positive(upTo: 1)),
            "Share of the commanded way that leads a level up; from the last one to any."),
        Key(
            "down", \.down, .number(.within(0, 1)),
            "Share of the commanded way below which it goes a level down."
        ),
    ]

    package func check(_ setting: Setting, _ decoder: Decoder) {
        guard down >= up else { return }
        decoder.report(setting.place(of: "down"), "must be below up, which is \(up)", "lower it")
    }
}
