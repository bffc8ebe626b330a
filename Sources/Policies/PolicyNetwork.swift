// SPDX-License-Identifier: MIT

/// How observations become what a network sees: x = clip((o - mean) · inverseDeviation, ±clip).
public struct Normaliser: Sendable, Equatable {
    /// The mean of each number, in its unit.
    public var mean: [Float]
    /// One over the standard deviation of each number; positive.
    public var inverseDeviation: [Float]
    /// The largest |x|; positive.
    public var clip: Float

    /// Makes a normaliser; it is checked where a policy file is made of it.
    public init(mean: [Float], inverseDeviation: [Float], clip: Float = 10) {
        self.mean = mean
        self.inverseDeviation = inverseDeviation
        self.clip = clip
    }

    /// The one that changes no observation of `count` numbers.
    public static func identity(_ count: Int) -> Normaliser {
        Normaliser(
            mean: [Float](repeating: 0, count: count), inverseDeviation: [Float](repeating: 1, count: count),
            clip: .greatestFiniteMagnitude)
    }
}

/// A layer y = W x + b.
public struct DenseLayer: Sendable, Equatable {
    /// W, (outputs, inputs), row-major, as in PyTorch.
    public var weight: [Float]
    /// b, (outputs).
    public var bias: [Float]

    /// Makes a layer; the number of inputs follows.
    public init(weight: [Float], bias: [Float]) {
        self.weight = weight
        self.bias = bias
    }

    /// The length of y.
    public var outputCount: Int { bias.count }
    /// The length of x; 0 where there is no output.
    public var inputCount: Int { bias.isEmpty ? 0 : weight.count / bias.count }
}

/// A table of the values of each choice in each state, a state being what bins the observation's numbers lie in.
///
/// The normaliser makes x of an observation, counted in bins: the mean is the lower edge of the first one, the deviation the width
/// of each. A number beyond the first or last bin belongs to it.
public struct ValueTable: Sendable, Equatable {
    /// The bins of each number of an observation; 1 for one that does not matter.
    public var bins: [Int]
    /// The values, (states, choices), row-major; the last observation's bin counts ones.
    public var values: [Float]

    /// Makes a table.
    public init(bins: [Int], values: [Float]) {
        self.bins = bins
        self.values = values
    }
}

/// The numbers of a policy: a normaliser, layers with ReLU between them, and what the last one means; or a table in place of layers.
public struct PolicyNetwork: Sendable, Equatable {
    /// What the last layer's numbers are.
    public enum Head: Sendable, Equatable {
        /// The action is the tanh of the last layer. With `logDeviation`, a layer beside the last one, the policy is also
        /// stochastic: tanh(m + exp(s) · noise), s clamped to [-20, 2].
        case squashed(logDeviation: DenseLayer?)
        /// The last layer values `choices`, actions within [-1, 1] one after another; the highest value acts.
        case greedy(choices: [Float])
        /// There are no layers: the table values `choices` in the state that the observation lies in; the highest value acts.
        case table(ValueTable, choices: [Float])
    }

    /// How observations are normalised.
    public var normaliser: Normaliser
    /// The layers, with ReLU after each but the last; none where there is a table.
    public var layers: [DenseLayer]
    /// What the last layer's numbers are.
    public var head: Head
    /// The numbers of an action.
    public var actionCount: Int

    /// Makes a network of layers whose last one gives the mean of each action, or the value of each choice.
    ///
    /// - Throws: `PoliciesError.network` where sizes do not fit, or a number is not finite.
    public init(
        layers: [DenseLayer], head: Head = .squashed(logDeviation: nil), normaliser: Normaliser? = nil,
        actionCount: Int
    ) throws(PoliciesError) {
        self.normaliser = normaliser ?? .identity(layers.first?.inputCount ?? 0)
        self.layers = layers
        self.head = head
        self.actionCount = actionCount
        try validate()
    }

    /// Makes a stochastic policy of an actor whose last layer has twice as many rows as the action has numbers: first the means, then
    /// the logarithms of the standard deviations.
    ///
    /// - Throws: `PoliciesError.network` where sizes do not fit, or a number is not finite.
    public init(
        gaussian layers: [(weight: [Float], bias: [Float])], normaliser: Normaliser? = nil
    ) throws(PoliciesError) {
        guard let last = layers.last, last.bias.count.isMultiple(of: 2), !last.bias.isEmpty,
            last.weight.count.isMultiple(of: last.bias.count)
        else {
            throw .network(
                "the last layer of a Gaussian actor needs an even number of rows, means then deviations")
        }
        let count = last.bias.count / 2
        let half = last.weight.count / 2
        try self.init(
            layers: layers.dropLast().map { DenseLayer(weight: $0.weight, bias: $0.bias) }
                + [DenseLayer(weight: Array(last.weight[..<half]), bias: Array(last.bias[..<count]))],
            head: .squashed(
                logDeviation: DenseLayer(
                    weight: Array(last.weight[half...]), bias: Array(last.bias[count...]))),
            normaliser: normaliser, actionCount: count)
    }

    /// The numbers of an observation.
    public var observationCount: Int { normaliser.mean.count }
    /// The table; nil for networks.
    public var table: ValueTable? {
        if case .table(let table, _) = head { table } else { nil }
    }
    /// Whether it can act stochastically.
    public var isStochastic: Bool {
        if case .squashed(logDeviation: .some) = head { true } else { false }
    }
}
