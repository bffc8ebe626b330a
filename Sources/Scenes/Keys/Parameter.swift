// SPDX-License-Identifier: MIT

package import Settings

/// One key of a scene: its name, what it may hold, and what it means.
///
/// Lists of these are all there is to know about the keys of a scene: decoding, checking, suggestions, the documentation and the JSON Schema
/// read the same lists.
package struct Parameter: Sendable, Equatable {
    /// What a key may hold.
    package indirect enum Kind: Sendable, Equatable {
        /// A finite number within bounds.
        case number(Bounds)
        /// A whole number.
        case integer(ClosedRange<Int>)
        /// `true` or `false`.
        case bool
        /// Any text that is not empty.
        case text
        /// One of these words.
        case choice([String])
        /// Three numbers `[x, y, z]`.
        case vector(Bounds)
        /// Two numbers `[low, high]`.
        case range(Bounds)
        /// Two whole numbers `[low, high]`.
        case integerRange(ClosedRange<Int>)
        /// A number b for -b to b, or `[low, high]`.
        case interval
        /// `{uniform: b}`, `{uniform: [low, high]}`, `{normal: deviation}`, or, where allowed, `{scale: [low, high]}`.
        case distribution(allowsScale: Bool)
        /// One of `x`, `y`, `z`.
        case axis
        /// A list of different ones of `x`, `y`, `z`.
        case axes
        /// The name of a joint.
        case joint
        /// A list of names of joints.
        case joints
        /// The name of a link.
        case link
        /// A list of names of links.
        case links
        /// A list of pairs of names of links.
        case linkPairs
        /// A mapping from names of links to numbers.
        case numberByLink(Bounds)
        /// A mapping from names of joints to numbers.
        case numberByJoint(Bounds)
        /// A mapping from names of joints to mappings.
        case blockByJoint([Parameter])
        /// A mapping with these keys.
        case block([Parameter])
        /// A list of mappings with these keys.
        case blocks([Parameter])
        /// A list of mappings with these keys, which depend on the value of the first parameter, a choice.
        case variants(key: String, [Variant])
        /// What a format decodes.
        case shaped(SettingShape)
        /// A mapping from these names to mappings that are decoded elsewhere, but for the keys of the list.
        case settings([String], [Parameter])
    }

    /// The keys that go with one value of the key that tells variants apart.
    package struct Variant: Sendable, Equatable {
        /// The value.
        package var name: String
        /// What it stands for.
        package var summary: String
        /// The keys beside it.
        package var parameters: [Parameter]
        /// Names that people may know it by elsewhere.
        package var synonyms: [String] = []
    }

    /// The key.
    package var name: String
    /// What it may hold.
    package var kind: Kind
    /// What it means, with its unit and, where it can be left out, what holds then.
    package var summary: String
    /// Whether it must be there.
    package var isRequired: Bool

    init(_ name: String, _ kind: Kind, _ summary: String, isRequired: Bool = false) {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.isRequired = isRequired
    }
}
