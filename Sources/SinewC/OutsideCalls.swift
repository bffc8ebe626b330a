// SPDX-License-Identifier: MIT

internal import Robots
internal import Scenes
internal import Settings
internal import Tasks

/// Leaves the scene's robot and surroundings as a MuJoCo file, as JSON: `text`, `notes` on what differs there, and the names of the `base`'s
/// joints, the `joints`, the joints of the `objects` and the `geoms` in the order of the numbers below.
///
/// - Returns: the bytes of the text; negative where it is refused.
@c(sinew_environments_mujoco) public func environmentsMuJoCo(_ handle: Int64) -> Int64 {
    call {
        try Handles.all.with(handle, EnvironmentBatch.self) { batch in Texts.all.leave(batch.mujoco.json) }
    }
}

/// Copies where the robot of an environment is: of a moving base its position, quaternion (w first), velocity and angular velocity in the
/// world; then the positions of all joints, and their velocities; then for each object what a base has.
///
/// - Returns: how many numbers there are; nothing was copied where `capacity` is less; negative where it is refused.
@c(sinew_outside_state) public func outsideState(
    _ handle: Int64, _ index: Int32, _ buffer: UnsafeMutablePointer<Double>?, _ capacity: Int64
) -> Int64 {
    call {
        try Handles.all.with(handle, EnvironmentBatch.self) { batch in
            try unsafe copied(batch.outsideState(batch.checked(index)), buffer, capacity)
        }
    }
}

/// Begins a step of an environment whose robot another simulator moves.
///
/// - Parameters:
///   - handle: the number of the environments.
///   - index: which of them; its action is in the memory that is bound.
///   - buffer: 1 where the robot was pushed, so that `sinew_outside_state` has other velocities, else 0; then once or twice the number
///     of physics steps, a command for each joint and the force of each thruster, to be held for them.
///   - capacity: the numbers that it has room for: 3 + 2 (joints + thrusters) are enough.
/// - Returns: how many numbers there are; negative where it is refused: nothing has begun.
@c(sinew_outside_begin) public func outsideBegin(
    _ handle: Int64, _ index: Int32, _ buffer: UnsafeMutablePointer<Double>?, _ capacity: Int64
) -> Int64 {
    call {
        try Handles.all.with(handle, EnvironmentBatch.self) { batch in
            let index = try batch.checked(index)
            let scene = batch.task.scene
            let room = 3 + 2 * (scene.robot.joints.count + scene.thrusters.count)
            guard unsafe buffer != nil, capacity >= Int64(room) else {
                throw CallError.value("room for \(room) numbers is needed")
            }
            return try unsafe copied(batch.beginOutside(index), buffer, capacity)
        }
    }
}

/// Ends such a step: observation, reward, its terms and flags are in the memory that is bound.
///
/// - Parameters:
///   - handle: the number of the environments.
///   - index: which of them.
///   - numbers: as `sinew_outside_state` has them, then what the drive of each joint did in the last physics step (N m, N), and for each
///     geom the force on it in the world, mean over the step (N); null where the other simulator has lost the robot.
///   - count: how many.
/// - Returns: 0; negative where it is refused.
@c(sinew_outside_finish) public func outsideFinish(
    _ handle: Int64, _ index: Int32, _ numbers: UnsafePointer<Double>?, _ count: Int64
) -> Int64 {
    call {
        try Handles.all.with(handle, EnvironmentBatch.self) { batch in
            let index = try batch.checked(index)
            guard unsafe numbers == nil || count == Int64(batch.outsideCount) else {
                throw CallError.value("\(count) numbers; \(batch.outsideCount) are needed")
            }
            let found = unsafe numbers.map { unsafe Array(UnsafeBufferPointer(start: $0, count: Int(count))) }
            try batch.finishOutside(index, found)
            return 0
        }
    }
}

/// Copies numbers where there is room for them.
private func copied(
    _ numbers: [Double], _ buffer: UnsafeMutablePointer<Double>?, _ capacity: Int64
) -> Int64 {
    if let buffer = unsafe buffer, Int64(numbers.count) <= capacity {
        for position in numbers.indices { unsafe buffer[position] = numbers[position] }
    }
    return Int64(numbers.count)
}
