// SPDX-License-Identifier: MIT

extension SettingShape {
    /// The JSON Schema (draft 2020-12) of a file of this shape, by which editors complete and check it.
    package func schema(title: String) -> String {
        let head: [(String, JSONValue)] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")), ("title", .text(title)),
        ]
        return JSONValue.object(head + node).json + "\n"
    }

    private var node: [(String, JSONValue)] {
        switch self {
        case .number(let bounds): Self.number(bounds)
        case .integer(let low, let high):
            // A float cannot hold the ends of the widest ranges; they bound nothing.
            [("type", .text("integer")), ("minimum", .number(Double(low)))]
                + (high == .max ? [] : [("maximum", .number(Double(high)))])
        case .flag: [("type", .text("boolean"))]
        case .text: [("type", .array([.text("string"), .text("number")])), ("minLength", .number(1))]
        case .choice(let words): [("enum", .array(words.map { .text($0) }))]
        case .name: [("type", .array([.text("string"), .text("integer")]))]
        case .list(let items, let count, let areUnique):
            [("type", Self.orNull("array", count.lowerBound == 0)), ("items", .object(items.node))]
                + (count.lowerBound > 0 ? [("minItems", .number(Double(count.lowerBound)))] : [])
                + (count.upperBound < 100_000 ? [("maxItems", .number(Double(count.upperBound)))] : [])
                + (areUnique ? [("uniqueItems", .flag(true))] : [])
        case .mapping(_, let value):
            [("type", Self.orNull("object", true)), ("additionalProperties", .object(value.node))]
        case .block(let keys): Self.block(keys)
        case .variants(let description):
            [
                (
                    "oneOf",
                    .array(description.variants.map { .object(Self.block(description.keys(of: $0))) })
                )
            ]
        case .any: []
        case .either(let shapes): [("anyOf", .array(shapes.map { .object($0.node) }))]
        case .described(_, let shape): shape.node
        }
    }

    /// A mapping with these keys and no others; one in which nothing is required may be left empty.
    private static func block(_ keys: [KeyDescription]) -> [(String, JSONValue)] {
        let properties = keys.map { key in
            (key.name, JSONValue.object([("description", .text(key.sentence))] + key.shape.node))
        }
        let required = keys.filter(\.isRequired).map(\.name)
        return [
            ("type", orNull("object", required.isEmpty)), ("properties", .object(properties)),
            ("additionalProperties", .flag(false)),
        ] + (required.isEmpty ? [] : [("required", .array(required.map { .text($0) }))])
    }

    private static func number(_ bounds: Bounds) -> [(String, JSONValue)] {
        var node: [(String, JSONValue)] = [("type", .text("number"))]
        if let low = bounds.low {
            node.append((bounds.isLowOpen ? "exclusiveMinimum" : "minimum", .number(low)))
        }
        if let high = bounds.high { node.append(("maximum", .number(high))) }
        return node
    }

    private static func orNull(_ type: String, _ isNullAllowed: Bool) -> JSONValue {
        isNullAllowed ? .array([.text(type), .text("null")]) : .text(type)
    }
}

extension SettingShape.KeyDescription {
    /// The summary, and what holds where the key is left out.
    package var sentence: String {
        let text = summary.hasSuffix(".") ? String(summary.dropLast()) : summary
        return absent.map { "\(text); \($0) if left out." } ?? "\(text)."
    }
}
