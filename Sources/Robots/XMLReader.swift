// SPDX-License-Identifier: MIT

internal import CXML2
internal import Settings

/// Reads XML by libxml2 into a tree of elements: nothing is fetched, entities and document types are refused.
@safe
enum XMLReader {
    private static let depthLimit = 64

    /// The first thing that the parser complained of.
    private final class Complaint {
        var line = 0
        var message: String?
    }

    /// The root element; nil after an error, which is in `findings` then.
    static func read(
        _ bytes: [UInt8], encoding: String?, linesBefore: Int, findings: Findings
    ) -> XMLElement? {
        guard let context = unsafe xmlNewParserCtxt() else {
            findings.error(nil, "", "there is not enough memory to read the file")
            return nil
        }
        defer { unsafe xmlFreeParserCtxt(context) }
        let complaint = Complaint()
        unsafe context.pointee._private = Unmanaged.passUnretained(complaint).toOpaque()
        unsafe context.pointee.sax.pointee.serror = { context, error in
            guard let error = unsafe error?.pointee, unsafe error.level.rawValue >= XML_ERR_ERROR.rawValue,
                let owner = unsafe context?.assumingMemoryBound(to: xmlParserCtxt.self).pointee._private
            else { return }
            let complaint = unsafe Unmanaged<Complaint>.fromOpaque(owner).takeUnretainedValue()
            guard complaint.message == nil else { return }
            complaint.line = unsafe Int(error.line)
            complaint.message = unsafe error.message.map { unsafe String(cString: $0) } ?? "no reason given"
        }
        // SAX1 keeps names as they are written, prefixes included.
        let options = [XML_PARSE_NONET, XML_PARSE_SAX1, XML_PARSE_BIG_LINES, XML_PARSE_NOCDATA]
        let document = unsafe bytes.withUnsafeBytes {
            unsafe xmlCtxtReadMemory(
                context, $0.bindMemory(to: CChar.self).baseAddress, Int32($0.count), nil, encoding,
                Int32(options.reduce(0) { $0 | $1.rawValue }))
        }
        defer { unsafe xmlFreeDoc(document) }
        // A document type is refused even where the parser had something else to say of it.
        if let type = unsafe (document ?? context.pointee.myDoc)?.pointee.intSubset {
            _ = unsafe type
            findings.error(nil, "", "document types and entities are not read", "write their values out")
            return nil
        }
        guard let root = unsafe xmlDocGetRootElement(document) else {
            report(complaint, linesBefore: linesBefore, findings)
            return nil
        }
        return unsafe element(root, depth: 1, linesBefore: linesBefore, findings)
    }

    private static func report(_ complaint: Complaint, linesBefore: Int, _ findings: Findings) {
        var reason = complaint.message ?? "it ends too early"
        while reason.last?.isWhitespace == true { reason.removeLast() }
        findings.error(
            max(complaint.line, 1) + linesBefore, "", "this is not well-formed XML: \(reason)",
            "close every tag, quote every attribute")
    }

    private static func element(
        _ node: xmlNodePtr, depth: Int, linesBefore: Int, _ findings: Findings
    ) -> XMLElement? {
        let line = unsafe Int(xmlGetLineNo(node)) + linesBefore
        guard depth <= depthLimit else {
            findings.error(line, "", "elements are nested more than \(depthLimit) deep")
            return nil
        }
        var element = unsafe XMLElement(name: text(node.pointee.name), attributes: [:], line: line)
        var attribute = unsafe node.pointee.properties
        while let current = unsafe attribute {
            let value = unsafe xmlNodeListGetString(node.pointee.doc, current.pointee.children, 1)
            unsafe element.attributes[text(current.pointee.name)] = unsafe text(value)
            unsafe cxml2_free(value)
            unsafe attribute = unsafe current.pointee.next
        }
        var child = unsafe node.pointee.children
        while let current = unsafe child {
            if unsafe current.pointee.type == XML_ELEMENT_NODE {
                guard
                    let inner = unsafe self.element(
                        current, depth: depth + 1, linesBefore: linesBefore, findings)
                else { return nil }
                element.children.append(inner)
            }
            unsafe child = unsafe current.pointee.next
        }
        return element
    }

    private static func text(_ characters: UnsafePointer<xmlChar>?) -> String {
        unsafe characters.map { unsafe String(cString: $0) } ?? ""
    }
}
