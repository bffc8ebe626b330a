// SPDX-License-Identifier: MIT

/// One of several kinds of an entry, told apart by the value of one key: a term of a reward, an actuator.
package struct Variant<Entry>: Sendable {
    package let name: String
    package let summary: String
    /// Names that people may know it by elsewhere.
    package let synonyms: [String]
    package let keys: [Key<Entry>]
    /// The entry of this kind with its defaults.
    let make: @Sendable () -> Entry
    /// Whether an entry is of this kind.
    let matches: @Sendable (Entry) -> Bool

    package init(
        _ name: String, _ summary: String, synonyms: [String] = [], keys: [Key<Entry>],
        matches: @escaping @Sendable (Entry) -> Bool, make: @escaping @Sendable () -> Entry
    ) {
        self.name = name
        self.summary = summary
        self.synonyms = synonyms
        self.keys = keys
        self.make = make
        self.matches = matches
    }
}

extension Format {
    /// A mapping whose key `tag` names one of `variants`; `shared` are the keys that all of them have, and `check` reports what no
    /// key alone can tell of an entry.
    package static func variant(
        tag: String, shared: [Key<Value>], _ variants: [Variant<Value>],
        check: @escaping @Sendable (Value, Setting, Decoder) -> Void = { _, _, _ in }
    ) -> Format {
        let description = SettingShape.VariantsDescription(
            tag: tag, shared: shared.map { $0.description(of: variants.first?.make()) },
            variants: variants.map { variant in
                let usual = variant.make()
                return .init(
                    name: variant.name, summary: variant.summary,
                    keys: variant.keys.map { $0.description(of: usual) })
            })
        return Format(
            .variants(description),
            encode: { value in
                guard let variant = variants.first(where: { $0.matches(value) }) else { return nil }
                let keys = (variant.keys + shared).compactMap { key in
                    key.encode(value).map { Setting.Entry(key: key.name, value: Setting($0)) }
                }
                let name = Setting(.scalar(Scalar(variant.name, isQuoted: false)))
                return .mapping([.init(key: tag, value: name)] + keys)
            },
            decode: { setting, decoder in
                guard let variant = decoder.variant(of: setting, tag: tag, variants),
                    let value = decoder.decode(
                        setting, variant.make(), keys: variant.keys + shared, besides: [tag])
                else { return nil }
                check(value, setting, decoder)
                return value
            })
    }
}

extension Decoder {
    fileprivate func variant<Entry>(
        of setting: Setting, tag: String, _ variants: [Variant<Entry>]
    ) -> Variant<Entry>? {
        guard setting.entries != nil else {
            report(setting, "\(setting.shown) is not a mapping with the key \(tag)")
            return nil
        }
        let place = setting.place(of: tag)
        guard setting[tag] != nil else {
            report(place, "is missing", "allowed: \(variants.map(\.name).joined(separator: ", "))")
            return nil
        }
        guard let name = place.text else {
            report(place, "\(place.shown) is not a name")
            return nil
        }
        if let variant = variants.first(where: { $0.name == name }) { return variant }
        let known = variants.first { $0.synonyms.contains(name) }
        report(
            place, "there is no \(tag) '\(name.shortened)'",
            known.map { "here it is called '\($0.name)'" }
                ?? NearestName.remedy(name, in: variants.map(\.name)))
        return nil
    }
}
