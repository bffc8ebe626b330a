// SPDX-License-Identifier: MIT

/// What solves the equations of motion.
public enum Solver: String, Sendable, CaseIterable {
    /// Bodies and joints as equations of the Open Dynamics Engine.
    case ode
    /// Joint coordinates; contacts obey Coulomb's law exactly.
    case articulated
}

/// The law by which contacts, or stops, give way.
public enum ContactLaw: String, Sendable, CaseIterable {
    /// Coulomb's friction; what is deep is led back, and what comes out is not thrown.
    case exact
    /// MuJoCo's: every edge of a pyramid of friction gives way alike, so that contacts creep and what slides is lifted.
    ///
    /// Of the articulated solver alone.
    case convex
}

/// How contacts, or stops, give way, whatever the time step.
///
/// What is r deep is led back by r'' = -ω² r - 2ζω r' + (1 - impedance) a with ω = 1 / (T ζ), where a is the acceleration that
/// everything else gives it. MuJoCo's `solref` is T and ζ, its `solimp` an impedance of about 0.95.
public struct Softness: Sendable, Equatable {
    /// The law; what follows are its constants, and said of the exact one.
    public var law = ContactLaw.exact
    /// T, in s: 1e-6 to 100.
    ///
    /// A hit at speed v goes in by v T / e where ζ is 1.
    public var timeConstant: Double
    /// ζ: 0.01 to 100.
    public var dampingRatio: Double
    /// How much of a load it bears without giving way, 0 to 1: with 0 it is a spring and a damper.
    public var impedance: Double

    /// Makes what gives way to impacts alone, critically damped, within 0.02 s unless said otherwise.
    public init(timeConstant: Double = 0.02, dampingRatio: Double = 1, impedance: Double = 1) {
        self.timeConstant = timeConstant
        self.dampingRatio = dampingRatio
        self.impedance = impedance
    }
}
