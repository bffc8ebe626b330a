// SPDX-License-Identifier: MIT

/// How values of one type stand in a file: how they are read, how they are written, and what they look like.
package struct Format<Value>: Sendable {
    package let shape: SettingShape
    /// Reads a value; nil after a report to the decoder.
    package let decode: @Sendable (Setting, Decoder) -> Value?
    /// What a file would say; nil where nothing needs to be written.
    package let encode: @Sendable (Value) -> Setting.Value?

    package init(
        _ shape: SettingShape, encode: @escaping @Sendable (Value) -> Setting.Value?,
        decode: @escaping @Sendable (Setting, Decoder) -> Value?
    ) {
        self.shape = shape
        self.encode = encode
        self.decode = decode
    }

    /// A format of one scalar: what `read` makes of it, or a report that it is not `shape`.
    package init(
        scalar shape: SettingShape, write: @escaping @Sendable (Value) -> Scalar,
        read: @escaping @Sendable (Scalar) -> Value?
    ) {
        self.init(shape, encode: { .scalar(write($0)) }) { setting, decoder in
            setting.scalar.flatMap(read) ?? decoder.refuse(setting, shape)
        }
    }

    /// The same with other words for what is allowed.
    package func described(_ words: String) -> Format {
        let shape = SettingShape.described(words, shape)
        return Format(shape, encode: encode, decode: decode)
    }

    /// The same for another type; `to` gives nil where the value is not allowed, which is reported in the words of `shape`.
    package func map<Other>(
        to: @escaping @Sendable (Value) -> Other?, from: @escaping @Sendable (Other) -> Value?
    ) -> Format<Other> {
        let (shape, encode, decode) = (shape, encode, decode)
        return Format<Other>(shape, encode: { from($0).flatMap(encode) }) { setting, decoder in
            guard let value = decode(setting, decoder) else { return nil }
            return to(value) ?? decoder.refuse(setting, shape)
        }
    }
}

extension Format where Value: Sendable {
    /// A value, or `word` for none.
    package func or(_ word: String) -> Format<Value?> {
        let (encode, decode) = (encode, decode)
        let shape = SettingShape.either([.choice([word]), shape])
        return Format<Value?>(
            shape,
            encode: { value in value.map(encode) ?? .scalar(Scalar(word, isQuoted: false)) },
            decode: { setting, decoder in
                if setting.text == word { return .some(nil) }
                // A word or number that is neither is refused with all that is allowed.
                let trial = Decoder(findings: Findings(file: ""), context: decoder.context)
                guard setting.scalar == nil || decode(setting, trial) != nil else {
                    return decoder.refuse(setting, shape)
                }
                return decode(setting, decoder).map { .some($0) }
            })
    }
}

extension Format<Double> {
    package static func number(_ bounds: Bounds) -> Format {
        Format(scalar: .number(bounds), write: { Scalar($0) }) { scalar in
            scalar.number.flatMap { bounds.contains($0) ? $0 : nil }
        }
    }
}

extension Format where Value: FixedWidthInteger & Sendable {
    package static func integer(_ range: ClosedRange<Value>) -> Format {
        let shape = SettingShape.integer(
            low: Int(clamping: range.lowerBound), high: Int(clamping: range.upperBound))
        return Format(scalar: shape, write: { Scalar($0) }) { scalar in
            scalar.whole(Value.self).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Format<Bool> {
    package static var flag: Format { Format(scalar: .flag, write: { Scalar($0) }, read: \.flag) }
}

extension Format<String> {
    /// A text that is not empty.
    package static var text: Format {
        Format(scalar: .text, write: { Scalar($0) }) { scalar in
            scalar.text.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
        }
    }

    package static func choice(_ words: [String]) -> Format {
        let shape = SettingShape.choice(words)
        return Format(shape, encode: { .scalar(Scalar($0, isQuoted: false)) }) { setting, decoder in
            guard let word = setting.text, words.contains(word) else {
                let remedy = setting.text.map { NearestName.suggestion($0, in: words) } ?? ""
                decoder.report(setting, "\(setting.shown) is not \(shape.words)", remedy)
                return nil
            }
            return word
        }
    }
}

extension Format where Value: RawRepresentable<String> & CaseIterable & Sendable {
    /// One of the words that the type's cases are.
    package static var choice: Format {
        Format<String>.choice(Value.allCases.map(\.rawValue)).map(
            to: { Value(rawValue: $0) }, from: { $0.rawValue })
    }
}

extension Format {
    /// A list; `areUnique` refuses an item that is there twice.
    package static func list<Item>(
        of item: Format<Item>, count: ClosedRange<Int> = 0...100_000
    ) -> Format where Value == [Item] {
        Format(.list(of: item.shape, count: count, areUnique: false), encode: Self.encode(item)) {
            setting, decoder in
            decoder.items(setting, of: item, count: count)
        }
    }

    /// A list in which nothing stands twice, and at least one thing.
    package static func set<Item: Equatable & Sendable>(of item: Format<Item>) -> Format
    where Value == [Item] {
        Format(.list(of: item.shape, count: 1...100_000, areUnique: true), encode: Self.encode(item)) {
            setting, decoder in
            guard let values = decoder.items(setting, of: item, count: 1...100_000) else { return nil }
            for (index, value) in values.enumerated() where values[..<index].contains(value) {
                let twice = setting.items?[index] ?? setting
                decoder.report(twice, "\(twice.shown) is named twice", "remove one")
                return nil
            }
            return values
        }
    }

    /// The same list, left out where there is nothing in it.
    package func unlessEmpty<Item>() -> Format where Value == [Item] {
        let encode = encode
        return Format(shape, encode: { $0.isEmpty ? nil : encode($0) }, decode: decode)
    }

    private static func encode<Item>(
        _ item: Format<Item>
    ) -> @Sendable ([Item]) -> Setting.Value? where Value == [Item] {
        { values in .list(values.compactMap(item.encode).map { Setting($0) }) }
    }

    /// `[low, high]`, low at most high.
    package static func range<Bound: Comparable & Sendable>(
        _ bound: Format<Bound>
    ) -> Format where Value == ClosedRange<Bound> {
        let ends = Format<[Bound]>.list(of: bound, count: 2...2).described(
            "[low, high], each \(bound.shape.words)")
        return Format(ends.shape, encode: { ends.encode([$0.lowerBound, $0.upperBound]) }) {
            setting, decoder in
            guard let found = ends.decode(setting, decoder) else { return nil }
            guard found[0] <= found[1] else {
                decoder.report(setting, "\(found[0]) must not be above \(found[1])", "write [low, high]")
                return nil
            }
            return found[0]...found[1]
        }
    }
}
