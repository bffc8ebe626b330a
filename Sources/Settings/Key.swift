// SPDX-License-Identifier: MIT

/// A type that people can set: a default value, and its keys.
package protocol Configurable: Sendable {
    /// The value of a file that says nothing.
    init()
    /// All keys, in the order in which they are decoded, written and listed.
    static var keys: [Key<Self>] { get }
    /// Keys of earlier versions that are refused, each with what to do about it.
    static var gone: [String: String] { get }
    /// Reports what no key alone can tell, such as two keys that contradict each other.
    func check(_ setting: Setting, _ decoder: Decoder)
}

extension Configurable {
    package static var gone: [String: String] { [:] }

    /// Nothing contradicts anything, unless a type says so.
    package func check(_ setting: Setting, _ decoder: Decoder) {}
}

/// One key of a type, declared once: its name, what it may hold, what it means, and where it is kept.
package struct Key<Root>: Sendable {
    package let name: String
    package let summary: String
    package let shape: SettingShape
    package let isRequired: Bool
    /// Words for what holds where the key is left out; nil takes the default value's own, and no words say nothing.
    package let absent: String?
    let decode: @Sendable (inout Root, Setting, Decoder) -> Void
    package let encode: @Sendable (Root) -> Setting.Value?

    /// A key with its own way to be read and written; `encode` gives nil where nothing needs to be written.
    package init(
        _ name: String, _ shape: SettingShape, _ summary: String, isRequired: Bool = false,
        absent: String? = nil,
        encode: @escaping @Sendable (Root) -> Setting.Value? = { _ in nil },
        decode: @escaping @Sendable (inout Root, Setting, Decoder) -> Void
    ) {
        self.name = name
        self.summary = summary
        self.shape = shape
        self.isRequired = isRequired
        self.absent = absent
        self.decode = decode
        self.encode = encode
    }

    /// A key that keeps its value at `path`.
    package init<Value>(
        _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ format: Format<Value>,
        _ summary: String, isRequired: Bool = false, absent: String? = nil
    ) {
        self.init(
            name, format.shape, summary, isRequired: isRequired, absent: absent,
            encode: { format.encode($0[keyPath: path]) },
            decode: { root, setting, decoder in
                if let value = format.decode(setting, decoder) { root[keyPath: path] = value }
            })
    }

    /// A key that may be left out: nil is kept at `path` then.
    package init<Value>(
        _ name: String, _ path: any WritableKeyPath<Root, Value?> & Sendable, _ format: Format<Value>,
        _ summary: String, absent: String? = nil
    ) {
        self.init(
            name, format.shape, summary, absent: absent,
            encode: { $0[keyPath: path].flatMap(format.encode) },
            decode: { root, setting, decoder in
                if let value = format.decode(setting, decoder) { root[keyPath: path] = value }
            })
    }

    /// A key whose value is a block of keys; what the block leaves out stays as it is at `path`.
    package init<Value: Configurable>(
        _ name: String, block path: any WritableKeyPath<Root, Value> & Sendable, _ summary: String
    ) {
        self.init(
            name, .block(Value.keyDescriptions), summary,
            encode: { .mapping(Setting.entries(encoding: $0[keyPath: path])) },
            decode: { root, setting, decoder in
                if let value = decoder.decode(setting, root[keyPath: path]) { root[keyPath: path] = value }
            })
    }

    /// The same key of a type that holds this one at `path`.
    package func of<Outer>(_ path: any WritableKeyPath<Outer, Root> & Sendable) -> Key<Outer> {
        let (encode, decode) = (encode, decode)
        return Key<Outer>(
            name, shape, summary, isRequired: isRequired, absent: absent,
            encode: { encode($0[keyPath: path]) },
            decode: { outer, setting, decoder in decode(&outer[keyPath: path], setting, decoder) })
    }

    /// The key as the reference shows it, with what `root`, the default, holds.
    package func description(of root: Root?) -> SettingShape.KeyDescription {
        var absent = absent
        if absent == nil, !isRequired, let value = root.flatMap(encode) {
            absent = shape.isBlock ? nil : Setting(value).absentText
        }
        let words = absent.flatMap { $0.isEmpty ? nil : $0 }
        return .init(name: name, summary: summary, shape: shape, isRequired: isRequired, absent: words)
    }
}

extension Configurable {
    /// The keys as the reference shows them.
    package static var keyDescriptions: [SettingShape.KeyDescription] {
        let usual = Self()
        return keys.map { $0.description(of: usual) }
    }
}

extension Format where Value: Configurable {
    /// A mapping with the keys of the type; an empty one where nothing is written.
    package static var block: Format {
        Format(.block(Value.keyDescriptions), encode: { .mapping(Setting.entries(encoding: $0)) }) {
            setting, decoder in
            decoder.decode(setting, Value())
        }
    }
}

extension SettingShape {
    /// Whether it is a mapping whose keys say themselves what holds where they are left out.
    fileprivate var isBlock: Bool { if case .block = self { true } else { false } }
}

extension Setting {
    /// The value of a key that is left out.
    fileprivate var absentText: String {
        switch value {
        case .list(let items) where items.isEmpty: "none"
        case .mapping(let entries) where entries.isEmpty: "none"
        default: flowText
        }
    }

    /// What a file would say of `value`, key by key.
    package init(encoding value: some Configurable) {
        self = Setting(.mapping(Self.entries(encoding: value))).moved(to: "")
    }

    static func entries<Value: Configurable>(encoding value: Value) -> [Entry] {
        Value.keys.compactMap { key in
            key.encode(value).map { Entry(key: key.name, value: Setting($0, path: key.name)) }
        }
    }
}
