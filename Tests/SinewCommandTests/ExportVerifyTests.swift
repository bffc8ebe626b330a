// SPDX-License-Identifier: MIT

import Export
import Foundation
import Testing

/// Exporting, verifying and reading back, as a person does it.
struct ExportVerifyTests {
    /// The pendulum's policy that the tests of exports keep.
    static let pendulum = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../ExportTests/Golden/pendulum.safetensors").standardized.path

    @Test func `in every form the policy verifies, and from ONNX it scores the same to the last bit`() throws
    {
        let folder = try TemporaryFolder()
        let onnx = try sinew("export", Self.pendulum, "--format", "onnx", in: folder)
        #expect(onnx.code == 0 && onnx.output == "pendulum-sac-0.onnx\n", "\(onnx.errors)")
        let c = try sinew(
            "export", Self.pendulum, "--format", "c", "--prefix", "robot", "--output", "robot", in: folder)
        #expect(c.code == 0 && c.output == "robot\n", "\(c.errors)")
        let verified = try sinew(
            "verify", "pendulum-sac-0.onnx", "robot", "--run", "--against", Self.pendulum, in: folder)
        #expect(verified.code == 0, "\(verified.errors)")
        let original = try sinew("replay", Self.pendulum, "--episodes", "3", "--json", in: folder)
        let read = try sinew("replay", "pendulum-sac-0.onnx", "--episodes", "3", "--json", in: folder)
        #expect(read.code == 0 && read.output == original.output && read.output.contains("returns"))
    }

    @Test func `what is damaged, absent, or cannot be asked for has its exit code`() throws {
        let folder = try TemporaryFolder()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: Self.pendulum))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: "\(folder.path)/damaged.safetensors"))
        let damaged = try sinew("verify", "damaged.safetensors", Self.pendulum, in: folder)
        #expect(damaged.code == 65 && damaged.errors.contains("damaged.safetensors"))
        // The other file is verified all the same.
        #expect(damaged.output.contains("ok"))
        #expect(try sinew("verify", "none.onnx", in: folder).code == 66)
        // Each file has its reason, not the first one alone.
        let several = try sinew("verify", "none.onnx", "damaged.safetensors", in: folder)
        #expect(several.output.contains("none.onnx  FAILED\n  none.onnx: cannot read it"))
        #expect(several.output.contains("damaged.safetensors  FAILED\n  "))
        #expect(several.output.contains("checksum"))
        #expect(try sinew("export", Self.pendulum, "--format", "onnx", "--opset", "9", in: folder).code == 64)
        #expect(try sinew("export", Self.pendulum, "--format", "c", "--prefix", "1st", in: folder).code == 64)
    }

    @Test func `every form and every option of one is in the help, and other forms refuse it`() throws {
        let folder = try TemporaryFolder()
        let help = try sinew("export", "--help", in: folder).output
        for format in ExportFormat.all {
            #expect(
                help.contains("\n\(format.name): ") && help.contains("SCENE-ALGORITHM-SEED\(format.ending)"))
            for option in format.options { #expect(help.contains("--\(option.name) ")) }
        }
        expectFailure(
            64, "--opset is an option of --format onnx",
            from: try sinew("export", Self.pendulum, "--format", "c", "--opset", "13", in: folder))
        expectFailure(
            64, "--stochastic is an option of --format onnx and c",
            from: try sinew("export", Self.pendulum, "--format", "safetensors", "--stochastic", in: folder))
        #expect(folder.files().isEmpty)
    }

    @Test func `what cannot be read back as a policy says what runs it`() throws {
        let folder = try TemporaryFolder()
        #expect(
            try sinew("export", Self.pendulum, "--format", "c", "--output", "robot", in: folder).code == 0)
        for path in ["robot", "robot/policy.h"] {
            expectFailure(65, "`sinew verify` runs it", from: try sinew("replay", path, in: folder))
        }
    }
}
