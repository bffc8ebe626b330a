// SPDX-License-Identifier: MIT

import ArgumentParser
import Foundation
import Policies

struct ExportCommand: ParsableCommand {
    /// The forms that a policy leaves in.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case safetensors
    }

    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a policy to a file for deployment.",
        discussion: """
            safetensors: the tensors of the network (torch.nn.Linear's order), the normalisation and the action's scale, \
            golden pairs of observations and actions, and the deployment contract as JSON in the metadata.
            """)

    @Argument(help: "A run's folder (its best policy) or a policy file.")
    var policy: String
    @Option(help: "The form: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: Format
    @Option(help: "The file to write (default: SCENE.safetensors here).")
    var output: String?

    func run() throws {
        let source = try PolicySource(path: policy)
        let path = output ?? "\(source.file.contract.scene).safetensors"
        try source.file.write(to: path)
        // What was written is read back and must reproduce its golden pairs.
        _ = try NetworkPolicy(PolicyFile(contentsOf: path))
        print(path)
    }
}
