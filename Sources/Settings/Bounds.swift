// SPDX-License-Identifier: MIT

/// The numbers that a key may hold.
package struct Bounds: Sendable, Equatable {
    /// The lowest number; nil for none.
    package var low: Double?
    /// Whether `low` itself is not allowed.
    package var isLowOpen = false
    /// The highest number; nil for none.
    package var high: Double?

    package init(low: Double? = nil, isLowOpen: Bool = false, high: Double? = nil) {
        self.low = low
        self.isLowOpen = isLowOpen
        self.high = high
    }

    /// Any finite number.
    package static let any = Bounds()
    package static let positive = Bounds(low: 0, isLowOpen: true)
    package static let notNegative = Bounds(low: 0)

    /// From `low` to `high`, both allowed.
    package static func within(_ low: Double, _ high: Double) -> Bounds { Bounds(low: low, high: high) }

    /// Greater than 0, at most `high`.
    package static func positive(upTo high: Double) -> Bounds {
        Bounds(low: 0, isLowOpen: true, high: high)
    }

    package func contains(_ value: Double) -> Bool {
        if let low, isLowOpen ? value <= low : value < low { return false }
        if let high, value > high { return false }
        return value.isFinite
    }

    /// Such as `a number from 0 to 1` and `a finite number greater than 0`.
    package var words: String {
        if let low, let high, !isLowOpen {
            return "a number from \(Scalar.digits(of: low)) to \(Scalar.digits(of: high))"
        }
        var parts: [String] = []
        if let low { parts.append((isLowOpen ? "greater than " : "of at least ") + Scalar.digits(of: low)) }
        if let high { parts.append("at most " + Scalar.digits(of: high)) }
        return "a finite number" + (parts.isEmpty ? "" : " " + parts.joined(separator: " and "))
    }
}
