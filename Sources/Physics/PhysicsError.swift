// SPDX-License-Identifier: MIT

/// Why the physics refused or gave up.
public enum PhysicsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An argument of a call: a wrong count or index, or a number out of its range.
    case invalidArgument(String)
    /// The definition cannot be simulated; the text names the field, such as `joints[2].axis: ...`.
    case invalidDefinition(String)
    /// Memory is exhausted.
    case outOfMemory
    /// The world left its bounds or the finite numbers; it can only be placed or restored.
    case diverged
    /// The bytes are not a state of this world, or are damaged.
    case badState
    /// The ODE library of this machine has single precision.
    case precisionMismatch

    /// The error for people: what is wrong, and what to do.
    public var description: String {
        switch self {
        case .invalidArgument(let text): text
        case .invalidDefinition(let text): text
        case .outOfMemory: "there is not enough memory for the physics world"
        case .diverged:
            "the simulation diverged: a speed or a place left its bounds; a shorter time step, armature or lower "
                + "efforts help"
        case .badState: "the bytes are not a saved state of this world, or are damaged"
        case .precisionMismatch:
            "the ODE library was built for single precision; install one with double precision (Debian: libode-dev)"
        }
    }
}
