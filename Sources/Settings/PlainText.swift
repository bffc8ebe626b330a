// SPDX-License-Identifier: MIT

internal import CLibrary

extension Double {
    /// With the four significant digits that people read.
    package var digits: String { formatted("%.4g") }

    /// The number by a format of C, such as `%.3f`.
    package func formatted(_ format: String) -> String {
        var characters = [CChar](repeating: 0, count: 512)
        // Longer than the longest double in full.
        let count = unsafe withVaList([self]) { unsafe vsnprintf(&characters, characters.count, format, $0) }
        return String(
            decoding: characters.prefix(max(0, Int(count))).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
