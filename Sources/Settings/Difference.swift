// SPDX-License-Identifier: MIT

/// One place in which two trees of settings differ.
package struct Difference: Sendable, Equatable, CustomStringConvertible {
    /// The key path.
    package var path: String
    /// What the first says; nil where it says nothing.
    package var old: String?
    package var new: String?

    /// Such as `physics.substeps: 4 became 8`.
    package var description: String {
        switch (old, new) {
        case (let old?, let new?): "\(path): \(old) became \(new)"
        case (nil, let new?): "\(path): \(new) was added"
        case (let old?, nil): "\(path): \(old) was removed"
        case (nil, nil): path
        }
    }
}

extension Setting {
    /// Where `other` says something else, in the order of this tree; comments, quotes and the order of keys make no difference.
    package func differences(from other: Setting) -> [Difference] {
        switch (value, other.value) {
        case (.mapping(let entries), .mapping(let others)):
            let kept = entries.flatMap { entry -> [Difference] in
                guard let there = other[entry.key] else {
                    return [Difference(path: entry.value.path, old: nil, new: entry.value.flowText)]
                }
                return entry.value.differences(from: there)
            }
            let removed = others.filter { self[$0.key] == nil }
            return kept
                + removed.map { Difference(path: $0.value.path, old: $0.value.flowText, new: nil) }
        case (.list(let items), .list(let others)) where items.count == others.count:
            return zip(items, others).flatMap { $0.differences(from: $1) }
        default:
            return means(other)
                ? [] : [Difference(path: path, old: other.flowText, new: flowText)]
        }
    }
}
