// SPDX-License-Identifier: MIT

internal import Ranks

/// The parts of an update as ranks have them, and the exchange of what they have written.
final class RankExchange {
    let transport: any Transport
    /// The parts of one network's work, and of each of two, of all ranks together.
    private let totals: (alone: Int, beside: Int)
    private var lists: [RankPieces]
    private var sizes: [Int]
    /// What goes to and fro, the pieces of the ranks one after another, by its size: an update has a few exchanges, each with one of its own.
    private var buffers: [Int: Parameters] = [:]

    /// Deals to each rank as many parts as it has threads, of one network and of each of two, but no more than there are shards; with
    /// nil, shards.
    init(_ transport: any Transport, parts: (alone: Int, beside: Int)?) {
        self.transport = transport
        let most = max(1, Shards.count / transport.count)
        totals = (
            parts.map { min($0.alone, most) * transport.count } ?? Shards.count,
            parts.map { min($0.beside, most) * transport.count } ?? Shards.count
        )
        lists = (0..<transport.count).map { _ in RankPieces() }
        sizes = lists.map { _ in 0 }
    }

    /// This rank's parts of the work of one network or of each of two, and how many there are.
    func parts(networks: Int) -> (own: Range<Int>, total: Int) {
        let total = networks == 1 ? totals.alone : totals.beside
        return (parts(of: transport.rank, total), total)
    }

    private func parts(of rank: Int, _ total: Int) -> Range<Int> {
        total * rank / transport.count..<total * (rank + 1) / transport.count
    }

    /// Completes the arrays of which `list` names what a part has written.
    func share(_ list: (_ part: Part, _ pieces: inout RankPieces) -> Void) {
        for rank in lists.indices {
            lists[rank].removeAll()
            list(Part(parts(of: rank, totals.alone), of: totals.alone), &lists[rank])
            sizes[rank] = lists[rank].count * MemoryLayout<Float>.stride
        }
        let count = lists.reduce(0) { $0 + $1.count }
        let buffer = buffers[count] ?? Parameters(count: count)
        buffers[count] = buffer
        forEachRank { rank, start in
            if rank == transport.rank { lists[rank].write(to: buffer, from: start) }
        }
        buffer.withMutableSpan { span in
            var bytes = unsafe span.mutableBytes
            transport.gather(&bytes, sizes: sizes)
        }
        forEachRank { rank, start in
            if rank != transport.rank { lists[rank].read(of: buffer, from: start) }
        }
    }

    /// Calls `body` with each rank and where its pieces begin.
    private func forEachRank(_ body: (_ rank: Int, _ start: Int) -> Void) {
        var start = 0
        for rank in lists.indices {
            body(rank, start)
            start += lists[rank].count
        }
    }
}

/// Pieces of arrays that a part of an update's work has written.
package struct RankPieces {
    private var pieces: [(memory: AlignedFloats, range: Range<Int>)] = []
    /// The floats of all of them.
    private(set) var count = 0

    /// Adds a part of a batch's rows.
    package mutating func add(_ matrix: Matrix, _ part: Part) {
        let rows = part.rows(of: matrix.rows)
        add(matrix.memory, rows.lowerBound * matrix.columns, rows.count * matrix.columns)
    }

    /// Adds what a forward and a backward pass of a part of the batch's rows leave for the gradients in the network's parameters.
    package mutating func add(_ hidden: HiddenLayers, of network: Perceptron, _ part: Part) {
        let rows = part.rows(of: hidden.batch)
        for (index, width) in hidden.widths.enumerated() {
            let start = hidden.starts[index] + rows.lowerBound * width
            add(hidden.memory, start, rows.count * width)
            // Into a gated layer no gradient is written.
            if network.head(gating: index) == nil {
                add(hidden.memory, hidden.gradientStart + start, rows.count * width)
            }
            guard hidden.isNormalised else { continue }
            let first = hidden.sumStart(index, shard: part.shards.lowerBound)
            add(hidden.memory, first, hidden.sumStart(index, shard: part.shards.upperBound) - first)
        }
    }

    /// Adds the gradients in the parameters of a part of each layer's outputs.
    package mutating func add(_ gradient: Parameters, of network: Perceptron, _ part: Part) {
        network.forEachRange(of: part) { add(gradient.memory, $0.lowerBound, $0.count) }
    }

    private mutating func add(_ memory: AlignedFloats, _ start: Int, _ count: Int) {
        guard count > 0 else { return }
        pieces.append((memory, start..<start + count))
        self.count += count
    }

    fileprivate mutating func removeAll() {
        pieces.removeAll(keepingCapacity: true)
        count = 0
    }

    fileprivate func write(to buffer: Parameters, from start: Int) {
        var place = unsafe buffer.memory.pointer + start
        for (memory, range) in pieces {
            unsafe place.update(from: memory.pointer + range.lowerBound, count: range.count)
            unsafe place += range.count
        }
    }

    fileprivate func read(of buffer: Parameters, from start: Int) {
        var place = unsafe buffer.memory.pointer + start
        for (memory, range) in pieces {
            unsafe (memory.pointer + range.lowerBound).update(from: place, count: range.count)
            unsafe place += range.count
        }
    }
}
