// SPDX-License-Identifier: MIT

extension SettingShape {
    /// The keys of a block as a Markdown list; variants stand in sections of their own, at the end.
    package func markdown() -> String {
        let keys = keys ?? []
        let sections = keys.compactMap { key in
            key.shape.variants.map { Self.section(key.name, $0) }
        }
        return ([Self.list(keys, depth: 0)] + sections).joined(separator: "\n")
    }

    /// The keys of a block as a Markdown table.
    package static func table(_ keys: [KeyDescription]) -> String {
        "| key | default | meaning | allowed |\n|---|---|---|---|\n"
            + keys.map { key in
                "| `\(key.name)` | \(key.absent ?? "") | \(key.summary) | \(key.shape.words) |\n"
            }.joined()
    }

    private static func list(_ keys: [KeyDescription], depth: Int) -> String {
        let indent = String(repeating: "  ", count: depth)
        return keys.map { key in
            let mark = key.isRequired ? ", required" : ""
            return "\(indent)- `\(key.name)` (\(key.shape.briefWords)\(mark)): \(key.sentence)\n"
                + list(key.shape.listedKeys ?? [], depth: depth + 1)
        }.joined()
    }

    private static func section(_ name: String, _ description: VariantsDescription) -> String {
        var text = "## \(name)\n\n"
        if !description.shared.isEmpty {
            text += "Each may have these keys beside its own:\n\n\(list(description.shared, depth: 0))\n"
        }
        for variant in description.variants {
            text +=
                "- `{\(description.tag): \(variant.name)}` \(variant.summary)\n"
                + list(variant.keys, depth: 1)
        }
        return text
    }

    /// The keys that a list shows below; words of its own say all.
    private var listedKeys: [KeyDescription]? { if case .described = self { nil } else { keys } }

    /// What is allowed, where the keys follow below.
    private var briefWords: String {
        switch self {
        case .block: "keys"
        case .mapping(let what, let value): "\(value.briefWords) by \(what)"
        case .list(let item, _, _) where item.keys != nil || item.variants != nil:
            item.variants.map { "list, each with its \($0.tag)" } ?? "list of keys"
        case .described(let words, _): words
        default: words.hasPrefix("a ") ? String(words.dropFirst(2)) : words
        }
    }
}
