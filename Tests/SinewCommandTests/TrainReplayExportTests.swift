// SPDX-License-Identifier: MIT

import Files
import Foundation
import Safetensors
import Testing

/// The main job as a user does it, in small.
struct TrainReplayExportTests {
    private func json(_ outcome: SinewProcess.Outcome) throws -> [String: Any] {
        #expect(outcome.code == 0, "\(outcome.errors)")
        // JSONSerialization takes exactly one document.
        let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        return try #require(document as? [String: Any])
    }

    private func number(_ document: [String: Any], _ key: String) throws -> Double {
        try #require(document[key] as? Double, "\(key)")
    }

    @Test func `a pendulum is trained, replayed, exported, and the exported file does the same`() throws {
        let folder = try TemporaryFolder()
        let trained = try json(sinew(Runs.tiny + ["--output", "run", "--json"], in: folder))
        #expect(
            Set(trained.keys) == [
                "scene", "algorithm", "seed", "steps", "seconds", "best_mean_return", "run", "policy",
            ])
        #expect(trained["scene"] as? String == "pendulum")
        #expect(trained["algorithm"] as? String == "sac")
        #expect(trained["steps"] as? Int == 600)
        #expect(trained["seed"] as? Int == 0)
        #expect(trained["run"] as? String == "run")
        #expect(trained["policy"] as? String == "run/best.safetensors")

