// SPDX-License-Identifier: MIT

import Environments
import Scenes
import Testing

/// A curriculum that is saved goes on as if nothing had been, and what it cannot mean is said.
struct CurriculumStateTests {
    private static func scene() throws -> Scene {
        var scene = try CurriculumTests.scene { scene, curriculum in
            curriculum.commands?.above = 0.3
            curriculum.randomisation = .ramp(30, 300)
            curriculum.terrain = .init()
            curriculum.terrain?.up = 0.1
            curriculum.terrain?.down = 0.05
        }
        let rich = try ShippedScenes.load("everything")
        (scene.randomisation, scene.reset) = (rich.randomisation, rich.reset)
        scene.randomisation.push?.every = 0.2
        return scene
    }

    @Test func `a state restored anywhere repeats the rest, bit for bit, the curriculum's figures too`()
        throws
    {
        let scene = try Self.scene()
        for step in [0, 1, 19, 20, 21, 30, 95, 170] {
            let driver = try Driver(scene, seed: 31)
            driver.environment.followCurriculum(among: 2)
            var random = RandomStream(seed: 32, name: "actions")
            try driver.reset()
            for _ in 0..<step { try driver.next(&random) }
            let (state, actions) = (try driver.environment.saveState(), random)
            let trace = try driver.trace(150, &random)
            // One that follows nothing yet takes the curriculum with the state.
            let fresh = try Driver(scene, seed: 33)
            for other in [driver, fresh] {
                random = actions
                try other.environment.restoreState(state)
                #expect(try other.environment.saveState() == state)
                #expect(try other.trace(150, &random) == trace, "step \(step)")
            }
            #expect(Set(trace.map { $0.suffix(3) }).count > 3)
        }
    }

    @Test func `a state is of a scene with the same curriculum`() throws {
        let with = try Driver(Self.scene())
        var scene = try Self.scene()
        scene.curriculum = nil
        let without = try Driver(scene)
        scene.curriculum = try Self.scene().curriculum
        scene.curriculum?.terrain?.count = 2
        let lower = try Driver(scene)
        for driver in [with, without, lower] {
            driver.environment.followCurriculum(among: 1)
            try driver.reset()
        }
        var random = RandomStream(seed: 1, name: "actions")
        while with.environment.curriculum[2].value < 2 { try with.next(&random) }
        for (one, other) in [(with, without), (without, with), (lower, with)] {
            let before = try one.environment.saveState()
            #expect(throws: SimulationError.self) {
                try one.environment.restoreState(try other.environment.saveState())
            }
            #expect(try one.environment.saveState() == before)
        }
    }

    static let commanded = [
        "commands": "{lin_vel_x: [-0.5, 1], lin_vel_y: [0, 0], ang_vel_z: [0, 0]}",
        "observation": "[{term: velocity_commands}]",
        "reward": "[{term: track_lin_vel_xy_exp, std: 0.5, weight: 1}]",
    ]
    static let widening = "{commands: {lin_vel_x: [0.2, 0.5], terms: [track_lin_vel_xy_exp]}}"

    @Test(arguments: [
        (["curriculum": widening], ""),
        (
            ["curriculum": "{commands: {lin_vel_x: [0.2, 1.5], terms: [track_lin_vel_xy_exp]}}"],
            "refused: curriculum.commands: lin_vel_x begins at [0.2, 1.5], which is not within the whole range"
        ),
        (
            ["curriculum": "{commands: {lin_vel_x: [0.2, 0.5], terms: [track_lin_vel_exp]}}"],
            "refused: curriculum.commands.terms: 'track_lin_vel_exp' is not rewarded with a weight above 0"
        ),
        (
            ["curriculum": "{randomise: {to: 1000}}"],
            "warned: curriculum.randomise: nothing is randomised"
        ),
        (["curriculum": "{randomise: {to: 1000}}", "randomise": "{mass: [0.9, 1.1]}"], ""),
        (
            ["curriculum": "{randomise: {from: 7, to: 7}}"],
            "refused: curriculum.randomise.to: must be above from, which is 7"
        ),
        (
            ["curriculum": "{terrain: {up: 0.3}}"],
            "refused: curriculum.terrain.down: must be below up, which is 0.3"
        ),
        (
            ["commands": "{lin_vel_x: [-0.5, 1], least_speed: 1.2}"],
            "refused: commands.least_speed: no command is as fast as 1.2 m/s: at most 1"
        ),
        (
            ["commands": "{lin_vel_x: [-0.5, 1], least_speed: 0.8}", "curriculum": widening],
            "refused: curriculum.commands.lin_vel_x: no first command is as fast as commands.least_speed, 0.8 m/s"
        ),
    ])
    func `what a curriculum cannot mean is said`(_ changes: [String: String], _ words: String) {
        let found = SceneMeaningTests.said(Self.commanded.merging(changes) { $1 })
        #expect(words.isEmpty ? found == [] : found.count == 1 && found[0].hasPrefix(words), "\(found)")
    }

    @Test func `a curriculum of commands needs some, and rewards that are cut off must be able to pay`() {
        let found = SceneMeaningTests.said(["curriculum": "{terrain: {levels: 5}}"])
        #expect(found.count == 1 && found[0].hasPrefix("refused: curriculum.terrain: levels follow from"))
        let widening = "{commands: {lin_vel_x: [0, 0], terms: [alive]}}"
        let commands = SceneMeaningTests.said(["curriculum": widening])
        #expect(commands == ["refused: curriculum.commands: there are no commands to widen"])
        let costs = ["only_positive_rewards": "true", "reward": "[{term: action_squared, weight: -1}]"]
        let cut = SceneMeaningTests.said(costs)
        #expect(
            cut == ["refused: only_positive_rewards: no weight is above 0, so every reward is cut off to 0"])
    }
}

extension Driver {
    fileprivate func next(_ random: inout RandomStream) throws {
        if environment.isEpisodeOver { try reset() } else { try step(using: &random) }
    }

    /// The bits of all that the next steps give, the curriculum's figures last.
    fileprivate func trace(_ steps: Int, _ random: inout RandomStream) throws -> [[UInt64]] {
        try (0..<steps).map { _ in
            try next(&random)
            return observation.map { UInt64($0.bitPattern) } + [last.reward.bitPattern]
                + environment.curriculum.map(\.value.bitPattern)
        }
    }
}
