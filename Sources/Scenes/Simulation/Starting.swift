// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Environments
internal import Geometry
internal import Physics
internal import Robots

extension Episode {
    /// An episode of `scene` that has not begun.
    init(_ scene: Scene) {
        lastAction = Array(repeating: 0, count: scene.actionCount)
        action = lastAction
        let latency = scene.randomisation.latency?.upperBound ?? 0
        let depth = latency == 0 ? 1 : 2 + latency / scene.physics.substeps
        let atStart = scene.robot.joints.map { _ in 0.0 } + scene.thrusters.map { $0.force(0) }
        hasThrusters = !scene.thrusters.isEmpty
        commandHistory = Array(repeating: atStart, count: depth)
        for actuator in scene.actuators {
            for index in commandHistory.indices {
                commandHistory[index][actuator.joint] = actuator.command(0)
            }
        }
        memory = scene.reward.map { Array(repeating: 0, count: $0.term.memorySize(in: scene)) }
        if scene.target?.isTurned == true { targetOrientation = .identity }
        if scene.terrainGrid != nil { origin = .zero }
        sensors = (scene.observation + scene.criticObservation).map { SensorMemory($0, in: scene) }
    }
}

extension SimulatedEnvironment {
    /// Draws what differs from episode to episode beside the start, in a fixed order.
    func randomise() throws(PhysicsError) {
        let randomisation = randomisation
        chooseTile()
        for index in physics.definition.links.indices {
            var scale = randomisation.mass?.draw(using: &random) ?? 1
            if index == 0, let added = randomisation.baseMass, scene.base != .fixed {
                scale += added.draw(using: &random) / physics.definition.links[0].properties.mass
            }
            if randomisation.mass != nil || randomisation.baseMass != nil {
                try world.setMassScale(max(scale, 0.01), ofLink: index)
            }
        }
        if let friction = randomisation.friction {
            // On the surroundings alone: a pair of them with the robot takes it once.
            let scale = friction.draw(using: &random)
            for geom in physics.staticGeoms { try world.setFrictionScale(scale, ofGeom: geom) }
        }
        if let range = randomisation.contactTimeConstant {
            let drawn = exp(random.uniform(log(range.lowerBound), log(range.upperBound)))
            try world.setContactTimeConstant(min(max(drawn, range.lowerBound), range.upperBound))
        }
        if let strength = randomisation.motorStrength {
            for actuator in scene.actuators {
                try world.setDriveScale(strength.draw(using: &random), ofJoint: actuator.joint)
            }
        }
        if !scene.thrusters.isEmpty, let strength = randomisation.motorStrength {
            state.episode.thrustScale = strength.draw(using: &random)
        }
        if let latency = randomisation.latency {
            state.episode.latency = latency.lowerBound + random.index(below: latency.count)
        }
        if let target = scene.target {
            let drawn = target.draw(in: scene, using: &random)
            state.episode.target = drawn.position + (state.episode.origin ?? .zero)
            state.episode.targetOrientation = drawn.orientation
        }
        drawCommand()
        for index in observed.indices {
            state.episode.sensors[index].begin(observed[index], using: &random)
        }
        if let push = randomisation.push { state.episode.stepsToPush = scene.steps(in: push.every) }
    }

    /// Draws the tile of a terrain that the robot starts on.
    private func chooseTile() {
        guard let grid = scene.terrainGrid, let terrain = scene.terrain else { return }
        let last = terrain.rows - 1
        let asked = terrainRow ?? terrainLevel.map { Int(($0 * Double(last)).rounded()) }
        let row = asked.map { min(max($0, 0), last) } ?? random.index(below: terrain.rows)
        let column = random.index(below: terrain.columns)
        state.episode.terrainRow = row
        state.episode.origin = scene.base == .fixed ? .zero : grid.middle(row: row, column: column)
    }

    /// A start on level ground, on the terrain's.
    private func raised(_ start: BaseState?) -> BaseState? {
        guard var start else { return nil }
        start.position = raised(start.position)
        return start
    }

    /// The same for a place.
    func raised(_ place: Vector3) -> Vector3 {
        guard let grid = scene.terrainGrid, let origin = state.episode.origin else { return place }
        var place = place + Vector3(origin.x, origin.y, 0)
        place.z += grid.height(x: place.x, y: place.y)
        return place
    }

