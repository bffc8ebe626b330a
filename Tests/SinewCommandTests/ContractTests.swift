// SPDX-License-Identifier: MIT

import Export
import Foundation
import Policies
import Testing

/// What a person is told before a run that cannot mean what it says, and of a policy that leaves for a robot.
struct ContractTests {
    /// A block on a rail behind a gear that its motor cannot follow, and a target that it sees and that never moves.
    static func folder(_ settings: String = "") throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            <robot name="slide"><link name="base"/><link name="block"><inertial><mass value="1"/>
            <inertia ixx="0.01" ixy="0" ixz="0" iyy="0.01" iyz="0" izz="0.01"/></inertial></link>
            <joint name="s" type="prismatic"><parent link="base"/><child link="block"/><axis xyz="1 0 0"/>
            <limit lower="-100" upper="100" effort="1" velocity="10"/></joint></robot>
            """, to: "slide.urdf")
        try folder.write(
            """
            format: 1
            summary: Stand still.
            robot: slide.urdf
            base: fixed
            physics: {time_step: 0.01, substeps: 4}
            actuators: [{joints: [s], kind: torque, gear: 40, effort_limit: 10}]
            episode: {steps: 50}
            reset: {positions: {uniform: 1}}
            target: {point: [0.3, 0, 0]}
            observation: [{term: joint_positions}, {term: joint_velocities}, {term: target_position, axes: [x]}]
            reward: [{term: target_distance, link: block, weight: -1}]
            evaluate: {every: 300, episodes: 4}
            train: {sac: {steps: 600, warm_up: 200, hidden: [8], batch: 16, normalise_observations: true\(settings)}}

            """, to: "slide.yaml")
        return folder
    }

    @Test func `what training clamps the exported policy clamps, and what never varied is named`() throws {
        let folder = try Self.folder()
        let trained = try sinew("train", "slide.yaml", "--output", "run", in: folder)
        #expect(trained.code == 0, "\(trained.errors)")
        let constant = "observation 'target_position.x' never varied in training, it was always 0.3 m"
        #expect(trained.errors.contains("gear 40.0 of joint 's' exceeds its effort limit 10.0"))
        #expect(trained.errors.contains(constant), "\(trained.errors)")
        for format in ["safetensors", "c"] {
            let exported = try sinew("export", "run", "--format", format, "--output", format, in: folder)
            #expect(exported.code == 0 && exported.errors.contains("note: \(constant)"), "\(exported.errors)")
        }
        let verified = try sinew("verify", "--run", "safetensors", "c", "--against", "run", in: folder)
        #expect(verified.code == 0, "\(verified.errors)")
        #expect(verified.output.contains("safetensors  4 episodes in its run's scene: mean return "))
        #expect(verified.errors.contains("note: safetensors: \(constant)"))

        let from = ["--from", "run/last.safetensors", "--output", "again"]
        let again = try sinew(["train", "slide.yaml"] + from, in: folder)
        #expect(again.code == 0 && again.errors.contains(constant), "\(again.errors)")

        let policy = try #require(try ExportedFile(path: folder["safetensors"]).policy)
        #expect(policy.limits?.low == [-10] && policy.limits?.high == [10])
        #expect(policy.contract.observations.map(\.constant) == [nil, nil, true])
        #expect(policy.contract.observations[2].std == 1)
        #expect(policy.contract.actions[0].effortLimit == 10 && policy.contract.actions[0].upper == 100)
    }

    @Test func `a policy that does not get its stated return in the scene of its run is found`() throws {
        let folder = try Self.folder()
        try #require(try sinew("train", "slide.yaml", "--output", "run", in: folder).code == 0)
        let own = try #require(try ExportedFile(path: folder["run/best.safetensors"]).policy)
        var contract = own.contract
        contract.training.meanReturn = (contract.training.meanReturn ?? 0) + 1000
        try PolicyFile(network: own.network, describedBy: contract, limits: own.limits, name: "other")
            .write(to: folder["other.safetensors"])
        let found = try sinew("verify", "other.safetensors", "--against", "run", in: folder)
        #expect(found.code == 65 && found.errors.contains("in its run's scene it gets a mean return of"))
    }

    @Test func `a target entropy that no action has is refused, at its line or its flag`() throws {
        let words = "no action in [-1, 1] has more than ln 2 = 0.693 nats for each of its numbers"
        let folder = try Self.folder(", target_entropy: 1")
        expectFailure(
            65, "slide.yaml:13: train.sac.target_entropy: \(words)", "use auto, which is -1",
            from: try sinew("train", "slide.yaml", in: folder))
        let checked = try sinew("scenes", "--check", "slide.yaml", in: folder)
        #expect(
            checked.code == 65 && checked.output.contains("slide.yaml:13: error: train.sac.target_entropy"))
        expectFailure(
            65, "--set sac.target_entropy=0.7: train.sac.target_entropy: \(words)",
            from: try sinew("train", "slide.yaml", "--set", "sac.target_entropy=0.7", in: Self.folder()))
        #expect(folder.files(below: "runs").isEmpty)
    }

    @Test func `what means less than it says is warned of before the first step`() throws {
        let folder = try Self.folder()
        let trained = try sinew(
            "train", "slide.yaml", "--steps", "200", "--set", "sac.replay_capacity=100", in: folder)
        #expect(trained.code == 0)
        for words in [
            "train.sac.warm_up: the run ends after 200 steps, within its warm-up of 200",
            "evaluate.every: the run ends after 200 steps and is to be evaluated every 300",
            "--set sac.replay_capacity=100: warning: train.sac.replay_capacity: a replay_capacity of 100",
        ] {
            #expect(trained.errors.contains(words), "\(trained.errors)")
        }
    }
}
