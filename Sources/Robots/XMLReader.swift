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
        guard XMLLimits.keeps(bytes, linesBefore: linesBefore, findings: findings) else { return nil }
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
        // An element's own count of lines ends at 65,535; so the line is kept beside it.
        unsafe context.pointee.sax.pointee.startElementNs = {
            unsafe xmlSAX2StartElementNs($0, $1, $2, $3, $4, $5, $6, $7, $8)
            guard let context = unsafe $0?.assumingMemoryBound(to: xmlParserCtxt.self).pointee,
                let node = unsafe context.node
            else { return }
            unsafe node.pointee._private = UnsafeMutableRawPointer(
                bitPattern: Int(context.input.pointee.line))
        }
        let options = [XML_PARSE_NONET, XML_PARSE_NOCDATA]
        let document = unsafe bytes.withUnsafeBytes {
            unsafe xmlCtxtReadMemory(
                context, $0.bindMemory(to: CChar.self).baseAddress, Int32($0.count), nil, encoding,
                Int32(options.reduce(0) { $0 | $1.rawValue }))
        }
        defer { unsafe xmlFreeDoc(document) }
        // A document type is refused even where the parser had something else to say of it.
        let hasType = unsafe document?.pointee.intSubset != nil
        if hasType || (unsafe document == nil && String(decoding: bytes, as: UTF8.self).contains("<!DOCTYPE"))
        {
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
                        current, depth: depth + 1, linesBefore: linesBefore, findings)
                else { return nil }
                element.children.append(inner)
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
