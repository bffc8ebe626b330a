// SPDX-License-Identifier: MIT

internal import CKernels

/// The work of an update as threads share it: of one network, or of two side by side.
///
/// A batch is laid out in ``count`` shards of rows, and a part is a run of them. What a row gives does not depend on the others; what is summed
/// over rows is summed for each output by whoever has it, in the order of the rows, or shard by shard in a fixed tree. So the number of
/// threads, which decides how many parts there are, changes no bit; nor does the number of ranks, over which the parts may be spread.
package final class Shards {
    /// The shards of a batch.
    package static let count = 8
    /// The parts of one network's work, and of each of two.
    private let parts: (alone: Int, beside: Int)
    private let team: Team
    private var work: ((_ network: Int, _ part: Part, _ step: Int) -> Void)?
    /// What is under way: so many networks, in these parts of so many, in so many steps, of which this one is done now.
    private var plan = (networks: 1, parts: 0..<1, total: 1, steps: 1, step: 0)
    /// What spreads the work over ranks; nil where there is but one.
    private let exchange: RankExchange?
    private var trial: SpreadTrial?
    /// Whether the ranks share the update under way: then each does its parts, and `share` completes what all need.
    package private(set) var isSpread = false

    /// Deals work out to `team`.
    package init(_ team: Team) {
        self.team = team
        let threads = team.threads
        // Two networks for an even number of threads are a part each for half of them.
        let beside = threads.isMultiple(of: 2) ? threads / 2 : threads
        // Eigen's rows and outputs depend on those around them: then parts are always the same.
        let areFixed = kern_isa_current() == .KERN_ISA_PORTABLE
        parts = areFixed ? (Self.count, Self.count) : (min(threads, Self.count), min(beside, Self.count))
        exchange = team.ranks.map { RankExchange($0.transport, parts: areFixed ? nil : (threads, beside)) }
        isSpread = team.ranks?.updates == .spread
        if team.ranks?.updates == .measured { trial = SpreadTrial() }
    }

    /// Begins an update, which the ranks share where that is faster.
    package func beginUpdate() {
        if let isSpread = trial?.beginUpdate() { self.isSpread = isSpread }
    }

    /// Ends it.
    package func endUpdate() {
        guard let exchange, let isFaster = trial?.endUpdate(exchange.transport) else { return }
        (isSpread, trial) = (isFaster, nil)
    }

    /// Completes the arrays of which `list` names what a part has written, where the update is spread over ranks.
    package func share(_ list: (_ part: Part, _ pieces: inout RankPieces) -> Void) {
        if isSpread { exchange?.share(list) }
    }

    /// Does `steps` steps of the work of one network or two, each in parts; all parts of a network have done a step before its next one.
    ///
    /// The networks must not look at each other, nor the parts of a step. Nothing is allocated where the closure captures one
    /// object alone (`[self]`). With `isOfAll` each rank does all of it, where the update is spread over ranks.
    package func run(
        networks: Int, steps: Int = 1, isOfAll: Bool = false,
        _ work: @escaping (_ network: Int, _ part: Part, _ step: Int) -> Void
    ) {
        self.work = work
        let count = networks == 1 ? parts.alone : parts.beside
        plan = (networks, 0..<count, count, steps, 0)
        if isSpread, !isOfAll, let exchange {
            (plan.parts, plan.total) = exchange.parts(networks: networks)
        }
        if plan.parts.count == 1 {
            // Nobody waits for the other network between steps.
            team.run(networks) { [self] network in
                let part = Part(plan.parts, of: plan.total)
                for step in 0..<plan.steps { self.work?(network, part, step) }
            }
        } else {
            while plan.step < steps {
                team.run(networks * plan.parts.count) { [self] job in
                    let part = Part(plan.parts.lowerBound + job / plan.networks, of: plan.total)
                    self.work?(job % plan.networks, part, plan.step)
                }
                plan.step += 1
            }
        }
        self.work = nil
    }
}

/// One of some equal parts of a network's work: a run of the batch's shards, or of each layer's outputs.
package struct Part: Sendable, Equatable {
    private let indices: Range<Int>
    private let count: Int

    /// All of it.
    package static let whole = Part(0, of: 1)

    /// Number `index` of `count`.
    package init(_ index: Int, of count: Int) {
        self.init(index..<index + 1, of: count)
    }

    /// The numbers `indices` of `count` as one.
    package init(_ indices: Range<Int>, of count: Int) {
        (self.indices, self.count) = (indices, count)
    }

    /// Whether it is the first one, which does what only one may do.
    package var isFirst: Bool { number == 0 }
    /// Its number.
    package var number: Int { indices.lowerBound }

    /// Its shards.
    package var shards: Range<Int> { share(of: Shards.count) }

    /// Its rows of a batch of so many.
    package func rows(of batch: Int) -> Range<Int> {
        let shards = shards
        return Self.row(shards.lowerBound, of: batch)..<Self.row(shards.upperBound, of: batch)
    }

    /// Its outputs of a layer that has so many: whole lines of a cache.
    package func outputs(of outputs: Int) -> Range<Int> {
        let lines = share(of: (outputs + 15) / 16)
        return min(outputs, 16 * lines.lowerBound)..<min(outputs, 16 * lines.upperBound)
    }

    /// The rows of shard number `shard` of a batch of so many; none where it has fewer rows than there are shards.
    static func rows(ofShard shard: Int, of batch: Int) -> Range<Int> {
        row(shard, of: batch)..<row(shard + 1, of: batch)
    }

    private static func row(_ shard: Int, of batch: Int) -> Int { batch * shard / Shards.count }

    private func share(of total: Int) -> Range<Int> {
        total * indices.lowerBound / count..<total * indices.upperBound / count
    }
}
