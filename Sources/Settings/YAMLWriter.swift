// SPDX-License-Identifier: MIT

extension Setting {
    /// The value as YAML writes it in one line, such as `{uniform: [-1, 1]}`.
    package var flowText: String {
        switch value {
        case .scalar(let scalar): scalar.yaml
        case .list(let items): "[" + items.map(\.flowText).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{"
                + entries.map { "\(Scalar($0.key).yamlKey(margin: " ")) \($0.value.flowText)" }.joined(
                    separator: ", ") + "}"
        }
    }

    /// The value as a YAML file has it: mappings as blocks, lists in one line where they hold no mapping.
    package var yaml: String { blockText(indent: 0) }

    private func blockText(indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        switch value {
        case .mapping(let entries) where !entries.isEmpty:
            return entries.map { entry in
                let isBlock = entry.value.isBlock
                let text = isBlock ? entry.value.blockText(indent: indent + 2) : " \(entry.value.flowText)\n"
                return
                    "\(margin)\(Scalar(entry.key).yamlKey(margin: "\n" + margin))\(isBlock ? "\n" : "")\(text)"
            }.joined()
        case .list(let items) where isBlock:
            return items.map { "\(margin)- \($0.flowText)\n" }.joined()
        default: return "\(margin)\(flowText)\n"
        }
    }

    private var isBlock: Bool {
        switch value {
        case .scalar: false
        case .list(let items): items.contains { if case .mapping = $0.value { true } else { false } }
        case .mapping(let entries): !entries.isEmpty
        }
    }
}

extension Scalar {
    /// A key and the colon behind it: keys of more than 1024 characters YAML wants marked, with the colon behind `margin`.
    package func yamlKey(margin: String) -> String {
        yaml.utf8.count <= 1000 ? yaml + ":" : "? \(yaml)\(margin):"
    }

    /// The scalar as YAML writes it: in quotes where it would be read as something else without.
    package var yaml: String {
        if !isQuoted { return characters }
        let isPlain = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "_-./".utf8.contains(byte)
        }
        let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        if let first = characters.utf8.first, first >= 0x41, isPlain(first), first != UInt8(ascii: "_"),
            characters.utf8.allSatisfy(isPlain), !words.contains(characters.lowercased())
        {
            return characters
        }
        return "\"\(characters.unicodeScalars.map(Self.escaped).joined())\""
    }

    /// A character as it stands between double quotes; what a terminal or a reader could trip over is written as its number.
    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"", "\\": return "\\\(scalar)"
        case "\n": return "\\n"
        case "\t": return "\\t"
        default: break
        }
        let isControl = [.control, .format, .lineSeparator, .paragraphSeparator].contains(
            scalar.properties.generalCategory)
        guard isControl else { return String(scalar) }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let width = scalar.value > 0xFFFF ? 8 : 4
        return (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
    }
}
