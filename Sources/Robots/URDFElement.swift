// SPDX-License-Identifier: MIT

internal import Foundation
internal import Settings

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// An element of an XML file with the line on which its start tag ends.
///
/// Text between tags is not kept: URDF has none.
struct URDFElement {
    var name: String
    var attributes: [String: String]
    var line: Int
    var children: [URDFElement] = []

    func all(_ name: String) -> [URDFElement] { children.filter { $0.name == name } }
    func first(_ name: String) -> URDFElement? { children.first { $0.name == name } }

    /// Parses a file; nil after an error, which is in `findings` then.
    static func parse(_ data: Data, findings: Findings) -> URDFElement? {
        guard data.count <= 16 << 20 else {
            findings.error(nil, "", "the file has \(data.count) bytes; at most 16 MiB are read")
            return nil
        }
        guard let (text, skipped) = plainText(data, findings) else { return nil }
        let builder = TreeBuilder(linesBefore: skipped)
        let parser = XMLParser(data: text)
        parser.shouldProcessNamespaces = false
        parser.shouldResolveExternalEntities = false
        parser.delegate = builder
        let isParsed = parser.parse()
        if let tooDeep = builder.tooDeep {
            findings.error(tooDeep, "", "elements are nested more than \(TreeBuilder.greatestDepth) deep")
            return nil
        }
        guard isParsed, builder.open.isEmpty, let root = builder.root else {
            let line = max(parser.lineNumber, 1) + skipped
            let inside = builder.open.last.map { " inside <\($0.name)> of line \($0.line)" } ?? ""
            findings.error(
                line, "", "this is not well-formed XML: the parser stopped here\(inside)",
                "close every tag, quote every attribute")
            return nil
        }
        return root
    }

    /// The file as UTF-8 without comments and declarations, in which each line keeps its number, and the lines skipped before it.
    ///
    /// Foundation's parser traps on comments and instructions that are not valid text, so it gets none. Some files put
    /// white space before the XML declaration, which strict XML forbids.
    private static func plainText(_ data: Data, _ findings: Findings) -> (text: Data, linesSkipped: Int)? {
        var string = decoded(data, findings)
        // Files that were written from C end in its terminator.
        while string.hasSuffix("\0") { string.removeLast() }
        guard !string.contains("\0") else {
            findings.error(nil, "", "the file is not text", "a URDF file is text in UTF-8")
            return nil
        }
        var bytes = Array(string.utf8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        let newline = UInt8(ascii: "\n")
        let isSpace = { (byte: UInt8) in [0x20, 0x09, newline, 0x0D].contains(byte) }
        blank(&bytes, from: "<!--", to: "-->")
        blank(&bytes, from: "<?", to: "?>")
        guard let start = bytes.firstIndex(where: { !isSpace($0) }) else {
            findings.error(nil, "", "the file is empty", "a URDF file has one <robot> element")
            return nil
        }
        if string.contains("<!ENTITY") || string.contains("<!DOCTYPE") {
            findings.error(nil, "", "document types and entities are not read", "write their values out")
            return nil
        }
        let skipped = bytes[..<start].count { $0 == newline }
        guard bytes[start] == UInt8(ascii: "<") else {
            findings.error(
                skipped + 1, "", "this is not XML", "a URDF file begins with <robot name=\"...\">")
            return nil
        }
        return (Data(bytes[start...]), skipped)
    }

    /// The text: UTF-8, or UTF-16 with its mark, or Latin-1 where UTF-8 is not what the bytes are.
    private static func decoded(_ data: Data, _ findings: Findings) -> String {
        if let string = String(data: data, encoding: .utf8) { return string }
        if data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF]),
            let string = String(data: data, encoding: .utf16)
        {
            return string
        }
        let head = String(decoding: data.prefix(100), as: UTF8.self).lowercased()
        if !head.contains("iso-8859-1") && !head.contains("latin1") {
            findings.note(nil, "", "the file is not UTF-8; its bytes beyond ASCII are taken as Latin-1")
        }
        return String(data: data, encoding: .isoLatin1) ?? String(decoding: data, as: UTF8.self)
    }

    /// Puts spaces in the place of all that stands between two marks, and of the marks; one that is not closed stays as it is.
    private static func blank(_ bytes: inout [UInt8], from opening: String, to closing: String) {
        let (open, close) = (Array(opening.utf8), Array(closing.utf8))
        let isAt = { (bytes: [UInt8], mark: [UInt8], place: Int) in
            place + mark.count <= bytes.count
                && zip(mark.indices, mark).allSatisfy { bytes[place + $0] == $1 }
        }
        var place = 0
        while place < bytes.count {
            guard bytes[place] == open[0], isAt(bytes, open, place) else {
                place += 1
                continue
            }
            var end = place + open.count
            while end < bytes.count, bytes[end] != close[0] || !isAt(bytes, close, end) { end += 1 }
            guard end < bytes.count else { return }
            for index in place..<(end + close.count) where bytes[index] != UInt8(ascii: "\n") {
                bytes[index] = 0x20
            }
            place = end + close.count
        }
    }
}

/// Builds the tree from the parser's events.
private final class TreeBuilder: NSObject, XMLParserDelegate {
    static let greatestDepth = 64
    let linesBefore: Int
    var open: [URDFElement] = []
    var root: URDFElement?
    /// The line of the element that was nested too deep.
    var tooDeep: Int?

    init(linesBefore: Int) {
        self.linesBefore = linesBefore
    }

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
        qualifiedName qName: String?, attributes attributeDict: [String: String]
    ) {
        let line = parser.lineNumber + linesBefore
        guard open.count < Self.greatestDepth else {
            tooDeep = tooDeep ?? line
            parser.abortParsing()
            return
        }
        open.append(URDFElement(name: elementName, attributes: attributeDict, line: line))
    }

    func parser(
        _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?,
        qualifiedName qName: String?
    ) {
        guard let element = open.popLast() else { return }
        if open.isEmpty {
            root = root ?? element
        } else {
            open[open.count - 1].children.append(element)
        }
    }
}
