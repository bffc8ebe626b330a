// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Testing

/// Terms that need contacts or remember actions, step by step against what physics reads.
struct GaitTermTests {
    static let feet = "links: [FL_foot, FR_foot, RL_foot, RR_foot]"

    @Test func `feet that slide cost their speed squared, feet in the air nothing`() throws {
        let (driver, term) = try WalkingTermTests.driver("{term: foot_slip, \(Self.feet), weight: 1}") {
            scene in
            // On ice, so that it goes on.
            scene.ground?.friction = 0
            scene.start.base.position.z += 0.05
        }
        let frames = ["FL_foot", "FR_foot", "RL_foot", "RR_foot"].compactMap(driver.scene.robot.frame(named:))
        try driver.environment.place(
            base: BaseState(
                position: driver.scene.start.base.position, orientation: driver.scene.start.base.orientation,
                linearVelocity: Vector3(0.4, -0.3, 0), angularVelocity: .zero),
            positions: driver.scene.start.joints, velocities: driver.scene.start.joints.map { _ in 0 })
        var (inAir, sliding) = (0, 0.0)
        for step in 0..<30 {
            try driver.step(all: 0)
            let reading = driver.environment.reading
            var expected = 0.0
            for foot in frames where reading.contactForce(onLink: foot.link).length > 1 {
                let arm = reading.orientation(ofLink: foot.link).rotate(foot.pose.position)
                let spin = reading.angularVelocity(ofLink: foot.link)
                let velocity = reading.linearVelocity(ofLink: foot.link)
                let (x, y) = (
                    velocity.x + spin.y * arm.z - spin.z * arm.y, velocity.y + spin.z * arm.x - spin.x * arm.z
                )
                expected += x * x + y * y
            }
            #expect(abs(try driver.value(of: term) - expected) < 1e-9, "step \(step)")
            if expected == 0 { inAir += 1 }
            sliding = expected
        }
        // Some of four feet at about 0.5 m/s.
        #expect(inAir >= 3 && sliding > 0.3 && sliding < 1.3, "\(inAir), \(sliding)")
    }

    /// What standing on four feet, and hanging in the air, earns in each step of a clock of 0.4 s at 0.02 s a step.
    @Test(arguments: [true, false])
    func `steps in the time of the clock`(stands: Bool) throws {
        for (offsets, stance, share) in [
            ("[0, 0, 0, 0]", 0.5, { (phase: Double) in phase < 0.5 ? 1.0 : 0 }),
            ("[0, 0.5, 0.5, 0]", 0.5, { _ in 0.5 }),
            ("[0, 0.25, 0.5, 0.75]", 0.75, { _ in 0.75 }),
            ("[0.5, 0.5, 0.5, 0.5]", 0.25, { (phase: Double) in phase >= 0.5 && phase < 0.75 ? 1.0 : 0 }),
        ] {
            let text =
                "{term: feet_gait, \(Self.feet), period: 0.4, offsets: \(offsets), stance: \(stance), weight: 1}"
            let (driver, term) = try WalkingTermTests.driver(text) { scene in
                scene.commands?.linearVelocityX = 0.5...0.5
                scene.commands?.standingFraction = 0
                if !stands { scene.start.base.position.z = 50 }
            }
            for step in 1...40 {
                try driver.step(all: 0)
                // Where a part begins, rounding decides.
                guard step % 5 != 0 else { continue }
                let phase = (Double(step) / 20).truncatingRemainder(dividingBy: 1)
                let expected = stands ? share(phase) : 1 - share(phase)
                #expect(abs(try driver.value(of: term) - expected) < 1e-12, "\(offsets), step \(step)")
            }
        }
    }

    @Test func `who is told to stand keeps no time`() throws {
        let text = "{term: feet_gait, \(Self.feet), period: 0.4, offsets: [0, 0, 0, 0], weight: 1}"
        let (driver, term) = try WalkingTermTests.driver(text) { $0.commands?.standingFraction = 1 }
        for _ in 0..<20 {
            try driver.step(all: 0)
            #expect(try driver.value(of: term) == 0)
        }
    }

    @Test func `the action's change of course is of second order, from a rest of zeros`() throws {
        var scene = try ShippedScenes.load("everything").withoutChance
        scene.reward = [
            try WalkingTermTests.read(RewardEntry.format, "{term: action_acc_l2, weight: -0.5}", scene)
        ]
        let driver = try Driver(scene)
        var random = RandomStream(seed: 7, name: "actions")
        for _ in 0..<2 {
            try driver.reset()
            var (last, before) = (Array(repeating: 0.0, count: 12), Array(repeating: 0.0, count: 12))
            for step in 0..<10 {
                let action = last.map { _ in Float(random.uniform(-1.3, 1.3)) }
                try driver.step(action)
                let now = action.map { max(-1, min(1, Double($0))) }
                let squares = now.indices.reduce(0.0) { $0 + pow(now[$1] - 2 * last[$1] + before[$1], 2) }
                #expect(abs(driver.last.reward + 0.5 * squares) < 1e-9, "step \(step)")
                (before, last) = (last, now)
            }
        }
    }

    /// Dropped from 0.3 m, all feet land within a few steps of 0.02 s.
    @Test(arguments: [(0.3, 0.0, 0.1), (0.0, 0.5, 0.1), (0.0, 0.05, 0), (0.3, 0, 10)])
    func `time in the air counts up to a bound, also of who is told to turn`(
        speed: Double, turn: Double, most: Double
    ) throws {
        var scene = try ShippedScenes.load("everything").withoutChance
        scene.commands?.linearVelocityX = speed...speed
        scene.commands?.linearVelocityY = 0...0
        scene.commands?.angularVelocityZ = turn...turn
        scene.commands?.standingFraction = 0
        scene.start.base.position.z += 0.3
        let text = "{term: feet_air_time, \(Self.feet), threshold: 0.02, most: \(max(most, 0.01)), weight: 1}"
        scene.reward = [try WalkingTermTests.read(RewardEntry.format, text, scene)]
        let driver = try Driver(scene)
        try driver.reset()
        var (total, landings, steps) = (0.0, 0, 0.0)
        while landings == 0, steps < 60 {
            try driver.step(all: 0)
            steps += 1
            landings = ["FL_foot", "FR_foot", "RL_foot", "RR_foot"].compactMap(scene.robot.frame(named:))
                .count {
                    driver.environment.reading.contactForce(onLink: $0.link).length > 1
                }
            total += driver.last.reward
        }
        let each = most == 0 ? 0 : min(0.02 * steps, most) - 0.02
        #expect(landings > 0 && steps > 5 && abs(total - Double(landings) * each) < 1e-9)
    }

    @Test func `rewards below nothing are cut off where the scene asks for it`() throws {
        var scene = try ShippedScenes.load("pendulum").withoutChance
        let driver = try Driver(scene)
        scene.onlyPositiveRewards = true
        let cut = try Driver(scene)
        scene.reward = [
            try WalkingTermTests.read(RewardEntry.format, "{term: alive, weight: 2}", scene),
            try WalkingTermTests.read(RewardEntry.format, "{term: action_squared, weight: -8}", scene),
        ]
        let mixed = try Driver(scene)
        for driver in [driver, cut, mixed] { try driver.reset() }
        for action in [Float(0.25), 0.5, 0.75, 1] {
            for driver in [driver, cut, mixed] { try driver.step([action]) }
            #expect(driver.last.reward < 0 && cut.last.reward == 0)
            #expect(cut.environment.rewardTerms == driver.environment.rewardTerms)
            #expect(mixed.last.reward == max(0, 2 - 8 * Double(action) * Double(action)))
        }
    }
}
