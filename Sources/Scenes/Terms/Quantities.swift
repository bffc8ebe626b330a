// SPDX-License-Identifier: MIT

public import Geometry
public import Robots

// What the terms of a scene measure. One case per term; the tables in TermTables.swift give each its name in the file, its
// unit and its parameters. "The step" is one control step of T seconds; "before" and "after" are its two ends.
// Positions of links are those of the origins of their frames, not of their centres of mass.

/// Which end of a control step a reward looks at.
public enum StepEnd: String, Sendable, CaseIterable {
    /// The state in which the action was chosen.
    case before
    /// The state that it led to.
    case after
}

/// The frame in which a vector is written.
public enum VectorFrame: String, Sendable, CaseIterable {
    /// The world's axes.
    case world
    /// The axes of the robot's root link.
    case base
}

/// What an observation term measures.
public enum ObservationQuantity: Sendable, Equatable {
    /// `base_position`: the position of the root link's frame in the world, m.
    case basePosition(axes: [Axis])
    /// `base_orientation`: the unit quaternion w, x, y, z of the root link in the world, with w ≥ 0 at reset and continuous after.
    case baseOrientation
    /// `base_pitch`: the rotation of the root about +y, rad.
    ///
    /// For a planar base unwrapped (it counts turns); for a floating one the pitch of roll-pitch-yaw, within
    /// ±pi/2.
    case basePitch
    /// `base_velocity`: the linear velocity of the root link's frame origin, m/s, in the axes of `frame`.
    case baseVelocity(axes: [Axis], frame: VectorFrame)
    /// `base_angular_velocity`: the angular velocity of the root link, rad/s, in the axes of `frame`.
    case baseAngularVelocity(axes: [Axis], frame: VectorFrame)
    /// `base_pitch_rate`: the angular velocity of the root about the world's +y, rad/s.
    case basePitchRate
    /// `projected_gravity`: the direction of gravity (length 1) in the root's axes; (0, 0, -1) when upright.
    case projectedGravity
    /// `joint_positions`: rad or m; hinges unwrapped.
    ///
    /// With `relative`, minus the start's position (Isaac Lab's `joint_pos_rel`).
    case jointPositions(joints: [Int], isRelative: Bool)
    /// `joint_sines`: the sine of each joint's position.
    case jointSines(joints: [Int])
    /// `joint_cosines`: the cosine of each joint's position.
    case jointCosines(joints: [Int])
    /// `joint_velocities`: rad/s or m/s.
    case jointVelocities(joints: [Int])
    /// `joint_efforts`: the effort that each joint's actuator applied in the last physics step, N m or N; 0 without an actuator.
    case jointEfforts(joints: [Int])
    /// `link_position`: the position of a link's frame in the world, m.
    case linkPosition(LinkFrame, axes: [Axis])
    /// `link_velocity`: the velocity of that frame's origin in the world, m/s.
    case linkVelocity(LinkFrame, axes: [Axis])
    /// `target_position`: the episode's target point in the world, m.
    case targetPosition(axes: [Axis])
    /// `target_offset`: link minus target, in the world's axes, m (Gymnasium Reacher's fingertip minus target).
    case targetOffset(LinkFrame, axes: [Axis])
    /// `velocity_commands`: the commanded forward speed, sideways speed (m/s) and turning rate (rad/s).
    case velocityCommands
    /// `last_action`: the action of the step that led here, clipped to [-1, 1], one number per actuator; 0 at reset.
    case lastAction
    /// `contact`: for each link 1 if one of its own shapes touches anything with a force above 1 N, else 0.
    case contact(links: [LinkFrame])
    /// `contact_force`: for each link the length of the sum of the contact forces on its own shapes, N.
    case contactForce(links: [LinkFrame])
}

