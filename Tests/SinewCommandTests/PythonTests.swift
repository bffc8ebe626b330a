// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// What other people's code says of an exported file.
struct PythonTests {
    private static let python = SinewProcess.repository + "/.venv/bin/python"
    private static let isAsked =
        FileManager.default.isExecutableFile(atPath: python)
        || ProcessInfo.processInfo.environment["CI"] == "true"

    @Test(.enabled(if: isAsked, "there is no .venv with safetensors and NumPy; `make python` makes it"))
    func `an exported file opens with safetensors, and its layers give the same actions in NumPy`() throws {
        let folder = try TemporaryFolder()
        let run = try Runs.finished.get()["run"]
        let exported = try sinew(
            "export", run, "--format", "safetensors", "--output", "out.safetensors", in: folder)
        #expect(exported.code == 0, "\(exported.errors)")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments = [
            SinewProcess.repository + "/scripts/check_policy.py", folder["out.safetensors"],
            run + "/last.safetensors",
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
