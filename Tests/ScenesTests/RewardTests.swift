// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Settings
import Testing

/// Rewards of the shipped scenes, written out by hand.
struct RewardTests {
    @Test func `the pendulum is rewarded for the state in which it acted`() throws {
        let driver = try Driver("pendulum")
        var random = RandomStream(seed: 1, name: "states")
        for _ in 0..<200 {
            try driver.reset()
            // More than one turn away, too: the angle wraps.
            let (angle, rate) = (random.uniform(-9, 9), random.uniform(-8, 8))
            let action = Float(random.uniform(-1.5, 1.5))
            try driver.environment.place(positions: [angle], velocities: [rate])
            try driver.step([action])
            let wrapped = atan2(sin(angle), cos(angle))
            let torque = 2 * Double(max(-1, min(1, action)))
            let expected = -(wrapped * wrapped + 0.1 * rate * rate + 0.001 * torque * torque)
            #expect(abs(driver.last.reward - expected) < 1e-9)
        }
    }

    @Test(arguments: [("hopper", 1, 0.001), ("walker", 1, 0.001), ("cheetah", 0, 0.1), ("ant", 1, 0.5)])
    func `a runner is rewarded for its way, its life and its thrift`(
        name: String, alive: Double, cost: Double
    ) throws {
        let driver = try Driver(name)
        let period = driver.scene.physics.controlPeriod
        var random = RandomStream(seed: 2, name: "actions")
        for _ in 0..<3 {
            try driver.reset()
            var before = driver.environment.centerOfRoot.x
            for _ in 0..<100 where !driver.last.isLast {
                let action = driver.environment.actuators.map { _ in Float(random.uniform(-1.3, 1.3)) }
                try driver.step(action)
                let after = driver.environment.centerOfRoot.x
                let squares = action.reduce(0) { $0 + pow(Double(max(-1, min(1, $1))), 2) }
                let life = driver.last.isTerminated ? 0 : alive
                let expected = (after - before) / period + life - cost * squares
                #expect(abs(driver.last.reward - expected) < 1e-9)
                before = after
            }
        }
    }

    @Test func `the double pendulum is rewarded for a high tip over the middle`() throws {
        let driver = try Driver("inverted-double-pendulum")
        try driver.explore(episodes: 5, steps: 200) {
            guard driver.environment.episodeStep > 0 else { return }
            let (q, v) = (
                driver.environment.reading.jointPositions, driver.environment.reading.jointVelocities
            )
            let x = q[0] + 0.6 * sin(q[1]) + 0.6 * sin(q[1] + q[2])
            let z = 0.6 * cos(q[1]) + 0.6 * cos(q[1] + q[2])
            let alive = z < 1 ? 0.0 : 10.0
            let distance = 0.01 * x * x + (z - 2) * (z - 2)
            let expected = alive - distance - 0.001 * v[1] * v[1] - 0.005 * v[2] * v[2]
            // The tip is where the bodies are, which the joints' angles tell to a fraction of a millimetre.
            guard abs(z - 1) > 1e-3 else { return }
            #expect(abs(driver.last.reward - expected) < 2e-3)
            #expect(driver.last.isTerminated == (z < 1))
        }
    }

    @Test func `the pole gives 1 a step, and nothing in the one that lets it fall`() throws {
        let driver = try Driver("inverted-pendulum")
        try driver.explore(episodes: 5, steps: 1000) {
            guard driver.environment.episodeStep > 0 else { return }
            #expect(driver.last.reward == (abs(driver.observation[1]) > 0.2 ? 0 : 1))
        }
        #expect(driver.last.isTerminated)
    }

    @Test func `the acrobot pays 1 a step until its tip is high`() throws {
        let driver = try Driver("acrobot")
        try driver.reset()
        try driver.step(all: 1)
        #expect(driver.last.reward == -1 && !driver.last.isLast)
        try driver.environment.place(positions: [.pi, 0], velocities: [0, 0])
        try driver.step(all: 0)
        #expect(driver.last.reward == 0 && driver.last.isTerminated)
    }

    @Test func `the reacher pays for distance and effort after the step`() throws {
        let driver = try Driver("reacher")
        var random = RandomStream(seed: 3, name: "actions")
        try driver.reset()
        while !driver.last.isLast {
            let action = [Float(random.uniform(-1, 1)), Float(random.uniform(-1, 1))]
            try driver.step(action)
            let q = driver.environment.reading.jointPositions
            let tip = (0.1 * cos(q[0]) + 0.11 * cos(q[0] + q[1]), 0.1 * sin(q[0]) + 0.11 * sin(q[0] + q[1]))
            let target = (Double(driver.observation[4]), Double(driver.observation[5]))
            let effort = Double(action[0]) * Double(action[0]) + Double(action[1]) * Double(action[1])
            let expected = -hypot(tip.0 - target.0, tip.1 - target.1) - effort
            #expect(abs(driver.last.reward - expected) < 1e-4)
        }
    }

    @Test func `torques cost what the motor was commanded, offset and range included`() throws {
        var scene = try ShippedScenes.load("pendulum")
        (scene.actuators[0].offset, scene.actuators[0].range) = (0.5, -1...1.5)
        let driver = try Driver(scene)
        let index = try #require(scene.reward.firstIndex { $0.name == "joint_torques_l2" })
        try driver.reset()
        for (action, effort) in [(Float(0), 0.5), (1, 1.5), (-1, -1), (0.25, 1)] {
            try driver.step([action])
            #expect(abs(driver.environment.rewardTerms[index] + 0.001 * effort * effort) < 1e-12)
        }
    }

