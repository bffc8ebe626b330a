// SPDX-License-Identifier: MIT

internal import Settings

// How terms become variants of an entry's format: each by its own name, summary and keys.

extension Format where Value: TermEntry {
    /// A mapping with the name of a term, its keys, and those of the list.
    static func terms(
        _ shared: [Key<Value>], _ variants: [Variant<Value>],
        check: @escaping @Sendable (Value, Setting, Decoder) -> Void = { _, _, _ in }
    ) -> Format {
        variant(tag: "term", shared: shared, variants.sorted { $0.name < $1.name }) {
            entry, setting, decoder in
            entry.anyTerm.check(setting, decoder)
            check(entry, setting, decoder)
        }
    }
}

extension Variant<ObservationEntry> {
    init(of type: (some ObservationTerm).Type) { self.init(of: type) { ObservationEntry(type.init()) } }
}

extension Variant<RewardEntry> {
    init(of type: (some RewardTerm).Type) { self.init(of: type) { RewardEntry(type.init(), weight: 1) } }
}

extension Variant<TerminationEntry> {
    init(of type: (some TerminationTerm).Type) { self.init(of: type) { TerminationEntry(type.init()) } }
}

extension Variant where Entry: TermEntry {
    fileprivate init<T: Term>(of type: T.Type, make: @escaping @Sendable () -> Entry) {
        self.init(
            T.name, T.unit == "1" ? T.summary : "\(T.summary) Unit: \(T.unit).", synonyms: T.synonyms,
            keys: T.keys.map { $0.of(\Entry[TermType<T>()]) }, matches: { $0.anyTerm is T }, make: make)
    }
}

/// A type of terms as the argument of a key path.
private struct TermType<T: Term>: Hashable, Sendable {}

extension TermEntry {
    /// The term, known to be of this type.
    fileprivate subscript<T: Term>(_: TermType<T>) -> T {
        get { anyTerm as? T ?? T() }
        set { anyTerm = newValue }
    }
}
