// SPDX-License-Identifier: MIT

import CPolicyRuntime

extension PolicyNetwork {
    /// Checks that all sizes fit and all numbers are finite.
    ///
    /// - Throws: `PoliciesError.network`.
    func validate() throws(PoliciesError) {
        let widths = 1...Int(POLICY_WIDTH_LIMIT)
        let counts = table == nil ? 1...Int(POLICY_LAYER_LIMIT) : 0...0
        guard counts.contains(layers.count) else {
            throw .network(
                "it has \(layers.count) layers; 1 to \(POLICY_LAYER_LIMIT) are allowed, none beside a table")
        }
        guard widths.contains(actionCount), widths.contains(observationCount) else {
            throw .network(
                "\(observationCount) observations and \(actionCount) actions; each must be \(widths.lowerBound) to "
                    + "\(widths.upperBound)")
        }
        try validateNormaliser()
        var inputs = observationCount
        for (i, layer) in layers.enumerated() {
            try validate(layer, "layer \(i)", inputs: inputs)
            if i + 1 < layers.count { inputs = layer.outputCount }
        }
        let outputs = layers.last?.outputCount ?? 0
        switch head {
        case .squashed(let logDeviation):
            guard outputs == actionCount else {
                throw .network("the last layer has \(outputs) rows for \(actionCount) actions")
            }
            if let logDeviation {
                try validate(logDeviation, "the layer of deviations", inputs: inputs)
                guard logDeviation.outputCount == actionCount else {
                    throw .network(
                        "the layer of deviations has \(logDeviation.outputCount) rows for \(actionCount) actions"
                    )
                }
            }
        case .greedy(let choices):
            guard choices.count == outputs * actionCount else {
                throw .network(
                    "the last layer values \(outputs) choices, but \(choices.count) numbers are given")
            }
            try validate(choices: choices)
        case .table(let table, let choices):
            try validate(table, choices: choices)
            try validate(choices: choices)
        }
    }

    private func validate(choices: [Float]) throws(PoliciesError) {
        guard choices.allSatisfy({ (-1...1).contains($0) }) else {
            throw .network("a choice is outside [-1, 1]")
        }
    }

    private func validate(_ table: ValueTable, choices: [Float]) throws(PoliciesError) {
        guard table.bins.count == observationCount, table.bins.allSatisfy({ $0 >= 1 }) else {
            throw .network("each of the \(observationCount) observations needs a bin, not \(table.bins)")
        }
        let states = table.bins.reduce(1.0) { $0 * Double($1) }
        guard states <= Double(POLICY_STATE_LIMIT) else {
            throw .network("the table has \(states) states; at most \(POLICY_STATE_LIMIT) are allowed")
        }
        let count = choices.count / actionCount
        guard (1...Int(POLICY_WIDTH_LIMIT)).contains(count), choices.count == count * actionCount else {
            throw .network("\(choices.count) numbers are no choices of \(actionCount) each")
        }
        guard table.values.count == Int(states) * count else {
            throw .network("the table has \(table.values.count) values; \(Int(states)) x \(count) are needed")
        }
        guard table.values.allSatisfy(\.isFinite) else {
            throw .network("the table holds NaN or infinity; the training has diverged")
        }
    }

    private func validateNormaliser() throws(PoliciesError) {
        guard normaliser.inverseDeviation.count == observationCount else {
            throw .network(
                "the normaliser has \(observationCount) means and \(normaliser.inverseDeviation.count) deviations"
            )
        }
        guard normaliser.mean.allSatisfy(\.isFinite),
            normaliser.inverseDeviation.allSatisfy({ $0.isFinite && $0 > 0 })
        else {
            throw .network(
                "the normaliser's means must be finite, its inverse deviations finite and positive")
        }
        guard normaliser.clip.isFinite, normaliser.clip > 0 else {
            throw .network("the normaliser's clip must be finite and positive, not \(normaliser.clip)")
        }
    }

    private func validate(_ layer: DenseLayer, _ name: String, inputs: Int) throws(PoliciesError) {
        guard (1...Int(POLICY_WIDTH_LIMIT)).contains(layer.outputCount) else {
            throw .network("\(name) has \(layer.outputCount) rows; 1 to \(POLICY_WIDTH_LIMIT) are allowed")
        }
        guard layer.weight.count == inputs * layer.outputCount else {
            throw .network(
                "\(name) has \(layer.weight.count) weights; \(layer.outputCount) x \(inputs) are needed")
        }
        guard layer.weight.allSatisfy(\.isFinite), layer.bias.allSatisfy(\.isFinite) else {
            throw .network("\(name) holds NaN or infinity; the training has diverged")
        }
    }
}
