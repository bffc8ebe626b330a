// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Testing

struct ResetTests {
    static let count = 2000

    @Test(arguments: ShippedScenes.names)
    func `the noise of the start is what the scene declares`(name: String) throws {
        let driver = try Driver(name)
        let scene = driver.scene
        let joints = scene.robot.joints
        var positions = joints.map { _ in [Double]() }
        var velocities = positions
        var base = BaseSamples()
        for _ in 0..<Self.count {
            try driver.reset()
            let reading = driver.environment.reading
            for index in joints.indices {
                positions[index].append(reading.jointPositions[index] - scene.start.joints[index])
                velocities[index].append(reading.jointVelocities[index])
            }
            if scene.base != .fixed { base.add(reading, scene) }
        }
        for (index, joint) in joints.enumerated() {
            let start = scene.start.joints[index]
            if start - 0.1 < joint.lower ?? -.infinity || start + 0.1 > joint.upper ?? .infinity {
                // Noise beyond a stop is mirrored at it: the ant's ankles start at theirs.
                let (low, high) = (joint.lower ?? -.infinity, joint.upper ?? .infinity)
                #expect(
                    positions[index].allSatisfy { start + $0 >= low && start + $0 <= high }, "\(joint.name)")
                continue
            }
            check(
                positions[index], scene.reset.jointPositions[index], around: scene.start.joints[index],
                "position of \(joint.name)")
            check(velocities[index], scene.reset.jointVelocities[index], "velocity of \(joint.name)")
        }
        guard scene.base != .fixed else { return }
        let isPlanar = scene.base == .planar
        for axis in [0, 1, 2] where !isPlanar || axis != 1 {
            check(base.position[axis], scene.reset.basePosition, "base position \(axis)")
            check(base.velocity[axis], scene.reset.baseLinearVelocity, "base velocity \(axis)")
            guard !isPlanar else { continue }
            check(base.rate[axis], scene.reset.baseAngularVelocity, "base rate \(axis)")
            // A turn about z and the heading cannot be told apart, where both are drawn.
            if axis == 2, scene.reset.baseYaw != .none { continue }
            // Where a heading is drawn too, what is left of the turn without it differs in the second order, and by the tilt of the start.
            let slack = scene.reset.baseYaw == .none ? 1e-9 : 5e-4
            check(base.turn[axis], scene.reset.baseOrientation, "base orientation \(axis)", slack: slack)
        }
        if isPlanar {
            check(base.pitch, scene.reset.baseOrientation, "pitch")
            check(base.rate[1], scene.reset.baseAngularVelocity, "pitch rate")
        } else if scene.reset.baseOrientation == .none || scene.reset.baseOrientation.isNarrow {
            check(base.heading, scene.reset.baseYaw, "heading", slack: 0.05)
        }
    }

    @Test(arguments: [
        ("quadruped", "rpy: [0, -0.02109, 0]", "rpy: [0.2, -0.3, 0.5]"),
        ("hopper", "start: {position: [0, 0, 1.25]}", "start: {position: [0, 0, 1.25], rpy: [0, -0.1, 0]}"),
        ("inverted-pendulum", "episode:", "start: {rpy: [0.2, -0.3, 0.5]}\nepisode:"),
    ])
    func `the base starts turned as the scene says`(name: String, old: String, new: String) throws {
        let file = "\(ShippedScenes.folder)/Scenes/\(name).yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try #require(text.contains(old))
        let driver = try Driver(Scene(yaml: text.replacing(old, with: new), file: file).withoutChance)
        try driver.reset()
        let turn = driver.environment.reading.orientation(ofLink: 0)
        // URDF's order: roll about x, then pitch about the fixed y, then yaw about the fixed z.
        let (roll, pitch, yaw) = name == "hopper" ? (0, -0.05, 0) : (0.1, -0.15, 0.25)
        let expected = [
            cos(roll) * cos(pitch) * cos(yaw) + sin(roll) * sin(pitch) * sin(yaw),
            sin(roll) * cos(pitch) * cos(yaw) - cos(roll) * sin(pitch) * sin(yaw),
            cos(roll) * sin(pitch) * cos(yaw) + sin(roll) * cos(pitch) * sin(yaw),
            cos(roll) * cos(pitch) * sin(yaw) - sin(roll) * sin(pitch) * cos(yaw),
        ]
        for (number, wanted) in zip([turn.w, turn.x, turn.y, turn.z], expected) {
            #expect(abs(number - wanted) < 1e-12)
        }
        #expect(abs(driver.scene.start.pitch - 2 * pitch) < 1e-12)
    }

    @Test func `noise on positions reaches the base of a hopper too`() throws {
        let driver = try Driver("hopper")
        #expect(driver.scene.reset.basePosition == .uniform(low: -0.005, high: 0.005))
        #expect(driver.scene.reset.baseOrientation == .uniform(low: -0.005, high: 0.005))
        #expect(driver.scene.reset.baseAngularVelocity == .uniform(low: -0.005, high: 0.005))
        for _ in 0..<200 {
            try driver.reset()
            #expect(abs(driver.observation[0] - 1.25) < 0.0050001)
            #expect(driver.observation[1] != 0 && abs(driver.observation[1]) < 0.0050001)
        }
    }

    @Test func `the reacher's targets fill their disc evenly`() throws {
        let driver = try Driver("reacher")
        let names = driver.environment.observationSpace.elements.map(\.name)
        let x = try #require(names.firstIndex(of: "target_position.x"))
        var squares: [Double] = []
        var xs: [Double] = []
        for _ in 0..<Self.count {
            try driver.reset()
            let target = (Double(driver.observation[x]), Double(driver.observation[x + 1]))
            squares.append(target.0 * target.0 + target.1 * target.1)
            xs.append(target.0)
        }
        // By area: the square of the distance is uniform.
        check(squares, .uniform(low: 0, high: 0.04), "square of the distance", slack: 1e-6)
        #expect(abs(xs.mean) < 0.01)
    }

    @Test func `the quadruped's commands fill their ranges, and some are to stand`() throws {
        let driver = try Driver("everything")
        let names = driver.environment.observationSpace.elements.map(\.name)
        let first = try #require(names.firstIndex(of: "velocity_commands.lin_vel_x"))
        var commands: [[Double]] = [[], [], []]
        var standing = 0
        for _ in 0..<Self.count {
            try driver.reset()
            let command = (0..<3).map { Double(driver.observation[first + $0]) }
            if command == [0, 0, 0] {
                standing += 1
            } else {
                for index in 0..<3 { commands[index].append(command[index]) }
            }
        }
        check(commands[0], .uniform(low: -0.6, high: 1), "forward", slack: 1e-6)
        check(commands[1], .uniform(low: -0.4, high: 0.4), "sideways", slack: 1e-6)
        check(commands[2], .uniform(low: -1, high: 1), "turning", slack: 1e-6)
        #expect(abs(Double(standing) / Double(Self.count) - 0.1) < 0.035)
    }

    /// Checks range, mean and spread: 5 standard errors, and the ends of a range to a hundredth of it.
    private func check(
        _ samples: [Double], _ distribution: Distribution, around start: Double = 0, _ what: String,
        slack: Double = 1e-9
    ) {
        let root = Double(samples.count).squareRoot()
        switch distribution {
        case .none: #expect(samples.allSatisfy { abs($0) <= slack }, "\(what)")
        case .normal(let deviation):
            #expect(abs(samples.mean) <= 5 * deviation / root + slack, "\(what)")
            #expect(abs(samples.deviation - deviation) <= 5 * 0.71 * deviation / root + slack, "\(what)")
        case .scale(let low, let high):
            let ends = [start * (low - 1), start * (high - 1)]
            check(samples, .uniform(low: min(ends[0], ends[1]), high: max(ends[0], ends[1])), what)
        case .uniform(let low, let high):
            let (least, most) = (samples.min() ?? .nan, samples.max() ?? .nan)
            let width = high - low
            #expect(least >= low - slack && most <= high + slack, "\(what): \(least) to \(most)")
            #expect(
                least <= low + 0.01 * width + slack && most >= high - 0.01 * width - slack,
                "\(what): \(least) to \(most)")
            #expect(abs(samples.mean - (low + high) / 2) <= 5 * 0.29 * width / root + slack, "\(what)")
            let deviation = width / 12.0.squareRoot()
            #expect(abs(samples.deviation - deviation) <= 5 * 0.45 * deviation / root + slack, "\(what)")
        }
    }
}

