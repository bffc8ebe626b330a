// SPDX-License-Identifier: MIT

/// A JSON document, written with its keys in the order given.
package indirect enum JSONValue: Sendable, Equatable {
    case object([(String, JSONValue)])
    case array([JSONValue])
    case text(String)
    case number(Double)
    case flag(Bool)

    package static func == (left: JSONValue, right: JSONValue) -> Bool { left.json == right.json }

    /// The document in one line.
    package var json: String {
        switch self {
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0.0)):\($0.1.json)" }.joined(separator: ",") + "}"
        case .array(let items): "[" + items.map(\.json).joined(separator: ",") + "]"
        case .text(let text): Self.quoted(text)
        case .number(let number): Scalar.digits(of: number)
        case .flag(let flag): "\(flag)"
        }
    }

    package static func quoted(_ text: String) -> String {
        let characters = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"\(characters.joined())\""
    }
}
