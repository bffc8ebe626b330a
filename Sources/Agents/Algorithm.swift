// SPDX-License-Identifier: MIT

package import Settings

/// An algorithm by its name: what `train --algorithm` and a scene's `train` block mean by `sac`.
///
/// Each is declared in its folder, beside its configuration.
public struct Algorithm: Sendable {
    /// The name in files and flags.
    public let name: String
    /// What it is and whose, in one sentence.
    public let summary: String
    /// The hyperparameters that hold where nothing is said.
    package let defaults: any AlgorithmConfiguration
    /// At most one; in a list, since a struct cannot hold itself.
    private let relatives: [Algorithm]

    package init(
        _ name: String, _ summary: String, relative: Algorithm? = nil,
        _ defaults: some AlgorithmConfiguration
    ) {
        self.name = name
        self.summary = summary
        self.defaults = defaults
        relatives = relative.map { [$0] } ?? []
    }

    /// The algorithm of this name; nil where there is none.
    public init?(named name: String) {
        guard let algorithm = Self.all.first(where: { $0.name == name }) else { return nil }
        self = algorithm
    }
}

extension Algorithm {
    /// All algorithms, in the order in which they are listed.
    public static let all: [Algorithm] = [
        .qLearning,
        .doubleQLearning,
        .dqn,
        .doubleDQN,
        .a2c,
        .sac,
    ]

    /// The algorithm whose settings in a scene hold for this one too where it has none of its own: the double ones differ by a rule, not
    /// by a setting.
    public var relative: Algorithm? { relatives.first }

    /// The keys as the schema and the reference show them.
    package var keyDescriptions: [SettingShape.KeyDescription] { defaults.keyDescriptions }
}

extension Algorithm: Hashable, CustomStringConvertible {
    /// Whether both have the same name.
    public static func == (left: Algorithm, right: Algorithm) -> Bool { left.name == right.name }
    /// The name tells algorithms apart.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    /// The name.
    public var description: String { name }
}
