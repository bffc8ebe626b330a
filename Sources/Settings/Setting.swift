// SPDX-License-Identifier: MIT

/// A value of the file that is decoded elsewhere, with the place it stands at.
public struct Setting: Sendable, Equatable {
    /// What a setting can be.
    public indirect enum Value: Sendable, Equatable {
        /// Nothing, or `null`.
        case null
        /// `true` or `false`.
        case bool(Bool)
        /// A whole number.
        case integer(Int)
        /// A number with a fraction or an exponent; always finite.
        case number(Double)
        /// A text.
        case string(String)
        /// A list.
        case list([Setting])
        /// Keys with values, in the order of the file.
        case mapping([Entry])
    }

    /// A key with its value.
    public struct Entry: Sendable, Equatable {
        /// The key.
        public var key: String
        /// The value.
        public var value: Setting

        /// Makes an entry.
        public init(key: String, value: Setting) {
            self.key = key
            self.value = value
        }
    }

    /// The value.
    public var value: Value
    /// The key path, such as `train.sac.hidden[1]`.
    public var path: String
    /// The line of the file, counted from 1; nil for values that no file gave.
    public var line: Int?

    /// Makes a setting.
    public init(_ value: Value, path: String = "", line: Int? = nil) {
        self.value = value
        self.path = path
        self.line = line
    }

    /// The value of a key; nil where there is none, or where this is not a mapping.
    public subscript(key: String) -> Setting? {
        guard case .mapping(let entries) = value else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// The number, whole or not; nil where it is none.
    public var number: Double? {
        switch value {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }
}

extension Setting {
    /// The value as YAML writes it in one line, such as `{uniform: [-1, 1]}`.
    public var flowText: String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
        case .string(let value): value.quotedAsYAML
        case .list(let items): "[" + items.map(\.flowText).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\($0.key): \($0.value.flowText)" }.joined(separator: ", ") + "}"
        }
    }
}
