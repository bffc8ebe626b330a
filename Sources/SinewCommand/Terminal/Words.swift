// SPDX-License-Identifier: MIT

import Foundation

extension Double {
    /// A quantity, with at most six significant digits.
    var short: String { String(format: "%.6g", self) }

    /// A return: one digit behind the point, none from a thousand on, and three significant ones below 1 and beyond a million.
    var asReturn: String {
        switch abs(self) {
        case 0, 1..<1000: String(format: "%.1f", self)
        case 1000..<1e6: String(format: "%.0f", self)
        default: String(format: "%.3g", self)
        }
    }

    /// Steps a second: three significant digits below ten, whole from there on.
    var asSpeed: String { String(format: self < 10 ? "%.3g" : "%.0f", self) + " steps/s" }

    /// Seconds as people read them: `42 s`, `3 min 10 s`, `2 h 5 min`.
    var asDuration: String {
        let whole = isFinite ? Int(clamping: Int64(exactly: rounded()) ?? .max) : .max
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}

extension [Double] {
    /// The numbers in brackets.
    var short: String { "[" + map(\.short).joined(separator: ", ") + "]" }
}

/// An interval as people read it; `any` where it has no end.
func rangeWords(_ low: Double, _ high: Double) -> String {
    func text(_ value: Double) -> String {
        value.isInfinite ? (value < 0 ? "-inf" : "inf") : String(format: "%.4g", value)
    }
    return low == -.infinity && high == .infinity ? "any" : "\(text(low)) to \(text(high))"
}

/// A number of things: `1 seed`, `3 seeds`.
func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }

extension String {
    /// The word as a shell takes it.
    var shellQuoted: String {
        let isPlain = allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=,:+@".contains($0)) }
        return isPlain && !isEmpty ? self : "'" + replacing("'", with: "'\\''") + "'"
    }
}
