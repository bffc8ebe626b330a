// SPDX-License-Identifier: MIT

import Foundation
import Safetensors
import Testing

/// Every algorithm through the whole command: trained, stopped, resumed, replayed, exported.
struct AlgorithmTests {
    /// What makes an algorithm small on the pendulum; the settings are those of its block.
    private static func settings(_ algorithm: String) -> [String] {
        let own =
            switch algorithm {
            case "dqn", "double-dqn":
                ["warm_up=100", "hidden=[16]", "batch=16", "torques=[-1,0.25,1]", "target_interval=50"]
            case "q-learning", "double-q-learning":
                [
                    "bins={joint_sines.hinge: 7, joint_velocities.hinge: {count: 5, range: [-8, 8]}}",
                    "torques=[[-1, 0.25, 1]]", "epsilon_steps=300",
                ]
            default:
                ["warm_up=100", "hidden=[16]", "batch=16"]
            }
        return (own.map { "\(algorithm).\($0)" } + ["evaluate.every=200", "evaluate.episodes=2"])
            .flatMap { ["--set", $0] }
    }

    private static func train(_ algorithm: String, steps: Int, to run: String) -> [String] {
        ["train", "pendulum", "--algorithm", algorithm, "--steps", "\(steps)", "--output", run]
            + settings(algorithm)
    }

    private func json(_ outcome: SinewProcess.Outcome) throws -> [String: Any] {
        #expect(outcome.code == 0, "\(outcome.errors)")
        let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        return try #require(document as? [String: Any])
    }

    @Test(arguments: ["dqn", "double-dqn", "q-learning", "double-q-learning"])
    func `a discrete algorithm is trained, resumed, replayed and exported`(_ algorithm: String) throws {
        let folder = try TemporaryFolder()
        let trained = try json(sinew(Self.train(algorithm, steps: 600, to: "whole") + ["--json"], in: folder))
        #expect(trained["algorithm"] as? String == algorithm)
        #expect(trained["steps"] as? Int == 600)

        // Longer from where a shorter one ended; neither the algorithm nor a setting needs to be said again.
        let short = try sinew(Self.train(algorithm, steps: 401, to: "run"), in: folder)
        #expect(short.code == 0, "\(short.errors)")
        let more = try sinew(
            "train", "pendulum", "--output", "run", "--resume", "--steps", "600", in: folder)
        #expect(more.code == 0, "\(more.errors)")
        let (whole, run) = try (Runs.Leavings(folder["whole"]), Runs.Leavings(folder["run"]))
        #expect(run.policies[1] == whole.policies[1])
        #expect(run.logs[0] == whole.logs[0])

        let played = try json(sinew("replay", "whole", "--episodes", "3", "--json", in: folder))
        let returns = try #require(played["returns"] as? [Double])
        #expect(returns.count == 3)
        let recorded = try sinew(
            "replay", "whole", "--episodes", "1", "--record", "r.safetensors", in: folder)
        #expect(recorded.code == 0, "\(recorded.errors)")
        let actions = try TensorArchive(contentsOf: folder["r.safetensors"], checksum: .required)
            .values("action", as: Float.self, shape: [200, 1])
        #expect(Set(actions).isSubset(of: [-1, 0.25, 1]))
        expectFailure(
            64, "deterministic", from: try sinew("replay", "whole", "--stochastic", in: folder))

        for arguments in [["--format", "safetensors"], ["--format", "c"]] {
            let exported = try sinew(["export", "whole"] + arguments, in: folder)
            #expect(exported.code == 0, "\(exported.errors)")
        }
        let again = try json(
            sinew("replay", "pendulum-\(algorithm)-0.safetensors", "--episodes", "3", "--json", in: folder))
        #expect(again["returns"] as? [Double] == returns)
        let verified = try sinew(
            "verify", "pendulum-\(algorithm)-0.safetensors", "pendulum-\(algorithm)-0-c", "--run",
            "--against", "whole", in: folder)
        #expect(verified.code == 0, "\(verified.errors)")
        #expect(verified.output.split(separator: "\n").allSatisfy { $0.hasSuffix("ok") })

        let onnx = try sinew("export", "whole", "--format", "onnx", in: folder)
        if algorithm.hasSuffix("dqn") {
            #expect(onnx.code == 0, "\(onnx.errors)")
            let scored = try json(
                sinew("replay", "pendulum-\(algorithm)-0.onnx", "--episodes", "3", "--json", in: folder))
            #expect(scored["returns"] as? [Double] == returns)
        } else {
            expectFailure(64, "table", "--format c", from: onnx)
        }
        // A policy of the same algorithm goes on, one of another is refused.
        let from = try sinew(
            Self.train(algorithm, steps: 200, to: "from") + ["--from", "whole/last.safetensors"], in: folder)
        #expect(from.code == 0, "\(from.errors)")
        let other = algorithm.hasSuffix("dqn") ? "q-learning" : "dqn"
        expectFailure(
            65, "cannot be trained on",
            from: try sinew(
                ["train", "pendulum", "--algorithm", other, "--from", "whole/last.safetensors"], in: folder))
    }

