// SPDX-License-Identifier: MIT

/// Those keys of a type that a file gives, to be laid over a value that has others from elsewhere: a scene's `damping` over the robot's.
package struct Given<Value: Configurable>: Sendable, Equatable {
    /// The keys, as they stand in the file.
    package private(set) var entries: [Setting.Entry] = []

    package init() {}

    /// What the file says of a key; nil where it says nothing.
    package subscript(key: String) -> Setting? { entries.first { $0.key == key }?.value }

    /// Lays the keys over `value`.
    package func apply(to value: inout Value) {
        // They were read once already, and found right.
        let decoder = Decoder(findings: Findings(file: ""))
        for key in Value.keys { if let setting = self[key.name] { key.decode(&value, setting, decoder) } }
    }

    fileprivate mutating func set(_ name: String, _ setting: Setting) {
        entries.removeAll { $0.key == name }
        entries.append(.init(key: name, value: setting))
    }
}

extension Key where Root: Configurable {
    /// The same key of a type that keeps at `path` which of these keys a file gives.
    package func given<Outer>(in path: any WritableKeyPath<Outer, Given<Root>> & Sendable) -> Key<Outer> {
        let (name, decode) = (name, decode)
        return Key<Outer>(
            name, shape, summary, isRequired: isRequired, absent: description(of: Root()).absent,
            encode: { $0[keyPath: path][name]?.value },
            decode: { outer, setting, decoder in
                let before = decoder.findings.diagnostics.count
                var value = Root()
                decode(&value, setting, decoder)
                if decoder.findings.diagnostics.count == before { outer[keyPath: path].set(name, setting) }
            })
    }
}
