// SPDX-License-Identifier: MIT

import ArgumentParser
import Settings

/// Reads a whole number of a flag, by the rule that files have: `1e5` and `10_000` are whole numbers.
func whole<Number: FixedWidthInteger & Sendable>(
    _ range: ClosedRange<Number>
) -> @Sendable (String) throws -> Number {
    { argument in
        guard let number = Scalar(argument, isQuoted: false).whole(Number.self), range.contains(number) else {
            throw ValidationError(
                // The end of 64 bits is none that people know.
                Number.bitWidth == 64 && range.upperBound == .max && range.lowerBound > 0
                    ? "it must be a whole number, \(range.lowerBound) or more"
                    : "it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

/// Reads a finite number of a flag; `words` say which are allowed.
func number(
    _ words: String = "a finite number", where isAllowed: @escaping @Sendable (Double) -> Bool = { _ in true }
) -> @Sendable (String) throws -> Double {
    { argument in
        guard let number = Scalar.number(argument), isAllowed(number) else {
            throw ValidationError("it must be \(words)")
        }
        return number
    }
}
