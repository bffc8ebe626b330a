// SPDX-License-Identifier: MIT

internal import Physics
package import Settings

/// What differs from episode to episode.
///
/// Nil means that it does not.
public struct Randomisation: Sendable, Equatable {
    /// A factor of the mass and inertia of each link, drawn for each link.
    public var mass: ClosedRange<Double>?
    /// Kilograms added to the root link; its inertia grows with its mass.
    public var baseMass: ClosedRange<Double>?
    /// A factor of all coefficients of friction, one draw.
    public var friction: ClosedRange<Double>?
    /// The time constant of contacts in s, one draw; its logarithm is uniform.
    public var contactTimeConstant: ClosedRange<Double>?
    /// A factor of the effort of each actuator, drawn for each: of gear, of kp and of kd.
    public var motorStrength: ClosedRange<Double>?
    /// The physics steps by which an action reaches the actuators late, one draw for all.
    public var latency: ClosedRange<Int>?
    /// Sudden changes of the base's horizontal velocity.
    public var push: Push?

    /// A sudden change of the base's horizontal velocity.
    public struct Push: Sendable, Equatable {
        /// The seconds between two pushes.
        public var every: Double = 1
        /// The greatest change of each horizontal component, in m/s; drawn uniformly within ± this.
        public var speed: Double = 1

        /// Makes pushes of 1 m/s each second.
        public init() {}
    }

    /// Makes episodes that are all alike.
    public init() {}
}

extension Randomisation: Configurable {
    package static let keys: [Key<Randomisation>] = [
        Key(
            "mass", \.mass, .range(.number(Bounds(low: 0.01, high: 100))), "Factor of each link's mass."),
        Key("base_mass", \.baseMass, .range(.number(.any)), "Kilograms added to the root link."),
        Key(
            "friction", \.friction, .range(.number(.within(0, 100))),
            "Factor of all coefficients of friction."),
        Key(
            "motor_strength", \.motorStrength, .range(.number(.within(0, 100))),
            "Factor of each actuator's effort."),
        Key(
            "latency", \.latency, .range(.integer(0...1000)), "Physics steps by which actions come late."),
        Key(
            "contact_time_constant", \.contactTimeConstant, .range(.number(Softness.timeConstants)),
            "Time constant of contacts in s, evenly in its logarithm."),
        Key("push", \.push, .block, "Sudden changes of the base's horizontal velocity."),
    ]
}

extension Randomisation.Push: Configurable {
    package static let keys: [Key<Self>] = [
        Key("every", \.every, .number(.positive), "Seconds between two pushes.", isRequired: true),
        Key(
            "speed", \.speed, .number(.positive(upTo: 100)), "Greatest change of velocity in m/s.",
            isRequired: true),
    ]
}
