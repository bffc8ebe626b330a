// SPDX-License-Identifier: MIT

import Foundation
import Settings
import Testing

struct YAMLTests {
    private func read(_ yaml: String) -> (root: Setting?, complaint: String) {
        let findings = Findings(file: "f")
        let root = YAMLReader.read(Array(yaml.utf8), findings: findings)
        return (root, findings.inOrder.map(\.description).joined(separator: "\n"))
    }

    @Test func `values know their path and the line of their key`() throws {
        let root = try #require(read("a:\n  - x\n  - b: 3\n").root)
        let inner = try #require(root["a"]?.items?[1]["b"])
        #expect(inner.path == "a[1].b" && inner.line == 3 && root["a"]?.line == 1)
    }

    @Test func `aliases copy and merge keys take over`() throws {
        let root = try #require(read("base: &b {x: 1, y: 2}\nlist: [*b]\nown: {<<: *b, y: 3}\n").root)
        #expect(root["list"]?.items?[0]["x"]?.number == 1)
        #expect(root["list"]?.items?[0]["x"]?.path == "list[0].x")
        #expect(root["own"]?["x"]?.number == 1 && root["own"]?["y"]?.number == 3)
        #expect(root["own"]?.entries?.count == 2)
    }

    @Test(
        arguments: [
            ("", "f:1: the file is empty"), ("a: 1\na: 2", "f:2: a: the key 'a' is already in line 1"),
            ("a: [1", "f:2: this is not YAML"),
            ("\ta: 1", "f:1: this is not YAML: the line is indented by a tab; indent by spaces"),
            ("a:\n  b: 1\n\tc: 2", "f:3: this is not YAML: the line is indented by a tab"),
            ("a:\n  b: 1\n  \tc: 2", "f:3: this is not YAML: the line is indented by a tab"),
            ("a:\n  b: 1\n \u{A0}c: 2", "f:3: this is not YAML: the line is indented by U+00A0"),
            ("a: 1\nb: @c", "f:2: this is not YAML: found character that cannot start any token; quote"),
            ("a: 1\nb: x\u{90}y", "f:2: this is not YAML: control characters are not allowed"),
            ("a: *b", "f:1: a: no value is named &b above"),
            ("a: 1\n---\nb: 2", "a second document begins here"),
            ("a: !!float 3", "the tag tag:yaml.org,2002:float is not read"),
            ("? [a]\n: 1", "a key must be a word"),
            ("a: {<<: 3}", "takes over the keys of a mapping"),
        ])
    func `what is no such file is refused with its line`(_ yaml: String, _ words: String) {
        let (root, complaint) = read(yaml)
        #expect(root == nil && complaint.contains(words), "\(complaint)")
    }

    @Test func `aliases cannot make a short file huge`() {
        let bomb = (1...9).reduce("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n") {
            $0 + "a\($1): &a\($1) [\(Array(repeating: "*a\($1 - 1)", count: 10).joined(separator: ", "))]\n"
        }
        let (root, complaint) = read(bomb)
        #expect(root == nil && complaint.contains("more than 100000 values"))
    }

    @Test func `nesting ends at its limit`() {
        let deep = String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
        #expect(read(deep).complaint.contains("nested more than 64 deep"))
    }

    @Test func `bytes that are not UTF-8 are refused with their line and what they look like`() {
        for (bytes, words) in [
            ([0xFF, 0xC0], "ISO-8859-1"), ([0xBB, 0xFA, 0xC6, 0xF7], "GBK"),
            ([0x8A, 0xD6, 0x90, 0xDF], "Shift_JIS"),
            ([0x93, 0x76, 0x94], "windows-1252"),
        ] as [([UInt8], String)] {
            let findings = Findings(file: "f")
            #expect(YAMLReader.read(Array("a: 1\nb: ".utf8) + bytes, findings: findings) == nil)
            #expect(
                findings.inOrder.first?.description
                    == "f:2: this is not UTF-8 text: it looks like \(words); save it as UTF-8")
        }
    }

    @Test(arguments: [true, false], [true, false])
    func `UTF-16 is read with its mark and without`(isBig: Bool, hasMark: Bool) throws {
        let units = (hasMark ? [0xFEFF] : []) + "a: hüfte 🤖\nb: 1e1\n".utf16
        let bytes = units.flatMap {
            isBig ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)]
        }
        let root = try #require(YAMLReader.read(bytes, findings: Findings(file: "f")))
        #expect(root["a"]?.text == "hüfte 🤖" && root["b"]?.scalar?.whole(Int.self) == 10)
    }

    @Test func `keys too long for YAML's own rule are written and read`() throws {
        let long = String(repeating: "\u{7F}", count: 200)
        let value = Setting(.mapping([.init(key: long, value: Setting(.scalar(Scalar(2.5))))]))
        let whole = Setting(
            .mapping([.init(key: "flow", value: Setting(.list([value]))), .init(key: long, value: value)]))
        let root = try #require(read(whole.yaml).root)
        #expect(root.means(whole))
        #expect(try #require(read("a: \(value.flowText)").root)["a"]?[long]?.number == 2.5)
    }

    @Test func `text stays text and quotes make text`() throws {
        let root = try #require(read("a: on\nb: '1'\nc: ~\nd: !!str 5\ne: |\n  two\n  lines\n").root)
        #expect(root["a"]?.text == "on" && root["b"]?.number == nil && root["c"]?.text == nil)
        #expect(root["d"]?.number == nil && root["e"]?.text == "two\nlines\n")
    }
}

struct ShapeTests {
    @Test func `the schema has the keys, their bounds and what is required`() {
        let schema = Oven.shape.schema(title: "Ovens")
        for words in [
            #""minutes":{"description":"Time in minutes; 40 if left out.","type":"integer","minimum":1,"maximum":1000000}"#,
            #""required":["height"]"#, #""exclusiveMinimum":0"#, #""enum":["gas","wood"]"#,
            #""enum":["bread"]"#, #""uniqueItems":true"#, #""additionalProperties":false"#,
        ] {
            #expect(schema.contains(words), "\(words) is not in \(schema)")
        }
    }

    @Test func `the reference says shared keys once`() {
        let page = Oven.shape.markdown()
        #expect(page.components(separatedBy: "`weight`").count == 2, "\(page)")
        #expect(
            page.contains(
                "- `degrees` (finite number greater than 0 and at most 300): Heat in degrees Celsius; 180 if left out."
            ))
        #expect(page.contains("  - `height` (finite number greater than 0, required): Height in m."))
    }
}
