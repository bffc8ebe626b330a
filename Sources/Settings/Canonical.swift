// SPDX-License-Identifier: MIT

extension Setting {
    /// A text that is the same for settings that mean the same: comments, quotes, lines and the order of keys make no difference.
    package var canonical: String {
        switch value {
        case .scalar(let scalar): scalar.canonical
        case .list(let items): "[" + items.map(\.canonical).joined(separator: ",") + "]"
        case .mapping(let entries):
            "{"
                + entries.map { "\(Scalar($0.key).yaml):\($0.value.canonical)" }.sorted()
                .joined(separator: ",") + "}"
        }
    }
}

extension Scalar {
    fileprivate var canonical: String {
        if isNull { return "~" }
        // A double has no place for all digits of a great seed.
        if let whole = whole(UInt64.self), whole > 1 << 53 { return "\(whole)" }
        return number.map { Scalar.digits(of: $0) } ?? Scalar(characters).yaml
    }
}
