// SPDX-License-Identifier: MIT

public import Geometry
public import Physics
package import Settings

/// The time step, gravity and the solver.
public struct PhysicsSettings: Sendable, Equatable {
    /// The seconds of one physics step, greater than 0.
    public var timeStep: Double = 0.001
    /// The physics steps of one control step, at least 1.
    public var substeps: Int = 1
    /// The acceleration of gravity in the world, in m/s².
    public var gravity = Vector3(0, 0, -9.81)
    /// What solves the equations of motion.
    public var solver = Solver.ode

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
            "solver", \.solver, .choice,
            "What solves the equations: ODE, or joint coordinates with exact friction (articulated)."),
    ]

    package static let gone = [
        "iterations": "they belonged to `solver: quick`, which is gone: remove this key",
        "contact_erp": "contact.time_constant says in seconds how soft contacts are",
        "joint_erp": "stops.time_constant says in seconds how soft joint stops are",
        "cfm": "contact.time_constant and stops.time_constant say how soft contacts and joint stops are",
    ]
}
