// SPDX-License-Identifier: MIT

import Files
import Foundation
import Policies
import Safetensors
import Testing

/// What version 1 wrote (Golden/v1) still replays, verifies and exports; its runs are refused on resume, with the way on.
struct VersionOneTests {
    private static let algorithms = ["q-learning", "double-q-learning", "dqn", "double-dqn", "a2c", "sac"]

    /// Returns of three episodes from seed 7, of each policy; "stochastic" is the best one's.
    private typealias Returns = [String: [String: [Double]]]

    private struct Replay: Decodable {
        var returns: [Double]
    }

    private let folder: TemporaryFolder
    private let golden: String

    init() throws {
        golden = try #require(Bundle.module.url(forResource: "Golden/v1", withExtension: nil)).path
        folder = try TemporaryFolder()
    }

    /// `sinew` with the scene as it was, and the kernels that wrote the files.
    private func run(_ arguments: [String]) throws -> SinewProcess.Outcome {
        var environment = ["SINEW_HOME": golden]
        #if arch(x86_64)
            environment["SINEW_ISA"] = "avx2"
        #endif
        return try SinewProcess(arguments, in: folder.path, environment: environment).wait()
    }

    @Test(arguments: algorithms)
    func `a policy of version 1 replays to the same returns`(_ algorithm: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: golden + "/returns.json"))
        let expected = try #require(JSONDecoder().decode(Returns.self, from: data)[algorithm])
        for (name, returns) in expected {
            let stochastic = name == "stochastic" ? ["--stochastic"] : []
            let policy = "\(golden)/\(algorithm)/run/\(stochastic.isEmpty ? name : "best").safetensors"
            let outcome = try run(
                ["replay", policy, "--episodes", "3", "--seed", "7", "--json"] + stochastic)
            #expect(outcome.code == 0, "\(outcome.errors)")
            // Not by JSONSerialization: it rounds the last digit otherwise.
            let played = try JSONDecoder().decode(Replay.self, from: Data(outcome.output.utf8)).returns
            // Physics rounds otherwise than version 1's.
            #expect(played.count == returns.count, "\(name)")
            for (now, then) in zip(played, returns) { #expect(abs(now - then) < 1e-6 * abs(then), "\(name)") }
        }
    }

    @Test(arguments: algorithms)
    func `what version 1 exported verifies, and its policy exports`(_ algorithm: String) throws {
        let made = golden + "/" + algorithm
        let exported = ["pendulum.onnx", "pendulum-c"].map { "\(made)/\($0)" }
            .filter { FileManager.default.fileExists(atPath: $0) }
        let files = ["\(made)/run/best.safetensors", "\(made)/run/last.safetensors"]
        let old = try run(["verify", "--run"] + files + exported)
        #expect(old.code == 0, "\(old.errors)")

        let isTable = algorithm.hasSuffix("q-learning")
        var new = ["pendulum-\(algorithm)-0.safetensors", "pendulum-\(algorithm)-0-c"]
        if !isTable { new.append("pendulum-\(algorithm)-0.onnx") }
        for format in ["safetensors", "c"] + (isTable ? [] : ["onnx"]) {
            let outcome = try run(["export", "\(made)/run", "--format", format])
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let verified = try run(["verify", "--run"] + new + exported + ["--against", "\(made)/run"])
        #expect(verified.code == 0, "\(verified.errors)")
    }

    // Its checkpoints hold a state of version 1's physics, which is gone.
    @Test(arguments: algorithms)
    func `a run of version 1 is refused on resume with the way on`(_ algorithm: String) throws {
        try folder.copy("\(golden)/\(algorithm)/run", to: "run")
        let resumed = try run(["train", "pendulum", "--output", "run", "--resume", "--steps", "600"])
        #expect(resumed.code == 65)
        #expect(resumed.errors.contains("one of version 1, which does not say which run it is of"))
        #expect(resumed.errors.contains("train the run again, or start from its policy"))
        let before = try Data(contentsOf: URL(fileURLWithPath: "\(golden)/\(algorithm)/run/best.safetensors"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder["run/best.safetensors"])) == before)
    }
}
