// SPDX-License-Identifier: MIT

public import Geometry
package import Settings

/// The time step and the solver's numbers.
public struct PhysicsSettings: Sendable, Equatable {
    /// The seconds of one physics step, greater than 0.
    public var timeStep: Double = 0.001
    /// The physics steps of one control step, at least 1.
    public var substeps: Int = 1
    /// The acceleration of gravity in the world, in m/s².
    public var gravity = Vector3(0, 0, -9.81)
    /// The share of a joint's position error that is corrected each step, in (0, 1].
    public var jointERP: Double = 0.8
    /// The share of a contact's penetration that is corrected each step, in (0, 1].
    public var contactERP: Double = 0.2
    /// The softness of all constraints, greater than 0.
    public var cfm: Double = 1e-8

    /// Makes the settings of a scene that says nothing.
    public init() {}

    /// The seconds between two actions.
    public var controlPeriod: Double { timeStep * Double(substeps) }
}

extension PhysicsSettings: Configurable {
    package static let keys: [Key<PhysicsSettings>] = [
        Key(
            "time_step", \.timeStep, .number(.positive(upTo: 0.1)), "Seconds of a physics step.",
            isRequired: true),
        Key("substeps", \.substeps, .integer(1...1000), "Physics steps of a control step."),
        Key("gravity", \.gravity, .vector(.within(-100, 100)), "Acceleration in m/s²."),
        Key(
            "joint_erp", \.jointERP, .number(.positive(upTo: 1)),
            "Share of joint error corrected in a step."),
        Key(
            "contact_erp", \.contactERP, .number(.positive(upTo: 1)),
            "Share of penetration corrected in a step."),
        Key("cfm", \.cfm, .number(.positive(upTo: 1)), "Softness of all constraints."),
    ]

    package static let gone = [
        "solver": "every step is solved exactly now, as `solver: exact` did: remove this key",
        "iterations": "they belonged to `solver: quick`, which is gone: remove this key",
    ]
}
