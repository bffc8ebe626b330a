// SPDX-License-Identifier: MIT

internal import Foundation
internal import Geometry
internal import Physics
internal import Robots

extension SimulatedEnvironment {
    /// The reward of the step from `before` to `after`: the sum of weight times quantity.
    func reward(isTerminated: Bool) throws(PhysicsError) -> Double {
        var sum = 0.0
        var airTimes = 0
        // By index: taking a term out of the array would retain its name and all that it holds.
        for index in scene.reward.indices {
            let value = try measure(
                scene.reward[index].quantity, isTerminated: isTerminated, airTimes: &airTimes)
            let weighted = scene.reward[index].weight * value
            rewardTerms[index] = weighted
            sum += weighted
        }
        return sum
    }

    private func measure(
        _ quantity: RewardQuantity, isTerminated: Bool, airTimes: inout Int
    ) throws(PhysicsError) -> Double {
        let period = scene.physics.controlPeriod
        switch quantity {
        case .forwardVelocity(let axis):
            return (after.base.position[axis] - before.base.position[axis]) / period
        case .alive: return isTerminated ? 0 : 1
        case .isTerminated: return isTerminated ? 1 : 0
        case .actionSquared: return episode.action.sumOfSquares
        case .actionRate: return zip(episode.action, episode.lastAction).lazy.map { $0 - $1 }.sumOfSquares
        case .jointTorques(let joints): return joints.lazy.map(effort(ofJoint:)).sumOfSquares
        case .jointPositionTarget(let joints, let target, let end):
            let reading = end == .before ? before.reading : after.reading
            var sum = 0.0
            for joint in joints {
                let difference = reading.position(ofJoint: joint) - target
                let isHinge = scene.robot.joints[joint].kind == .hinge
                let short = isHinge ? difference.wrappedToHalfTurn : difference
                sum += short * short
            }
            return sum
        case .jointVelocities(let joints, let end):
            let reading = end == .before ? before.reading : after.reading
            return joints.lazy.map { reading.velocity(ofJoint: $0) }.sumOfSquares
        case .jointAccelerations(let joints):
            return joints.lazy.map { [self] in
                (after.reading.velocity(ofJoint: $0) - before.reading.velocity(ofJoint: $0)) / period
            }.sumOfSquares
        case .jointDeviation(let joints):
            return joints.reduce(0) { $0 + abs(after.reading.position(ofJoint: $1) - scene.start.joints[$1]) }
        case .jointPositionLimits(let joints, let factor):
            return joints.reduce(0) { $0 + excess(ofJoint: $1, factor) }
        case .linkPosition(let frame, let axis, let target):
            let difference = after.pose(of: frame, physics).position[axis] - target
            return difference * difference
        case .targetDistance(let frame):
            return (after.pose(of: frame, physics).position - episode.target).length
        case .trackLinearVelocity(let deviation):
            let velocity = after.inBase(after.baseVelocity)
            let error = [episode.command.x - velocity.x, episode.command.y - velocity.y].sumOfSquares
            return exp(-error / (deviation * deviation))
        case .trackAngularVelocity(let deviation):
            let error = episode.command.z - after.inBase(after.baseAngularVelocity).z
            return exp(-error * error / (deviation * deviation))
        case .verticalVelocity: return [after.inBase(after.baseVelocity).z].sumOfSquares
        case .tiltRate:
            let rate = after.inBase(after.baseAngularVelocity)
            return [rate.x, rate.y].sumOfSquares
        case .flatOrientation:
            let gravity = after.projectedGravity(scene)
            return [gravity.x, gravity.y].sumOfSquares
        case .baseHeight(let target): return [after.base.position.z - target].sumOfSquares
        case .feetAirTime(let links, let threshold):
            defer { airTimes += links.count }
            return try feetAirTime(links, threshold, first: airTimes)
        case .undesiredContacts(let links, let threshold):
            var count = 0.0
            for link in links where try contactForce(on: link) > threshold { count += 1 }
            return count
        }
    }

    /// The effort that a joint's actuator was told: gear times the action within the limit for torques, what the servo
    /// applied last otherwise.
    private func effort(ofJoint joint: Int) -> Double {
        for index in scene.actuators.indices where scene.actuators[index].joint == joint {
            guard scene.actuators[index].drive.kind == .torque else { break }
            let limit = scene.joints[joint].effortLimit ?? .infinity
            return max(-limit, min(limit, scene.actuators[index].scale * episode.action[index]))
        }
        return after.reading.effort(ofJoint: joint)
    }

    private func excess(ofJoint joint: Int, _ factor: Double) -> Double {
        guard let lower = scene.robot.joints[joint].lower, let upper = scene.robot.joints[joint].upper else {
            return 0
        }
        let distance = abs(after.reading.position(ofJoint: joint) - (lower + upper) / 2)
        return max(0, distance - factor * (upper - lower) / 2)
    }

    /// The sum over links that touch down in this step of (seconds in the air - threshold); counts their time in the air.
    private func feetAirTime(
        _ links: [LinkFrame], _ threshold: Double, first: Int
    ) throws(PhysicsError) -> Double {
        var sum = 0.0
        let command = episode.command
        let counts = scene.commands == nil || [command.x, command.y].sumOfSquares >= 0.01
        for (index, link) in links.enumerated() {
            episode.airTime[first + index] += scene.physics.controlPeriod
            guard try contactForce(on: link) > 1 else { continue }
            // A foot that stood through the step has been in the air for one period at most.
            if counts, episode.airTime[first + index] > 1.5 * scene.physics.controlPeriod {
                sum += episode.airTime[first + index] - threshold
            }
            episode.airTime[first + index] = 0
        }
        return sum
    }
}

extension Sequence<Double> {
    var sumOfSquares: Double { reduce(0) { $0 + $1 * $1 } }
}
