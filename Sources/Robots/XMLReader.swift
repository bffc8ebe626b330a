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
        var code: Int32 = 0
        var message: String?
        /// Whether bytes were met that the encoding does not have.
        var hasOddBytes = false
    }

    /// The most bytes of a text that is kept in any case: a number, as `<mechanicalReduction>` has.
    private static let shortText = 64

    /// Whether the parser can read an encoding.
    static func knows(_ encoding: String) -> Bool {
        guard let handler = unsafe xmlFindCharEncodingHandler(encoding) else { return false }
        unsafe xmlCharEncCloseFunc(handler)
        return true
    }

    /// The root element, with the text between tags where it is kept, of any length; nil after an error, which is in `findings` then.
    static func read(_ text: XMLText, keepsText: Bool = false, findings: Findings) -> XMLElement? {
        let linesBefore = text.linesBefore
        guard XMLLimits.keeps(text.bytes, linesBefore: linesBefore, findings: findings) else { return nil }
        // The parser's own bounds, on texts and on what entities grow to, go together; so nothing may be declared without them.
        let isLong = keepsText && !XMLLimits.declaresType(text.bytes)
        guard let context = unsafe xmlNewParserCtxt() else {
            findings.error(nil, "", "there is not enough memory to read the file")
            return nil
        }
        defer { unsafe xmlFreeParserCtxt(context) }
        let complaint = Complaint()
        let owner = unsafe Unmanaged.passUnretained(complaint).toOpaque()
        // What goes wrong with an encoding has no context, and would be printed.
        unsafe xmlSetStructuredErrorFunc(owner) { owner, error in
            guard let owner = unsafe owner, unsafe error?.pointee.code == XML_I18N_CONV_FAILED.code else {
                return
            }
            unsafe Unmanaged<Complaint>.fromOpaque(owner).takeUnretainedValue().hasOddBytes = true
        }
        defer { xmlSetStructuredErrorFunc(nil, nil) }
        unsafe context.pointee._private = owner
        unsafe context.pointee.sax.pointee.serror = { context, error in
            guard let error = unsafe error?.pointee, unsafe error.level.rawValue >= XML_ERR_ERROR.rawValue,
                let owner = unsafe context?.assumingMemoryBound(to: xmlParserCtxt.self).pointee._private
            else { return }
            let complaint = unsafe Unmanaged<Complaint>.fromOpaque(owner).takeUnretainedValue()
            guard complaint.message == nil else { return }
            complaint.line = unsafe Int(error.line)
            complaint.code = unsafe error.code
            complaint.message = unsafe error.message.map { unsafe String(cString: $0) } ?? "no reason given"
        }
        // An element's own count of lines ends at 65,535; so the line is kept beside it.
        unsafe context.pointee.sax.pointee.startElementNs = {
            unsafe xmlSAX2StartElementNs($0, $1, $2, $3, $4, $5, $6, $7, $8)
            guard let context = unsafe $0?.assumingMemoryBound(to: xmlParserCtxt.self).pointee,
                let node = unsafe context.node
            else { return }
            unsafe node.pointee._private = UnsafeMutableRawPointer(
                bitPattern: Int(context.input.pointee.line))
        }
        // What the file declares was weighed already.
        let options =
            [XML_PARSE_NONET, XML_PARSE_NOCDATA, XML_PARSE_IGNORE_ENC] + (isLong ? [XML_PARSE_HUGE] : [])
        let document = unsafe text.bytes.withUnsafeBytes {
            unsafe xmlCtxtReadMemory(
                context, $0.bindMemory(to: CChar.self).baseAddress, Int32($0.count), nil, text.encoding,
                Int32(options.reduce(0) { $0 | $1.rawValue }))
        }
        defer { unsafe xmlFreeDoc(document) }
        // A document type is refused even where the parser had something else to say of it.
        let hasType = unsafe document?.pointee.intSubset != nil
        if hasType
            || (unsafe document == nil && XMLLimits.declaresType(text.bytes))
        {
            findings.error(nil, "", "document types and entities are not read", "write their values out")
            return nil
        }
        guard let root = unsafe xmlDocGetRootElement(document) else {
            report(complaint, text, findings)
            return nil
        }
        return unsafe element(root, depth: 1, linesBefore: linesBefore, keepsText: keepsText, findings)
    }

    private static func report(_ complaint: Complaint, _ text: XMLText, _ findings: Findings) {
        let line = max(complaint.line, 1) + text.linesBefore
        guard !complaint.hasOddBytes else {
            return findings.error(
                line, "", "the file declares \(text.encoding), which it is not",
                "save it as UTF-8, and declare that")
        }
        var reason = complaint.message ?? "it ends too early"
        while reason.last?.isWhitespace == true { reason.removeLast() }
        let remedy =
            switch xmlParserErrors(rawValue: UInt32(max(complaint.code, 0))) {
            case XML_ERR_DOCUMENT_END where complaint.message != nil:
                "a file holds one <robot>; remove what stands behind its end"
            case XML_ERR_ATTRIBUTE_REDEFINED: "keep one of the two"
            case XML_ERR_NAME_REQUIRED, XML_ERR_ENTITYREF_SEMICOL_MISSING, XML_ERR_UNDECLARED_ENTITY:
                "write & as &amp; and < as &lt;"
            case XML_ERR_ATTRIBUTE_NOT_STARTED: "quote every attribute, by \" or '"
            case XML_ERR_TAG_NAME_MISMATCH, XML_ERR_TAG_NOT_FINISHED: "close every tag"
            case XML_ERR_INVALID_CHAR: "remove the character, which XML does not allow"
            default: "close every tag, quote every attribute"
            }
        findings.error(line, "", "this is not well-formed XML: \(reason)", remedy)
    }

    private static func element(
        _ node: xmlNodePtr, depth: Int, linesBefore: Int, keepsText: Bool, _ findings: Findings
    ) -> XMLElement? {
        let line = unsafe Int(bitPattern: node.pointee._private) + linesBefore
        guard depth <= depthLimit else {
            findings.error(line, "", "elements are nested more than \(depthLimit) deep")
            return nil
        }
        var element = unsafe XMLElement(
            name: name(node.pointee.name, node.pointee.ns), attributes: [:], line: line)
        var attribute = unsafe node.pointee.properties
        while let current = unsafe attribute {
            let value = unsafe xmlNodeListGetString(node.pointee.doc, current.pointee.children, 1)
            unsafe element.attributes[name(current.pointee.name, current.pointee.ns)] = unsafe text(value)
            unsafe cxml2_free(value)
            unsafe attribute = unsafe current.pointee.next
        }
        var child = unsafe node.pointee.children
        while let current = unsafe child {
            if unsafe current.pointee.type == XML_ELEMENT_NODE {
                guard
                    let inner = unsafe self.element(
                        current, depth: depth + 1, linesBefore: linesBefore, keepsText: keepsText, findings)
                else { return nil }
                element.children.append(inner)
            } else if keepsText, unsafe current.pointee.type == XML_TEXT_NODE {
                unsafe element.text += self.text(current.pointee.content)
            } else if !element.hasText, unsafe current.pointee.type == XML_TEXT_NODE {
                let text = unsafe self.text(current.pointee.content)
                element.hasText = text.contains { !$0.isWhitespace }
                if text.utf8.count <= shortText { element.text = text }
            }
            unsafe child = unsafe current.pointee.next
        }
        return element
    }

    /// The name as it is written, with its prefix.
    private static func name(_ local: UnsafePointer<xmlChar>?, _ space: xmlNsPtr?) -> String {
        let prefix = unsafe text(space?.pointee.prefix)
        return unsafe (prefix.isEmpty ? "" : prefix + ":") + text(local)
    }

    private static func text(_ characters: UnsafePointer<xmlChar>?) -> String {
        unsafe characters.map { unsafe String(cString: $0) } ?? ""
    }
}

extension xmlParserErrors {
    /// The number as errors have it.
    fileprivate var code: Int32 { Int32(rawValue) }
}
