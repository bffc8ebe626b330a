// SPDX-License-Identifier: MIT

internal import Settings

/// The bytes of an XML file as the parser takes them: in an encoding that is known, and without what people write and XML forbids.
struct XMLText {
    var bytes: [UInt8]
    /// What the bytes are in, whatever they declare.
    var encoding = "UTF-8"
    /// The lines of the file before the first byte.
    var linesBefore = 0

    static let byteLimit = 16 << 20

    /// Nil after an error, which is in `findings` then.
    init?(_ file: [UInt8], findings: Findings) {
        guard file.count <= Self.byteLimit else {
            findings.error(nil, "", "the file has \(file.count) bytes; at most 16 MiB are read")
            return nil
        }
        if let foreign = ForeignFile(content: file) {
            findings.error(1, "", "this is \(foreign.what), not a URDF file", foreign.remedy)
            return nil
        }
        let wide = TextEncoding.utf8(ofUTF16: file)
        bytes = wide ?? file
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        // Files that were written from C end in its terminator; some have white space before the XML declaration, which strict XML forbids.
        let end = bytes.lastIndex { $0 != 0 } ?? -1
        let begin = bytes.firstIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } ?? bytes.endIndex
        guard begin <= end else {
            findings.error(nil, "", "the file is empty", "a URDF file has one <robot> element")
            return nil
        }
        linesBefore = bytes[..<begin].count { $0 == UInt8(ascii: "\n") }
        bytes = Array(bytes[begin...end])
        guard !bytes.contains(0) else {
            findings.error(nil, "", "the file is not text", "a URDF file is text in UTF-8")
            return nil
        }
        guard bytes[0] == UInt8(ascii: "<") else {
            // Such as what a command printed before the file that it printed.
            let head = String(decoding: bytes.prefix(4096), as: UTF8.self)
            let start = ["<?xml", "<robot"].compactMap { head.firstRange(of: $0)?.lowerBound }.min()
            findings.error(
                linesBefore + 1, "", "this is not XML",
                start == nil
                    ? "a URDF file begins with <robot name=\"...\">"
                    : "remove what stands before <robot>, or <?xml")
            return nil
        }
        if wide == nil {
            guard let name = Self.encoding(of: bytes, linesBefore, findings) else { return nil }
            encoding = name
        }
        // Ends of lines as old Macs write them, which no parser counts.
        if !bytes.contains(UInt8(ascii: "\n")) {
            for index in bytes.indices where bytes[index] == UInt8(ascii: "\r") {
                bytes[index] = UInt8(ascii: "\n")
            }
        }
        blankOddDeclaration(findings)
        softenComments()
    }

    /// Blanks an XML declaration of another version than 1.x, or of none: some exporters write 0.0, and only the parser minds.
    private mutating func blankOddDeclaration(_ findings: Findings) {
        let head = String(decoding: bytes.prefix(200), as: UTF8.self)
        guard head.hasPrefix("<?xml"), let end = head.firstRange(of: "?>"),
            head[..<end.lowerBound].firstMatch(of: #/version\s*=\s*["']1\.[0-9]+["']/#) == nil
        else { return }
        findings.note(
            linesBefore + 1, "", "the XML declaration names no version that there is; it is read as 1.0",
            "begin with <?xml version=\"1.0\"?>")
        for index in 0..<head[..<end.upperBound].utf8.count where bytes[index] != UInt8(ascii: "\n") {
            bytes[index] = UInt8(ascii: " ")
        }
    }

    /// Writes `=` for hyphens inside of comments: people write `--` there, which XML forbids.
    private mutating func softenComments() {
        let (opening, closing) = (Array("<!--".utf8), Array("-->".utf8))
        var place = 0
        while place + opening.count <= bytes.count {
            guard bytes[place] == opening[0], bytes[place...].starts(with: opening) else {
                place += 1
                continue
            }
            var end = place + opening.count
            while end < bytes.count, bytes[end] != closing[0] || !bytes[end...].starts(with: closing) {
                end += 1
            }
            // One that is not closed is for the parser to tell.
            guard end < bytes.count else { return }
            for index in (place + opening.count)..<end where bytes[index] == closing[0] {
                bytes[index] = UInt8(ascii: "=")
            }
            place = end + closing.count
        }
    }

    // MARK: Encoding

    /// What the bytes are in: what they declare, where that can be; nil after an error.
    private static func encoding(of bytes: [UInt8], _ linesBefore: Int, _ findings: Findings) -> String? {
        let declared = declaredEncoding(bytes)
        let isUnicode = declared?.lowercased().hasPrefix("utf") ?? true
        guard let fault = TextEncoding.firstLineBeyondUTF8(bytes) else {
            guard let declared, !isUnicode, !isASCII(bytes) else { return "UTF-8" }
            // Two bytes a character can be Chinese by chance as well; where three stand together nothing but UTF-8 fits.
            guard isOneByte(declared) || bytes.contains(where: { $0 >= 0xE0 }) || !XMLReader.knows(declared)
            else { return declared }
            findings.note(
                linesBefore + 1, "",
                "the file declares \(declared.shortened) and is UTF-8, as which it is read",
                "declare UTF-8")
            return "UTF-8"
        }
        if let declared, !isUnicode {
            if XMLReader.knows(declared) { return declared }
            findings.error(
                linesBefore + 1, "",
                "the file declares the encoding \(declared.shortened), which is not known",
                "save it as UTF-8")
            return nil
        }
        let guess = TextEncoding.guess(bytes)
        let name = XMLReader.knows(guess) ? guess : "ISO-8859-1"
        findings.note(
            linesBefore + fault, "",
            "the file is not UTF-8\(declared == nil ? "" : ", as it declares"): it looks like \(name), and is read as that",
            "save it as UTF-8")
        return name
    }

    private static func isASCII(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy { $0 < 0x80 } }

    private static func isOneByte(_ name: String) -> Bool {
        ["iso-8859", "windows-125", "cp125", "latin", "us-ascii", "ascii", "koi8"].contains {
            name.lowercased().hasPrefix($0)
        }
    }

    /// The encoding that the XML declaration names; nil where there is none.
    private static func declaredEncoding(_ bytes: [UInt8]) -> String? {
        let head = String(decoding: bytes.prefix(200), as: UTF8.self)
        guard head.hasPrefix("<?xml"), let end = head.firstRange(of: "?>"),
            let match = head[..<end.lowerBound].firstMatch(of: #/encoding\s*=\s*["']([^"']*)["']/#)
        else { return nil }
        return String(match.1)
    }
}
