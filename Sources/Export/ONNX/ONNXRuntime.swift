// SPDX-License-Identifier: MIT

import Foundation
import Policies

/// ONNX Runtime in a Python of this machine.
public struct ONNXRuntime: Sendable {
    /// How to get one, for people.
    static let remedy =
        "install it by `python3 -m pip install onnxruntime numpy`, or name a Python that has it in SINEW_PYTHON"
    /// The one that is here, searched for once.
    private static let here = ONNXRuntime()

    let python: Program
    /// The version, such as 1.32.0.
    let version: String

    /// The first Python that has onnxruntime and numpy: of $SINEW_PYTHON, the active virtual environment, `.venv` here, and PATH.
    ///
    /// - Throws: `ExportError.missingProgram` where there is none.
    public static func found() throws(ExportError) -> ONNXRuntime {
        guard let here else { throw .missingProgram("no Python here has ONNX Runtime; \(remedy)") }
        return here
    }

    private init?() {
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

    /// What runs `model`; without noise where the graph takes some.
    func engine(_ model: ONNXModel) -> RunningEngine {
        RunningEngine(name: "ONNX Runtime \(version)", contract: model.policy.contract) {
            observations throws(ExportError) in
            let folder = try ScratchFolder()
            let file = try folder.write("model.onnx", model.bytes)
            let width = model.policy.network.actionCount
            return try folder.actions(observations, width: width) { input, output throws(ExportError) in
                try python.run(["-c", Self.script, file, "\(observations.count)", input, output])
            }
        }
    }

    /// Answers observations by actions, as many at once as it is told, in files or at once on the standard ones.
    static let script = """
        import sys, numpy, onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(sys.argv[1], options, ["CPUExecutionProvider"])
        inputs = session.get_inputs()
        width = inputs[0].shape[1]
        step = 1 if inputs[0].shape[0] == 1 else int(sys.argv[2])
        source, target = [open(*file) for file in zip(sys.argv[3:5], ("rb", "wb"))] or (sys.stdin.buffer, sys.stdout.buffer)
        while len(question := source.read(4 * width * step)) >= 4 * width:
            rows = numpy.frombuffer(question, "<f4").reshape(-1, width)
            feed = {other.name: numpy.zeros((len(rows), other.shape[1]), "<f4") for other in inputs[1:]}
            feed[inputs[0].name] = rows
            target.write(session.run(None, feed)[0].astype("<f4").tobytes())
            target.flush()
        """
}
