// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Environments
package import Settings

/// A setting that trials differ in, and the values that it may have.
package struct Parameter: Sendable, Equatable {
    package enum Values: Sendable, Equatable {
        case list([Setting])
        case range(ParameterRange)
    }

    /// The key as `train --set` takes it, such as `sac.batch`.
    package var key: String
    package var values: Values
    /// The line of the file, for what the run is refused for.
    package var line: Int?

    package static func == (left: Parameter, right: Parameter) -> Bool {
        left.key == right.key && left.values == right.values
    }

    /// The values that a grid takes, in order.
    package var gridValues: [Setting] {
        switch values {
        case .list(let values): values
        case .range(let range): range.gridValues
        }
    }

    /// The value for a number that is uniform in [0, 1).
    package func value(at share: Double) -> Setting {
        switch values {
        case .list(let values): values[min(Int(share * Double(values.count)), values.count - 1)]
        case .range(let range): range.value(at: share)
        }
    }

    /// Values whose run is tried out before any is trained: all of a list, the ends of a range and one between them, which of a range
    /// from 1.0 to 64.0 is not whole.
    package var probes: [Setting] {
        switch values {
        case .list(let values): values
        case .range(let range):
            [range.setting(range.from), range.setting(range.to), range.value(at: 0.381966)]
        }
    }
}

/// Numbers from one to another, both of them too.
package struct ParameterRange: Sendable, Equatable {
    package var from = 0.0
    package var to = 0.0
    /// Whether equal ratios are as likely as each other, and not equal differences.
    package var isLogarithmic = false
    /// How many values a grid takes.
    package var points: Int?
    /// Whether both ends are written without a point: only whole numbers are taken then.
    package var isWhole = false

    package init() {}

    func setting(_ number: Double) -> Setting {
        Setting(.scalar(isWhole ? Scalar(Int(number)) : Self.decimal(number)))
    }

    /// A number that reads back as no whole one.
    static func decimal(_ number: Double) -> Scalar {
        let digits = Scalar.digits(of: number)
        return Scalar(digits.contains { ".e".contains($0) } ? digits : digits + ".0", isQuoted: false)
    }

    var gridValues: [Setting] {
        let count = points ?? 2
        let values = (0..<count).map { index in
            let share = Double(index) / Double(max(count - 1, 1))
            if index == 0 { return from }
            if index == count - 1 { return to }
            return rounded(isLogarithmic ? from * pow(to / from, share) : from + (to - from) * share)
        }
        return values.indices.filter { $0 == 0 || values[$0] != values[$0 - 1] }.map { setting(values[$0]) }
    }

    func value(at share: Double) -> Setting {
        // Each whole number has a stretch of the same length around it.
        let (low, high) = isWhole ? (from - 0.5, to + 0.5) : (from, to)
        let number = isLogarithmic ? low * pow(high / low, share) : low + (high - low) * share
        return setting(min(max(rounded(number), from), to))
    }

    /// As people write numbers: four digits are as good as all, and of a narrow range as many more as tell its values apart.
    private func rounded(_ number: Double) -> Double {
        guard !isWhole else { return number.rounded() }
        let ratio = max(abs(from), abs(to)) / (to - from)
        let more = ratio > 1 && ratio.isFinite ? min(Int(log10(ratio)), 13) : 0
        return Double(number.formatted("%.\(4 + more)g")) ?? number
    }
}

extension ParameterRange: Configurable {
    package static let keys: [Key<Self>] = [
        end("from", \.from, "The lowest value."),
        end("to", \.to, "The highest value."),
        Key("log", \.isLogarithmic, .flag, "Whether equal ratios count alike, not equal differences."),
        Key("points", \.points, .integer(2...10_000), "How many values `sampler: grid` takes.", absent: ""),
    ]

    /// An end of the range, which stays whole or not as it is written.
    private static func end(
        _ name: String, _ path: any WritableKeyPath<Self, Double> & Sendable, _ summary: String
    ) -> Key<Self> {
        Key(
            name, .number(.within(-1e15, 1e15)), summary, isRequired: true,
            encode: { .scalar($0.isWhole ? Scalar(Int($0[keyPath: path])) : decimal($0[keyPath: path])) },
            decode: { range, setting, decoder in
                let format = Format<Double>.number(.within(-1e15, 1e15))
                if let number = format.decode(setting, decoder) { range[keyPath: path] = number }
            })
    }

    package func check(_ setting: Setting, _ decoder: Decoder) {
        guard setting["from"]?.number != nil, setting["to"]?.number != nil else { return }
        if from >= to {
            decoder.report(
                setting["to"] ?? setting,
                "\(Scalar.digits(of: to)) is not above from, \(Scalar.digits(of: from))")
        } else if isLogarithmic, from <= 0 {
            decoder.report(
                setting["from"] ?? setting, "\(Scalar.digits(of: from)) has no logarithm",
                "begin above 0, or leave log out")
        }
    }
}

extension Format<[Parameter]> {
    /// Keys with a list of values or a range each.
    static var parameters: Format {
        let words = "a list of values, or a range such as {from: 1e-4, to: 1e-2, log: true}"
        return Format(
            .mapping(of: "key", .described(words, .any)),
            encode: { parameters in
                .mapping(
                    parameters.map { parameter in
                        let value: Setting.Value =
                            switch parameter.values {
                            case .list(let values): .list(values)
                            case .range(let range): Setting(encoding: range).value
                            }
                        return .init(key: parameter.key, value: Setting(value))
                    })
            },
            decode: { setting, decoder in
                guard let entries = setting.entries else {
                    return decoder.refuse(
                        setting, .described("a mapping such as {sac.batch: [64, 128]}", .any))
                }
                return entries.compactMap { parameter($0, words, decoder) }
            })
    }

    private static func parameter(_ entry: Setting.Entry, _ words: String, _ decoder: Decoder) -> Parameter? {
        switch entry.value.value {
        case .scalar:
            decoder.report(
                entry.value, "\(entry.value.shown) is not \(words)", "what all trials have belongs under set")
            return nil
        case .list(let values):
            guard !values.isEmpty else {
                decoder.report(entry.value, "the list is empty", "list the values to be tried")
                return nil
            }
            for (index, value) in values.enumerated() where values[..<index].contains(where: value.means) {
                decoder.report(value, "\(value.flowText) stands there twice", "remove one")
                return nil
            }
            return Parameter(key: entry.key, values: .list(values), line: entry.value.line)
        case .mapping:
            guard var range = decoder.decode(entry.value, ParameterRange()) else { return nil }
            range.isWhole = ["from", "to"].allSatisfy { isWritten(entry.value[$0]?.scalar) }
            return Parameter(key: entry.key, values: .range(range), line: entry.value.line)
        }
    }

    /// Whether a number is written as a whole one: 10 and 1_000, not 10.0 or 1e3.
    private static func isWritten(_ scalar: Scalar?) -> Bool {
        scalar?.characters.allSatisfy { "+-_0123456789".contains($0) } ?? false
    }
}
