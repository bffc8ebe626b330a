// SPDX-License-Identifier: MIT

import ArgumentParser

/// Seeds as a person lists them: `0-4`, `0,3,7`, `0-2,10`.
struct SeedList: Equatable {
    /// The seeds in the order given; each once.
    let seeds: [UInt64]

    /// As many as one command takes.
    static let limit = 1000

    /// Reads a list; throws where it is none, is empty, goes backwards, names a seed twice or has more than ``limit``.
    init(_ argument: String) throws {
        let wanted = ValidationError(
            "it must be seeds or ranges that go up, such as 0-4 or 0,3,7, each seed once and at most \(Self.limit)"
        )
        var seeds: [UInt64] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
                first <= last, last - first < Self.limit, seeds.count < Self.limit
            else { throw wanted }
            seeds += first...last
        }
        guard seeds.count <= Self.limit, Set(seeds).count == seeds.count else { throw wanted }
        self.seeds = seeds
    }
}
