// SPDX-License-Identifier: MIT

public import Physics
package import Settings

/// How contacts give way and bounce: the same material at every time step.
public struct ContactMaterial: Sendable, Equatable {
    /// How they give way.
    public var softness = Softness()
    /// The speed after an impact as a share of that before, 0 to 1.
    public var restitution: Double = 0
    /// The distance from which contacts push, in m.
    public var margin: Double = 0

    /// Makes contacts that give way within 0.02 s and do not bounce.
    public init() {}
}

extension ContactMaterial: Configurable {
    package static let keys: [Key<ContactMaterial>] =
        Softness.keys.map { $0.of(\.softness) } + [
            Key(
                "restitution", \.restitution, .number(.within(0, 1)),
                "Speed after an impact as a share of that before."),
            Key("margin", \.margin, .number(.within(0, 1)), "Distance in m from which contacts push."),
        ]
}

extension Softness: Configurable {
    /// What a scene that says nothing has.
    package init() { self.init(timeConstant: 0.02) }

    package static let keys: [Key<Softness>] = [
        Key(
            "law", \.law, .choice,
            "Coulomb's friction and no bounce (exact), or as MuJoCo's: soft, and thrown out (convex, of solver: articulated)."
        ),
        Key(
            "time_constant", \.timeConstant, .number(timeConstants),
            "Seconds within which it gives way and comes back, as the first number of MuJoCo's solref; two time steps at least."
        ),
        Key(
            "damping_ratio", \.dampingRatio, .number(Bounds(low: 0.01, high: 100)),
            "1 comes back without swinging."),
        Key(
            "impedance", \.impedance, .number(.within(0, 1)),
            "Share of a load that it bears without giving way, as MuJoCo's solimp."),
    ]

    /// The range of time constants, in s.
    package static let timeConstants = Bounds(low: 1e-6, high: 100)
}
