// SPDX-License-Identifier: MIT

/// Reads settings into the types that people can set, and reports what is wrong with each.
package struct Decoder {
    package let findings: Findings
    /// What names are looked up in, such as the robot; nil where it could not be read, and names go unchecked.
    package let context: Any?

    package init(findings: Findings, context: Any? = nil) {
        self.findings = findings
        self.context = context
    }

    /// The keys of a mapping over the values that `initial` has, but for `known` keys, which are decoded elsewhere; nil where it is
    /// no mapping.
    package func decode<Value: Configurable>(
        _ setting: Setting, _ initial: Value, besides known: [String] = []
    ) -> Value? {
        guard let value = decode(setting, initial, keys: Value.keys, besides: known, gone: Value.gone)
        else { return nil }
        value.check(setting, self)
        return value
    }

    /// As above with the keys given; what contradicts is not checked.
    package func decode<Value>(
        _ setting: Setting, _ initial: Value, keys: [Key<Value>], besides known: [String] = [],
        gone: [String: String] = [:]
    ) -> Value? {
        let names = keys.map(\.name)
        guard let entries = setting.entries else {
            report(
                setting, "\(setting.shown) is not a mapping with the keys \(names.joined(separator: ", "))")
            return nil
        }
        var value = initial
        var meant: Set<String> = []
        for entry in entries where !names.contains(entry.key) && !known.contains(entry.key) {
            if let remedy = gone[entry.key] {
                report(entry.value, "unknown key", remedy)
                continue
            }
            if !entry.key.isEmpty, entry.key.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                // In braces a comma ends a value: `{weight: 0,5}` has a key 5.
                report(
                    entry.value, "unknown key", "write numbers with a point and without commas: 0.5, 20000")
                continue
            }
            let near = NearestName.of(entry.key, in: names)
            findings.error(
                entry.value, "unknown key", NearestName.remedy(entry.key, in: names + known),
                isMisspelt: near != nil)
            if let near { meant.insert(near) }
        }
        // In the order of the declaration: a later key may override what an earlier one set.
        for key in keys {
            if let setting = setting[key.name] {
                key.decode(&value, setting, self)
            } else if key.isRequired, !meant.contains(key.name) {
                // A misspelt key is one mistake, not two.
                report(setting.place(of: key.name), "is missing", "it is needed: \(key.summary)")
            }
        }
        return value
    }

    /// The items of a list; nil after a report, of one of them too.
    func items<Item>(_ setting: Setting, of item: Format<Item>, count: ClosedRange<Int>) -> [Item]? {
        let shape = SettingShape.list(of: item.shape, count: count, areUnique: false)
        guard let items = setting.items else { return refuse(setting, shape) }
        guard count.contains(items.count) else {
            report(setting, "a list of \(items.count) is not \(shape.words)")
            return nil
        }
        let values = items.map { item.decode($0, self) }
        return values.contains { $0 == nil } ? nil : values.compactMap(\.self)
    }

    /// Reports that a value is not of a shape.
    package func refuse<Value>(_ setting: Setting, _ shape: SettingShape) -> Value? {
        report(setting, "\(setting.shown) is not \(shape.words)")
        return nil
    }

    package func report(_ setting: Setting, _ message: String, _ remedy: String = "") {
        findings.error(setting, message, remedy)
    }

    package func warn(_ setting: Setting, _ message: String, _ remedy: String = "") {
        findings.warn(setting, message, remedy)
    }
}
