// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Robots
internal import Settings

/// The gains with which a joint's servo holds its share of the robot, and how far an action moves it.
struct ServoChoice {
    var kp = 0.0
    var kd = 0.0
    var armature = 0.0
    /// The effort limit, where the robot's file gives none that makes sense.
    var effortLimit: Double?
    /// Why the effort is not the file's.
    var remark = ""

    /// The effort that a joint needs, and what its file says of it.
    struct Strength {
        var effort: Double
        var isGuess = false
        var remark = ""
    }

    /// A servo that stands: at its effort limit with an error of 0.4 rad, half damped with its share of the body on it.
    ///
    /// - Parameters:
    ///   - strength: what the motor has.
    ///   - inertia: what the joint swings.
    ///   - carried: the inertia of its share of the robot about it.
    ///   - stiffness: what it needs at least, not to fall over.
    init(carrying strength: Strength, inertia: Double, carried: Double, atLeast stiffness: Double) {
        kp = max(strength.effort / 0.4, stiffness).twoDigits
        armature = Self.armature(kp, inertia)
        kd = min((kp * max(carried, inertia + armature)).squareRoot(), kp / 8).twoDigits
        take(strength)
    }

    /// A servo that points: it holds what hangs on it within 0.05 rad, and does not overshoot.
    init(holding strength: Strength, inertia: Double, weight: Double) {
        kp = max(strength.effort / 0.3, min(weight, strength.effort) / 0.05, 1e-3).twoDigits
        armature = Self.armature(kp, inertia)
        kd = (2 * (kp * (inertia + armature)).squareRoot()).twoDigits
        take(strength)
    }

    private mutating func take(_ strength: Strength) {
        remark = strength.remark
        if strength.isGuess { effortLimit = strength.effort.twoDigits }
    }

    /// Half a radian of the servo's swing in a step of 5 ms is as fast as steps can follow.
    private static func armature(_ kp: Double, _ inertia: Double) -> Double {
        max(kp * 1e-4 - inertia, 0.1 * inertia, 1e-5).twoDigits
    }

    /// The effort that a joint's motor has; many files give none, or 1000 for all joints.
    ///
    /// `enough` lifts it about twice over; `most` is the greatest of these: small joints of large robots have motors to spare.
    static func strength(of joint: Joint, enough: Double, most: Double) -> Strength {
        guard let effort = joint.effort else {
            return Strength(
                effort: enough, isGuess: true, remark: "the robot's file gives no effort: a guess")
        }
        guard effort > 10 * max(enough, most) else { return Strength(effort: effort) }
        return Strength(
            effort: enough, isGuess: true,
            remark: "the file's effort, \(effort.digits), would throw it about: a guess")
    }
}

extension Double {
    /// A number with two significant digits.
    var twoDigits: Double { Double(formatted("%.2g")) ?? self }
}
