// SPDX-License-Identifier: MIT

/// Finds the name that was probably meant, and says which there are.
package enum NearestName {
    /// The name nearest to `word` by edits, if it is near enough to be a slip; the first of equals.
    package static func of(_ word: String, in names: [String]) -> String? {
        let wanted = normal(word)
        var best: (distance: Int, name: String)?
        for name in names {
            let candidate = normal(name)
            var distance = edits(wanted, candidate)
            // A name that holds the word, or the other way round, is near too: `velocity`, `joint_velocities`.
            if distance > 2, wanted.count >= 3, candidate.count >= 3,
                contains(candidate, wanted) || contains(wanted, candidate)
            {
                distance = min(distance, 3)
            }
            if distance < best?.distance ?? .max { best = (distance, name) }
        }
        guard let best, best.distance <= max(1, min(4, wanted.count / 2)) else { return nil }
        return best.name
    }

    /// `did you mean 'hip'?`; empty where no name is near.
    package static func suggestion(_ word: String, in names: [String]) -> String {
        of(word, in: names).map { "did you mean '\($0)'?" } ?? ""
    }

    /// What to do about an unknown name: the nearest one, else all of them.
    package static func remedy(_ word: String, in names: [String]) -> String {
        let near = suggestion(word, in: names)
        if !near.isEmpty { return near }
        if names.isEmpty { return "none is allowed here" }
        let shown = names.prefix(40).joined(separator: ", ")
        return "allowed: \(shown)" + (names.count > 40 ? ", ..." : "")
    }

    /// Lower case, with `-` and spaces as `_`, and not longer than a name can be.
    private static func normal(_ text: String) -> [UInt8] {
        text.lowercased().utf8.prefix(64).map { $0 == 0x2D || $0 == 0x20 ? 0x5F : $0 }
    }

    private static func contains(_ long: [UInt8], _ short: [UInt8]) -> Bool {
        guard short.count <= long.count else { return false }
        return (0...(long.count - short.count)).contains {
            long[$0..<($0 + short.count)].elementsEqual(short)
        }
    }

    /// The insertions, deletions, replacements and swaps of neighbours that turn one into the other.
    static func edits(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var rows = [Array(0...b.count)]
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    cost = min(cost, rows[i - 1][j - 1] + 1)
                }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
