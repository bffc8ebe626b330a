// SPDX-License-Identifier: MIT

public import Geometry

/// A motor as the robot's own file describes it: what a scene's `actuators: [{kind: model}]` takes.
public struct RobotActuator: Sendable, Equatable {
    /// What it makes of a command.
    public enum Kind: String, Sendable {
        /// The command is the effort, N m or N.
        case torque
        /// A servo to a position: effort = kp (command - position) - kd velocity.
        case position
        /// A servo to a velocity: effort = kd (command - velocity).
        case velocity
    }

    /// The name in the file; that of its joint where it has none.
    public var name: String
    /// The index of the joint.
    public var joint: Int
    /// What it makes of a command.
    public var kind: Kind
    /// The stiffness of a servo to a position, N m/rad or N/m.
    public var kp: Double
    /// The damping of a servo, N m s/rad or N s/m.
    public var kd: Double
    /// What commands are cut off to, in their unit; nil where all pass.
    public var range: ClosedRange<Double>?
}

/// How a file places the robot to begin with.
public struct HomePose: Sendable, Equatable {
    /// The pose of the root in the world; nil where the base is fixed.
    public var base: Pose?
    /// The positions of the joints, in rad or m.
    public var joints: [Double]
}

/// A file that a robot's file includes.
package struct RobotFile: Sendable, Equatable {
    /// The path below the folder of the robot's file.
    package var name: String
    package var bytes: [UInt8]
}
