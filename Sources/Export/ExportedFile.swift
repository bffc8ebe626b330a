// SPDX-License-Identifier: MIT

import Files
public import Policies

/// A file or folder with an exported policy, read and checked by the form that it has.
public struct ExportedFile {
    /// The policy that it holds; nil where only a program reads its numbers.
    public let policy: PolicyFile?
    /// The programs that run it.
    package let engines: [ExportEngine]
    /// Whether it is source that is compiled and run as it is: whoever wrote it decides what that does.
    package let isSource: Bool

    /// What holds `policy`, which Sinew's engine runs, and what else runs it.
    package init(_ policy: PolicyFile, engines: [ExportEngine] = []) {
        (self.policy, isSource) = (policy, false)
        self.engines = [ExportEngine { () throws(ExportError) in RunningEngine(of: policy) }] + engines
    }

    /// Source that only `engine` reads.
    init(readBy engine: ExportEngine) {
        (policy, isSource) = (nil, true)
        engines = [engine]
    }

    /// Reads and checks what is at `path`.
    ///
    /// - Throws: `ExportError.file` where it cannot be read, `.refused` or `.policy` where it is damaged or no exported policy.
    public init(path: String) throws(ExportError) {
        let bytes =
            FileBytes.isFolder(path)
            ? nil : try ExportError.wrapFile(try FileBytes.read(path, atMost: FileLimit.policy))
        // What it holds tells more than its name.
        let format =
            ExportFormat.all.first { $0.isContent(path, bytes) }
            ?? ExportFormat.all.first { path.hasSuffix($0.ending) }
        guard let format else {
            let names = ExportFormat.all.map(\.name).joined(separator: ", ")
            throw .refused(
                file: path, problem: "nothing that `sinew export` writes (\(names)), or it is damaged")
        }
        self = try format.reader(path, bytes)
    }
}

/// A program that runs an exported file, where it is there.
package struct ExportEngine {
    /// Starts it; `ExportError.missingProgram` says what to do where it is absent.
    let start: () throws(ExportError) -> RunningEngine
}

/// A program that has been found and holds an exported file.
struct RunningEngine {
    /// What it is, such as `ONNX Runtime 1.32.0`.
    let name: String
    /// The contract of what it runs.
    let contract: Contract
    /// What it found wrong before any action, in words.
    var problem: String?
    /// The actions for observations, in the contract's units; NaN where it refuses to act.
    let actions: ([[Float]]) throws(ExportError) -> [[Float]]
}

extension RunningEngine {
    /// Sinew's own engine.
    init(of policy: PolicyFile) {
        name = "Sinew"
        contract = policy.contract
        actions = { observations throws(ExportError) in
            let player = try ExportError.wrapPolicy(try NetworkPolicy(policy))
            return observations.map { observation in
                var command = [Float](repeating: .nan, count: player.actionCount)
                var span = command.mutableSpan
                // What is refused leaves NaN.
                try? player.command(for: observation.span, into: &span)
                return command
            }
        }
    }
}