    /// Puts the robot at its start, with noise that takes no joint beyond its stops.
    func placeRobot() throws(PhysicsError) {
        let (start, noise) = (scene.start, scene.reset)
        let positions = start.joints.indices.map { index in
            let usual = start.joints[index]
            let drawn = usual + noise.jointPositions[index].draw(around: usual, using: &random)
            return scene.robot.joints[index].withinStops(drawn, from: usual)
        }
        let velocities = noise.jointVelocities.map { $0.draw(using: &random) }
        try world.place(base: raised(startOfBase()), positions: positions, velocities: velocities)
        try placeObjects()
    }

    private func startOfBase() -> BaseState? {
        let noise = scene.reset
        let start = scene.start.base
        func vector(_ distribution: Distribution, _ axes: [Axis]) -> Vector3 {
            var drawn = Vector3.zero
            for axis in axes {
                let number = distribution.draw(using: &random)
                switch axis {
                case .x: drawn.x = number
                case .y: drawn.y = number
                case .z: drawn.z = number
                }
            }
            return drawn
        }
        switch scene.base {
        case .fixed: return nil
        case .planar:
            let offset = vector(noise.basePosition, [.x, .z])
            let pitch = noise.baseOrientation.draw(using: &random)
            let velocity = vector(noise.baseLinearVelocity, [.x, .z])
            let rate = noise.baseAngularVelocity.draw(using: &random)
            let turn = Quaternion(angle: pitch, about: .init(0, 1, 0))
            return BaseState(
                position: start.position + offset, orientation: turn * start.orientation,
                linearVelocity: velocity, angularVelocity: Vector3(0, rate, 0))
        case .floating:
            let offset = vector(noise.basePosition, Axis.allCases)
            let yaw = noise.baseYaw.draw(using: &random)
            let rotation = vector(noise.baseOrientation, Axis.allCases)
            let velocity = vector(noise.baseLinearVelocity, Axis.allCases)
            let rate = vector(noise.baseAngularVelocity, Axis.allCases)
            var orientation = Quaternion(angle: yaw, about: .init(0, 0, 1)) * start.orientation
            if rotation.length > 0 {
                orientation =
                    orientation
                    * Quaternion(angle: rotation.length, about: (1 / rotation.length) * rotation)
            }
            return BaseState(
                position: start.position + offset, orientation: orientation,
                linearVelocity: velocity, angularVelocity: orientation.rotate(rate))
        }
    }

    /// Changes the base's horizontal velocity when it is time for a push.
    func push() throws(PhysicsError) {
        guard scene.randomisation.push != nil, scene.base != .fixed else { return }
        state.episode.stepsToPush -= 1
        guard state.episode.stepsToPush < 0, let push = randomisation.push else { return }
        state.episode.stepsToPush = scene.steps(in: push.every) - 1
        let sideways = random.uniform(-push.speed, push.speed)
        let change = Vector3(
            random.uniform(-push.speed, push.speed), scene.base == .floating ? sideways : 0, 0)
        try world.place(
            base: BaseState(
                position: state.after.reading.position(ofLink: 0),
                orientation: state.after.reading.orientation(ofLink: 0),
                linearVelocity: state.after.reading.linearVelocity(ofLink: 0) + change,
                angularVelocity: state.after.reading.angularVelocity(ofLink: 0)),
            positions: state.after.reading.jointPositions, velocities: state.after.reading.jointVelocities)
    }
}

extension Joint {
    /// A position as far from its nearest stop as the given one, on this side of it; a start beyond a stop is itself one.
    fileprivate func withinStops(_ position: Double, from start: Double) -> Double {
        let (low, high) = (min(lower ?? -.infinity, start), max(upper ?? .infinity, start))
        let mirrored = position < low ? 2 * low - position : position > high ? 2 * high - position : position
        return min(max(mirrored, low), high)
    }
}

extension ClosedRange<Double> {
    func draw(using random: inout RandomStream) -> Double { random.uniform(lowerBound, upperBound) }
}

extension Scene {
    /// The most steps that anything waits: longer than any run.
    static let longestWait = 1_000_000_000_000

    /// The control steps in a time, at least one and at most `longestWait`.
    func steps(in seconds: Double) -> Int {
        Int(max(1, min(Double(Self.longestWait), (seconds / physics.controlPeriod).rounded())))
    }
}
