// SPDX-License-Identifier: MIT

internal import Environments
internal import Foundation
internal import Geometry
internal import Physics
internal import Robots

extension SimulatedEnvironment {
    /// Writes what the scene's terms observe: each quantity, then noise, then the clip, then the scale.
    func observe(into observation: inout MutableSpan<Float>) throws(PhysicsError) {
        // Taken out for the while, so that neither is copied or checked for other accesses term by term.
        var scratch: [Double] = []
        swap(&scratch, &self.scratch)
        defer { swap(&scratch, &self.scratch) }
        scratch.removeAll(keepingCapacity: true)
        let state = after
        // By index: taking a term out of the array would retain its name and all that it holds.
        for term in scene.observation.indices {
            let start = scratch.count
            try measure(scene.observation[term].quantity, in: state, into: &scratch)
            let (noise, clip) = (scene.observation[term].noise, scene.observation[term].clip)
            let scale = scene.observation[term].scale
            if noise == .none, clip == nil, scale == 1 { continue }
            for index in start..<scratch.count {
                var value = scratch[index] + noise.draw(using: &random)
                if let clip { value = max(clip.lowerBound, min(clip.upperBound, value)) }
                scratch[index] = value * scale
            }
        }
        precondition(scratch.count == observation.count, "an observation of \(observation.count) numbers")
        for index in scratch.indices { observation[index] = Float(scratch[index]) }
    }

    /// Appends the numbers of a quantity to `scratch`.
    private func measure(
        _ quantity: ObservationQuantity, in state: RobotState, into scratch: inout [Double]
    ) throws(PhysicsError) {
        func append(_ vector: Vector3, _ axes: [Axis], in frame: VectorFrame = .world) {
            let vector = frame == .base ? state.inBase(vector) : vector
            for axis in axes { scratch.append(vector[axis]) }
        }
        switch quantity {
        case .basePosition(let axes): append(state.base.position, axes)
        case .baseOrientation:
            let q = state.base.orientation
            scratch += [q.w, q.x, q.y, q.z]
        case .basePitch: scratch.append(state.pitch)
        case .baseVelocity(let axes, let frame): append(state.baseVelocity, axes, in: frame)
        case .baseAngularVelocity(let axes, let frame): append(state.baseAngularVelocity, axes, in: frame)
        case .basePitchRate: scratch.append(state.baseAngularVelocity.y)
        case .projectedGravity: append(state.projectedGravity(scene), Axis.allCases)
        case .jointPositions(let joints, let isRelative):
            for joint in joints {
                scratch.append(
                    state.reading.position(ofJoint: joint) - (isRelative ? scene.start.joints[joint] : 0))
            }
        case .jointSines(let joints):
            for joint in joints { scratch.append(sin(state.reading.position(ofJoint: joint))) }
        case .jointCosines(let joints):
            for joint in joints { scratch.append(cos(state.reading.position(ofJoint: joint))) }
        case .jointVelocities(let joints):
            for joint in joints { scratch.append(state.reading.velocity(ofJoint: joint)) }
        case .jointEfforts(let joints):
            for joint in joints { scratch.append(state.reading.effort(ofJoint: joint)) }
        case .linkPosition(let frame, let axes): append(state.pose(of: frame, physics).position, axes)
        case .linkVelocity(let frame, let axes): append(state.velocity(of: frame, physics), axes)
        case .targetPosition(let axes): append(episode.target, axes)
        case .targetOffset(let frame, let axes):
            append(state.pose(of: frame, physics).position - episode.target, axes)
        case .velocityCommands: append(episode.command, Axis.allCases)
        case .lastAction: scratch += episode.lastAction
        case .contact(let links):
            for link in links { scratch.append(try contactForce(on: link) > 1 ? 1 : 0) }
        case .contactForce(let links):
            for link in links { scratch.append(try contactForce(on: link)) }
        }
    }

    /// The length (N) of the sum of the contact forces on the own shapes of a link, mean over the step.
    func contactForce(on frame: LinkFrame) throws(PhysicsError) -> Double {
        var sum = Vector3.zero
        for geom in physics.geomsOfLink[frame.name] ?? [] {
            sum += try world.contactForce(onGeom: geom)
        }
        return sum.length
    }
}

extension Distribution {
    /// A number of the distribution, to be added to `value`; nothing is drawn for `none`.
    func draw(around value: Double = 0, using random: inout RandomStream) -> Double {
        switch self {
        case .none: 0
        case .uniform(let low, let high): random.uniform(low, high)
        case .normal(let deviation): deviation * random.normal()
        case .scale(let low, let high): value * (random.uniform(low, high) - 1)
        }
    }
}
