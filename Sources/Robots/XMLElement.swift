// SPDX-License-Identifier: MIT

internal import Settings

/// An element of an XML file, with the line on which its start tag ends.
///
/// Text between tags is not kept: URDF has none.
struct XMLElement {
    var name: String
    var attributes: [String: String]
    var line: Int
    var children: [XMLElement] = []

    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
    func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    private static let byteLimit = 16 << 20

    /// Parses a file; nil after an error, which is in `findings` then.
    static func parse(_ bytes: [UInt8], findings: Findings) -> XMLElement? {
        guard bytes.count <= byteLimit else {
            findings.error(nil, "", "the file has \(bytes.count) bytes; at most 16 MiB are read")
            return nil
        }
        // Files that were written from C end in its terminator; some have white space before the XML declaration, which strict XML forbids.
        let end = bytes.lastIndex { $0 != 0 } ?? -1
        let begin = bytes.firstIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } ?? bytes.endIndex
        guard begin <= end else {
            findings.error(nil, "", "the file is empty", "a URDF file has one <robot> element")
            return nil
        }
        // The last character of UTF-16 may end in a zero byte.
        let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        let text = isWide ? bytes : withSoundComments(Array(bytes[begin...end]))
        let skipped = isWide ? 0 : bytes[..<begin].count { $0 == UInt8(ascii: "\n") }
        guard let encoding = encoding(of: text, isWide: isWide, linesBefore: skipped, findings) else {
            return nil
        }
        return XMLReader.read(text, encoding: encoding.name, linesBefore: skipped, findings: findings)
    }

    /// The bytes with `=` for hyphens inside of comments: people write `--` there, which XML forbids.
    private static func withSoundComments(_ bytes: [UInt8]) -> [UInt8] {
        let (opening, closing) = (Array("<!--".utf8), Array("-->".utf8))
        var text = bytes
        var place = 0
        while place + opening.count <= text.count {
            guard text[place] == opening[0], text[place...].starts(with: opening) else {
                place += 1
                continue
            }
            var end = place + opening.count
            while end < text.count, text[end] != closing[0] || !text[end...].starts(with: closing) {
                end += 1
            }
            // One that is not closed is for the parser to tell.
            guard end < text.count else { return text }
            let inside = text[(place + opening.count)..<end]
            for index in inside.indices where text[index] == closing[0] { text[index] = UInt8(ascii: "=") }
            place = end + closing.count
        }
        return text
    }

    /// The encoding to read a file in where it does not say so itself; nil after an error.
    private static func encoding(
        of bytes: [UInt8], isWide: Bool, linesBefore: Int, _ findings: Findings
    ) -> (name: String?, Void)? {
        if isWide { return (nil, ()) }
        guard !bytes.contains(0) else {
            findings.error(nil, "", "the file is not text", "a URDF file is text in UTF-8")
            return nil
        }
        let start: [UInt8] =
            bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...].prefix(1)) : [bytes[0]]
        guard start == [UInt8(ascii: "<")] else {
            findings.error(
                linesBefore + 1, "", "this is not XML", "a URDF file begins with <robot name=\"...\">")
            return nil
        }
        if String(validating: bytes, as: UTF8.self) != nil { return (nil, ()) }
        let head = String(decoding: bytes.prefix(200), as: UTF8.self).lowercased()
        if head.contains("encoding="), !head.contains("utf-8") { return (nil, ()) }
        findings.note(nil, "", "the file is not UTF-8; its bytes beyond ASCII are taken as Latin-1")
        return ("ISO-8859-1", ())
    }
}