/// What a reward term measures in a step.
public enum RewardQuantity: Sendable, Equatable {
    /// `forward_velocity`: (p after - p before) / T of the root link's frame along a world axis, m/s.
    case forwardVelocity(axis: Axis)
    /// `alive`: 0 if the step terminated the episode, else 1.
    ///
    /// With weight -1 it is the -1 of each step but the last (Acrobot).
    case alive
    /// `is_terminated`: 1 if the step terminated the episode, else 0.
    case isTerminated
    /// `action_squared`: the sum of a², with the action as the policy gave it, clipped to [-1, 1].
    case actionSquared
    /// `action_rate_l2`: the sum of (a - a of the step before)²; the action before the first is 0.
    case actionRate
    /// `joint_torques_l2`: the sum of squared efforts of the joints' actuators, (N m)² or N².
    ///
    /// For torque actuators the commanded effort within its limit (gear · a), constant through the step; for servos the effort
    /// in the step's last physics step.
    case jointTorques(joints: [Int])
    /// `joint_pos_target_l2`: the sum of (q - target)², the difference of a hinge wrapped to ±pi; rad² or m².
    case jointPositionTarget(joints: [Int], target: Double, state: StepEnd)
    /// `joint_vel_l2`: the sum of squared joint velocities, (rad/s)² or (m/s)².
    case jointVelocities(joints: [Int], state: StepEnd)
    /// `joint_acc_l2`: the sum of ((v after - v before) / T)².
    case jointAccelerations(joints: [Int])
    /// `joint_deviation_l1`: the sum of |q - start's q|, after the step.
    case jointDeviation(joints: [Int])
    /// `joint_pos_limits`: the sum of what each q is beyond `factor` times its range (about the range's middle), rad or m.
    ///
    /// Joints without both limits count 0.
    case jointPositionLimits(joints: [Int], factor: Double)
    /// `link_position_l2`: (p - target)² of a link's frame along a world axis after the step, m².
    case linkPosition(LinkFrame, axis: Axis, target: Double)
    /// `target_distance`: the distance from a link's frame to the episode's target after the step, m.
    case targetDistance(LinkFrame)
    /// `track_lin_vel_xy_exp`: exp(-|commanded - measured|² / std²) of the base's x and y velocity in its own frame.
    case trackLinearVelocity(deviation: Double)
    /// `track_ang_vel_z_exp`: exp(-(commanded - measured)² / std²) of the base's turning rate in its own frame.
    case trackAngularVelocity(deviation: Double)
    /// `lin_vel_z_l2`: the square of the base's z velocity in its own frame, (m/s)².
    case verticalVelocity
    /// `ang_vel_xy_l2`: the sum of squares of the base's x and y angular velocity in its own frame, (rad/s)².
    case tiltRate
    /// `flat_orientation_l2`: the sum of squares of the x and y of the projected gravity; 0 when upright.
    case flatOrientation
    /// `base_height_l2`: (z of the root's frame - target)², m².
    case baseHeight(target: Double)
    /// `feet_air_time`: the sum over links that touch down in this step of (seconds in the air - threshold).
    ///
    /// 0 while the commanded planar speed is below 0.1 m/s; without commands it always counts.
    case feetAirTime(links: [LinkFrame], threshold: Double)
    /// `undesired_contacts`: how many of the links have a contact force above `threshold` N after the step.
    case undesiredContacts(links: [LinkFrame], threshold: Double)
}

/// What a termination term compares with its bounds, after a step.
public enum TerminationQuantity: Sendable, Equatable {
    /// `base_position`: a world coordinate of the root link's frame, m.
    case basePosition(axis: Axis)
    /// `base_pitch`: as the observation of this name, rad.
    case basePitch
    /// `bad_orientation`: the angle between the root's z axis and the world's, rad, within 0...pi.
    case tilt
    /// `joint_position`: the position of a joint, rad or m, unwrapped.
    case jointPosition(joint: Int)
    /// `joint_velocity`: the velocity of a joint, rad/s or m/s.
    case jointVelocity(joint: Int)
    /// `link_position`: a world coordinate of a link's frame, m.
    case linkPosition(LinkFrame, axis: Axis)
    /// `target_distance`: the distance from a link's frame to the episode's target, m.
    case targetDistance(LinkFrame)
    /// `state`: the base's pitch (planar base), all joint positions and all velocities, each compared on its
    /// own; the base's position is not among them.
    ///
    /// For a floating base the components of the quaternion take the place of the pitch.
    case state
    /// `illegal_contact`: the greatest contact force on the own shapes of any of the links, N.
    case contactForce(links: [LinkFrame])
}

/// One term of the observation: quantity, then noise added, then clipped, then scaled (Isaac Lab's order).
public struct ObservationTerm: Sendable, Equatable {
    /// The term's name in the file.
    public var name: String
    /// What it measures.
    public var quantity: ObservationQuantity
    /// Noise on each element, drawn at each step, in the quantity's unit.
    public var noise: Distribution = .none
    /// The range that each element is clipped to, in the quantity's unit; nil for none.
    public var clip: ClosedRange<Double>?
    /// The factor of each element, last.
    public var scale: Double = 1
}

/// One term of the reward: weight times quantity, per control step.
///
/// (Not multiplied by T, unlike legged_gym and Isaac Lab.)
public struct RewardTerm: Sendable, Equatable {
    /// The term's name in the file.
    public var name: String
    /// What it measures.
    public var quantity: RewardQuantity
    /// The factor.
    public var weight: Double
}

/// One reason to end an episode: the quantity is below `low` or above `high`, or not a number.
///
/// The bounds themselves are inside.
public struct TerminationTerm: Sendable, Equatable {
    /// The term's name in the file.
    public var name: String
    /// What it measures.
    public var quantity: TerminationQuantity
    /// The lowest value that goes on; nil for none.
    public var low: Double?
    /// The highest value that goes on; nil for none.
    public var high: Double?
}
