// SPDX-License-Identifier: MIT

/// What a value may look like, without its type: what the JSON Schema, the reference and `--set` follow.
package indirect enum SettingShape: Sendable, Equatable {
    case number(Bounds)
    case integer(low: Int, high: Int)
    case flag
    case text
    case choice([String])
    /// The name of something that the robot has, such as a joint; names that look like numbers are names too.
    case name(of: String)
    case list(of: SettingShape, count: ClosedRange<Int>, areUnique: Bool)
    /// A mapping from names to values of one shape.
    case mapping(of: String, SettingShape)
    /// A mapping with these keys and no others.
    case block([KeyDescription])
    case variants(VariantsDescription)
    case either([SettingShape])
    /// Whatever another reader makes of it.
    case any
    /// A shape with words of its own for the reference and for errors.
    case described(String, SettingShape)

    /// A key as the reference shows it.
    package struct KeyDescription: Sendable, Equatable {
        package var name: String
        package var summary: String
        package var shape: SettingShape
        package var isRequired = false
        /// What holds where the key is left out; nil where it is required or the summary says all.
        package var absent: String?

        package init(
            name: String, summary: String, shape: SettingShape, isRequired: Bool = false,
            absent: String? = nil
        ) {
            self.name = name
            self.summary = summary
            self.shape = shape
            self.isRequired = isRequired
            self.absent = absent
        }
    }

    /// A mapping in which one key, `tag`, tells what the others may be.
    package struct VariantsDescription: Sendable, Equatable {
        package struct Variant: Sendable, Equatable {
            package var name: String
            package var summary: String
            package var keys: [KeyDescription]
        }

        package var tag: String
        /// The keys of every variant, said once.
        package var shared: [KeyDescription]
        package var variants: [Variant]

        /// All keys of a variant, the tag first.
        package func keys(of variant: Variant) -> [KeyDescription] {
            let tag = KeyDescription(
                name: tag, summary: variant.summary, shape: .choice([variant.name]), isRequired: true)
            return [tag] + variant.keys + shared
        }
    }

    /// What is allowed, as an error or a table says it: `a whole number from 1 to 1000`.
    package var words: String {
        switch self {
        case .number(let bounds): bounds.words
        case .integer(let low, let high):
            low == high ? "\(low), the only one that is known" : "a whole number from \(low) to \(high)"
        case .flag: "true or false"
        case .text: "a text"
        case .choice(let words): (words.count == 1 ? "" : "one of ") + words.joined(separator: ", ")
        case .name(let what): "the name of a \(what)"
        case .list(let items, let count, let areUnique):
            if count.lowerBound == count.upperBound {
                "a list of \(count.lowerBound), each \(items.words)"
            } else if count.upperBound < 1000 {
                "a list of \(count.lowerBound) to \(count.upperBound), each \(items.words)"
            } else {
                "a list of \(areUnique ? "different ones, each " : "")\(items.words)"
            }
        case .mapping(let what, let value): "a mapping from names of \(what)s to \(value.words)"
        case .block(let keys): "a mapping with the keys \(keys.map(\.name).joined(separator: ", "))"
        case .variants(let description): "a mapping with the key \(description.tag)"
        case .either(let shapes): shapes.map(\.words).joined(separator: ", or ")
        case .any: "anything"
        case .described(let words, _): words
        }
    }

    /// The keys of a block, seen through lists, names and words of its own; nil where it has none.
    package var keys: [KeyDescription]? {
        switch self {
        case .block(let keys): keys
        case .mapping(_, let shape), .described(_, let shape), .list(let shape, _, _): shape.keys
        case .either(let shapes): shapes.lazy.compactMap(\.keys).first
        default: nil
        }
    }

    /// The variants of a list or mapping of them.
    package var variants: VariantsDescription? {
        switch self {
        case .variants(let description): description
        case .list(let shape, _, _), .described(_, let shape): shape.variants
        default: nil
        }
    }
}
