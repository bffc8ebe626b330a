// SPDX-License-Identifier: MIT

import Policies

extension ExportFormat {
    /// One graph from observation to action.
    public static let onnx = ExportFormat(
        name: "onnx",
        summary:
            "one graph from observation to action, both in physical units: normalisation, clip, layers, tanh, scale and "
            + "offset; the contract is in the metadata.",
        engines: "Sinew's engine and, where a Python has it, ONNX Runtime (\(ONNXRuntime.remedy))",
        ending: ".onnx", options: [.opset, .staticBatch, .stochastic],
        writer: { policy, options, path, isReplaced throws(ExportError) in
            try ONNXModel(policy, ONNXOptions(options)).write(to: path, replacing: isReplaced)
        },
        // The version, one byte long, and then what has written it.
        isContent: { _, bytes in bytes.map { $0.count > 2 && $0[0] == 0x08 && $0[2] == 0x12 } ?? false },
        reader: { path, bytes throws(ExportError) in
            let model = try ONNXModel(bytes: bytes ?? [], file: path)
            let runtime = ExportEngine { () throws(ExportError) in try ONNXRuntime.found().engine(model) }
            return ExportedFile(model.policy, engines: [runtime])
        })
}

extension ExportOption {
    package static let opset = ExportOption(
        name: "opset",
        help:
            "the version of the operators, \(ONNXOptions.choice) (default: \(ONNXOptions.commonOperatorSet))")
    package static let staticBatch = ExportOption(
        name: "static-batch", help: "fix the batch to one observation, for microcontrollers' tools")
}