    @Test func `the quadruped is rewarded by legged_gym's formulas`() throws {
        var scene = try ShippedScenes.load("everything")
        scene.randomisation.push = nil
        scene.termination = []
        let driver = try Driver(scene)
        let names = driver.environment.observationSpace.elements.map(\.name)
        let first = try #require(names.firstIndex(of: "velocity_commands.lin_vel_x"))
        var random = RandomStream(seed: 4, name: "actions")
        try driver.reset()
        var last = [Double](repeating: 0, count: 12)
        var speeds = driver.environment.reading.jointVelocities
        for _ in 0..<60 {
            // The command of a step is the one seen before it.
            let command = (0..<3).map { Double(driver.observation[first + $0]) }
            let action = last.map { _ in Float(random.uniform(-1.2, 1.2)) }
            try driver.step(action)
            let reading = driver.environment.reading
            let back = reading.orientation(ofLink: 0).inverse
            let v = back.rotate(reading.linearVelocity(ofLink: 0))
            let w = back.rotate(reading.angularVelocity(ofLink: 0))
            let down = back.rotate(.init(0, 0, -1))
            let clipped = action.map { Double(max(-1, min(1, $0))) }
            func squares(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }
            let expected = [
                "track_lin_vel_xy_exp": exp(-squares([command[0] - v.x, command[1] - v.y]) / 0.25),
                "track_ang_vel_z_exp": 0.5 * exp(-squares([command[2] - w.z]) / 0.25),
                "lin_vel_z_l2": -2 * v.z * v.z,
                "ang_vel_xy_l2": -0.05 * squares([w.x, w.y]),
                "flat_orientation_l2": -0.5 * squares([down.x, down.y]),
                "joint_torques_l2": -0.0002 * squares(reading.jointEfforts),
                "joint_acc_l2": -2.5e-7
                    * squares(zip(reading.jointVelocities, speeds).map { ($0 - $1) / 0.02 }),
                "action_rate_l2": -0.01 * squares(zip(clipped, last).map { $0 - $1 }),
            ]
            for (term, value) in zip(scene.reward, driver.environment.rewardTerms) {
                guard let known = expected[term.name] else { continue }
                #expect(abs(value - known) < 1e-6 * max(1, abs(known)), "\(term.name)")
            }
            last = clipped
            speeds = reading.jointVelocities
        }
    }
}

/// Rewards of contacts: against the forces on the links' bodies, of which each has one shape that touches here.
struct ContactRewardTests {
    @Test(arguments: [false, true])
    func `feet are rewarded for their time in the air when they land, but not while told to stand`(
        isStanding: Bool
    ) throws {
        var scene = try ShippedScenes.load("everything").withoutChance
        scene.commands?.linearVelocityX = 0.5...0.5
        scene.commands?.standingFraction = isStanding ? 1 : 0
        scene.start.base.position.z += 0.3
        let index = try #require(scene.reward.firstIndex { $0.name == "feet_air_time" })
        let written = Setting(encoding: scene.reward[index].term)
        let feet = scene.frames(written["links"])
        let threshold = written["threshold"]?.number
        #expect(feet.count == 4 && threshold == 0.2)
        let driver = try Driver(scene)
        try driver.reset()
        var airTime = feet.map { _ in 0.0 }
        var (landings, total) = (0, 0.0)
        for step in 1...60 {
            try driver.step(all: 0)
            var expected = 0.0
            for (foot, frame) in feet.enumerated() {
                airTime[foot] += 0.02
                guard driver.environment.reading.contactForce(onLink: frame.link).length > 1 else { continue }
                if airTime[foot] > 0.03 {
                    landings += 1
                    if !isStanding { expected += airTime[foot] - 0.2 }
                }
                airTime[foot] = 0
            }
            let reward = driver.environment.rewardTerms[index]
            #expect(abs(reward - scene.reward[index].weight * expected) < 1e-9, "step \(step)")
            total += abs(reward)
        }
        #expect(landings >= 4 && (total > 0.1) != isStanding)
        #expect(driver.environment.reading.position(ofLink: 0).z > 0.2)
    }

    @Test func `each link that touches what it should not counts`() throws {
        var scene = try ShippedScenes.load("everything").withoutChance
        let index = try #require(scene.reward.firstIndex { $0.name == "undesired_contacts" })
        let written = Setting(encoding: scene.reward[index].term)
        let links = scene.frames(written["links"])
        let threshold = try #require(written["threshold"]?.number)
        scene.start.base.position.z += 0.2
        scene.start.base.orientation = Quaternion(angle: .pi / 2, about: .init(1, 0, 0))
        let driver = try Driver(scene)
        try driver.reset()
        var random = RandomStream(seed: 5, name: "actions")
        var counts: Set<Int> = []
        for step in 0..<200 {
            try driver.step(using: &random)
            let touching = links.filter {
                driver.environment.reading.contactForce(onLink: $0.link).length > threshold
            }
            counts.insert(touching.count)
            #expect(
                driver.environment.rewardTerms[index] == scene.reward[index].weight * Double(touching.count),
                "step \(step)")
        }
        #expect(counts.count > 1)
    }
}

extension SimulatedEnvironment {
    /// The origin of the root's frame from the centre of mass of its link: another way to it than the reading.
    fileprivate var centerOfRoot: Vector3 {
        let center = (try? world.centerOfMass(ofLink: 0)) ?? Vector3(.nan, .nan, .nan)
        let turn = reading.orientation(ofLink: 0)
        return center - turn.rotate(scene.robot.root.properties.centerOfMass)
    }
}
