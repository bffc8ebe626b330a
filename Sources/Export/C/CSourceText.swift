// SPDX-License-Identifier: MIT

import Policies
import Safetensors

/// The texts of exported C source: the runtime's own files, and around them what is the policy's.
struct CSourceText {
    let policy: PolicyFile
    let prefix: String
    let data: CSourceData

    init(_ policy: PolicyFile, prefix: String) {
        self.policy = policy
        self.prefix = prefix
        data = CSourceData(policy, upper: prefix.uppercased())
    }

    var network: PolicyNetwork { policy.network }
    private var upper: String { prefix.uppercased() }

    /// The text of one of the runtime's files with the prefix instead of `policy`.
    ///
    /// Files stand one after another here, so they include none of each other, but the kernel stands wherever it is included.
    private func runtime(_ file: RuntimeText) -> String {
        var lines: [Substring] = []
        for line in file.text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "#include \"kernel.h\"" {
                lines += RuntimeText.kernel.text.split(separator: "\n", omittingEmptySubsequences: false)
                    .dropFirst()
            } else if !line.hasPrefix("#include \"") && !line.contains("SPDX-License-Identifier") {
                lines.append(line)
            }
        }
        return renamed(lines.joined(separator: "\n").trimmingNewlines())
    }

    /// `text` with the caller's prefix.
    private func renamed(_ text: String) -> String {
        // In this order: a prefix may end in POLICY, and no upper-case text holds policy_.
        text.replacing("POLICY_", with: upper + "_").replacing("policy_", with: prefix + "_")
    }

    var header: String {
        renamed(usage) + runtime(.flags) + "\n" + renamed(declarations)
    }

    func source(contract: String) -> String {
        let files: [RuntimeText] = [.network, .floats, .checksum, .dense, .forward, .clock]
        let start = """
            /* SPDX-License-Identifier: MIT */

            /* The runtime, the policy's numbers, and the functions of policy.h. */
            #include "\(CSource.headerName)"

            #include <stddef.h>

            #define POLICY_PRIVATE static

            """
        return
            ([renamed(start)] + files.map(runtime)
            + [
                "/* ---- The policy's numbers ---- */", data.text, Self.bytes(of: contract),
                renamed(functions),
            ])
            .joined(separator: "\n\n")
    }

    /// The contract; a literal of this length is beyond what C99 asks of compilers.
    private static func bytes(of contract: String) -> String {
        let characters = contract.utf8.map { byte -> String in
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\\"): "'\\\(Character(UnicodeScalar(byte)))'"
            case 0x20..<0x7F: "'\(Character(UnicodeScalar(byte)))'"
            default: "'\\x\(String(byte, radix: 16))'"
            }
        }
        return "static const char contract[] = {\n\(CSourceData.lines(characters + ["0"], perLine: 20))};"
    }
}

extension String {
    fileprivate func trimmingNewlines() -> String {
        String(drop { $0 == "\n" }.reversed().drop { $0 == "\n" }.reversed())
    }
}
