// SPDX-License-Identifier: MIT

public import Environments
import Files
public import Policies
import Processes

/// A policy that ONNX Runtime runs, in a Python process that is asked for each action: what acts is the exported file itself.
public final class ONNXRuntimePolicy: Policy {
    /// The numbers of an observation.
    public let observationCount: Int
    /// The numbers of an action.
    public let actionCount: Int

    private let contract: Contract
    private let name: String
    private let folder: ScratchFolder
    private let process: ChildProcess

    /// Starts `runtime` on `model`.
    ///
    /// - Throws: `ExportError.program` where it does not start.
    public init(_ model: ONNXModel, runtime: ONNXRuntime) throws(ExportError) {
        observationCount = model.policy.network.observationCount
        actionCount = model.policy.network.actionCount
        contract = model.policy.contract
        name = model.policy.name
        folder = try ScratchFolder()
        let file = try folder.write("model.onnx", model.bytes)
        // An answer after each observation.
        let arguments = Python.arguments(ONNXRuntime.script, [file, "1"])
        process = try ExportError.wrapProgram(try runtime.python.start(arguments, hasInput: true))
    }

    deinit {
        process.closeInput()
        _ = process.wait()
    }

    /// Writes the deterministic action for `observation`: the command of the file in units of its scale, within [-1, 1].
    ///
    /// - Throws: `PoliciesError.notFinite` where it is NaN, `.refused` where ONNX Runtime has ended.
    public func act(_ observation: Span<Float>, into action: inout MutableSpan<Float>) throws(PoliciesError) {
        let question = [UInt8](littleEndian: observation.indices.map { observation[$0].bitPattern })
        var answer: [UInt8] = []
        // One that has ended is not asked: it answers nothing.
        if (try? process.write(question)) != nil {
            while answer.count < 4 * actionCount, !process.descriptors.isEmpty {
                answer += process.read(process.output, atMost: 4 * actionCount - answer.count)
            }
        }
        guard answer.count == 4 * actionCount else {
            throw .refused(file: name, problem: "ONNX Runtime has ended; `sinew verify` tells why")
        }
        let commands = [UInt32](littleEndianBytes: answer).map(Float.init(bitPattern:))
        guard commands.allSatisfy(\.isFinite) else { throw .notFinite }
        for (i, command) in commands.enumerated() {
            let (scale, offset) = (Float(contract.actions[i].scale), Float(contract.actions[i].offset))
            action[i] = scale == 0 ? 0 : min(max((command - offset) / scale, -1), 1)
        }
    }

    /// As the deterministic one: the process draws no noise.
    ///
    /// - Throws: as the deterministic one.
    public func act(
        _ observation: Span<Float>, using random: inout RandomStream, into action: inout MutableSpan<Float>
    ) throws(PoliciesError) {
        try act(observation, into: &action)
    }
}
