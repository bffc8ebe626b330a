// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// The reward terms, one entry each.
enum RewardTerms {
    /// The keys that every reward term may have.
    static let shared = [
        Parameter("weight", .number(.any), "The factor of the term in the reward.", isRequired: true)
    ]

    static let all: [Term<RewardQuantity>] = task + effort + joint + base + contact

    private static let task: [Term<RewardQuantity>] = [
        Term(
            "forward_velocity",
            "The mean velocity of the root link's frame during the step, along an axis of the world.",
            unit: "m/s", [Parameter("axis", .axis, "The axis; x if left out.")], needs: [.movingBase],
            synonyms: ["lin_vel_x", "forward_reward"]
        ) { arguments, _ in .forwardVelocity(axis: arguments.axes("axis")?.first ?? .x) },
        Term(
            "alive", "1 where the step does not terminate the episode, else 0.",
            synonyms: ["is_alive", "healthy_reward"]
        ) { _, _ in .alive },
        Term(
            "is_terminated", "1 where the step terminates the episode, else 0.",
            synonyms: ["termination", "terminated"]
        ) { _, _ in .isTerminated },
        Term(
            "target_distance", "The distance from a link's frame to the target.", unit: "m",
            [TermParameter.link],
            needs: [.target], synonyms: ["position_command_error"]
        ) { arguments, _ in arguments.links("link")?.first.map { .targetDistance($0) } },
        Term(
            "link_position_l2",
            "The squared difference of a link's frame from a place, along one axis of the world.",
            unit: "m²",
            [
                TermParameter.link, TermParameter.axis,
                Parameter("target", .number(.any), "The place along the axis, in m; 0 if left out."),
            ]
        ) { arguments, _ in
            guard let link = arguments.links("link")?.first, let axis = arguments.axes("axis")?.first else {
                return nil
            }
            return .linkPosition(link, axis: axis, target: arguments.number("target") ?? 0)
        },
        Term(
            "track_lin_vel_xy_exp",
            "exp(-e²/std²) of the error e (m/s) of the base's velocity in the plane, in its own frame.",
            [TermParameter.deviation], needs: [.movingBase, .commands], synonyms: ["tracking_lin_vel"]
        ) { arguments, _ in arguments.number("std").map { .trackLinearVelocity(deviation: $0) } },
        Term(
            "track_ang_vel_z_exp", "exp(-e²/std²) of the error e (rad/s) of the base's turning rate.",
            [TermParameter.deviation], needs: [.floatingBase, .commands], synonyms: ["tracking_ang_vel"]
        ) { arguments, _ in arguments.number("std").map { .trackAngularVelocity(deviation: $0) } },
    ]

    private static let effort: [Term<RewardQuantity>] = [
        Term(
            "action_squared", "The sum of squares of the action's elements, each in [-1, 1].",
            synonyms: ["action_l2", "ctrl_cost", "control_cost"]
        ) { _, _ in .actionSquared },
        Term(
            "action_rate_l2",
            "The sum of squares of the change of the action's elements since the last step.",
            synonyms: ["action_rate"]
        ) { _, _ in .actionRate },
        Term(
            "joint_torques_l2", "The sum of squared efforts of the joints' actuators.", unit: "(N m)² or N²",
            [TermParameter.joints], synonyms: ["torques", "dof_torques_l2", "effort_squared"]
        ) { arguments, robot in .jointTorques(joints: arguments.joints(of: robot)) },
    ]

    private static let joint: [Term<RewardQuantity>] = [
        Term(
            "joint_pos_target_l2",
            "The sum of squared differences of joints from a position; those of hinges wrapped to ±pi.",
            unit: "rad² or m²",
            [
                TermParameter.joints,
                Parameter("target", .number(.any), "The position in rad or m; 0 if left out."),
                TermParameter.state,
            ], synonyms: ["joint_position_squared"]
        ) { arguments, robot in
            .jointPositionTarget(
                joints: arguments.joints(of: robot), target: arguments.number("target") ?? 0,
                state: arguments.choice("state", StepEnd.self) ?? .after)
        },
        Term(
            "joint_vel_l2", "The sum of squared velocities of joints.", unit: "(rad/s)² or (m/s)²",
            [TermParameter.joints, TermParameter.state], synonyms: ["dof_vel", "dof_vel_l2"]
        ) { arguments, robot in
            .jointVelocities(
                joints: arguments.joints(of: robot), state: arguments.choice("state", StepEnd.self) ?? .after)
        },
        Term(
            "joint_acc_l2", "The sum of squared mean accelerations of joints during the step.",
            unit: "(rad/s²)² or (m/s²)²", [TermParameter.joints], synonyms: ["dof_acc", "dof_acc_l2"]
        ) { arguments, robot in .jointAccelerations(joints: arguments.joints(of: robot)) },
        Term(
            "joint_deviation_l1", "The sum of distances of joints from the start's positions.",
            unit: "rad or m",
            [TermParameter.joints], synonyms: ["stand_still"]
        ) { arguments, robot in .jointDeviation(joints: arguments.joints(of: robot)) },
        Term(
            "joint_pos_limits", "The sum of what joints are beyond a share of their range about its middle.",
            unit: "rad or m",
            [
                TermParameter.joints,
                Parameter(
                    "factor", .number(.positive(upTo: 1)),
                    "The share of the range that is free; 0.9 if left out."),
            ], synonyms: ["dof_pos_limits"]
        ) { arguments, robot in
            .jointPositionLimits(
                joints: arguments.joints(of: robot), factor: arguments.number("factor") ?? 0.9)
        },
    ]

    private static let base: [Term<RewardQuantity>] = [
        Term(
            "lin_vel_z_l2", "The squared velocity of the base along its own z axis.", unit: "(m/s)²",
            needs: [.movingBase],
            synonyms: ["lin_vel_z"]
        ) { _, _ in .verticalVelocity },
        Term(
            "ang_vel_xy_l2", "The squared angular velocity of the base about its own x and y axes.",
            unit: "(rad/s)²",
            needs: [.movingBase], synonyms: ["ang_vel_xy"]
        ) { _, _ in .tiltRate },
        Term(
            "flat_orientation_l2",
            "The squared x and y of the direction of gravity in the base's axes; 0 when upright.",
            needs: [.movingBase], synonyms: ["orientation"]
        ) { _, _ in .flatOrientation },
        Term(
            "base_height_l2", "The squared difference of the base's height in the world from one wanted.",
            unit: "m²",
            [Parameter("target", .number(.any), "The height in m.", isRequired: true)], needs: [.movingBase],
            synonyms: ["base_height"]
        ) { arguments, _ in arguments.number("target").map { .baseHeight(target: $0) } },
    ]

    private static let contact: [Term<RewardQuantity>] = [
        Term(
            "feet_air_time",
            "The sum, over links that touch down in the step, of their seconds in the air minus a threshold; 0 while told to stand.",
            unit: "s",
            [
                TermParameter.links,
                Parameter(
                    "threshold", .number(.notNegative), "The seconds in the air that earn nothing.",
                    isRequired: true),
            ], needs: [.movingBase]
        ) { arguments, _ in
            guard let links = arguments.links("links"), let threshold = arguments.number("threshold") else {
                return nil
            }
            return .feetAirTime(links: links, threshold: threshold)
        },
        Term(
            "undesired_contacts", "How many of the links are touched with more than a force.",
            [TermParameter.links, TermParameter.threshold], synonyms: ["collision"]
        ) { arguments, _ in
            arguments.links("links").map {
                .undesiredContacts(links: $0, threshold: arguments.number("threshold") ?? 1)
            }
        },
    ]
}
