// SPDX-License-Identifier: MIT

package import Settings

/// The velocities that a robot is told to follow: a forward and a sideways speed and a turning rate in the base's frame.
///
/// Each is drawn uniformly at reset and again each `resampleTime`.
public struct CommandSettings: Sendable, Equatable {
    /// The range of the speed along the base's x axis, in m/s.
    public var linearVelocityX: ClosedRange<Double> = 0...0
    /// The range of the speed along the base's y axis, in m/s.
    public var linearVelocityY: ClosedRange<Double> = 0...0
    /// The range of the turning rate about the base's z axis, in rad/s.
    public var angularVelocityZ: ClosedRange<Double> = 0...0
    /// The least speed in the plane, in m/s.
    public var leastSpeed: Double = 0
    /// What becomes of a command that is slower.
    public var slower = Slower.zero
    /// The seconds after which a new command is drawn; nil for one command per episode.
    public var resampleTime: Double?
    /// The probability that a command is to stand: all three 0.
    ///
    /// Within 0...1.
    public var standingFraction: Double = 0

    /// What becomes of a command whose speed in the plane is below the least.
    public enum Slower: String, Sendable, CaseIterable {
        /// Both speeds are 0; the turning rate stays (legged_gym).
        case zero
        /// All three are drawn again.
        case redraw
    }

    /// Makes commands to stand still.
    public init() {}

    /// The greatest speed in the plane that is ever drawn, m/s.
    package var greatestSpeed: Double {
        let (x, y) = (linearVelocityX.greatestSize, linearVelocityY.greatestSize)
        return (x * x + y * y).squareRoot()
    }
}

extension CommandSettings: Configurable {
    package static let keys: [Key<CommandSettings>] = [
        Key("lin_vel_x", \.linearVelocityX, .speeds, "Forward speed in m/s."),
        Key("lin_vel_y", \.linearVelocityY, .speeds, "Sideways speed in m/s."),
        Key("ang_vel_z", \.angularVelocityZ, .speeds, "Turning rate in rad/s."),
        Key(
            "least_speed", \.leastSpeed, .number(.within(0, 100)),
            "Least speed in the plane in m/s; `slower` says what becomes of commands below it."),
        Key(
            "slower", \.slower, .choice,
            "Commands below `least_speed`: both speeds become 0 and the turning rate stays (zero), or all three are drawn again (redraw)."
        ),
        Key(
            "resample_time", \.resampleTime, .number(.positive), "Seconds after which a new one is drawn.",
            absent: "never"),
        Key(
            "standing", \.standingFraction, .number(.within(0, 1)), "Share of commands to stand still."),
    ]
}

extension Format<ClosedRange<Double>> {
    /// Speeds in m/s or rad/s.
    static var speeds: Format { .range(.number(.within(-100, 100))) }
}

extension ClosedRange<Double> {
    /// The size of the number in it that is farthest from 0.
    var greatestSize: Double { Swift.max(abs(lowerBound), abs(upperBound)) }
}
