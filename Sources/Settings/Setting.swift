// SPDX-License-Identifier: MIT

/// A value of a file, with the place it stands at.
package struct Setting: Sendable, Equatable {
    /// What a setting can be.
    package indirect enum Value: Sendable, Equatable {
        /// A word, a number or nothing; what it is, its reader decides.
        case scalar(Scalar)
        case list([Setting])
        /// Keys with values, in the order of the file.
        case mapping([Entry])

        package static let null = Value.scalar(Scalar("null", isQuoted: false))
    }

    /// A key with its value.
    package struct Entry: Sendable, Equatable {
        package var key: String
        package var value: Setting

        package init(key: String, value: Setting) {
            self.key = key
            self.value = value
        }
    }

    package var value: Value
    /// The key path, such as `train.sac.hidden[1]`.
    package var path: String
    /// The line of the file, counted from 1; nil for values that no file gave.
    package var line: Int?
    /// What gave the value where it was not the file, such as `--set sac.batch=0`.
    package var source: String?

    package init(_ value: Value, path: String = "", line: Int? = nil, source: String? = nil) {
        self.value = value
        self.path = path
        self.line = line
        self.source = source
    }

    /// The value of a key; nil where there is none, or where this is not a mapping.
    package subscript(key: String) -> Setting? {
        guard case .mapping(let entries) = value else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// The value of a key, or where it would stand: for messages.
    package func place(of key: String) -> Setting {
        self[key] ?? Setting(.null, path: path(of: key), line: line, source: source)
    }

    /// Where to say that these keys contradict each other: at the first of them that a flag gave, else at the first that is there.
    package func place(ofOneOf keys: [String]) -> Setting {
        let given = keys.compactMap { self[$0] }
        return given.first { $0.source != nil } ?? given.first ?? self
    }

    package func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The entries of a mapping; none where nothing is written, nil where something else is.
    package var entries: [Entry]? {
        switch value {
        case .mapping(let entries): entries
        case .scalar(let scalar): scalar.isNull ? [] : nil
        case .list: nil
        }
    }

    /// The items of a list; none where nothing is written, nil where something else is.
    package var items: [Setting]? {
        switch value {
        case .list(let items): items
        case .scalar(let scalar): scalar.isNull ? [] : nil
        case .mapping: nil
        }
    }

    package var scalar: Scalar? { if case .scalar(let scalar) = value { scalar } else { nil } }
    package var number: Double? { scalar?.number }
    package var text: String? { scalar?.text }

    /// How a message shows the value.
    package var shown: String {
        switch value {
        case .scalar(let scalar): scalar.shown
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }

    /// How many values it holds, itself included.
    package var count: Int {
        switch value {
        case .scalar: 1
        case .list(let items): items.reduce(1) { $0 + $1.count }
        case .mapping(let entries): entries.reduce(1) { $0 + $1.value.count }
        }
    }

    /// The same under another path.
    package func moved(to path: String) -> Setting {
        var copy = self
        copy.path = path
        switch value {
        case .scalar: break
        case .list(let items):
            copy.value = .list(items.enumerated().map { $1.moved(to: "\(path)[\($0)]") })
        case .mapping(let entries):
            copy.value = .mapping(
                entries.map { Entry(key: $0.key, value: $0.value.moved(to: copy.path(of: $0.key))) })
        }
        return copy
    }

    /// Whether two settings say the same, wherever they stand: a comment, a line or quotes make no difference.
    package func means(_ other: Setting) -> Bool {
        switch (value, other.value) {
        case (.scalar(let a), .scalar(let b)): a.means(b)
        case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.means($1) }
        case (.mapping(let a), .mapping(let b)):
            a.count == b.count
                && a.allSatisfy { entry in other[entry.key].map { entry.value.means($0) } ?? false }
        default: false
        }
    }
}
