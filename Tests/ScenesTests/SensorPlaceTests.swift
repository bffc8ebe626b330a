// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Physics
import Robots
import Scenes
import Testing

/// Sensors on other links than the root, and what is at the ends of their ranges.
extension SensorTests {
    /// A foot hangs 0.2 m below its calf's joint: it turns and is thrown about with the calf.
    @Test func `sensors on a foot feel what the foot does`() throws {
        let driver = try Driver(
            scene("{term: imu_ang_vel, link: FL_foot}, {term: imu_lin_acc, link: FL_foot}"))
        let foot = try #require(driver.scene.robot.frame(named: "FL_foot"))
        var last = Vector3.zero
        var greatest = 0.0
        try driver.reset()
        for step in 0..<20 {
            try driver.step(all: step % 6 < 3 ? 0.8 : -0.8)
            let reading = driver.environment.reading
            let (turn, spin) = (
                reading.orientation(ofLink: foot.link), reading.angularVelocity(ofLink: foot.link)
            )
            let velocity =
                reading.linearVelocity(ofLink: foot.link) + spin.cross(turn.rotate(foot.pose.position))
            let back = (turn * foot.pose.orientation).inverse
            let rate = back.rotate(spin)
            let felt = back.rotate(50 * (velocity - last) + Vector3(0, 0, 9.81))
            for (value, expected) in zip(driver.observation, rate.components + felt.components) {
                #expect(abs(Double(value) - expected) < 1e-5 * max(1, abs(expected)), "step \(step)")
            }
            greatest = max(greatest, (spin - reading.angularVelocity(ofLink: 0)).length)
            last = velocity
        }
        #expect(greatest > 1)
    }

    @Test func `of a fan the outer rays are half of its angle off the x axis, and one ray alone is on it`()
        throws
    {
        let walls = "obstacles: [{size: [0.2, 20, 20], position: [3.1, 0, 0]}]"
        let slant = 3 / 0.8775825618903728  // cos of 0.5
        for (rays, distances) in [(3, [slant, 3, slant]), (1, [3])] {
            let fan = try Driver(
                scene("{term: ray_distances, link: trunk, rays: \(rays), fov: 1}", surroundings: walls))
            for (value, expected) in zip(try look(fan, Vector3(0, 0, 2)), distances) {
                #expect(abs(value - expected) < 1e-5)
            }
        }
    }

    @Test func `a delay has its least, too`() throws {
        let plain = try Driver(scene("{term: joint_positions}"))
        let driver = try Driver(scene("{term: joint_positions, delay: [2, 3]}"))
        var random = RandomStream(seed: 3, name: "actions")
        var delays: Set<Int> = []
        for _ in 0..<20 {
            var again = random
            try plain.reset()
            try driver.reset()
            var seen: [[Float]] = []
            for _ in 0..<8 {
                try plain.step(using: &random)
                try driver.step(using: &again)
                seen.insert(plain.observation, at: 0)
            }
            delays.insert(try #require(seen.firstIndex(of: driver.observation)))
        }
        #expect(delays == [2, 3])
    }
}
