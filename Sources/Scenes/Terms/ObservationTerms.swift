// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// The observation terms, one entry each.
enum ObservationTerms {
    /// The keys that every observation term may have.
    static let shared = [
        Parameter(
            "noise", .distribution(allowsScale: false),
            "Noise added to each element at each step, in its unit."),
        Parameter(
            "clip", .interval,
            "What each element is clipped to after the noise, in its unit: b for -b to b, or [low, high]."),
        Parameter("scale", .number(.any), "The factor of each element, last; 1 if left out."),
    ]

    static let all: [Term<ObservationQuantity>] = base + joint + link + task

    private static let base: [Term<ObservationQuantity>] = [
        Term(
            "base_position", "The position of the root link's frame in the world.", unit: "m",
            [TermParameter.axes],
            needs: [.movingBase], synonyms: ["base_pos_z", "root_pos_w"]
        ) { arguments, _ in .basePosition(axes: arguments.axes) },
        Term(
            "base_orientation", "The unit quaternion w, x, y, z of the root link in the world.",
            needs: [.floatingBase],
            synonyms: ["root_quat_w", "base_quat"]
        ) { _, _ in .baseOrientation },
        Term(
            "base_pitch", "The rotation of the root link about +y; it counts turns in a planar scene.",
            unit: "rad",
            needs: [.movingBase]
        ) { _, _ in .basePitch },
        Term(
            "base_velocity", "The linear velocity of the root link's frame.", unit: "m/s",
            [TermParameter.axes, TermParameter.frame(.world)], needs: [.movingBase],
            synonyms: ["base_lin_vel", "root_lin_vel_w"]
        ) { arguments, _ in
            .baseVelocity(axes: arguments.axes, frame: arguments.choice("frame", VectorFrame.self) ?? .world)
        },
        Term(
            "base_angular_velocity", "The angular velocity of the root link.", unit: "rad/s",
            [TermParameter.axes, TermParameter.frame(.base)], needs: [.floatingBase],
            synonyms: ["base_ang_vel", "root_ang_vel_w"]
        ) { arguments, _ in
            .baseAngularVelocity(
                axes: arguments.axes, frame: arguments.choice("frame", VectorFrame.self) ?? .base)
        },
        Term(
            "base_pitch_rate", "The angular velocity of the root link about the world's +y.", unit: "rad/s",
            needs: [.movingBase]
        ) { _, _ in .basePitchRate },
        Term(
            "projected_gravity", "The direction of gravity in the root link's axes; (0, 0, -1) when upright.",
            needs: [.movingBase]
        ) { _, _ in .projectedGravity },
    ]

    private static let joint: [Term<ObservationQuantity>] = [
        Term(
            "joint_positions", "The positions of joints; hinges count turns.", unit: "rad or m",
            [
                TermParameter.joints,
                Parameter(
                    "relative", .bool, "Whether the start's positions are subtracted; false if left out."),
            ], synonyms: ["joint_pos", "joint_pos_rel", "dof_pos"]
        ) { arguments, robot in
            .jointPositions(
                joints: arguments.joints(of: robot), isRelative: arguments.bool("relative") ?? false)
        },
        Term("joint_sines", "The sines of hinges' positions.", [TermParameter.joints]) { arguments, robot in
            .jointSines(joints: arguments.joints(of: robot))
        },
        Term("joint_cosines", "The cosines of hinges' positions.", [TermParameter.joints]) {
            arguments, robot in
            .jointCosines(joints: arguments.joints(of: robot))
        },
        Term(
            "joint_velocities", "The velocities of joints.", unit: "rad/s or m/s", [TermParameter.joints],
            synonyms: ["joint_vel", "joint_vel_rel", "dof_vel"]
        ) { arguments, robot in .jointVelocities(joints: arguments.joints(of: robot)) },
        Term(
            "joint_efforts", "The efforts of the joints' actuators in the last physics step.",
            unit: "N m or N",
            [TermParameter.joints], synonyms: ["joint_effort", "torques"]
        ) { arguments, robot in .jointEfforts(joints: arguments.joints(of: robot)) },
    ]

    private static let link: [Term<ObservationQuantity>] = [
        Term(
            "link_position", "The position of a link's frame in the world.", unit: "m",
            [TermParameter.link, TermParameter.axes], synonyms: ["body_position", "body_pos_w"]
        ) { arguments, _ in
            arguments.links("link")?.first.map { .linkPosition($0, axes: arguments.axes) }
        },
        Term(
            "link_velocity", "The velocity of a link's frame in the world.", unit: "m/s",
            [TermParameter.link, TermParameter.axes]
        ) { arguments, _ in
            arguments.links("link")?.first.map { .linkVelocity($0, axes: arguments.axes) }
        },
        Term(
            "contact",
            "1 where the own shapes of a link are touched with more than 1 N, else 0; one number a link.",
            [TermParameter.links], synonyms: ["feet_contact", "foot_contact"]
        ) { arguments, _ in arguments.links("links").map { .contact(links: $0) } },
        Term(
            "contact_force", "The size of the contact force on the own shapes of a link; one number a link.",
            unit: "N",
            [TermParameter.links], synonyms: ["contact_forces"]
        ) { arguments, _ in arguments.links("links").map { .contactForce(links: $0) } },
    ]

    private static let task: [Term<ObservationQuantity>] = [
        Term(
            "target_position", "The target point of the episode in the world.", unit: "m",
            [TermParameter.axes],
            needs: [.target]
        ) { arguments, _ in .targetPosition(axes: arguments.axes) },
        Term(
            "target_offset", "The position of a link's frame minus the target, in the world's axes.",
            unit: "m",
            [TermParameter.link, TermParameter.axes], needs: [.target]
        ) { arguments, _ in
            arguments.links("link")?.first.map { .targetOffset($0, axes: arguments.axes) }
        },
        Term(
            "velocity_commands", "The commanded forward and sideways speed (m/s) and turning rate (rad/s).",
            unit: "m/s, m/s, rad/s", needs: [.commands], synonyms: ["commands", "generated_commands"]
        ) { _, _ in .velocityCommands },
        Term(
            "last_action", "The action that led to this state, in [-1, 1]; 0 at the start.",
            synonyms: ["actions"]
        ) { _, _ in .lastAction },
    ]
}
