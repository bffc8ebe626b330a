// SPDX-License-Identifier: MIT

/// How a robot's root is held by the world.
public enum Base: String, Sendable, CaseIterable {
    /// The root does not move.
    case fixed
    /// The root moves in the plane of x and z and turns about y.
    case planar
    /// The root is free.
    case floating
}
