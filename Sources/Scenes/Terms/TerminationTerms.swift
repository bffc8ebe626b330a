// SPDX-License-Identifier: MIT

internal import Robots
internal import Settings

/// The termination terms, one entry each.
enum TerminationTerms {
    /// The keys that every termination term may have: bounds, of which it needs one.
    ///
    /// The bounds themselves are inside.
    static let shared = [
        Parameter("below", .number(.any), "The episode ends below this."),
        Parameter("above", .number(.any), "The episode ends above this."),
        Parameter("outside", .interval, "The episode ends outside: b for -b to b, or [low, high]."),
    ]

    static let all: [Term<TerminationQuantity>] = [
        Term(
            "base_position", "A coordinate of the root link's frame in the world.", unit: "m",
            [TermParameter.axis],
            needs: [.movingBase], synonyms: ["root_height_below_minimum", "base_height"]
        ) { arguments, _ in arguments.axes("axis")?.first.map { .basePosition(axis: $0) } },
        Term("base_pitch", "The rotation of the root link about +y.", unit: "rad", needs: [.movingBase]) {
            _, _ in
            .basePitch
        },
        Term(
            "bad_orientation", "The angle between the root link's z axis and the world's.", unit: "rad",
            needs: [.movingBase]
        ) { _, _ in .tilt },
        Term(
            "joint_position", "The position of a joint; hinges count turns.", unit: "rad or m",
            [TermParameter.joint],
            synonyms: ["joint_pos_out_of_manual_limit"]
        ) { arguments, _ in arguments.joints("joint")?.first.map { .jointPosition(joint: $0) } },
        Term(
            "joint_velocity", "The velocity of a joint.", unit: "rad/s or m/s", [TermParameter.joint],
            synonyms: ["joint_vel_out_of_manual_limit"]
        ) { arguments, _ in arguments.joints("joint")?.first.map { .jointVelocity(joint: $0) } },
        Term(
            "link_position", "A coordinate of a link's frame in the world.", unit: "m",
            [TermParameter.link, TermParameter.axis]
        ) { arguments, _ in
            guard let link = arguments.links("link")?.first, let axis = arguments.axes("axis")?.first else {
                return nil
            }
            return .linkPosition(link, axis: axis)
        },
        Term(
            "target_distance", "The distance from a link's frame to the target.", unit: "m",
            [TermParameter.link],
            needs: [.target]
        ) { arguments, _ in arguments.links("link")?.first.map { .targetDistance($0) } },
        Term(
            "state",
            "Each of: the base's orientation, all joint positions, all velocities; but not the base's position.",
            unit: "SI"
        ) { _, _ in .state },
        Term(
            "illegal_contact", "The greatest contact force on the own shapes of any of the links.", unit: "N",
            [TermParameter.links]
        ) { arguments, _ in arguments.links("links").map { .contactForce(links: $0) } },
    ]
}
