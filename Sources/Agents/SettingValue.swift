// SPDX-License-Identifier: MIT

// Agents: what learns. An agent acts with exploration, takes in transitions, and updates its networks; it never sees physics.
// Each algorithm has a folder; Experience holds what they share.

/// A value as it stands in a scene's `train` block, in run.yaml or in a `--set` flag.
public indirect enum SettingValue: Sendable, Equatable, CustomStringConvertible {
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case text(String)
    case list([SettingValue])
    case mapping([Entry])

    /// A key of a mapping with its value.
    public struct Entry: Sendable, Equatable {
        /// The key.
        public var key: String
        /// The value.
        public var value: SettingValue

        /// Makes an entry.
        public init(key: String, value: SettingValue) {
            self.key = key
            self.value = value
        }
    }

    /// Reads what a person types after `--set key=`: a number, true or false, a list in brackets, or a word.
    public init(parsing text: String) {
        let text = text.trimmed
        if let value = Int(text) {
            self = .integer(value)
        } else if let value = Double(text) {
            self = .number(value)
        } else if text == "true" || text == "false" {
            self = .boolean(text == "true")
        } else if text.hasPrefix("[") && text.hasSuffix("]") {
            let items = text.dropFirst().dropLast().split(separator: ",")
            // A list in a list stays text: no setting takes one.
            self = .list(
                items.map { $0.contains("[") ? .text(String($0)) : SettingValue(parsing: String($0)) })
        } else {
            self = .text(text)
        }
    }

    /// The value as YAML writes it.
    public var description: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .text(let value): value
        case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }
}

extension String {
    /// The string without the spaces at its ends.
    fileprivate var trimmed: String {
        var view = self[...]
        while view.first?.isWhitespace == true { view.removeFirst() }
        while view.last?.isWhitespace == true { view.removeLast() }
        return String(view)
    }
}

/// What is wrong with a setting, or with what an agent was given to restore.
public enum AgentsError: Error, Equatable, CustomStringConvertible {
    /// There is no hyperparameter of this name.
    case unknownSetting(key: String, known: [String])
    /// The value is of the wrong kind or out of range.
    case badSetting(key: String, value: String, allowed: String)
    /// Saved state does not fit this agent.
    case badState(String)
    /// A saved policy cannot be trained on by this agent.
    case badStart(String)
    /// The numbers left the finite range while learning.
    case notFinite(String)

    /// The error as a person reads it.
    public var description: String {
        switch self {
        case .unknownSetting(let key, let known):
            "\(key): no such setting; there are \(known.joined(separator: ", "))"
        case .badSetting(let key, let value, let allowed):
            "\(key): \(value) is not allowed; it must be \(allowed)"
        case .badState(let reason):
            "the saved state does not fit: \(reason)"
        case .badStart(let reason):
            "the policy cannot be trained on: \(reason)"
        case .notFinite(let reason):
            "learning diverged: \(reason); lower the learning rate or scale the reward"
        }
    }
}

/// One hyperparameter of an algorithm: its key, what it means, and how it is read and written.
///
/// The table of them is the only place that knows the keys: files, flags, run.yaml and documentation follow it.
public struct Hyperparameter<Configuration: Sendable>: Sendable {
    /// The key in files and flags.
    public let key: String
    /// What it means, its unit and its source.
    public let summary: String
    /// What is allowed.
    public let allowed: String
    let read: @Sendable (Configuration) -> SettingValue
    /// Returns false where the value is not allowed.
    let write: @Sendable (inout Configuration, SettingValue) -> Bool

    static func count(
        _ key: String, _ path: any WritableKeyPath<Configuration, Int> & Sendable,
        _ range: ClosedRange<Int>, _ summary: String
    ) -> Self {
        Self(
            key: key, summary: summary,
            allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            read: { .integer($0[keyPath: path]) },
            write: { configuration, setting in
                guard let value = setting.wholeNumber, range.contains(value) else { return false }
                configuration[keyPath: path] = value
                return true
            })
    }

    static func real(
        _ key: String, _ path: any WritableKeyPath<Configuration, Double> & Sendable,
        _ range: ClosedRange<Double>, _ summary: String
    ) -> Self {
        Self(
            key: key, summary: summary,
            allowed: "a number from \(range.lowerBound) to \(range.upperBound)",
            read: { .number($0[keyPath: path]) },
            write: { configuration, setting in
                guard let value = setting.realNumber, range.contains(value) else { return false }
                configuration[keyPath: path] = value
                return true
            })
    }

    static func flag(
        _ key: String, _ path: any WritableKeyPath<Configuration, Bool> & Sendable, _ summary: String
    ) -> Self {
        Self(
            key: key, summary: summary, allowed: "true or false",
            read: { .boolean($0[keyPath: path]) },
            write: { configuration, setting in
                guard case .boolean(let value) = setting else { return false }
                configuration[keyPath: path] = value
                return true
            })
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ key: String, _ path: any WritableKeyPath<Configuration, Choice> & Sendable, _ summary: String
    ) -> Self {
        Self(
            key: key, summary: summary,
            allowed: Choice.allCases.map(\.rawValue).joined(separator: " or "),
            read: { .text($0[keyPath: path].rawValue) },
            write: { configuration, setting in
                guard case .text(let word) = setting, let value = Choice(rawValue: word) else { return false }
                configuration[keyPath: path] = value
                return true
            })
    }

    static func widths(
        _ key: String, _ path: any WritableKeyPath<Configuration, [Int]> & Sendable, _ summary: String
    ) -> Self {
        Self(
            key: key, summary: summary,
            allowed: "a list of one to seven widths from 1 to 4096, such as [256, 256]",
            read: { .list($0[keyPath: path].map { .integer($0) }) },
            write: { configuration, setting in
                guard case .list(let items) = setting else { return false }
                let widths = items.compactMap(\.wholeNumber)
                guard widths.count == items.count, (1...7).contains(widths.count),
                    widths.allSatisfy({ (1...4096).contains($0) })
                else { return false }
                configuration[keyPath: path] = widths
                return true
            })
    }
}

extension SettingValue {
    /// The value as a whole number; `1e4` is one.
    var wholeNumber: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The value as a finite number.
    var realNumber: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value) where value.isFinite: value
        default: nil
        }
    }
}
