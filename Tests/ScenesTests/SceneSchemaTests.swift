// SPDX-License-Identifier: MIT

import Agents
import Foundation
import Scenes
import Settings
import Testing

/// Checks values against the part of JSON Schema that the scenes' schema uses; an unknown word in the schema is a failure.
private struct Validator {
    private static let words: Set<String> = [
        "$schema", "title", "description", "type", "properties", "required", "additionalProperties", "items",
        "oneOf", "anyOf", "enum",
        "minimum", "exclusiveMinimum", "maximum", "minItems", "maxItems", "minLength", "uniqueItems",
        "minProperties",
        "maxProperties",
    ]

    /// What is wrong, by path; empty for a value that the schema allows.
    func faults(_ setting: Setting, _ schema: [String: Any]) -> [String] {
        var faults = Set(schema.keys).subtracting(Self.words).map { "schema: \($0)" }
        func fault(_ text: String) { faults.append("\(setting.path): \(text)") }
        if let type = schema["type"] {
            let types = type as? [String] ?? [type as? String ?? ""]
            guard types.contains(where: { isOf($0, setting) }) else {
                return faults + ["\(setting.path): type"]
            }
        }
        if let words = schema["enum"] as? [String] {
            if !words.contains(setting.text ?? "") { fault("enum") }
        }
        if let variants = schema["oneOf"] as? [[String: Any]] {
            let fitting = variants.filter { self.faults(setting, $0).isEmpty }.count
            if fitting != 1 { fault("\(fitting) of oneOf") }
        }
        if let variants = schema["anyOf"] as? [[String: Any]],
            !variants.contains(where: { self.faults(setting, $0).isEmpty })
        {
            fault("anyOf")
        }
        if let number = setting.number {
            if let low = schema["minimum"] as? Double, number < low { fault("minimum") }
            if let low = schema["exclusiveMinimum"] as? Double, number <= low { fault("exclusiveMinimum") }
            if let high = schema["maximum"] as? Double, number > high { fault("maximum") }
        }
        switch setting.value {
        case .list(let items):
            if let least = schema["minItems"] as? Int, items.count < least { fault("minItems") }
            if let most = schema["maxItems"] as? Int, items.count > most { fault("maxItems") }
            if let each = schema["items"] as? [String: Any] {
                faults += items.flatMap { self.faults($0, each) }
            }
        case .mapping(let entries):
            if let most = schema["maxProperties"] as? Int, entries.count > most { fault("maxProperties") }
            for key in schema["required"] as? [String] ?? [] where setting[key] == nil {
                fault("required \(key)")
            }
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            for entry in entries {
                if let known = properties[entry.key] {
                    faults += self.faults(entry.value, known)
                } else if let any = schema["additionalProperties"] as? [String: Any] {
                    faults += self.faults(entry.value, any)
                } else if schema["additionalProperties"] as? Bool == false {
                    fault("unknown \(entry.key)")
                }
            }
        default: break
        }
        return faults
    }

    private func isOf(_ type: String, _ setting: Setting) -> Bool {
        switch (type, setting.value) {
        case ("array", .list), ("object", .mapping): true
        case ("null", .scalar(let scalar)): scalar.isNull
        case ("boolean", .scalar(let scalar)): scalar.flag != nil
        case ("integer", .scalar(let scalar)): scalar.whole(Int.self) != nil
        case ("number", .scalar(let scalar)): scalar.number != nil
        case ("string", .scalar(let scalar)): !scalar.isNull && scalar.flag == nil && scalar.number == nil
        default: false
        }
    }
}

struct SceneSchemaTests {
    private static let text = SceneReference.schema(algorithms: algorithms)
    private static let algorithms = Algorithm.all.map { ($0.name, $0.keyDescriptions) }
    private let schema: [String: Any]

    init() throws {
        schema = try #require(
            try JSONSerialization.jsonObject(with: Data(Self.text.utf8)) as? [String: Any])
    }

    @Test(arguments: ShippedScenes.names)
    func `every shipped scene follows the schema`(name: String) throws {
        let file = ShippedScenes.folder + "/Scenes/\(name).yaml"
        let setting = try Setting(yaml: Array(Data(contentsOf: URL(fileURLWithPath: file))), file: file)
        #expect(Validator().faults(setting, schema) == [])
    }

    @Test(arguments: ["Scenes/scene.schema.json", "docs/scenes.md"])
    func `what is shipped is what the keys give`(path: String) throws {
        let text = path.hasSuffix(".md") ? SceneReference.page : Self.text
        let file = ShippedScenes.folder + "/" + path
        if ProcessInfo.processInfo.environment["SINEW_UPDATE_SCHEMA"] != nil {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        }
        let shipped = try String(contentsOfFile: file, encoding: .utf8)
        #expect(shipped == text, "run make schema")
    }

    @Test(arguments: [
        ("format: 1", "format: 2", "maximum"), ("summary:", "sumary:", "unknown sumary"),
        ("gear: 200", "gear: big", "oneOf"),
        ("base: planar", "base: flying", "enum"), ("substeps: 4", "substeps: 0", "minimum"),
        ("term: alive", "term: aliv", "oneOf"), ("weight: -0.001", "wieght: 1", "oneOf"),
        ("[0, 0, 1.25]", "[0, 0]", "minItems"),
        ("{normal: 0.01}", "{normal: 0.01, uniform: 1}", "anyOf"), ("clip: 10", "clip: [1]", "oneOf"),
        ("steps: 1000", "steps: 1.5", "type"), ("{foot: 2.0}", "{foot: x}", "type"),
    ])
    func `what the reader refuses by its form, the schema refuses too`(
        old: String, new: String, fault: String
    ) throws {
        let changed = SceneValuesTests.hopper.replacing(old, with: new)
        #expect(changed != SceneValuesTests.hopper)
        #expect(throws: DescriptionError.self) {
            try Scene(yaml: changed, file: "hopper.yaml", catalog: ShippedScenes.catalog)
        }
        let setting = try Setting(yaml: Array(changed.utf8), file: "hopper.yaml")
        let faults = Validator().faults(setting, schema)
        #expect(faults.contains { $0.contains(fault) }, "\(faults)")
    }

    @Test func `every key, term and kind has a place in the schema and on the page`() throws {
        let keys = try #require(SceneReference.shape(algorithms: Self.algorithms).keys)
        for key in keys {
            #expect(Self.text.contains("\"\(key.name)\""))
            #expect(SceneReference.page.contains("\n- `\(key.name)` ("))
            guard let description = key.shape.variants else { continue }
            #expect(Set(description.variants.map(\.name)).count == description.variants.count)
            for variant in description.variants {
                #expect(Self.text.contains("\"\(variant.name)\""))
                #expect(
                    SceneReference.page.contains(": \(variant.name)}` \(variant.summary)"), "\(variant.name)")
                let names = description.keys(of: variant).map(\.name)
                #expect(Set(names).count == names.count, "\(variant.name)")
            }
        }
    }
}
