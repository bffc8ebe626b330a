// SPDX-License-Identifier: MIT

internal import Geometry

/// What an episode remembers beside the physics: its task, its timers, and what its robot was told.
///
/// All of it is saved.
struct Episode {
    /// Control steps done.
    var step = 0
    /// Whether the episode is over, or none has begun.
    var isOver = true
    /// The target point of the task.
    var target = Vector3.zero
    /// How the target is turned, where it is.
    var targetOrientation: Quaternion?
    /// The commanded forward and sideways speed (m/s) and turning rate (rad/s).
    var command = Vector3.zero
    /// Control steps until the next command is drawn.
    var stepsToCommand = 0
    /// Control steps until the next push.
    var stepsToPush = 0
    /// The physics steps by which actions come late.
    var latency = 0
    /// The clipped action of the step before; zero at first.
    var lastAction: [Double]
    /// The clipped action of the step that is being rewarded.
    var action: [Double]
    /// The joint commands of the last control steps, newest first, as latency needs them.
    var commandHistory: [[Double]]
    /// What each reward term remembers from step to step.
    var memory: [[Double]]
    /// On a terrain the middle of the tile that the robot started on, with the height of its ground; terms count from there.
    var origin: Vector3?
    /// On a terrain the row of that tile.
    var terrainRow = 0
    /// What each observation term with a bias, a delay or a history remembers.
    var sensors: [SensorMemory]

    /// Whether there are thrusters, and the factor of their forces.
    var hasThrusters = false
    var thrustScale = 1.0

    /// All of it as numbers, in a fixed order.
    var numbers: [Double] {
        var numbers = [
            Double(step), isOver ? 1 : 0, target.x, target.y, target.z, command.x, command.y, command.z,
            Double(stepsToCommand), Double(stepsToPush), Double(latency),
        ]
        numbers += lastAction + action + commandHistory.flatMap { $0 } + memory.flatMap { $0 }
        if let turn = targetOrientation { numbers += [turn.w, turn.x, turn.y, turn.z] }
        if let origin { numbers += [origin.x, origin.y, origin.z, Double(terrainRow)] }
        if hasThrusters { numbers.append(thrustScale) }
        for sensor in sensors { numbers += sensor.numbers }
        return numbers
    }

    /// Takes numbers that `numbers` of an episode of `scene` gave; false, and nothing taken, where they are not such.
    mutating func take(_ numbers: [Double], of scene: Scene) -> Bool {
        guard numbers.count == self.numbers.count, numbers.allSatisfy(\.isFinite) else { return false }
        let longest = Double(Scene.longestWait)
        guard let step = Int(exactly: numbers[0]), step >= 0, abs(numbers[8]) <= longest,
            abs(numbers[9]) <= longest, let toCommand = Int(exactly: numbers[8]),
            let toPush = Int(exactly: numbers[9]), let latency = Int(exactly: numbers[10]),
            (0...(scene.randomisation.latency?.upperBound ?? 0)).contains(latency)
        else { return false }
        self.step = step
        isOver = numbers[1] != 0
        target = Vector3(numbers[2], numbers[3], numbers[4])
        command = Vector3(numbers[5], numbers[6], numbers[7])
        stepsToCommand = toCommand
        stepsToPush = toPush
        self.latency = latency
        var rest = numbers.dropFirst(11)
        func next(_ count: Int) -> [Double] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        lastAction = next(lastAction.count)
        action = next(action.count)
        for i in commandHistory.indices { commandHistory[i] = next(commandHistory[i].count) }
        for i in memory.indices { memory[i] = next(memory[i].count) }
        if targetOrientation != nil {
            let turn = next(4)
            targetOrientation = Quaternion(w: turn[0], x: turn[1], y: turn[2], z: turn[3])
        }
        if origin != nil {
            let place = next(4)
            guard let row = Int(exactly: place[3]), (0..<(scene.terrain?.rows ?? 0)).contains(row) else {
                return false
            }
            (origin, terrainRow) = (Vector3(place[0], place[1], place[2]), row)
        }
        if hasThrusters { thrustScale = next(1)[0] }
        for index in sensors.indices {
            guard sensors[index].take(next(sensors[index].numbers.count)) else { return false }
        }
        return true
    }
}
