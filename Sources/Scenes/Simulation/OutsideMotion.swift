// SPDX-License-Identifier: MIT

package import Environments
package import Geometry
package import Physics
internal import Robots

/// Where a robot and the objects are, and what acted on it, as another simulator has it.
package struct OutsideState: Sendable {
    /// The pose and velocity of a moving base; nil for a fixed one.
    package var base: BaseState?
    /// One for each joint, rad or m.
    package var positions: [Double]
    /// One for each joint, rad/s or m/s.
    package var velocities: [Double]
    /// The poses and velocities of the objects.
    package var objects: [BaseState]
    /// What drives did in the last physics step, one for each joint, N m or N.
    package var efforts: [Double]
    /// The sums of contact forces, mean over the step, one for each geom of the world, N.
    package var geomForces: [Vector3]

    package init(
        base: BaseState?, positions: [Double], velocities: [Double], objects: [BaseState] = [],
        efforts: [Double], geomForces: [Vector3]
    ) {
        (self.base, self.positions, self.velocities) = (base, positions, velocities)
        (self.objects, self.efforts, self.geomForces) = (objects, efforts, geomForces)
    }
}

/// What acted on a robot that another simulator moves; its own world, which is only placed, knows of no forces.
final class OutsideForces {
    /// Nil where the own world moves the robot.
    var ofGeoms: [Vector3]?
    var efforts: [Double] = []

    /// Lays the forces over a reading.
    func overlay(_ reading: inout WorldReading, _ definition: WorldDefinition) {
        guard let ofGeoms else { return }
        var ofLinks = [Vector3](repeating: .zero, count: definition.links.count)
        for (geom, force) in zip(definition.geoms, ofGeoms) {
            if let link = geom.link { ofLinks[link] += force }
        }
        reading.take(efforts: efforts, contactForces: ofLinks)
    }
}

// A step of a robot that another simulator moves, in two halves: its actions, latency, pushes, task and terms are the scene's.
extension SimulatedEnvironment {
    /// Begins a control step.
    ///
    /// - Returns: what the joints are told, and for how many physics steps; and whether the robot was pushed: it is where
    ///   ``outsideState`` has it then.
    /// - Throws: ``SimulationError/actionNotFinite(index:)``.
    package func beginOutside(_ action: Span<Float>) throws -> (
        phases: [(commands: [Double], substeps: Int)], isPushed: Bool
    ) {
        try take(action)
        let stepsToPush = state.episode.stepsToPush
        try push()
        var phases: [(commands: [Double], substeps: Int)] = []
        try told { commands, substeps in phases.append((copy commands, substeps)) }
        return (phases, state.episode.stepsToPush > stepsToPush)
    }

    /// Ends a control step where the other simulator has left the robot; nil where it has lost it.
    package func finishOutside(
        _ found: OutsideState?, into observation: inout MutableSpan<Float>
    ) -> Step {
        guard let found, found.efforts.count == scene.robot.joints.count,
            found.geomForces.count == physics.definition.geoms.count,
            found.objects.count == scene.objects.count,
            (found.efforts + found.geomForces.flatMap(\.components)).allSatisfy(\.isFinite)
        else { return diverge(into: &observation) }
        do {
            try world.place(base: found.base, positions: found.positions, velocities: found.velocities)
            for (index, object) in found.objects.enumerated() { try world.place(object: index, at: object) }
            (outside.efforts, outside.ofGeoms) = (found.efforts, found.geomForces)
            return try finishStep(into: &observation)
        } catch {
            return diverge(into: &observation)
        }
    }

    /// The geoms of the world.
    package var geomCount: Int { physics.definition.geoms.count }

    /// Where the robot is now, as another simulator takes it.
    package var outsideState: OutsideState {
        get throws(PhysicsError) {
            var reading = world.makeReading()
            try world.read(into: &reading)
            let base = BaseState(
                position: reading.position(ofLink: 0), orientation: reading.orientation(ofLink: 0),
                linearVelocity: reading.linearVelocity(ofLink: 0),
                angularVelocity: reading.angularVelocity(ofLink: 0))
            return OutsideState(
                base: scene.base == .fixed ? nil : base, positions: reading.jointPositions,
                velocities: reading.jointVelocities, objects: objectStates(in: reading),
                efforts: reading.jointEfforts,
                geomForces: try physics.definition.geoms.indices.map { geom throws(PhysicsError) in
                    try world.contactForce(onGeom: geom)
                })
        }
    }
}
