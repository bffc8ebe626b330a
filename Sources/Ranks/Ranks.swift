// SPDX-License-Identifier: MIT

// Ranks: one run in several processes, on one machine or on many, as `mpirun` starts them; each is called a rank. All ranks compute
// the same run: each does a part of the work, and tells the others what came of it through a Transport, whose one call is `gather`.
// OpenMPI is the real one, which is loaded when asked for; tests have one whose ranks are threads.

/// What carries bytes between the ranks of a run.
///
/// All ranks make the same calls in the same order. A rank that is gone ends the others too: a call returns or the process ends.
package protocol Transport: AnyObject {
    /// The number of this rank; 0 is the one that writes.
    var rank: Int { get }
    /// The number of ranks.
    var count: Int { get }
    /// Completes `bytes`, which are blocks of `sizes` bytes, a block for each rank, of which each rank has written its own.
    func gather(_ bytes: inout MutableRawSpan, sizes: [Int])
}

extension Transport {
    /// Completes `elements`, which are blocks of `counts` elements, a block for each rank, of which each rank has written its own.
    package func gather<Element: BitwiseCopyable>(_ elements: inout [Element], counts: [Int]) {
        var span = elements.mutableSpan
        var bytes = unsafe span.mutableBytes
        gather(&bytes, sizes: counts.map { $0 * MemoryLayout<Element>.stride })
    }

    /// What each rank says, in their order.
    package func gathered<Element: BitwiseCopyable>(_ own: Element) -> [Element] {
        var all = Array(repeating: own, count: count)
        gather(&all, counts: Array(repeating: 1, count: count))
        return all
    }

    /// What each rank says, in their order, of any lengths.
    package func gathered(_ own: [UInt8]) -> [[UInt8]] {
        let lengths = gathered(own.count)
        let starts = lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        var all = [UInt8](repeating: 0, count: starts[count])
        all.replaceSubrange(starts[rank]..<starts[rank + 1], with: own)
        gather(&all, counts: lengths)
        return (0..<count).map { Array(all[starts[$0]..<starts[$0 + 1]]) }
    }

    /// Waits until all ranks are here.
    package func meet() { _ = gathered(UInt8(0)) }

    /// The share of this or another rank of `total` things, the first rank's not smaller than the last one's.
    package func share(of total: Int, rank: Int) -> Range<Int> {
        (total * rank + count - 1) / count..<(total * (rank + 1) + count - 1) / count
    }
}
