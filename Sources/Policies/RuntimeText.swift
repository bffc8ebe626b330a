// SPDX-License-Identifier: MIT

import CPolicyRuntime

/// The text of the C runtime's files: what exported C source is made of.
package enum RuntimeText: CaseIterable {
    case flags, network, floats, kernel, dense, forward, clock, checksum

    /// The file as it was when this was compiled.
    package var text: String {
        let file: policy_text_file =
            switch self {
            case .flags: .POLICY_TEXT_FLAGS
            case .network: .POLICY_TEXT_NETWORK
            case .floats: .POLICY_TEXT_FLOATS
            case .kernel: .POLICY_TEXT_KERNEL
            case .dense: .POLICY_TEXT_DENSE
            case .forward: .POLICY_TEXT_FORWARD
            case .clock: .POLICY_TEXT_CLOCK
            case .checksum: .POLICY_TEXT_CHECKSUM
            }
        return unsafe String(cString: policy_text(file))
    }
}
