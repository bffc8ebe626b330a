// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Scenes
import Settings
import Testing

/// Commands with a least speed.
struct VelocityCommandTests {
    @Test func `a command below the least speed only turns`() throws {
        let drawn = try Self.draws { $0.leastSpeed = 0.3 }
        let plain = try Self.draws { _ in }
        #expect(drawn.count == plain.count)
        for (command, before) in zip(drawn, plain) {
            let isSlow = before.x * before.x + before.y * before.y < 0.3 * 0.3
            #expect(command == (isSlow ? Vector3(0, 0, before.z) : before))
        }
        let slow = drawn.count { $0.x == 0 && $0.y == 0 }
        // The disc's share of the rectangle.
        let share = Double.pi * 0.09 / (1.6 * 0.8)
        #expect(abs(Double(slow) / Double(drawn.count) - share) < 0.04)
        #expect(drawn.filter { $0.x == 0 }.contains { abs($0.z) > 0.5 })
    }

    @Test func `or it is drawn again, and the turn with it`() throws {
        let drawn = try Self.draws {
            $0.leastSpeed = 0.3
            $0.slower = .redraw
        }
        #expect(drawn.allSatisfy { $0.x * $0.x + $0.y * $0.y >= 0.09 })
        let mean = drawn.reduce(0.0) { $0 + $1.z } / Double(drawn.count)
        #expect(abs(mean) < 0.06)
    }

    @Test func `those that are to stand still stand, whatever the least speed`() throws {
        let drawn = try Self.draws {
            $0.leastSpeed = 0.3
            $0.slower = .redraw
            $0.standingFraction = 0.25
        }
        let standing = drawn.count { $0 == .zero }
        #expect(abs(Double(standing) / Double(drawn.count) - 0.25) < 0.05)
    }

    @Test func `a least speed that is next to never reached stands in the end`() throws {
        let drawn = try Self.draws(count: 3) {
            $0.linearVelocityX = 0...0.5
            $0.linearVelocityY = 0...0
            $0.leastSpeed = 0.4999999999
            $0.slower = .redraw
        }
        #expect(drawn.allSatisfy { $0.x == 0 && $0.y == 0 })
    }

    private static func draws(
        count: Int = 2000, _ change: (inout CommandSettings) -> Void
    ) throws -> [Vector3] {
        var scene = try ShippedScenes.load("everything").withoutChance
        scene.commands?.standingFraction = 0
        if var commands = scene.commands {
            change(&commands)
            scene.commands = commands
        }
        let driver = try Driver(scene)
        return try (0..<count).map { _ in
            try driver.reset()
            return driver.command
        }
    }
}

extension Driver {
    /// The command that the robot sees.
    var command: Vector3 {
        let names = environment.observationSpace.elements.map(\.name)
        guard let first = names.firstIndex(of: "velocity_commands.lin_vel_x") else { return .zero }
        return Vector3(
            Double(observation[first]), Double(observation[first + 1]), Double(observation[first + 2]))
    }
}
