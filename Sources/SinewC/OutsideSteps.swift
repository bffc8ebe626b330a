// SPDX-License-Identifier: MIT

internal import Environments
internal import Geometry
internal import Physics
internal import Robots
internal import Scenes
internal import Settings
internal import Tasks

// Steps of an environment whose robot another simulator moves, and the file that this simulator reads.

extension EnvironmentBatch {
    /// The scene as a MuJoCo file, with what its parts are called there.
    var mujoco: JSONValue {
        let file = MuJoCoFile(task.scene)
        func array(_ names: [String]) -> JSONValue { .array(names.map { .text($0) }) }
        return .object([
            ("text", .text(file.text)), ("notes", array(file.notes)), ("base", array(file.names.base)),
            ("joints", array(file.names.joints)), ("objects", array(file.names.objects.map(\.joint))),
            ("thrusters", array(task.scene.thrusters.map(\.link.name))),
            ("geoms", array(file.names.geoms)),
        ])
    }

    /// Where the robot of an environment is: of a moving base position, quaternion, velocity and angular velocity in the world, then the
    /// joints' positions and velocities, and what a base has for each object.
    func outsideState(_ index: Int) throws -> [Double] {
        guard slots[index].isStarted else { throw CallError.use("reset must be called first") }
        let state = try slots[index].environment.outsideState
        return (state.base?.numbers ?? []) + state.positions + state.velocities
            + state.objects.flatMap(\.numbers)
    }

    /// Begins a step with the action in the caller's memory: 1 where the robot was pushed, then for each command of the joints the
    /// physics steps that it is held, and itself.
    func beginOutside(_ index: Int) throws -> [Double] {
        let (slot, memory) = (slots[index], try boundMemory)
        guard slot.isStarted, !slot.isOver else {
            throw CallError.use("reset must be called before the next step")
        }
        let actions = unsafe Span(_unsafeStart: memory.actions + index * actionCount, count: actionCount)
        for element in actions.indices where !actions[element].isFinite {
            throw CallError.value("action \(element) is not a finite number")
        }
        let (phases, isPushed) = try slot.environment.beginOutside(actions)
        return [isPushed ? 1 : 0] + phases.flatMap { [Double($0.substeps)] + $0.commands }
    }

    /// How many numbers end a step.
    var outsideCount: Int {
        let environment = slots[0].environment
        let base = environment.scene.base == .fixed ? 0 : 13
        return base + 3 * environment.scene.robot.joints.count + 13 * environment.scene.objects.count
            + 3 * environment.geomCount
    }

    /// Ends the step.
    ///
    /// The numbers are as of `outsideState`, then efforts of the joints and the mean force on each geom; none where the other
    /// simulator has lost the robot. What the scene makes of it is in the caller's memory.
    func finishOutside(_ index: Int, _ numbers: [Double]?) throws {
        let (slot, memory) = (slots[index], try boundMemory)
        guard slot.isStarted, !slot.isOver else {
            throw CallError.use("reset must be called before the next step")
        }
        let state = numbers.map { OutsideState($0, of: slot.environment) }
        var observation = unsafe MutableSpan(
            _unsafeStart: memory.observations + index * observationCount, count: observationCount)
        let step = slot.environment.finishOutside(state, into: &observation)
        note(step, of: index, memory)
    }
}

extension BaseState {
    fileprivate var numbers: [Double] {
        position.components + [orientation.w, orientation.x, orientation.y, orientation.z]
            + linearVelocity.components + angularVelocity.components
    }

    fileprivate init(_ n: [Double]) {
        self.init(
            position: Vector3(n[0], n[1], n[2]), orientation: Quaternion(w: n[3], x: n[4], y: n[5], z: n[6]),
            linearVelocity: Vector3(n[7], n[8], n[9]), angularVelocity: Vector3(n[10], n[11], n[12]))
    }
}

extension OutsideState {
    /// Takes numbers apart, of which there are `outsideCount`.
    fileprivate init(_ numbers: [Double], of environment: SimulatedEnvironment) {
        let (base, joints) = (
            environment.scene.base == .fixed ? 0 : 13, environment.scene.robot.joints.count
        )
        func part(_ start: Int, _ count: Int) -> [Double] { Array(numbers[start..<start + count]) }
        let objects = environment.scene.objects.count
        let efforts = base + 2 * joints + 13 * objects
        let forces = efforts + joints
        self.init(
            base: base == 0 ? nil : BaseState(part(0, base)), positions: part(base, joints),
            velocities: part(base + joints, joints),
            objects: (0..<objects).map { BaseState(part(base + 2 * joints + 13 * $0, 13)) },
            efforts: part(efforts, joints),
            geomForces: stride(from: forces, to: numbers.count, by: 3).map {
                Vector3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
            })
    }
}
