// SPDX-License-Identifier: MIT

import Environments
import Export
import Foundation
import Policies
import Testing

/// Claims that onnx and ONNX Runtime confirm.
struct PythonTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardized
    static let python = root.appending(path: ".venv/bin/python")
    /// On a machine of continuous integration the check must run.
    static let isAsked =
        FileManager.default.isExecutableFile(atPath: python.path)
        || ProcessInfo.processInfo.environment["CI"] == "true"

    /// Writes a model, observations and the engine's actions for them.
    static func write(
        _ policy: PolicyFile, _ options: ONNXOptions, to folder: String, _ name: String
    ) throws -> String {
        let path = "\(folder)/\(name).onnx"
        try Data(ONNXModel(policy, options).bytes).write(to: URL(fileURLWithPath: path))
        let observations = TestObservations(policy.network).rows
        var actions = try commands(policy, observations)
        if options.isStochastic {
            var random = RandomStream(seed: 9, name: "noise")
            let player = try NetworkPolicy(policy)
            var noises: [[Float]] = []
            for (row, observation) in observations.enumerated() {
                // The stream that the engine draws from tells the noise.
                var copy = random
                noises.append((0..<player.actionCount).map { _ in Float(copy.normal()) })
                var unit = actions[row]
                var span = unit.mutableSpan
                try player.act(observation.span, using: &random, into: &span)
                actions[row] = unit.indices.map { i in
                    let action = policy.contract.actions[i]
                    return Float(action.offset) + Float(action.scale) * unit[i]
                }
            }
            try littleEndian(noises).write(to: URL(fileURLWithPath: "\(folder)/\(name).noise"))
        }
        try littleEndian(observations).write(to: URL(fileURLWithPath: "\(folder)/\(name).observations"))
        try littleEndian(actions).write(to: URL(fileURLWithPath: "\(folder)/\(name).actions"))
        return path
    }

    static func check(_ paths: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = python
        process.arguments = [root.appending(path: "scripts/check_onnx.py").path] + paths
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test func `an ONNX Runtime that has ended is an error, and not the end of this process`() throws {
        try withTemporaryFolder { folder in
            // It says that it is one, and then does nothing.
            let script = """
                #!/bin/sh
                case "$3" in *onnxruntime.__version__*) echo version 1;; *"print('python')"*) echo python;; esac

                """
            let python = folder + "/python"
            try Data(script.utf8).write(to: URL(fileURLWithPath: python))
            unsafe chmod(python, 0o755)
            var random = RandomStream(seed: 1, name: "ended")
            let model = try ONNXModel(policyOfRandomShape(&random), ONNXOptions())
            let policy = try ONNXRuntimePolicy(model, runtime: ONNXRuntime(by: python))
            let observation = [Float](repeating: 0, count: policy.observationCount)
            var action = [Float](repeating: 0, count: policy.actionCount)
            for _ in 0..<2 {
                let error = #expect(throws: PoliciesError.self) {
                    var span = action.mutableSpan
                    try policy.act(observation.span, into: &span)
                }
                #expect(error?.description.contains("ONNX Runtime has ended") == true)
                usleep(50_000)
            }
        }
    }

    @Test(.enabled(if: isAsked, "there is no .venv with onnx and onnxruntime: see scripts/requirements.txt"))
    func `onnx accepts the files, and it and ONNX Runtime give the same actions`() throws {
        try withTemporaryFolder { folder in
            var random = RandomStream(seed: 1, name: "python")
            var paths: [String] = []
            for round in 0..<8 {
                let policy = try policyOfRandomShape(&random)
                paths.append(
                    try Self.write(policy, ONNXOptions(operatorSet: 11 + round % 7), to: folder, "\(round)"))
            }
            let greedy = try randomPolicy(&random, observations: 5, actions: 2, widths: [30], choices: 7)
            paths.append(try Self.write(greedy, ONNXOptions(), to: folder, "greedy"))
            paths.append(try Self.write(greedy, ONNXOptions(operatorSet: 11), to: folder, "greedy11"))
            let policy = try policyOfRandomShape(&random, isStochastic: true)
            paths.append(try Self.write(policy, ONNXOptions(hasStaticBatch: true), to: folder, "static"))
            paths.append(try Self.write(policy, ONNXOptions(isStochastic: true), to: folder, "stochastic"))
            #expect(try Self.check(paths) == 0)
            // The check itself must be able to fail: here with another policy.
            let other = try randomPolicy(&random, observations: 5, actions: 2, widths: [30], choices: 7)
            try Data(ONNXModel(other, ONNXOptions()).bytes).write(
                to: URL(fileURLWithPath: "\(folder)/greedy.onnx"))
            #expect(try Self.check(["\(folder)/greedy.onnx"]) == 1)
        }
    }

    @Test(.enabled(if: isAsked, "there is no .venv with onnxruntime: see scripts/requirements.txt"))
    func `ONNX Runtime in the loop acts as the engine, and refuses NaN`() throws {
        var random = RandomStream(seed: 3, name: "loop")
        let policy = try randomPolicy(&random, observations: 4, actions: 3, widths: [16])
        let player = try ONNXRuntimePolicy(
            ONNXModel(policy, ONNXOptions()), runtime: ONNXRuntime(by: Self.python.path))
        let engine = try NetworkPolicy(policy)
        var (action, expected) = ([Float](repeating: 0, count: 3), [Float](repeating: 0, count: 3))
        for observation in TestObservations(policy.network, count: 200).rows {
            var span = action.mutableSpan
            try player.act(observation.span, into: &span)
            var other = expected.mutableSpan
            try engine.act(observation.span, into: &other)
            for i in 0..<3 { #expect(abs(action[i] - expected[i]) <= 2e-5) }
        }
        #expect(throws: PoliciesError.notFinite) {
            var span = action.mutableSpan
            try player.act([0, .nan, 0, 0].span, into: &span)
        }
    }
}
