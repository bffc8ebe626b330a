// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Policies
import Testing

/// Claims that other people's code confirms.
struct PythonTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardized
    static let python = root.appending(path: ".venv/bin/python")
    /// On a machine of continuous integration the check must run.
    static let isAsked =
        FileManager.default.isExecutableFile(atPath: python.path)
        || ProcessInfo.processInfo.environment["CI"] == "true"

    @Test(.enabled(if: isAsked, "there is no .venv with safetensors and numpy: see scripts/requirements.txt"))
    func `safetensors and NumPy give the same actions`() throws {
        var random = RandomStream(seed: 1, name: "python")
        var paths: [String] = []
        defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
        for round in 0..<8 {
            let network = try PolicyNetwork.random(
                &random, observations: 1 + random.index(below: 20), actions: 1 + random.index(below: 5),
                widths: (0..<round % 4).map { _ in 1 + random.index(below: 70) },
                isStochastic: round % 2 == 0,
                choices: round % 4 == 3 ? 5 : 0)
            let path = NSTemporaryDirectory() + "sinew-python-\(UUID().uuidString).safetensors"
            try PolicyFile(network: network, contract: sampleContract(for: network)).write(to: path)
            paths.append(path)
        }
        #expect(try Self.check(paths) == 0)
        // The check itself must be able to fail.
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: paths[0])))
        bytes[bytes.count - 100] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: paths[0]))
        #expect(try Self.check(paths) == 1)
    }

    static func check(_ paths: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = python
        process.arguments = [root.appending(path: "scripts/check_policy.py").path] + paths
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
