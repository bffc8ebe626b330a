// SPDX-License-Identifier: MIT

import Policies

extension ExportFormat {
    /// The policy file itself.
    public static let safetensors = ExportFormat(
        name: "safetensors",
        summary:
            "the tensors of the network (torch.nn.Linear's order), the normalisation and the action's scale, golden "
            + "pairs of observations and actions, and the deployment contract as JSON in the metadata.",
        engines: "Sinew's engine", ending: ".safetensors", options: [],
        writer: { policy, _, path, isReplaced throws(ExportError) in
            try ExportError.wrapPolicy(try policy.limited().write(to: path, replacing: isReplaced))
        },
        // The length of the header, then its JSON.
        isContent: { _, bytes in bytes.map { $0.count > 8 && $0[8] == UInt8(ascii: "{") } ?? false },
        reader: { path, bytes throws(ExportError) in
            ExportedFile(try ExportError.wrapPolicy(try PolicyFile(bytes: bytes ?? [], name: path)))
        })
}
