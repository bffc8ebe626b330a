// SPDX-License-Identifier: MIT

import Environments
import Scenes
import Testing

/// What every scene in Scenes/ keeps when its state is saved and restored.
struct SavedStateTests {
    @Test(arguments: ShippedScenes.names)
    func `a state restored in mid-episode repeats the rest, bit for bit`(name: String) throws {
        // No terminations, so that episodes are long enough for everything that a scene does in time.
        var scene = try ShippedScenes.load(name)
        scene.termination = []
        try checkRestoring(scene, at: 30, steps: 60)
    }

    @Test(arguments: ShippedScenes.names)
    func `a state restored before an episode's end repeats the next episode too`(name: String) throws {
        var scene = try ShippedScenes.load(name)
        scene.episodeSteps = 40
        try checkRestoring(scene, at: 5, steps: 90)
    }

    @Test func `latency, commands and pushes go on from a restored state`() throws {
        var scene = try ShippedScenes.load("everything")
        scene.termination = []
        scene.randomisation.latency = 1...11
        scene.randomisation.push?.every = 0.5
        scene.commands?.resampleTime = 0.3
        for step in 20..<32 { try checkRestoring(scene, at: step, steps: 40) }
    }

    @Test(arguments: ShippedScenes.names)
    func `damaged bytes are refused and change nothing`(name: String) throws {
        let driver = try Driver(name)
        try driver.reset()
        try driver.step(all: 0.2)
        let saved = try driver.environment.saveState()
        try driver.step(all: -0.4)
        let before = try driver.environment.saveState()
        #expect(before != saved)
        var damaged = [[], [0], Array(saved.dropLast()), saved + [0], Array(saved.dropFirst())]
        damaged += [Array(saved.prefix(saved.count / 2)), Array(repeating: 0, count: saved.count)]
        damaged += [Array(repeating: 255, count: saved.count)]
        for index in stride(from: 0, to: saved.count, by: saved.count > 1500 ? 7 : 1) {
            var bytes = saved
            bytes[index] ^= UInt8(1 << (index % 8))
            damaged.append(bytes)
        }
        for (number, bytes) in damaged.enumerated() {
            let error = #expect(throws: SimulationError.self) { try driver.environment.restoreState(bytes) }
            guard case .state = error else {
                Issue.record("damage \(number): \(String(describing: error))")
                return
            }
        }
        #expect(try driver.environment.saveState() == before)
        try driver.environment.restoreState(saved)
        #expect(try driver.environment.saveState() == saved)
    }

    @Test func `a state of another scene is refused`() throws {
        let drivers = try ShippedScenes.names.map { try Driver($0) }
        for driver in drivers { try driver.reset() }
        for driver in drivers {
            for other in drivers where other !== driver {
                let state = try other.environment.saveState()
                let before = try driver.environment.saveState()
                #expect(throws: SimulationError.self) { try driver.environment.restoreState(state) }
                #expect(try driver.environment.saveState() == before)
            }
        }
    }

    /// Saves at a step and goes on; then repeats it in place, and in an environment that has lived otherwise.
    private func checkRestoring(_ scene: Scene, at step: Int, steps: Int) throws {
        let driver = try Driver(scene, seed: 21)
        var random = RandomStream(seed: 22, name: "actions")
        try driver.reset()
        for _ in 0..<step { try driver.next(&random) }
        let state = try driver.environment.saveState()
        let actions = random
        let trace = try driver.trace(steps, &random)
        let end = try driver.environment.saveState()

        let fresh = try Driver(scene, seed: 23)
        var others = RandomStream(seed: 24, name: "actions")
        try fresh.reset()
        for _ in 0..<7 { try fresh.next(&others) }
        for other in [driver, fresh] {
            random = actions
            try other.environment.restoreState(state)
            #expect(try other.environment.saveState() == state)
            #expect(try other.trace(steps, &random) == trace)
            #expect(try other.environment.saveState() == end)
        }
    }
}

extension Driver {
    /// A random step, or the next episode after the last step of one.
    fileprivate func next(_ random: inout RandomStream) throws {
        if environment.isEpisodeOver { try reset() } else { try step(using: &random) }
    }

    /// The bits of all that the next steps give.
    fileprivate func trace(_ steps: Int, _ random: inout RandomStream) throws -> [[UInt64]] {
        try (0..<steps).map { _ in
            try next(&random)
            return observation.map { UInt64($0.bitPattern) } + [last.reward.bitPattern]
                + [last.isTerminated ? 1 : 0, last.isTruncated ? 1 : 0, last.isDiverged ? 1 : 0]
        }
    }
}
