// SPDX-License-Identifier: MIT

/// The head of a request of HTTP/1.1: what is asked for, and under which headers.
struct RequestHead: Equatable {
    /// The most bytes that a head may have; browsers send less than one kB.
    static let mostBytes = 8192
    private static let mostHeaders = 64

    /// `GET`, as it stands there.
    let method: String
    /// The path, with what follows `?`.
    let target: String
    private let headers: [String: [String]]

    /// Reads the lines before the empty one; nil where they are no such head.
    init?(_ bytes: [UInt8]) {
        // Beyond ASCII nothing is needed here, and much could be misread.
        guard bytes.count <= Self.mostBytes, bytes.allSatisfy({ $0 < 0x80 && $0 != 0 }) else { return nil }
        var lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false)
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard let first = lines.first, lines.count <= Self.mostHeaders else { return nil }
        let words = first.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0", words[1].hasPrefix("/")
        else { return nil }
        var headers: [String: [String]] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { return nil }
            let name = line[..<colon]
            guard !name.contains(where: \.isWhitespace) else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers[name.lowercased(), default: []].append(String(value))
        }
        (method, target, self.headers) = (String(words[0]), String(words[1]), headers)
    }

    /// The value of a header; nil where it is not there, or more than once.
    subscript(name: String) -> String? {
        guard let values = headers[name.lowercased()], values.count == 1 else { return nil }
        return values[0]
    }

    /// Whether a header is a list in which `word` stands.
    func lists(_ word: String, in name: String) -> Bool {
        (headers[name.lowercased()] ?? []).flatMap { $0.split(separator: ",") }.contains {
            $0.trimmed.lowercased() == word
        }
    }
}

extension Substring {
    /// Without the blanks around it.
    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        return start.lastIndex { $0 != " " && $0 != "\t" }.map { start[...$0] } ?? ""
    }
}