/// Where bases were put, against the scene's start.
private struct BaseSamples {
    var position = [[Double](), [], []]
    var velocity = [[Double](), [], []]
    /// In the base's frame.
    var rate = [[Double](), [], []]
    /// The rotation vector in the base's frame, of a rotation that has no heading where a heading is drawn.
    var turn = [[Double](), [], []]
    var pitch: [Double] = []
    var heading: [Double] = []

    mutating func add(_ reading: WorldReading, _ scene: Scene) {
        let start = scene.start.base.position.components
        let orientation = reading.orientation(ofLink: 0)
        let angular = reading.angularVelocity(ofLink: 0)
        let own = orientation.inverse.rotate(angular).components
        let forward = orientation.rotate(.init(1, 0, 0))
        heading.append(atan2(forward.y, forward.x))
        pitch.append(2 * atan2(orientation.y, orientation.w) - scene.start.pitch)
        var turned = orientation
        if scene.reset.baseYaw != .none {
            // Less the turn about the world's z axis that leaves none.
            turned =
                Quaternion(angle: -2 * atan2(orientation.z, orientation.w), about: .init(0, 0, 1)) * turned
        }
        turned = scene.start.base.orientation.inverse * turned
        let half = max(-1, min(1, abs(turned.w)))
        let length = 2 * acos(half)
        let sine = (1 - half * half).squareRoot()
        let factor = (turned.w < 0 ? -1.0 : 1.0) * (sine > 1e-12 ? length / sine : 2)
        for axis in 0..<3 {
            position[axis].append(reading.position(ofLink: 0).components[axis] - start[axis])
            velocity[axis].append(reading.linearVelocity(ofLink: 0).components[axis])
            rate[axis].append(own[axis])
            turn[axis].append(factor * [turned.x, turned.y, turned.z][axis])
        }
    }
}

extension Distribution {
    /// Whether it hardly turns anything.
    fileprivate var isNarrow: Bool {
        if case .uniform(let low, let high) = self { return max(-low, high) <= 0.05 }
        return false
    }
}

extension [Double] {
    fileprivate var mean: Double { reduce(0, +) / Double(count) }

    fileprivate var deviation: Double {
        let mean = mean
        return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot()
    }
}
