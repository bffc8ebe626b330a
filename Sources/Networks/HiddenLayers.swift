// SPDX-License-Identifier: MIT

/// The outputs of a network's hidden layers for one batch, and the loss's gradients in them; where they are normalised, also
/// what the normalisation's backward pass needs.
public final class HiddenLayers {
    let memory: AlignedFloats
    /// The largest batch that it holds.
    public let batch: Int
    let widths: [Int]
    /// Where each layer's outputs begin; its gradients begin at `gradientStart` more.
    let starts: [Int]
    let gradientStart: Int
    let isNormalised: Bool
    /// Where the sums of the first layer's normalisation begin.
    private let sumStart: Int

    /// Makes room for a batch of `batch` rows through `perceptron`.
    public init(for perceptron: Perceptron, batch: Int) {
        widths = perceptron.hidden
        var starts: [Int] = []
        var offset = 0
        for width in widths {
            starts.append(offset)
            offset += width * batch
        }
        self.starts = starts
        self.batch = batch
        gradientStart = offset
        isNormalised = perceptron.isNormalised
        sumStart = 3 * offset + widths.count * batch
        let sums = 2 * Shards.count * widths.reduce(0, +)
        memory = AlignedFloats(count: isNormalised ? sumStart + sums : 2 * offset)
    }

    /// Where the normalised numbers of layer `index` begin, before its gains and shifts.
    func normalStart(_ index: Int) -> Int { 2 * gradientStart + starts[index] }

    /// Where the inverse deviations of its rows begin.
    func deviationStart(_ index: Int) -> Int { 3 * gradientStart + index * batch }

    /// Where a shard's gradients in the gains of layer `index` begin; those in its shifts follow.
    func sumStart(_ index: Int, shard: Int) -> Int {
        sumStart + 2 * (Shards.count * widths[..<index].reduce(0, +) + shard * widths[index])
    }

    /// Whether it was made for a network of these widths; every pass asks, so nothing is allocated.
    func fits(_ perceptron: Perceptron) -> Bool {
        guard widths.count == perceptron.layers.count - 1, isNormalised == perceptron.isNormalised else {
            return false
        }
        return widths.indices.allSatisfy { widths[$0] == perceptron.layers[$0].outputs }
    }
}
