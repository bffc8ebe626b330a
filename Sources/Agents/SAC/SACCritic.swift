// SPDX-License-Identifier: MIT

internal import Environments
package import Networks

/// One of the twin critics: Q(s, a) with its target, its optimiser and its scratch memory.
///
/// The twins share nothing, so that they can learn side by side.
package final class SACCritic {
    package let network: Perceptron
    package let parameters: Parameters
    package let target: Parameters
    package let gradient: Parameters
    package let optimiser: Adam
    private let polyakRate: Double
    private let hidden: HiddenLayers
    /// Q of the batch that was evaluated last, (batch, 1).
    package let values: Matrix
    /// The loss's gradient in `values`, (batch, 1).
    private let valueGradient: Matrix
    /// The loss's gradient in the critic's input, (batch, observations + actions): of the chosen rows, from each part's first row on.
    private let inputGradient: Matrix
    /// The rows that each part chose last.
    private let chosen: [Rows]
    /// The squared error of the last update, halved: mean of (Q - y)² / 2.
    package private(set) var loss = 0.0

    /// A list of rows that one thread changes.
    private final class Rows {
        var list: [Int] = []
    }

    init(observations: Int, actions: Int, configuration: SACConfiguration) {
        network = Perceptron(
            inputs: observations + actions, hidden: configuration.hidden, outputs: 1,
            normalisesLayers: configuration.layerNorm)
        parameters = Parameters(count: network.parameterCount)
        target = Parameters(count: network.parameterCount)
        gradient = Parameters(count: network.parameterCount)
        optimiser = Adam(count: network.parameterCount, rate: configuration.criticLearningRate)
        polyakRate = configuration.polyakRate
        let batch = configuration.batch
        hidden = HiddenLayers(for: network, batch: batch)
        values = Matrix(rows: batch, columns: 1)
        valueGradient = Matrix(rows: batch, columns: 1)
        inputGradient = Matrix(rows: batch, columns: observations + actions)
        chosen = (0..<Shards.count).map { _ in Rows() }
        for rows in chosen { rows.list.reserveCapacity(batch) }
    }

    /// Draws the parameters; the target starts as their copy.
    func initialise(using random: inout RandomStream) {
        network.initialise(parameters, using: &random)
        target.copy(from: parameters)
    }

    /// Writes the target critic's Q of `rows` of `stateActions` to `values`.
    func evaluateTarget(_ stateActions: Matrix, rows: Range<Int>) {
        network.forward(target, stateActions, hidden: hidden, output: values, rows: rows)
    }

    /// Writes Q of `rows` of `stateActions` to `values`.
    func evaluate(_ stateActions: Matrix, rows: Range<Int>) {
        network.forward(parameters, stateActions, hidden: hidden, output: values, rows: rows)
    }

    /// The gradient of J = mean (Q(s, a) - y)² / 2, arXiv:1812.05905 equation 5 (the article's 4.19), in a part of the batch, back to
    /// the first layer.
    func differentiate(_ stateActions: Matrix, targets: Matrix, _ part: Part) {
        let rows = part.rows(of: values.rows)
        evaluate(stateActions, rows: rows)
        for row in rows { valueGradient[row, 0] = (values[row, 0] - targets[row, 0]) / Float(values.rows) }
        network.backwardRows(parameters, hidden: hidden, outputGradient: valueGradient, part: part)
    }

    /// That gradient in a part of the parameters.
    func differentiate(_ stateActions: Matrix, _ part: Part) {
        network.backwardParameters(
            parameters, stateActions, hidden: hidden, outputGradient: valueGradient, gradient: gradient,
            part: part)
    }

    /// One step of regression down that gradient, which the optimiser has begun, of a part of the parameters.
    ///
    /// All of the gradient must be there: the last hidden layer's depends on the head's weights.
    ///
    /// - Note: The target critic takes its Polyak step here, with the optimiser's pass over memory, although the
    ///   algorithm names it last: nothing reads the target before the next update.
    func step(targets: Matrix, _ part: Part) {
        network.forEachRange(of: part) {
            optimiser.step(
                parameters, gradient: gradient, target: target, polyakRate: polyakRate, in: $0)
        }
        if part.isFirst { measureLoss(targets) }
    }

    private func measureLoss(_ targets: Matrix) {
        var sum = 0.0
        for row in 0..<values.rows {
            let error = values[row, 0] - targets[row, 0]
            sum += Double(error) * Double(error)
        }
        loss = sum / Double(2 * values.rows)
    }

    /// Names what a part of the batch's work has written, of which the other ranks' work needs all: of a learning pass, or of Q alone.
    func list(_ part: Part, isOfLearning: Bool, in pieces: inout RankPieces) {
        pieces.add(values, part)
        guard isOfLearning else { return }
        pieces.add(valueGradient, part)
        pieces.add(hidden, of: network, part)
    }

    /// Writes to `actionGradient` how -mean Q changes with the actions, which are the last columns of the input that was evaluated last, in those
    /// rows of a part that `isChosen` names; the other rows stay as they are.
    func differentiate(actionGradient: Matrix, _ part: Part, where isChosen: (_ row: Int) -> Bool) {
        let rows = part.rows(of: values.rows)
        // Taken out for the while, so that the list is not checked for other accesses row by row.
        var list: [Int] = []
        swap(&list, &chosen[part.number].list)
        list.removeAll(keepingCapacity: true)
        for row in rows where isChosen(row) {
            valueGradient[rows.lowerBound + list.count, 0] = -1 / Float(values.rows)
            list.append(row)
        }
        network.backwardInput(
            parameters, hidden: hidden, outputGradient: valueGradient, inputGradient: inputGradient,
            rows: list, from: rows.lowerBound)
        let (actions, observations) = (actionGradient.columns, inputGradient.columns - actionGradient.columns)
        for (index, row) in list.enumerated() {
            for column in 0..<actions {
                actionGradient[row, column] = inputGradient[rows.lowerBound + index, observations + column]
            }
        }
        swap(&list, &chosen[part.number].list)
    }
}

extension SACCritic: Checkpointed {
    package var entries: [CheckpointEntry<SACCritic>] {
        [.init("", parameters), .init("target", target), .init("adam", optimiser)]
    }
}
