// SPDX-License-Identifier: MIT

internal import Foundation
internal import Geometry
internal import Physics
internal import Robots

extension SimulatedEnvironment {
    /// Whether one of the scene's termination terms holds in the state `after` the step.
    func isTerminated() throws(PhysicsError) -> Bool {
        for index in scene.termination.indices {
            let low = scene.termination[index].low ?? -.infinity
            let high = scene.termination[index].high ?? .infinity
            // A comparison that NaN fails: what is not within the bounds ends the episode.
            func isOutside(_ value: Double) -> Bool { !(value >= low && value <= high) }
            let isOut: Bool
            switch scene.termination[index].quantity {
            case .basePosition(let axis): isOut = isOutside(after.base.position[axis])
            case .basePitch: isOut = isOutside(after.pitch)
            case .tilt:
                let up = after.base.orientation.rotate(.init(0, 0, 1)).z
                isOut = isOutside(acos(max(-1, min(1, up))))
            case .jointPosition(let joint): isOut = isOutside(after.reading.position(ofJoint: joint))
            case .jointVelocity(let joint): isOut = isOutside(after.reading.velocity(ofJoint: joint))
            case .linkPosition(let frame, let axis):
                isOut = isOutside(after.pose(of: frame, physics).position[axis])
            case .targetDistance(let frame):
                isOut = isOutside((after.pose(of: frame, physics).position - episode.target).length)
            case .state: isOut = isStateOutside(isOutside)
            case .contactForce(let links):
                var largest = 0.0
                for link in links { largest = max(largest, try contactForce(on: link)) }
                isOut = isOutside(largest)
            }
            if isOut { return true }
        }
        return false
    }

    /// The term `state`: the base's orientation, all joint positions and all velocities, each on its own.
    private func isStateOutside(_ isOutside: (Double) -> Bool) -> Bool {
        let reading = after.reading
        for joint in scene.robot.joints.indices
        where isOutside(reading.position(ofJoint: joint)) || isOutside(reading.velocity(ofJoint: joint)) {
            return true
        }
        func isVectorOutside(_ vector: Vector3) -> Bool {
            isOutside(vector.x) || isOutside(vector.y) || isOutside(vector.z)
        }
        let orientation = after.base.orientation
        switch scene.base {
        case .fixed: return false
        case .planar: if isOutside(after.pitch) { return true }
        case .floating:
            if isVectorOutside(.init(orientation.x, orientation.y, orientation.z)) || isOutside(orientation.w)
            {
                return true
            }
        }
        return isVectorOutside(after.baseVelocity) || isVectorOutside(after.baseAngularVelocity)
    }
}