    @Test func `the contract of a table says its bins`() throws {
        let folder = try TemporaryFolder()
        _ = try json(sinew(Self.train("q-learning", steps: 200, to: "run") + ["--json"], in: folder))
        let archive = try TensorArchive(contentsOf: folder["run/best.safetensors"])
        #expect(try archive.values("table.bins", as: Float.self) == [1, 7, 5])
        #expect(archive.description(of: "table.values")?.shape == [35, 3])
        let contract = try #require(archive.metadata["contract"])
        let document = try JSONSerialization.jsonObject(with: Data(contract.utf8)) as? [String: Any]
        let observations = try #require(document?["observations"] as? [[String: Any]])
        #expect(observations.map { $0["bins"] as? Int } == [1, 7, 5])
        #expect(observations[2]["mean"] as? Double == -8)
        #expect(abs((observations[2]["std"] as? Double ?? 0) - 3.2) < 1e-6)
        #expect((document?["golden"] as? [Any])?.count == 16)
    }

    @Test func `what does not fit an algorithm is said`() throws {
        let folder = try TemporaryFolder()
        for (code, mention, arguments) in [
            (64, "sac", ["pendulum", "--algorithm", "ppo"]),
            (64, "there is no key 'sac'", ["pendulum", "--algorithm", "dqn", "--set", "sac.batch=3"]),
            (64, "dqn.torques", ["pendulum", "--algorithm", "dqn", "--set", "dqn.torques=1"]),
            (64, "dqn.torques", ["pendulum", "--algorithm", "dqn", "--set", "dqn.torques=[1, 1]"]),
            (64, "brackets", ["pendulum", "--algorithm", "dqn", "--set", "dqn.torques=[1, 1"]),
            (
                64, "for each of the 1 actuators, not 2",
                ["pendulum", "--algorithm", "dqn", "--set", "dqn.torques=[[1], [1]]"]
            ),
            (65, "244140625", ["quadruped", "--algorithm", "dqn"]),
            (
                64, "531441",
                ["quadruped", "--algorithm", "double-dqn", "--set", "double-dqn.torques=3"]
            ),
            (65, "q-learning.bins: nothing", ["hopper", "--algorithm", "q-learning"]),
            (
                64, "joint_sines.hinge",
                [
                    "pendulum", "--algorithm", "q-learning", "--set",
                    "q-learning.bins={joint_sine.hinge: 3}",
                ]
            ),
            (
                64, "100000000 states",
                [
                    "pendulum", "--algorithm", "q-learning", "--set",
                    "q-learning.bins={joint_sines.hinge: 10000, joint_cosines.hinge: 10000}",
                ]
            ),
            (
                64, "q-learning.bins",
                ["pendulum", "--algorithm", "q-learning", "--set", "q-learning.bins={joint_sines.hinge: -3}"]
            ),
        ] as [(Int32, String, [String])] {
            expectFailure(code, mention, from: try sinew(["train"] + arguments, in: folder))
            #expect(folder.files().isEmpty)
        }
    }

    @Test func `Double DQN takes the settings of DQN where a scene has none for it`() throws {
        let folder = try TemporaryFolder()
        let scene = try String(
            contentsOfFile: SinewProcess.repository + "/Scenes/pendulum.yaml", encoding: .utf8)
        let start = try #require(scene.range(of: "\ntrain:"))
        func write(_ train: String) throws {
            try folder.write(scene[..<start.lowerBound] + "\ntrain:\n" + train + "\n", to: "p.yaml")
        }
        func trained(_ algorithm: String) throws -> String {
            let run = try sinew(
                ["train", "p.yaml", "--algorithm", algorithm, "--output", UUID().uuidString, "--json"],
                in: folder)
            let path = try #require(try json(run)["run"] as? String)
            return try String(contentsOfFile: folder[path] + "/run.yaml", encoding: .utf8)
        }
        let own = "hidden: [8], warm_up: 50, batch: 8"
        try write("  dqn: {steps: 120, \(own)}")
        #expect(try trained("double-dqn").contains("steps: 120"))
        try write("  dqn: {steps: 120, \(own)}\n  double-dqn: {steps: 90, \(own)}")
        #expect(try trained("double-dqn").contains("steps: 90"))
        #expect(try trained("dqn").contains("steps: 120"))
        try write("  dqn: {steps: 120, \(own), bacth: 9}")
        expectFailure(
            65, "train.dqn.bacth", "batch",
            from: try sinew("train", "p.yaml", "--algorithm", "double-dqn", in: folder))
    }

    @Test func `what a critic alone sees is in no policy, and other algorithms say that they leave it aside`()
        throws
    {
        let folder = try TemporaryFolder()
        let more = ["--set", "critic_observation=[{term: joint_positions}, {term: joint_efforts}]"]
        let learned = try sinew(Self.train("sac", steps: 300, to: "run") + more, in: folder)
        #expect(learned.code == 0 && !learned.errors.contains("leaves this aside"), "\(learned.errors)")
        let played = try sinew("replay", "run", "--episodes", "1", "--record", "r.safetensors", in: folder)
        #expect(played.code == 0, "\(played.errors)")
        let names = try TensorArchive(contentsOf: folder["r.safetensors"]).metadata["observations"] ?? ""
        #expect(names.split(separator: ",").count == 3 && !names.contains("joint_positions"))
        let exported = try sinew("export", "run", "--format", "c", "--output", "c", in: folder)
        #expect(exported.code == 0, "\(exported.errors)")
        let header = try String(contentsOfFile: folder["c/policy.h"], encoding: .utf8)
        #expect(header.contains("PENDULUM_OBSERVATION_COUNT 3") && !header.contains("joint_efforts"))
        let discrete = try sinew(Self.train("dqn", steps: 300, to: "other") + more, in: folder)
        #expect(
            discrete.errors.contains("critic_observation: dqn has no critic that sees more than its policy"),
            "\(discrete.errors)")
        let shown = try sinew("scenes", "quadruped", in: folder)
        #expect(shown.output.contains("critic_observation: 8 numbers, for the critic alone"))
    }
}
