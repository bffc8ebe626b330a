// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Physics
import Robots
import Scenes
import Testing

struct MomentumTests {
    static let moving = ShippedScenes.names.filter { (try? ShippedScenes.load($0).base) != .fixed }

    @Test(arguments: moving)
    func `in flight momentum changes by gravity alone, whatever the motors do`(name: String) throws {
        let coarse = try largestDrift(name, .ode, refinement: 1)
        let fine = try largestDrift(name, .ode, refinement: 10)
        // Linear momentum is kept to rounding, angular momentum as well as an integrator of first order can.
        #expect(coarse.linear < 1e-13)
        #expect(fine.linear < 1e-13)
        #expect(fine.angular < 0.01)
        #expect(fine.angular < coarse.angular / 8)
    }

    // In the joints' own coordinates momentum is kept but for the pose at which it is read: what a stop does within a step is seen
    // half a step later.
    @Test(arguments: moving)
    func `the articulated solver keeps momentum the better the shorter the step`(name: String) throws {
        let coarse = try largestDrift(name, .articulated, refinement: 1)
        let fine = try largestDrift(name, .articulated, refinement: 10)
        #expect(coarse.linear < 0.06)
        // go1's stops are met in a step or not, by either: 6.5 there.
        #expect(fine.linear < max(coarse.linear / 6, 1e-4))
        #expect(fine.angular < max(coarse.angular / 4, 0.01))
    }

    /// How far momentum gets from what gravity makes of it in 100 steps with random actions, as a share of what the links
    /// have.
    private func largestDrift(_ name: String, _ solver: Solver, refinement: Int) throws -> (
        linear: Double, angular: Double
    ) {
        var scene = try ShippedScenes.load(name).withoutChance
        scene.ground = nil
        scene.episodeSteps = 100
        scene.physics.solver = solver
        if solver == .ode { scene = scene.withExactLaws }
        scene.physics.timeStep /= Double(refinement)
        scene.physics.substeps *= refinement
        let driver = try Driver(scene)
        try driver.reset()
        var random = RandomStream(seed: 7, name: "actions")
        let weight = scene.robot.totalMass * scene.physics.gravity
        var drift = (linear: 0.0, angular: 0.0)
        while !driver.last.isLast {
            try driver.step(using: &random)
            let momentum = driver.environment.momentum()
            let linear = momentum.linear - driver.environment.time * weight
            drift.linear = max(drift.linear, linear.length / momentum.linearScale)
            drift.angular = max(drift.angular, momentum.angular.length / momentum.angularScale)
        }
        return drift
    }
}

/// The momentum of all links.
struct Momentum {
    /// kg m/s.
    var linear = Vector3.zero
    /// About the common centre of mass, kg m²/s.
    var angular = Vector3.zero
    /// The sums of the links' own, sign or direction aside: what rounding is to be held against.
    var linearScale = 0.0
    var angularScale = 0.0
}

extension SimulatedEnvironment {
    /// The momentum of the robot, from masses and inertias of its description and from what is read of its links.
    func momentum() -> Momentum {
        var momentum = Momentum()
        let links = scene.robot.links
        var moments = Vector3.zero
        var places = Vector3.zero
        for (index, link) in links.enumerated() {
            let turn = reading.orientation(ofLink: index)
            let rate = reading.angularVelocity(ofLink: index)
            let arm = turn.rotate(link.properties.centerOfMass)
            let place = reading.position(ofLink: index) + arm
            let velocity = reading.linearVelocity(ofLink: index) + rate.cross(arm)
            let spin = turn.rotate(link.properties.inertia * turn.inverse.rotate(rate))
            momentum.linear += link.properties.mass * velocity
            momentum.linearScale += link.properties.mass * velocity.length
            momentum.angularScale += spin.length
            moments += link.properties.mass * place.cross(velocity) + spin
            places += link.properties.mass * place
        }
        momentum.angular = moments - (1 / scene.robot.totalMass) * places.cross(momentum.linear)
        return momentum
    }
}
