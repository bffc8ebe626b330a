// SPDX-License-Identifier: MIT

import Foundation

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
        // Some files put white space before the XML declaration, which strict XML forbids.
        var text = data
        var skipped = 0
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        while let byte = text.first, [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
            if byte == 0x0A { skipped += 1 }
            text = text.dropFirst()
        }
        guard !text.isEmpty else {
            findings.error(nil, "", "the file is empty", "a URDF file has one <robot> element")
            return nil
        }
        if text.range(of: Data("<!ENTITY".utf8)) != nil || text.range(of: Data("<!DOCTYPE".utf8)) != nil {
            findings.error(nil, "", "document types and entities are not read", "write their values out")
            return nil
        }
        let builder = TreeBuilder(linesBefore: skipped)
        let parser = XMLParser(data: Data(text))
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
