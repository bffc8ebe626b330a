// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Scenes
import Testing

/// What every scene in Scenes/ keeps, whatever its task.
@Suite struct SceneSuiteTests {
    @Test(arguments: ShippedScenes.names)
    func `spaces match what is written`(name: String) throws {
        let driver = try Driver(name)
        let elements = driver.environment.observationSpace.elements
        #expect(!elements.isEmpty)
        #expect(Set(elements.map(\.name)).count == elements.count)
        #expect(elements.allSatisfy { !$0.name.isEmpty && !$0.unit.isEmpty && $0.low < $0.high })
        #expect(driver.environment.actionSpace.count == driver.environment.actuators.count)
        #expect(Set(driver.environment.actuators.map(\.name)).count == driver.environment.actuators.count)
        #expect(driver.environment.actuators.allSatisfy { $0.low < $0.high && $0.scale != 0 })
        #expect(driver.environment.timing.controlPeriod == driver.scene.physics.controlPeriod)
        try driver.explore(episodes: 3, steps: 300) {
            for (value, element) in zip(driver.observation, elements) {
                // Rounding to single precision may pass a bound by its last digit.
                let slack = 1e-6 * max(1, abs(Double(value)))
                #expect(
                    value.isFinite && Double(value) >= element.low - slack
                        && Double(value) <= element.high + slack, "\(element.name) is \(value)")
            }
        }
    }

    @Test(arguments: ShippedScenes.names)
    func `every element of the observation changes within an episode`(name: String) throws {
        // Commands and targets are drawn once per episode or every few seconds; the rest changes from step to step.
        let driver = try Driver(name)
        let elements = driver.environment.observationSpace.elements
        var lowest = [Float](repeating: .infinity, count: elements.count)
        var highest = [Float](repeating: -.infinity, count: elements.count)
        try driver.explore(episodes: 4, steps: 100) {
            for index in elements.indices {
                lowest[index] = min(lowest[index], driver.observation[index])
                highest[index] = max(highest[index], driver.observation[index])
            }
        }
        for (index, element) in elements.enumerated() {
            // A command that is always the same is told to the policy all the same, so that a curriculum or a person can widen it.
            if element.name.hasPrefix("velocity_commands.") { continue }
            // An object stands still where random actions do not reach it.
            if element.name.hasPrefix("object_velocity.") { continue }
            let change = highest[index] - lowest[index]
            #expect(change > 1e-5 * max(1, abs(highest[index])), "\(element.name) stays \(lowest[index])")
        }
    }

    @Test(arguments: ShippedScenes.names)
    func `an action beyond 1 does what 1 does, bit for bit`(name: String) throws {
        var scene = try ShippedScenes.load(name)
        scene.termination = []
        let (within, beyond) = (try Driver(scene), try Driver(scene))
        try within.reset()
        try beyond.reset()
        var random = RandomStream(seed: 3, name: "signs")
        for step in 0..<40 {
            let signs: [Float] = scene.actuators.map { _ in random.uniform() < 0.5 ? -1 : 1 }
            try within.step(signs)
            try beyond.step(signs.map { $0 * [5, 1.0001, 3e38][step % 3] })
            #expect(within.isSame(as: beyond), "step \(step)")
            if within.last.isLast { break }
        }
        #expect(try within.environment.saveState() == beyond.environment.saveState())
    }

    @Test(arguments: ShippedScenes.names)
    func `the same seed gives the same bits and another seed others`(name: String) throws {
        let (first, second, other) = (
            try Driver(name, seed: 11), try Driver(name, seed: 11), try Driver(name, seed: 12)
        )
        var random = RandomStream(seed: 4, name: "actions")
        for episode in 0..<3 {
            for driver in [first, second, other] { try driver.reset() }
            #expect(first.observation == second.observation, "episode \(episode)")
            #expect(first.observation != other.observation, "episode \(episode)")
            while !first.last.isLast, first.environment.episodeStep < 150 {
                let action = first.environment.actuators.map { _ in Float(random.uniform(-1, 1)) }
                try first.step(action)
                try second.step(action)
                #expect(first.isSame(as: second))
            }
        }
    }

    @Test(arguments: ShippedScenes.names)
    func `setting the random stream again repeats an episode`(name: String) throws {
        let driver = try Driver(name)
        var random = RandomStream(seed: 5, name: "actions")
        var episodes: [[[Float]]] = []
        for _ in 0..<2 {
            driver.environment.random = RandomStream(seed: 99, .evaluation)
            var actions = RandomStream(seed: 6, name: "actions")
            try driver.reset()
            var seen = [driver.observation]
            while !driver.last.isLast, seen.count < 60 {
                try driver.step(using: &actions)
                seen.append(driver.observation)
            }
            episodes.append(seen)
            // Whatever happened before the stream was set must not matter: not the masses of the last episode either.
            try driver.reset()
            for _ in 0..<20 where !driver.last.isLast { try driver.step(using: &random) }
        }
        #expect(episodes[0] == episodes[1])
    }

    @Test(arguments: ShippedScenes.names)
    func `the reward is the sum of its terms, and each of them counts`(name: String) throws {
        var scene = try ShippedScenes.load(name)
        var isAlwaysZero = scene.reward.map { _ in true }
        // Once as it is, once from its side and going on where the task has failed.
        for _ in 0..<2 {
            let driver = try Driver(scene)
            try driver.explore(episodes: 3, steps: 150) {
                guard driver.environment.episodeStep > 0, !driver.last.isDiverged else { return }
                let terms = driver.environment.rewardTerms
                #expect(terms.count == driver.scene.reward.count)
                #expect(terms.reduce(0, +) == driver.last.reward)
                for index in terms.indices where terms[index] != 0 { isAlwaysZero[index] = false }
            }
            scene.termination = []
            guard scene.base == .floating else { continue }
            scene.start.base.position.z += 0.2
            scene.start.base.orientation = Quaternion(angle: .pi / 2, about: .init(1, 0, 0))
        }
        for (term, isZero) in zip(scene.reward, isAlwaysZero) {
            #expect(!isZero, "\(term.name) never counts")
        }
    }

    @Test(arguments: ShippedScenes.names)
    func `ten thousand random and extreme actions leave it alive and finite`(name: String) throws {
        let driver = try Driver(name)
        let count = driver.environment.actuators.count
        var random = RandomStream(seed: 8, name: "actions")
        var diverged = 0
        try driver.reset()
        for step in 0..<10_000 {
            switch step / 500 % 5 {
            case 0: try driver.step(all: 1)
            case 1: try driver.step(all: -1)
            case 2: try driver.step(all: step % 2 == 0 ? 1 : -1)
            case 3: try driver.step((0..<count).map { ($0 + step) % 2 == 0 ? 1e30 : -1e30 })
            default: try driver.step(using: &random)
            }
            if !driver.observation.allSatisfy(\.isFinite) || !driver.last.reward.isFinite {
                Issue.record("step \(step): \(driver.observation), reward \(driver.last.reward)")
                return
            }
            if driver.last.isDiverged { diverged += 1 }
            if driver.last.isLast { try driver.reset() }
        }
        #expect(diverged == 0)
    }

    @Test(arguments: ShippedScenes.names, [Float.nan, .infinity, -.infinity])
    func `an action that is no number is refused and nothing moves`(name: String, value: Float) throws {
        let driver = try Driver(name)
        try driver.reset()
        try driver.step(all: 0.3)
        let count = driver.environment.actuators.count
        for index in 0..<count {
            let before = try driver.environment.saveState()
            let observation = driver.observation
            var action = [Float](repeating: 0.5, count: count)
            action[index] = value
            #expect(throws: SimulationError.actionNotFinite(index: index)) { try driver.step(action) }
            #expect(try driver.environment.saveState() == before)
            #expect(driver.observation == observation)
        }
        try driver.step(all: 0)
    }
}

extension Driver {
    /// Random actions over some episodes, each cut after some steps; `body` sees the start and every step.
    func explore(episodes: Int, steps: Int, _ body: () throws -> Void) throws {
        var random = RandomStream(seed: 2, name: "actions")
        for _ in 0..<episodes {
            try reset()
            try body()
            while !last.isLast, environment.episodeStep < steps {
                try step(using: &random)
                try body()
            }
        }
    }

    /// Whether another environment gave the same bits in its last step.
    func isSame(as other: Driver) -> Bool {
        observation.map(\.bitPattern) == other.observation.map(\.bitPattern) && last == other.last
            && environment.rewardTerms == other.environment.rewardTerms
    }
}
