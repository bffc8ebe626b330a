// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Geometry
import Physics
import Robots
import Scenes
import Testing

/// Random actions in every scene under both solvers for a long time: `make soak` does a million control steps of each.
@Suite(.serialized)
struct SoakTests {
    static let asked = ProcessInfo.processInfo.environment["SINEW_SOAK_STEPS"].flatMap(Int.init)
    static let steps = asked ?? 300

    @Test(arguments: ShippedScenes.names, [Solver.ode, .articulated])
    func `random actions never lead a scene out of its numbers`(name: String, solver: Solver) throws {
        var scene = try ShippedScenes.load(name)
        scene.physics.solver = solver
        if solver == .ode { scene = scene.withExactLaws }
        let driver = try Driver(scene)
        var random = RandomStream(seed: 1, .exploration)
        var soak = Soak()
        let (start, memory) = (ContinuousClock.now, Soak.memory)
        try driver.reset()
        for _ in 0..<Self.steps {
            try driver.step(using: &random)
            soak.note(driver)
            if driver.last.isLast { try driver.reset() }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let growth = Soak.memory - memory
        if Self.asked != nil {
            let figures = [Self.steps, soak.episodes, soak.divergences].map(String.init)
            let row = [name, solver.rawValue] + figures
            let rest = [soak.joint, soak.link, seconds, growth].map(\.short)
            try FileHandle.standardOutput.write(
                contentsOf: Data("| \((row + rest).joined(separator: " | ")) |\n".utf8))
        }
        #expect(soak.divergences == 0)
        #expect(soak.isFinite)
        // Beside other tests the process grows by theirs.
        if Self.asked != nil { #expect(growth < 32) }
    }
}

/// What happened in a soak.
private struct Soak {
    var episodes = 0
    var divergences = 0
    var isFinite = true
    /// The largest speeds of a joint (rad/s, m/s) and of a link (m/s).
    var joint = 0.0
    var link = 0.0

    mutating func note(_ driver: Driver) {
        if driver.last.isLast { episodes += 1 }
        guard !driver.last.isDiverged else {
            divergences += 1
            return
        }
        isFinite = isFinite && driver.last.reward.isFinite && driver.observation.allSatisfy(\.isFinite)
        let reading = driver.environment.reading
        for index in driver.scene.robot.joints.indices {
            joint = max(joint, abs(reading.velocity(ofJoint: index)))
        }
        // The root of a fixed base is no body.
        let bodies = driver.scene.robot.links.count - (driver.scene.base == .fixed ? 1 : 0)
        for index in 0..<bodies {
            link = max(link, reading.linearVelocity(ofLink: index).length)
        }
    }

    /// What of the process is in memory, MB; 0 where the system does not say.
    static var memory: Double {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        else { return 0 }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
    }
}

extension Double {
    fileprivate var short: String { String(format: "%.3g", self) }
}