        let arguments = ["--episodes", "7", "--seed", "1000", "--json"]
        let played = try json(sinew(["replay", "run"] + arguments, in: folder))
        #expect(
            Set(played.keys).isSuperset(of: [
                "scene", "episodes", "seed", "mean_return", "std_return", "min_return", "max_return",
                "mean_length", "terminated", "truncated", "returns",
            ]))
        let returns = try #require(played["returns"] as? [Double])
        #expect(returns.count == 7)
        #expect(Set(returns).count == 7)
        #expect(played["episodes"] as? Int == 7)
        #expect(played["seed"] as? Int == 1000)
        let mean = returns.reduce(0, +) / 7
        let variance = returns.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 7
        #expect(abs(try number(played, "mean_return") - mean) < 1e-9)
        #expect(abs(try number(played, "std_return") - variance.squareRoot()) < 1e-9)
        #expect(try number(played, "min_return") == returns.min())
        #expect(try number(played, "max_return") == returns.max())
        #expect(try number(played, "mean_length") == 200)
        #expect(played["terminated"] as? Int == 0)
        #expect(played["truncated"] as? Int == 7)

        let exported = try sinew("export", "run", "--format", "safetensors", in: folder)
        #expect(exported.code == 0)
        #expect(exported.output == "pendulum-sac-0.safetensors\n")
        let replayed = try json(sinew(["replay", "pendulum-sac-0.safetensors"] + arguments, in: folder))
        #expect(replayed["returns"] as? [Double] == returns)
        #expect(
            try FileBytes.read(folder["pendulum-sac-0.safetensors"])
                == FileBytes.read(folder["run/best.safetensors"]))

        let stochastic = try json(sinew(["replay", "run", "--stochastic"] + arguments, in: folder))
        #expect(stochastic["returns"] as? [Double] != returns)
        let again = try json(sinew(["replay", "run", "--stochastic"] + arguments, in: folder))
        #expect(stochastic["returns"] as? [Double] == again["returns"] as? [Double])
    }

    @Test func `a recording holds the first episode of the replay, and a picture stands beside it`() throws {
        let folder = try TemporaryFolder()
        try folder.copy(try Runs.finished.get()["run"], to: "run")
        let played = try json(
            sinew("replay", "run", "--episodes", "2", "--record", "one.safetensors", "--json", in: folder))
        let archive = try TensorArchive(contentsOf: folder["one.safetensors"], checksum: .required)
        let rewards = try archive.values("reward", as: Double.self, shape: [200])
        // Foundation's JSON reader may be off by the last bit of a number.
        let first = try #require((played["returns"] as? [Double])?.first)
        #expect(abs(first - rewards.reduce(0, +)) < 1e-12 * abs(first))
        #expect(
            try archive.values("observation", as: Float.self, shape: [200, 3]).allSatisfy { abs($0) <= 8 })
        #expect(try archive.values("action", as: Float.self, shape: [200, 1]).allSatisfy { abs($0) <= 1 })
        let picture = try String(contentsOfFile: folder["one.svg"], encoding: .utf8)
        #expect(picture.hasPrefix("<svg") || picture.hasPrefix("<?xml"))
        #expect(picture.contains("</svg>"))
        expectFailure(64, "--record", from: try sinew("replay", "run", "--record", "one.svg", in: folder))
        #expect(try String(contentsOfFile: folder["one.svg"], encoding: .utf8) == picture)
    }

    @Test func `the same seed gives the same bytes whatever the threads, another seed others`() throws {
        let folder = try TemporaryFolder()
        for (name, extra) in [
            ("one", ["--threads", "1"]), ("two", ["--threads", "2"]), ("eight", ["--threads", "8"]),
            ("other", ["--seed", "1"]), ("default", []),
        ] {
            let outcome = try sinew(Runs.tiny + ["--output", name] + extra, in: folder)
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let one = try Runs.Leavings(folder["one"])
        #expect(try Runs.Leavings(folder["two"]) == one)
        #expect(try Runs.Leavings(folder["eight"]) == one)
        #expect(try Runs.Leavings(folder["default"]) == one)
        let other = try Runs.Leavings(folder["other"])
        #expect(other.policies[1] != one.policies[1])
        #expect(other.logs[0] != one.logs[0])
    }

    @Test func `a run stops as soon as it reaches the return, which may be negative`() throws {
        let folder = try TemporaryFolder()
        let report = try json(sinew(Runs.tiny + ["--until-return", "-5000", "--json"], in: folder))
        #expect(report["steps"] as? Int == 300)
        #expect(report["run"] as? String == "runs/pendulum-sac-0")
    }

    @Test func `training goes on from a policy`() throws {
        let folder = try TemporaryFolder()
        try folder.copy(try Runs.finished.get()["run/last.safetensors"], to: "start.safetensors")
        let outcome = try sinew(
            Runs.tiny + ["--from", "start.safetensors", "--output", "more"], in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(
            try Runs.Leavings(folder["more"]) != Runs.Leavings(Runs.finished.get()["run"]))
        // The policy is of the run's beginning; to go on with a finished run it is not needed.
        try FileManager.default.removeItem(atPath: folder["start.safetensors"])
        #expect(
            try sinew(
                "train", "pendulum", "--from", "start.safetensors", "--output", "more", "--resume", in: folder
            ).code == 0)
        expectFailure(
            65, "layer",
            from: try sinew(
                "train", "pendulum", "--from", "more/last.safetensors", "--output", "wide", in: folder))
        expectFailure(
            66, "gone", from: try sinew("train", "pendulum", "--from", "gone", "--output", "wide", in: folder)
        )
        #expect(!FileManager.default.fileExists(atPath: folder["wide"]))
    }

    @Test func `scenes lists, shows and checks`() throws {
        let folder = try TemporaryFolder()
        let list = try sinew("scenes", in: folder)
        #expect(list.code == 0)
        let names = list.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(names.contains("pendulum") && names == names.sorted())
        let shown = try sinew("scenes", "pendulum", in: folder)
        #expect(shown.code == 0 && shown.output.contains("hinge"))
        for name in names {
            let checked = try sinew(
                "scenes", "--check", "\(SinewProcess.repository)/Scenes/\(name).yaml", in: folder)
            #expect(checked.code == 0, "\(checked.errors)")
        }
    }

    @Test func `the built help names the three steps`() throws {
        let folder = try TemporaryFolder()
        let help = try sinew("--help", in: folder)
        #expect(help.code == 0 && help.errors.isEmpty)
        for text in ["sinew train pendulum", "sinew replay runs/pendulum-sac-0", "--format onnx"] {
            #expect(help.output.contains(text))
        }
        for name in ["train", "replay", "export", "verify", "scenes"] {
            let help = try sinew(name, "--help", in: folder)
            #expect(help.code == 0 && help.errors.isEmpty)
            #expect(help.output.contains("USAGE: sinew \(name)"))
        }
        #expect(try sinew("--version", in: folder).output.contains(/^\d+\.\d+\.\d+\n$/))
    }
}
