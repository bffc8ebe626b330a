// SPDX-License-Identifier: MIT

internal import Foundation

extension Double {
    /// With the digits that people read.
    package var digits: String { String(format: "%.4g", self) }
}
