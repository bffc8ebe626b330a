// SPDX-License-Identifier: MIT

internal import CLibrary
package import Ranks

/// What a team knows of the other ranks of its run.
package struct RankedWork {
    /// Who does the updates: all ways give the same bits.
    package enum Updates: String, CaseIterable, Sendable {
        /// What a short trial showed to be faster.
        case measured = "auto"
        /// Each rank a part, and they tell each other what came of it.
        case spread = "spread"
        /// Each rank all of it: nothing is told, nothing is gained.
        case repeated = "repeat"
    }

    package let transport: any Transport
    package let updates: Updates

    package init(_ transport: any Transport, updates: Updates) {
        self.transport = transport
        self.updates = updates
    }
}

/// Finds out whether it is faster to spread updates over the ranks than to let each do all of them, by doing some in each way.
struct SpreadTrial {
    private static let warmUp = 4
    private static let timed = 8
    private static let updates = 2 * (warmUp + timed)
    private var done = 0
    private var begin: UInt64 = 0
    /// What the timed updates took, ns: spread, repeated.
    private var times: (spread: UInt64, repeated: UInt64) = (0, 0)

    /// Whether the trial's next update is to be spread.
    private var isSpread: Bool { done < Self.updates / 2 }

    /// Begins an update; returns whether it is to be spread.
    mutating func beginUpdate() -> Bool {
        begin = Self.now
        return isSpread
    }

    /// Ends an update; the last one returns which way was faster for the slowest rank, the same for all.
    mutating func endUpdate(_ transport: any Transport) -> Bool? {
        let time = Self.now - begin
        if done % (Self.updates / 2) >= Self.warmUp {
            if isSpread { times.spread += time } else { times.repeated += time }
        }
        done += 1
        guard done == Self.updates else { return nil }
        let all = transport.gathered(SIMD2(times.spread, times.repeated))
        return all.map(\.x).max() ?? 0 < all.map(\.y).max() ?? 0
    }

    private static var now: UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
