// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// What the robot of a new scene is asked for, and how it learns that.
struct TaskText {
    let plan: ScenePlan
    let settled: Settling?
    private var robot: Robot { plan.robot }

    init(_ plan: ScenePlan, _ settled: Settling?) { (self.plan, self.settled) = (plan, settled) }

    static func summary(_ plan: ScenePlan) -> String {
        switch plan.task {
        case .walk: "Walk at a commanded velocity."
        case .stand: "Keep standing while being pushed."
        case .drive: "Drive at a commanded velocity."
        case .reach: "Bring \(plan.anatomy.kind == .arm ? "the hand" : "the last link") to a target."
        case .forward: "Move forward without falling."
        case .hover: "Hover at a place."
        }
    }

    var text: String {
        switch plan.task {
        case .walk: walk
        case .stand: stand
        case .drive: drive
        case .reach: ReachText(plan).text
        case .forward: forward
        case .hover: hover
        }
    }

    private func reset(_ steps: Int) -> String {
        """
        episode: {steps: \(steps)}
        reset:
          positions: {uniform: 0.02}
          velocities: {uniform: 0.05}

        """
    }

    /// What an inertial measurement unit and encoders give.
    private var senses: String {
        """
          - {term: base_angular_velocity, frame: base, noise: {uniform: 0.1}, scale: 0.25}
          - {term: projected_gravity, noise: {uniform: 0.02}}
          - {term: joint_positions, \(joints)relative: true, noise: {uniform: 0.01}}
          - {term: joint_velocities, \(joints)noise: {uniform: 0.2}, scale: 0.05}
          - {term: last_action}

        """
    }

    /// As a key of a term; none where the policy moves all joints.
    private var joints: String { driven.isEmpty ? "" : "joints: [\(driven)], " }

    private var driven: String {
        guard
            plan.parts.contains(where: {
                if case .held = $0 { true } else if case .free = $0 { true } else { false }
            })
        else {
            return ""
        }
        return plan.parts.enumerated().filter { _, part in
            switch part {
            case .servo, .wheel, .torque: true
            case .held, .free: false
            }
        }.map { Scalar(robot.joints[$0.offset].name).yaml }.joined(separator: ", ")
    }

    private static let observed =
        "\n# What the policy sees, in this order. Noise is what sensors have.\nobservation:\n"
    /// Marked, as what a real robot must estimate.
    private static let velocity =
        "  - {term: base_velocity, frame: base, noise: {uniform: 0.05}}    # no sensor measures this: a real robot needs an estimator\n"
    private static let rewarded =
        "\n# What it is asked for, per action: weight times term, summed.\nreward:\n"

    private func range(_ low: Double, _ high: Double) -> String {
        "[\(SceneText.exact(low)), \(SceneText.exact(high))]"
    }

    private func ended(below share: Double) -> String {
        """

        # What ends an episode.
        terminate:
          - {term: bad_orientation, above: 1}
          - {term: base_position, axis: z, below: \(SceneText.exact(share * (settled?.isStanding == true ? settled?.height ?? 0 : plan.height)))}

        """
    }

    // MARK: Tasks

    private var walk: String {
        let (ahead, aside) = (
            range(0.6 * plan.speed, 1.4 * plan.speed), range(-0.2 * plan.speed, 0.2 * plan.speed)
        )
        let (x, y) = plan.forward == .x ? (ahead, aside) : (aside, ahead)
        let actions = plan.parts.count { if case .servo = $0 { true } else { false } }
        return reset(400) + """

            # The velocity that it is told to follow, in m/s and rad/s. Once it walks, widen the ranges and go on with `sinew train --from`.
            commands: {lin_vel_x: \(x), lin_vel_y: \(y), ang_vel_z: [-0.2, 0.2], resample_time: 5}

            """ + Self.observed + Self.velocity + "  - {term: velocity_commands}\n" + senses + Self.rewarded
                + """
                  # 1 at the commanded velocity, 0 standing still: what stands earns a third of the most.
                  - {term: track_lin_vel_xy_linear, weight: 1}
                  - {term: track_ang_vel_z_exp, std: 0.5, weight: 0.25}
                  - {term: alive, weight: 0.25}
                  - {term: lin_vel_z_l2, weight: -0.2}
                  - {term: ang_vel_xy_l2, weight: -0.02}
                  - {term: flat_orientation_l2, weight: -0.5}
                  - {term: joint_deviation_l1, \(joints)weight: -0.01}
                  - {term: action_rate_l2, weight: -0.005}

                """ + ended(below: 0.5) + """

                evaluate: {every: 4000, episodes: 5}
                train:
                  # After "A Walk in the Park" (arXiv:2208.07860): many updates for each of few steps.
                  sac: {steps: 40000, hidden: [128, 128], batch: 128, layer_norm: true, normalise_observations: true, n_step: 1, warm_up: 1000, updates_per_step: 8, actor_delay: 8, target_entropy: \(SceneText.digits(-Double(max(actions, 2)) / 2)), initial_temperature: 0.1}

                """
    }

