// SPDX-License-Identifier: MIT

import Foundation
import Policies

/// ONNX Runtime in a Python of this machine.
public struct ONNXRuntime {
    /// How to get one, for people.
    public static let remedy =
        "install it by `python3 -m pip install onnxruntime numpy`, or name a Python that has it in SINEW_PYTHON"

    private let python: Program
    /// The version, such as 1.32.0.
    public let version: String

    var pythonPath: String { python.path }

    /// Finds a Python that has onnxruntime and numpy; nil where there is none.
    ///
    /// Looked at are $SINEW_PYTHON, the active virtual environment, `.venv` here, and PATH.
    public init?() {
        let environment = ProcessInfo.processInfo.environment
        let candidates = [
            environment["SINEW_PYTHON"], environment["VIRTUAL_ENV"].map { "\($0)/bin/python" },
            ".venv/bin/python",
            "python3",
        ]
        for case let name? in candidates {
            guard let program = Program(name),
                let text = try? program.run([
                    "-c", "import numpy, onnxruntime; print('version', onnxruntime.__version__)",
                ]),
                let line = text.split(separator: "\n").first(where: { $0.hasPrefix("version ") })
            else { continue }
            python = program
            version = String(line.dropFirst("version ".count))
            return
        }
        return nil
    }

    /// The actions of `model` for each observation; without noise where the graph takes some.
    func actions(_ model: ONNXModel, _ observations: [[Float]]) throws(ExportError) -> [[Float]] {
        let folder = try ScratchFolder()
        let file = try folder.write("model.onnx", model.bytes)
        let input = try folder.write("observations", observations)
        try python.run(["-c", Self.script, file, input, "\(folder.path)/actions"])
        let width = model.policy.network.actionCount
        guard let actions = folder.read("actions", count: observations.count, width: width) else {
            throw .program("ONNX Runtime gave another number of actions than it got observations")
        }
        return actions
    }

    private static let script = """
        import sys, numpy, onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(sys.argv[1], options, ["CPUExecutionProvider"])
        inputs = session.get_inputs()
        rows = numpy.fromfile(sys.argv[2], "<f4").reshape(-1, inputs[0].shape[1])
        step = 1 if inputs[0].shape[0] == 1 else max(len(rows), 1)
        with open(sys.argv[3], "wb") as file:
            for i in range(0, len(rows), step):
                part = rows[i:i + step]
                feed = {inputs[0].name: part}
                for other in inputs[1:]:
                    feed[other.name] = numpy.zeros((len(part), other.shape[1]), "<f4")
                file.write(session.run(None, feed)[0].astype("<f4").tobytes())
        """
}
