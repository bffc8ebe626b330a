// SPDX-License-Identifier: MIT

import Foundation
import Scenes
import Settings
import Testing

/// Checks values against the part of JSON Schema that the scenes' schema uses; an unknown word in the schema is a failure.
private struct Validator {
    private static let words: Set<String> = [
        "$schema", "title", "description", "type", "properties", "required", "additionalProperties", "items",
        "oneOf", "enum",
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
            if case .string(let word) = setting.value, words.contains(word) {} else { fault("enum") }
        }
        if let variants = schema["oneOf"] as? [[String: Any]] {
            let fitting = variants.filter { self.faults(setting, $0).isEmpty }.count
            if fitting != 1 { fault("\(fitting) of oneOf") }
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
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .list), ("object", .mapping),
            ("integer", .integer), ("number", .integer), ("number", .number):
            true
        default: false
        }
    }
}

struct SceneSchemaTests {
    private let schema: [String: Any]

    init() throws {
        schema = try #require(
            try JSONSerialization.jsonObject(with: Data(SceneSchema.text.utf8)) as? [String: Any])
    }

    @Test(arguments: ShippedScenes.names)
    func `every shipped scene follows the schema`(name: String) throws {
        let file = ShippedScenes.folder + "/Scenes/\(name).yaml"
        let setting = try Setting(yaml: Data(contentsOf: URL(fileURLWithPath: file)), file: file)
        #expect(Validator().faults(setting, schema) == [])
    }

    @Test func `the shipped schema is the one that the table gives`() throws {
        let file = ShippedScenes.folder + "/Scenes/scene.schema.json"
        if ProcessInfo.processInfo.environment["SINEW_UPDATE_SCHEMA"] != nil {
            try Data(SceneSchema.text.utf8).write(to: URL(fileURLWithPath: file))
        }
        let shipped = try String(contentsOfFile: file, encoding: .utf8)
        #expect(shipped == SceneSchema.text, "run make schema")
    }

    @Test func `the reference of scenes is the one that the table gives`() throws {
        let file = ShippedScenes.folder + "/docs/scenes.md"
        if ProcessInfo.processInfo.environment["SINEW_UPDATE_SCHEMA"] != nil {
            try Data(SceneReference.page.utf8).write(to: URL(fileURLWithPath: file))
        }
        let shipped = try String(contentsOfFile: file, encoding: .utf8)
        #expect(shipped == SceneReference.page, "run make schema")
    }

    @Test(arguments: [
        ("format: 1", "format: 2", "maximum"), ("summary:", "sumary:", "unknown sumary"),
        ("gear: 200", "gear: big", "oneOf"),
        ("base: planar", "base: flying", "enum"), ("substeps: 4", "substeps: 0", "minimum"),
        ("term: alive", "term: aliv", "oneOf"), ("weight: -0.001", "wieght: 1", "oneOf"),
        ("[0, 0, 1.25]", "[0, 0]", "minItems"),
        ("{normal: 0.01}", "{normal: 0.01, uniform: 1}", "maxProperties"), ("clip: 10", "clip: [1]", "oneOf"),
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
        let faults = Validator().faults(try Setting(yaml: Data(changed.utf8), file: "hopper.yaml"), schema)
        #expect(faults.contains { $0.contains(fault) }, "\(faults)")
    }

    @Test func `every term of the tables has a place in the schema`() throws {
        let text = SceneSchema.text
        for parameter in SceneKeys.all {
            #expect(text.contains("\"\(parameter.name)\""))
            guard case .variants(_, let variants) = parameter.kind else { continue }
            #expect(Set(variants.map(\.name)).count == variants.count)
            for variant in variants {
                #expect(text.contains("\"\(variant.name)\""))
                #expect(SceneReference.markdown.contains(": \(variant.name)}` \(variant.summary)"))
                #expect(
                    Set(variant.parameters.map(\.name)).count == variant.parameters.count, "\(variant.name)")
                #expect(!variant.synonyms.contains(variant.name))
            }
        }
    }
}