    private var stand: String {
        let height = settled?.isStanding == true ? settled?.height ?? plan.height : plan.height
        let push =
            settled?.isStanding == true
            ? "\n# It stands by itself, so it is pushed: a sudden change of velocity in m/s.\nrandomise:\n  push: {every: 2, speed: \(SceneText.digits(max(0.1, 2 * plan.speed)))}\n"
            : ""
        return reset(500) + push + Self.observed + Self.velocity + senses + Self.rewarded + """
              - {term: alive, weight: 1}
              - {term: flat_orientation_l2, weight: -1}
              - {term: base_height_l2, target: \(SceneText.exact(height)), weight: -2}
              - {term: joint_deviation_l1, \(joints)weight: -0.02}
              - {term: action_rate_l2, weight: -0.005}

            """ + ended(below: 0.6) + """

                evaluate: {every: 5000, episodes: 5}
                train:
                  sac: {steps: 60000, hidden: [128, 128], batch: 128, layer_norm: true, normalise_observations: true, n_step: 1, warm_up: 1000, updates_per_step: 4, actor_delay: 4, initial_temperature: 0.1}

                """
    }

    private var drive: String {
        let ahead = range(-plan.speed, plan.speed)
        let (x, y) = plan.forward == .x ? (ahead, "[0, 0]") : ("[0, 0]", ahead)
        return reset(200) + """

            # The velocity that it is told to follow, in m/s and rad/s.
            commands: {lin_vel_x: \(x), lin_vel_y: \(y), ang_vel_z: \(range(-plan.turning, plan.turning)), resample_time: 5}

            """ + Self.observed + Self.velocity + "  - {term: velocity_commands}\n" + """
                  - {term: base_angular_velocity, frame: base, noise: {uniform: 0.05}}
                  - {term: projected_gravity, noise: {uniform: 0.02}}
                  - {term: joint_velocities, \(joints)noise: {uniform: 0.1}, scale: 0.1}
                  - {term: last_action}

                """ + Self.rewarded + """
                  # Each 1 where it does as it is told, and 0 standing still.
                  - {term: track_lin_vel_xy_linear, least: \(SceneText.digits(plan.speed / 4)), weight: 1}
                  - {term: track_ang_vel_z_linear, least: \(SceneText.digits(max(plan.turning, 0.1) / 4)), weight: 0.5}
                  - {term: flat_orientation_l2, weight: -0.5}
                  - {term: action_rate_l2, weight: -0.01}

                # What ends an episode.
                terminate:
                  - {term: bad_orientation, above: 1}

                evaluate: {every: 2000, episodes: 10}
                train:
                  sac: {steps: 20000, hidden: [64, 64], batch: 128, layer_norm: true, n_step: 1, warm_up: 1000, updates_per_step: 2, initial_temperature: 0.1}

                """
    }

    private var hover: String {
        let height = SceneText.exact(plan.height)
        return """
            episode: {steps: 300}
            reset:
              base: {position: {uniform: 0.2}, orientation: {uniform: 0.2}, linear_velocity: {uniform: 0.2}, angular_velocity: {uniform: 0.3}}

            """ + Self.observed + """
                  - {term: base_position, noise: {uniform: 0.01}}    # of motion capture, or of a camera
                """ + "\n" + Self.velocity + """
                      - {term: base_angular_velocity, frame: base, noise: {uniform: 0.02}}
                      - {term: projected_gravity, noise: {uniform: 0.01}}
                      - {term: last_action}

                    """ + Self.rewarded + """
                      - {term: alive, weight: 1}
                      - {term: link_position_l2, link: \(Scalar(robot.root.name).yaml), axis: x, weight: -1}
                      - {term: link_position_l2, link: \(Scalar(robot.root.name).yaml), axis: y, weight: -1}
                      - {term: base_height_l2, target: \(height), weight: -1}
                      - {term: flat_orientation_l2, weight: -0.5}
                      - {term: ang_vel_xy_l2, weight: -0.05}
                      - {term: action_rate_l2, weight: -0.02}

                    # What ends an episode.
                    terminate:
                      - {term: bad_orientation, above: 1}
                      - {term: base_position, axis: x, outside: [-2, 2]}
                      - {term: base_position, axis: y, outside: [-2, 2]}
                      - {term: base_position, axis: z, outside: [0.2, 2]}

                    evaluate: {every: 4000, episodes: 5}
                    train:
                      sac: {steps: 60000, hidden: [128, 128], batch: 128, layer_norm: true, normalise_observations: true, n_step: 1, warm_up: 1000, updates_per_step: 2, initial_temperature: 0.1}

                    """
    }

    /// A task for what moves in ways that are not known, and for what moves in a plane: forward, upright.
    private var forward: String {
        let turning =
            plan.base == .planar
            ? "  - {term: base_pitch_rate}\n"
            : "  - {term: base_angular_velocity, frame: base, scale: 0.25}\n"
        return reset(1000) + Self.observed + Self.velocity + turning + """
              - {term: projected_gravity}
              - {term: joint_positions, relative: true}
              - {term: joint_velocities, scale: 0.05}
              - {term: last_action}

            """ + Self.rewarded + """
                  - {term: forward_velocity, weight: 1}
                  - {term: alive, weight: 0.5}
                  - {term: action_rate_l2, weight: -0.01}
                  - {term: flat_orientation_l2, weight: -0.5}

                """ + ended(below: 0.5) + """

                evaluate: {every: 5000, episodes: 5}
                train:
                  sac: {steps: 200000, hidden: [256, 256], batch: 256}

                """
    }
}
