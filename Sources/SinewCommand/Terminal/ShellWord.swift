// SPDX-License-Identifier: MIT

extension String {
    /// The word as a shell takes it.
    var shellQuoted: String {
        let isPlain = allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=,:+@".contains($0)) }
        return isPlain && !isEmpty ? self : "'" + replacing("'", with: "'\\''") + "'"
    }
}
