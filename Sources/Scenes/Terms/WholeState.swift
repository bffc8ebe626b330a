// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// Whether the robot is anywhere near a state that it could be in, each number compared on its own.
///
/// The base's orientation is the pitch of a planar base, and the quaternion of a floating one.
struct WholeState: TerminationTerm {
    static let name = "state"
    static let summary =
        "Each of: the base's orientation, all joint positions, all velocities; but not the base's position."
    static let unit = "SI"

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let robot = state.after
        for joint in state.joints(nil) {
            numbers.append(robot.position(of: joint))
            numbers.append(robot.velocity(of: joint))
        }
        switch state.scene.base {
        case .fixed: return
        case .planar: numbers.append(robot.pitch)
        case .floating:
            let turn = robot.base.orientation
            numbers.append(turn.w)
            append(Vector3(turn.x, turn.y, turn.z), to: &numbers)
        }
        append(robot.baseVelocity, to: &numbers)
        append(robot.baseAngularVelocity, to: &numbers)
    }

    private func append(_ vector: Vector3, to numbers: inout [Double]) {
        numbers.append(vector.x)
        numbers.append(vector.y)
        numbers.append(vector.z)
    }
}
