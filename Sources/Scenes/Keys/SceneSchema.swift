// SPDX-License-Identifier: MIT

internal import Foundation
internal import Geometry
internal import Robots
internal import Settings

/// The JSON Schema of scenes, made from ``SceneKeys``, by which editors complete and check them.
public enum SceneSchema {
    /// The schema, draft 2020-12, as one line with its keys in alphabetical order.
    public static var text: String {
        var schema = block(SceneKeys.all)
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["title"] = "Sinew scene, format 1"
        schema["type"] = "object"
        let options: JSONSerialization.WritingOptions = [
            .sortedKeys, .withoutEscapingSlashes,
        ]
        guard let data = try? JSONSerialization.data(withJSONObject: schema, options: options) else {
            return "{}"
        }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private typealias Node = [String: Any]

    /// A mapping with these keys and no others.
    private static func block(_ parameters: [Parameter]) -> Node {
        var properties: Node = [:]
        for parameter in parameters {
            var node = node(parameter.kind)
            node["description"] = parameter.summary
            properties[parameter.name] = node
        }
        let required = parameters.filter(\.isRequired).map(\.name)
        // A block in which nothing is needed may be left empty.
        var block: Node = [
            "type": required.isEmpty ? ["object", "null"] : "object", "properties": properties,
            "additionalProperties": false,
        ]
        if !required.isEmpty { block["required"] = required }
        return block
    }

    private static func node(_ kind: Parameter.Kind) -> Node {
        switch kind {
        case .number(let bounds): number(bounds)
        case .integer(let range): integer(range)
        case .bool: ["type": "boolean"]
        case .text: ["type": "string", "minLength": 1]
        case .choice(let words): ["enum": words]
        case .vector(let bounds): list(number(bounds), count: 3)
        case .range(let bounds): list(number(bounds), count: 2)
        case .integerRange(let range): list(integer(range), count: 2)
        case .interval: interval
        case .distribution(let allowsScale): distribution(allowsScale: allowsScale)
        case .axis: ["enum": Axis.allCases.map(\.rawValue)]
        case .axes: set(["enum": Axis.allCases.map(\.rawValue)])
        case .joint, .link: name
        case .joints, .links: set(name)
        case .linkPairs: ["type": ["array", "null"], "items": list(name, count: 2)]
        case .numberByLink(let bounds), .numberByJoint(let bounds): mapping(number(bounds))
        case .blockByJoint(let parameters): mapping(block(parameters))
        case .block(let parameters): block(parameters)
        case .blocks(let parameters): ["type": ["array", "null"], "items": block(parameters)]
        case .variants(let key, let variants):
            ["type": ["array", "null"], "items": ["oneOf": variants.map { variant($0, key: key) }]]
        case .shaped(let shape):
            (try? JSONSerialization.jsonObject(with: Data(shape.schema(title: "").utf8)) as? Node)
                .map { $0.filter { !["$schema", "title"].contains($0.key) } } ?? [:]
        case .settings(let names, let parameters): settings(names, parameters)
        }
    }

    private static func settings(_ names: [String], _ parameters: [Parameter]) -> Node {
        var each = block(parameters)
        each["additionalProperties"] = nil
        return [
            "type": ["object", "null"],
            "properties": Dictionary(uniqueKeysWithValues: names.map { ($0, each) }),
            "additionalProperties": false,
        ]
    }

    private static func variant(_ variant: Parameter.Variant, key: String) -> Node {
        let tag = Parameter(key, .choice([variant.name]), variant.summary, isRequired: true)
        return block([tag] + variant.parameters)
    }

    // Names that look like numbers are names too.
    private static var name: Node { ["type": ["string", "integer"]] }

    private static func number(_ bounds: Bounds) -> Node {
        var node: Node = ["type": "number"]
        if let low = bounds.low { node[bounds.isLowOpen ? "exclusiveMinimum" : "minimum"] = low }
        if let high = bounds.high { node["maximum"] = high }
        return node
    }

    private static func integer(_ range: ClosedRange<Int>) -> Node {
        ["type": "integer", "minimum": range.lowerBound, "maximum": range.upperBound]
    }

    private static func list(_ items: Node, count: Int) -> Node {
        ["type": "array", "items": items, "minItems": count, "maxItems": count]
    }

    private static func set(_ items: Node) -> Node {
        ["type": "array", "items": items, "minItems": 1, "uniqueItems": true]
    }

    private static func mapping(_ values: Node) -> Node {
        ["type": ["object", "null"], "additionalProperties": values]
    }

    private static var interval: Node { ["oneOf": [number(.positive), list(number(.any), count: 2)]] }

    private static func distribution(allowsScale: Bool) -> Node {
        var properties: Node = ["uniform": interval, "normal": number(.notNegative)]
        if allowsScale { properties["scale"] = list(number(.any), count: 2) }
        return [
            "type": "object", "properties": properties, "additionalProperties": false, "minProperties": 1,
            "maxProperties": 1,
        ]
    }
}
