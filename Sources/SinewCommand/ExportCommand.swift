// SPDX-License-Identifier: MIT

import ArgumentParser
import Export
import Foundation
import Policies

struct ExportCommand: ParsableCommand {
    /// The forms that a policy leaves in.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case safetensors, onnx, c
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a policy to a file for deployment, and verify what was written.",
        discussion: """
            safetensors: the tensors of the network (torch.nn.Linear's order), the normalisation and the action's scale, \
            golden pairs of observations and actions, and the deployment contract as JSON in the metadata.

            onnx: one graph from observation to action, both in physical units: normalisation, clip, layers, tanh, scale and \
            offset; the contract is in the metadata.

            c: a folder with policy.h and policy.c, which need a C99 compiler and libm: the runtime's own code, the weights \
            as constants, the contract as a string, and a self-test.
            """)

    @Argument(help: "A run's folder (its best policy), a policy file or an exported ONNX file.")
    var policy: String
    @Option(help: "The form: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: Format
    @Option(
        help:
            "The file or, for c, the folder to write (default: SCENE.safetensors, SCENE.onnx or SCENE-c here)."
    )
    var output: String?
    @Option(help: "onnx: the version of the operators, 11 to 17 (default: 13).")
    var opset: Int?
    @Flag(help: "onnx: fix the batch to one observation, for microcontrollers' tools.")
    var staticBatch = false
    @Option(help: "c: what every name begins with (default: the scene's name).")
    var prefix: String?
    @Flag(help: "onnx, c: take noise as an input and draw the action, as in training.")
    var stochastic = false

    func validate() throws {
        if format != .onnx, opset != nil || staticBatch {
            throw ValidationError("--opset and --static-batch are options of --format onnx")
        }
        if format != .c, prefix != nil { throw ValidationError("--prefix is an option of --format c") }
        if format == .safetensors, stochastic {
            throw ValidationError("--stochastic: a safetensors file holds both kinds of actions anyway")
        }
    }

    func run() throws {
        let policy = try PolicySource(path: policy).file
        let scene = policy.contract.scene
        let path: String
        switch format {
        case .safetensors:
            path = output ?? "\(scene).safetensors"
            try PolicySource.checkTarget(path, of: self.policy)
            try policy.write(to: path)
        case .onnx:
            path = output ?? "\(scene).onnx"
            try PolicySource.checkTarget(path, of: self.policy)
            let options = try ONNXOptions(
                operatorSet: opset ?? 13, hasStaticBatch: staticBatch, isStochastic: stochastic)
            try ONNXModel(policy, options).write(to: path)
        case .c:
            path = output ?? "\(scene)-c"
            try CSource(policy, prefix: prefix, isStochastic: stochastic).write(to: path)
        }
        try verify(path, against: policy)
        print(path)
    }

    /// What was written is read back and run; a program that is absent is told, and nothing more: the files are written.
    private func verify(_ path: String, against policy: PolicyFile) throws {
        let runtime = format == .onnx ? ONNXRuntime() : nil
        if format == .onnx, runtime == nil {
            printError("note: not run by ONNX Runtime, which no Python here has; \(ONNXRuntime.remedy)")
        }
        do {
            let file = try ExportedFile(path: path)
            for result in try Verification.verify(file, against: policy, runtime: runtime) {
                if let problem = result.problem {
                    throw Failure(.badData, "\(path): \(result.engine): \(problem)")
                }
            }
        } catch ExportError.missingProgram(let text) {
            printError("note: what was written is not verified: \(text)")
        }
    }
}
