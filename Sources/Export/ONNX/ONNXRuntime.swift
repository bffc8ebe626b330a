// SPDX-License-Identifier: MIT

import Foundation
import Policies
import Processes

/// ONNX Runtime in a Python of this machine.
public struct ONNXRuntime: Sendable {
    /// How to get one, for people.
    static let remedy =
        "install it by `python3 -m pip install onnxruntime numpy`, or name a Python that has it in SINEW_PYTHON"
    /// The one that is here, searched for once.
    private static let here = Result { () throws(ExportError) in try ONNXRuntime() }

    let python: Program
    /// The version, such as 1.32.0.
    let version: String

    /// The first Python here that has onnxruntime and numpy.
    ///
    /// - Throws: `ExportError.missingProgram` where there is none, `.option` where $SINEW_PYTHON names no Python.
    public static func found() throws(ExportError) -> ONNXRuntime { try here.get() }

    private static let modules = ["numpy", "onnxruntime"]

    private init() throws(ExportError) {
        try self.init { () throws(Python.Missing) in try Python(having: Self.modules) }
    }

    /// The one of the Python that $SINEW_PYTHON names.
    package init(by name: String) throws(ExportError) {
        try self.init { () throws(Python.Missing) in try Python(named: name, having: Self.modules) }
    }

    private init(_ find: () throws(Python.Missing) -> Python) throws(ExportError) {
        do {
            let found = try find()
            (python, version) = (found.program, found.version)
        } catch {
            switch error {
            case .noPython(let name):
                throw .option("SINEW_PYTHON: '\(name)' is no Python that runs here; name one, or unset it")
            case .notInNamed(let name):
                throw .missingProgram("SINEW_PYTHON: \(name) has no ONNX Runtime; \(Self.remedy)")
            case .nowhere: throw .missingProgram("no Python here has ONNX Runtime; \(Self.remedy)")
            }
        }
    }

    /// What runs `model`; without noise where the graph takes some.
    func engine(_ model: ONNXModel) -> RunningEngine {
        RunningEngine(name: "ONNX Runtime \(version)", contract: model.policy.contract) {
            observations throws(ExportError) in
            let folder = try ScratchFolder()
            let file = try folder.write("model.onnx", model.bytes)
            let width = model.policy.network.actionCount
            return try folder.actions(observations, width: width) { input, output throws(ExportError) in
                let arguments = Python.arguments(Self.script, [file, "\(observations.count)", input, output])
                _ = try ExportError.wrapProgram(try python.run(arguments))
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
