// SPDX-License-Identifier: MIT

import Environments
import Geometry
import Physics
import Scenes
import Testing

/// A scene whose robot another simulator moves observes, rewards and ends as if its own world did: here the other one is Sinew itself.
struct OutsideMotionTests {
    private func finish(_ driver: Driver, _ found: OutsideState?) -> (step: Step, observation: [Float]) {
        var values = driver.observation
        var span = values.mutableSpan
        let step = driver.environment.finishOutside(found, into: &span)
        return (step, values)
    }

    /// Plays an episode in two environments, of which the first moves the second.
    private func play(_ scene: Scene, steps: Int) throws -> Int {
        let (mover, judge) = (try Driver(scene, seed: 3), try Driver(scene, seed: 3))
        try mover.reset()
        try judge.reset()
        #expect(mover.observation == judge.observation)
        var random = RandomStream(seed: 4, .exploration)
        var pushes = 0
        for step in 0..<steps where !mover.environment.isEpisodeOver {
            let action = mover.environment.actuators.map { _ in Float(random.uniform(-0.3, 0.3)) }
            let begun = try judge.environment.beginOutside(action.span)
            pushes += begun.isPushed ? 1 : 0
            #expect(begun.phases.reduce(0) { $0 + $1.substeps } == scene.physics.substeps)
            try mover.step(action)
            let ended = finish(judge, try mover.environment.outsideState)
            #expect(
                abs(ended.step.reward - mover.last.reward) <= 1e-6 * max(1, abs(mover.last.reward)),
                "step \(step)")
            #expect(
                ended.step.isTerminated == mover.last.isTerminated
                    && ended.step.isTruncated == mover.last.isTruncated)
            for (seen, own) in zip(ended.observation, mover.observation) {
                #expect(abs(seen - own) <= 1e-5 * max(1, abs(own)), "step \(step)")
            }
        }
        return pushes
    }

    @Test(arguments: ShippedScenes.names)
    func `terms say of another's state what they say of their own`(name: String) throws {
        var scene = try ShippedScenes.load(name)
        // ODE's bearings move apart a little, which joints do not tell.
        scene.physics.solver = .articulated
        _ = try play(scene, steps: 150)
    }

    @Test func `pushes, latency and forces of feet are there too`() throws {
        var scene = try ShippedScenes.load("quadruped")
        var push = Randomisation.Push()
        (push.every, push.speed) = (0.2, 0.5)
        scene.randomisation.push = push
        scene.randomisation.latency = 1...3
        // Its reward asks for the air time of feet and for contacts of thighs.
        #expect(try play(scene, steps: 150) > 3)
    }

    @Test func `a robot that the other has lost ends the episode`() throws {
        for lose in 0..<3 {
            let driver = try Driver("hopper")
            try driver.reset()
            let rest: [Float] = [0, 0, 0]
            _ = try driver.environment.beginOutside(rest.span)
            var state = try driver.environment.outsideState
            if lose == 0 { state.positions[1] = .nan }
            if lose == 1 { state.efforts = [] }
            let ended = finish(driver, lose == 2 ? nil : state)
            #expect(ended.step.isDiverged && driver.environment.isEpisodeOver)
            #expect(ended.observation == driver.observation)
        }
    }
}
