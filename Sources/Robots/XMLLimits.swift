// SPDX-License-Identifier: MIT

internal import Settings

/// What is looked for before a parser sees the file: what would keep it for minutes, in one pass over the bytes.
///
/// libxml2 takes time by the square of the attributes of an element, and of the comments that begin and never end; it makes a node of
/// each comment too.
struct XMLLimits {
    /// The most elements of a file; the greatest public robots have some thousands.
    static let elements = 100_000
    /// The most attributes of an element.
    private static let attributes = 1000

    private let bytes: [UInt8]
    private let linesBefore: Int
    private let findings: Findings
    private var place = 0
    /// Elements, comments and sections.
    private var markCount = 0

    /// Whether the file keeps the limits; what does not is an error in `findings`.
    static func keeps(_ bytes: [UInt8], linesBefore: Int, findings: Findings) -> Bool {
        var limits = XMLLimits(bytes: bytes, linesBefore: linesBefore, findings: findings)
        return limits.keepsAll()
    }

    /// Whether a document type stands anywhere, by its bytes: a text of megabytes is searched in milliseconds so.
    static func declaresType(_ bytes: [UInt8]) -> Bool {
        var place = 0
        while let start = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
            if bytes[start...].starts(with: "<!DOCTYPE".utf8) { return true }
            place = start + 1
        }
        return false
    }

    private init(bytes: [UInt8], linesBefore: Int, findings: Findings) {
        (self.bytes, self.linesBefore, self.findings) = (bytes, linesBefore, findings)
    }

    private mutating func keepsAll() -> Bool {
        while let start = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
            place = start
            // The tag that ends an element counts with the one that begins it.
            if !begins("</") { markCount += 1 }
            guard markCount <= Self.elements else {
                return refuse(
                    start, "the file has more than \(Self.elements) elements and comments, which no robot has"
                )
            }
            if begins("<!--") {
                guard skip(to: "-->", "a comment") else { return false }
            } else if begins("<![CDATA[") {
                guard skip(to: "]]>", "a CDATA section") else { return false }
            } else {
                guard keepsElement() else { return false }
            }
        }
        return true
    }

    /// Passes one tag.
    private mutating func keepsElement() -> Bool {
        let start = place
        var quote: UInt8?
        var count = 0
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if let open = quote {
                if byte == open { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
            case UInt8(ascii: ">"): return true
            case UInt8(ascii: "="):
                count += 1
                guard count <= Self.attributes else {
                    return refuse(start, "an element has more than \(Self.attributes) attributes")
                }
            default: break
            }
        }
        return true
    }

    private func begins(_ text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

    /// Passes what ends with `end`.
    private mutating func skip(to end: String, _ what: String) -> Bool {
        let start = place
        let wanted = Array(end.utf8)
        place += 4
        while place + wanted.count <= bytes.count {
            if bytes[place] == wanted[0], bytes[place...].starts(with: wanted) {
                place += wanted.count
                return true
            }
            place += 1
        }
        return refuse(start, "\(what) begins here and does not end", "end it by \(end)")
    }

    private func refuse(_ start: Int, _ problem: String, _ remedy: String = "") -> Bool {
        let line = 1 + bytes[..<start].count { $0 == UInt8(ascii: "\n") } + linesBefore
        findings.error(line, "", problem, remedy)
        return false
    }
}
