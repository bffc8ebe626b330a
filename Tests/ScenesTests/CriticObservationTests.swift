// SPDX-License-Identifier: MIT

import Environments
import Scenes
import Settings
import Testing

/// What a scene shows to a critic alone.
struct CriticObservationTests {
    private func scene(_ critic: String) throws -> Scene {
        let yaml = """
            format: 1
            summary: Test.
            robot: quadruped.urdf
            base: floating
            physics: {time_step: 0.005, substeps: 4, solver: articulated}
            ground: {friction: 1}
            actuators:
              - {joints: [FL_hip, FR_hip, RL_hip, RR_hip], kind: position, kp: 40, kd: 1, offset: 0, scale: 0.25, armature: 0.01}
            start: {position: [0, 0, 0.29], joints: {FL_calf: -1.6, FR_calf: -1.6, RL_calf: -1.6, RR_calf: -1.6}}
            reset: {positions: {uniform: 0.05}}
            episode: {steps: 1000}
            observation: [{term: joint_positions, noise: {uniform: 0.1}}, {term: base_angular_velocity, frame: base, bias: {normal: 0.1}}]
            \(critic)
            reward: [{term: alive, weight: 1}]
            """
        return try Scene(yaml: yaml, file: "s.yaml", catalog: ShippedScenes.catalog)
    }

    private static let list =
        "critic_observation: [{term: base_velocity, frame: base, scale: 2}, {term: joint_positions, history: 2, delay: [0, 3], noise: {normal: 0.1}}]"

    /// What is seen in some steps after a reset.
    private func look(_ scene: Scene, forCritic: Bool, seed: UInt64 = 4, resumeAt: Int? = nil) throws
        -> [[Float]]
    {
        func make(_ seed: UInt64) throws -> RollOut {
            let random = RandomStream(seed: seed, .environment)
            return RollOut(try SimulatedEnvironment(scene, random: random), forCritic: forCritic)
        }
        var roll = try make(seed)
        var random = RandomStream(seed: 9, name: "actions")
        try roll.reset()
        var seen = [roll.observation]
        for step in 0..<12 {
            if step == resumeAt {
                let state = try roll.environment.saveState()
                roll = try make(seed + 1)
                try roll.environment.restoreState(state)
                roll.resume(seen[step])
            }
            _ = try roll.step { observation, action in
                #expect(observation.count == 15)
                for index in action.indices { action[index] = Float(random.uniform(-1, 1)) }
            }
            roll.advance()
            seen.append(roll.observation)
        }
        return seen
    }

    @Test func `a policy's world is the same, bit for bit, whatever a critic would see`() throws {
        let (with, without) = (try scene(Self.list), try scene(""))
        #expect(with.observationSpace == without.observationSpace && with.observationSpace.count == 15)
        #expect(with.criticSpace.count == 3 + 2 * 12 && without.criticSpace.count == 0)
        #expect(try look(with, forCritic: false) == look(without, forCritic: false))
        #expect(try look(without, forCritic: true) == look(without, forCritic: false))
    }

    @Test func `a critic sees its terms behind the policy's, with all that entries may have`() throws {
        let scene = try scene(Self.list)
        #expect(scene.criticSpace.elements[0].name == "base_velocity.x")
        #expect(scene.criticSpace.elements[15].name == "joint_positions.FL_hip.t-1")
        var clear = scene
        clear.criticObservation = [scene.criticObservation[0]]
        let seen = try look(clear, forCritic: true)
        #expect(seen.allSatisfy { $0.count == 18 })
        // Nothing is drawn for it: the policy's part stays, and falling shows in the velocity.
        #expect(try seen.map { Array($0.prefix(15)) } == look(scene, forCritic: false))
        #expect(seen[0].suffix(3) == [0, 0, 0] && seen[3][17] < -0.1)
        let all = try look(scene, forCritic: true)
        #expect(all.allSatisfy { $0.count == 42 })
        for (now, before) in zip(all.dropFirst(), all) { #expect(now[30..<42] == before[18..<30]) }
        #expect(try look(scene, forCritic: true, resumeAt: 7) == all)
    }

    @Test(arguments: [
        ("[{term: velocity_commands}]", "critic_observation[0]: 'velocity_commands' needs commands"),
        (
            "[{term: base_velocity}, {term: base_velocity}]",
            "critic_observation: 'base_velocity.x' is observed twice"
        ),
        (
            "[{term: base_velocity, scale: 0}]",
            "'base_velocity' has a scale of 0: it is always 0 to the critic"
        ),
    ])
    func `what it cannot mean is refused`(list: String, words: String) throws {
        do {
            _ = try scene("critic_observation: \(list)")
            Issue.record("\(list) was read")
        } catch let error as DescriptionError {
            #expect(error.description.contains(words), "\(error)")
        }
    }
}
