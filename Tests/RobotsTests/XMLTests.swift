// SPDX-License-Identifier: MIT

import Robots
import Settings
import Testing

/// What libxml2 makes of the files that people have.
struct XMLTests {
    private static let body = """
        <robot name="r">
          <link name="base"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial></link>
        </robot>
        """

    private func complaint(_ bytes: [UInt8]) -> String {
        do {
            return try Robot(urdf: bytes, file: "r.urdf").notes.map(\.description).joined(separator: "\n")
        } catch {
            return "\(error)"
        }
    }

    @Test(
        arguments: [
            (
                "<robot name=\"r\">\n  <link name=\"a\">\n</robot>\n\n\n",
                "r.urdf:3: this is not well-formed XML: Opening and ending tag mismatch"
            ),
            (
                "<robot name=\"r\">\n  <link name=a/>\n</robot>",
                "r.urdf:2: this is not well-formed XML: AttValue"
            ),
            ("<robot name=\"r\">\n  <link name=\"a\"/>\n", "r.urdf:3: this is not well-formed XML"),
            ("\n\n  <robot name=\"r\">\n<link & />\n</robot>", "r.urdf:4: this is not well-formed XML"),
            (
                "<robot name=\"r\"/>\n<robot name=\"s\"/>",
                "r.urdf:2: this is not well-formed XML: Extra content"
            ),
            (
                "<!DOCTYPE robot [<!ENTITY a \"b\">]>\n<robot name=\"&a;\"/>",
                "document types and entities are not read"
            ),
            ("", "the file is empty"), (" \n \n", "the file is empty"),
            ("hello", "r.urdf:1: this is not XML; a URDF file begins with <robot"),
            (
                "String value is: <?xml version='1.0'?>\n<robot/>",
                "r.urdf:1: this is not XML; remove what stands before <robot>"
            ),
            ("<robot name=\"r\">\n\u{0}</robot>", "the file is not text"),
        ])
    func `malformed files are refused at the true line with the parser's reason`(
        _ text: String, _ words: String
    ) {
        let complaint = complaint(Array(text.utf8))
        #expect(complaint.contains(words), "\(complaint)")
    }

    @Test func `entities that grow are refused before they do`() {
        let bomb =
            "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\">"
            + (1...9).map {
                "<!ENTITY a\($0) \"\(String(repeating: "&a\($0 == 1 ? "" : "\($0 - 1)");", count: 10))\">"
            }
            .joined() + "]><robot name=\"&a9;\"/>"
        #expect(complaint(Array(bomb.utf8)).contains("document types and entities are not read"))
    }

    @Test func `elements nest 64 deep and no deeper`() {
        func nested(_ depth: Int) -> [UInt8] {
            Array(
                ("<robot name=\"r\">" + String(repeating: "<a>", count: depth)
                    + String(repeating: "</a>", count: depth) + "</robot>").utf8)
        }
        #expect(complaint(nested(64)).contains("nested more than 64 deep"))
        #expect(!complaint(nested(63)).contains("nested more than 64 deep"))
        #expect(!complaint(nested(200_000)).isEmpty)
    }

    @Test func `a line beyond 65535 is the true one`() {
        let text = "<robot name=\"r\">" + String(repeating: "\n", count: 70_000) + "<link/>\n</robot>"
        #expect(complaint(Array(text.utf8)).contains("r.urdf:70001: "))
    }

    @Test(arguments: [
        "\n \n<?xml version=\"1.0\"?>\n", "\u{FEFF}", "<?xml version=\"1.0\"?><!-- a -- b\n<c> -->",
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><!-- a -- -->".replacing(" -- ", with: " "), "",
    ])
    func `what stands before the root does no harm`(_ head: String) throws {
        let robot = try Robot(urdf: Array((head + Self.body + "\0\0").utf8), file: "r.urdf")
        #expect(robot.links.map(\.name) == ["base"])
    }

    @Test func `UTF-16 is read by its mark`() throws {
        for (mark, isBig) in [([0xFF, 0xFE] as [UInt8], false), ([0xFE, 0xFF], true)] {
            let words = Self.body.utf16.flatMap { word in
                isBig
                    ? [UInt8(word >> 8), UInt8(truncatingIfNeeded: word)]
                    : [UInt8(truncatingIfNeeded: word), UInt8(word >> 8)]
            }
            #expect(try Robot(urdf: mark + words, file: "r.urdf").name == "r")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `what would keep a parser for minutes is refused in words, with its line`() {
        let attributes = (0..<200_000).map { "a\($0)=\"1\"" }.joined(separator: " ")
        let link =
            "<inertial><mass value=\"1\"/><inertia ixx=\"1\" iyy=\"1\" izz=\"1\" ixy=\"0\" ixz=\"0\" iyz=\"0\"/></inertial>"
        let links = (0...1000).map { "<link name=\"l\($0)\">\(link)</link>" }.joined()
        for (text, words) in [
            (
                "<robot name=\"r\">\n" + String(repeating: "<!--", count: 80_000),
                "r.urdf:2: a comment begins here"
            ),
            (
                "<robot name=\"r\">\n<![CDATA[" + String(repeating: "]]", count: 80_000),
                "r.urdf:2: a CDATA section"
            ),
            (
                "<robot name=\"r\">\n\n<link \(attributes)/></robot>",
                "r.urdf:3: an element has more than 1000"
            ),
            ("<robot>" + String(repeating: "<x/>", count: 100_000) + "</robot>", "more than 100000 elements"),
            (
                "<robot>" + String(repeating: "<!---->", count: 100_000) + "</robot>",
                "more than 100000 elements"
            ),
            ("<robot name=\"r\">\(links)</robot>", "has 1001 links; at most 1000 are read"),
        ] {
            #expect(complaint(Array(text.utf8)).contains(words))
        }
        let many = "<robot name=\"r\">" + String(repeating: "<x></x>", count: 99_000) + "</robot>"
        #expect(!complaint(Array(many.utf8)).contains("more than 100000 elements"))
        // What looks like it in a comment, a text or a CDATA section is none of it.
        let harmless = Self.body.replacing(
            "<link name", with: "<!-- <![CDATA[ a=b \" -->\n<![CDATA[ <!-- ]]> <link name")
        #expect(!complaint(Array(harmless.utf8)).contains("does not end"))
    }

    @Test func `a thousand mutations of a file end in a robot or an error`() {
        var random = Dice(state: 7)
        let original = Array(Self.body.utf8)
        for _ in 0..<1000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = .random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
                }
            }
            _ = complaint(bytes)
        }
    }
}

/// Numbers that repeat (splitmix64).
private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
