// SPDX-License-Identifier: MIT

import Environments
import Networks
import Testing

/// A perceptron in plain loops and double precision: what `Perceptron` must agree with.
struct PerceptronTwin {
    let network: Perceptron
    var parameters: [Double]

    func output(_ input: [Double]) -> [Double] {
        var values = input
        for (index, layer) in network.layers.enumerated() {
            values = (0..<layer.outputs).map { row in
                var sum = parameters[layer.biases + row]
                for column in 0..<layer.inputs {
                    sum += parameters[layer.weights + row * layer.inputs + column] * values[column]
                }
                return sum
            }
            guard index + 1 < network.layers.count else { break }
            if let gains = layer.gains { values = normalised(values, gains: gains) }
            values = values.map { max(0, $0) }
        }
        return values
    }

    private func normalised(_ values: [Double], gains: Int) -> [Double] {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        return values.indices.map { i in
            let normal = (values[i] - mean) / (variance + 1e-5).squareRoot()
            return parameters[gains + i] * normal + parameters[gains + values.count + i]
        }
    }

    /// A loss that weighs every output: the sum of weight times output over the batch.
    func loss(_ inputs: [[Double]], _ weights: [[Double]]) -> Double {
        zip(inputs, weights).reduce(0) { sum, row in
            sum + zip(output(row.0), row.1).reduce(0) { $0 + $1.0 * $1.1 }
        }
    }
}

struct PerceptronTests {
    /// A network with random parameters, a random batch, and random gradients of a loss in its outputs.
    struct Case {
        let network: Perceptron
        let parameters: Parameters
        let input: Matrix
        let outputGradient: Matrix
        let hidden: HiddenLayers
        let output: Matrix
        var twin: PerceptronTwin
        let inputs: [[Double]]
        let weights: [[Double]]

        init(_ network: Perceptron, batch: Int, seed: UInt64) {
            var random = RandomStream(seed: seed, name: "perceptron")
            self.network = network
            parameters = Parameters(count: network.parameterCount)
            network.initialise(parameters, using: &random)
            // Gains and shifts away from where they start.
            for layer in network.layers {
                guard let gains = layer.gains else { continue }
                for index in gains..<gains + 2 * layer.outputs {
                    parameters[index] += Float(random.uniform(-0.3, 0.3))
                }
            }
            input = Matrix(rows: batch, columns: network.inputs)
            input.fillNormal(using: &random)
            outputGradient = Matrix(rows: batch, columns: network.outputs)
            outputGradient.fillNormal(using: &random)
            hidden = HiddenLayers(for: network, batch: batch)
            output = Matrix(rows: batch, columns: network.outputs)
            let (parameters, input, gradient) = (parameters, input, outputGradient)
            twin = PerceptronTwin(
                network: network,
                parameters: (0..<network.parameterCount).map { Double(parameters[$0]) })
            inputs = (0..<batch).map { row in (0..<network.inputs).map { Double(input[row, $0]) } }
            weights = (0..<batch).map { row in (0..<network.outputs).map { Double(gradient[row, $0]) } }
        }
    }

    static let networks = [
        Perceptron(inputs: 1, hidden: [1], outputs: 1),
        Perceptron(inputs: 3, hidden: [7, 5], outputs: 2),
        Perceptron(inputs: 5, hidden: [16, 17, 9], outputs: 4),
        Perceptron(inputs: 4, hidden: [], outputs: 3),
        Perceptron(inputs: 4, hidden: [20, 33], outputs: 1),
        Perceptron(inputs: 5, hidden: [16, 7], outputs: 2, normalisesLayers: true),
        Perceptron(inputs: 3, hidden: [33], outputs: 1, normalisesLayers: true),
    ]

    @Test(arguments: networks)
    func `the output is that of plain loops in double precision`(network: Perceptron) {
        let test = Case(network, batch: 9, seed: 1)
        network.forward(test.parameters, test.input, hidden: test.hidden, output: test.output)
        for (row, input) in test.inputs.enumerated() {
            for (column, value) in test.twin.output(input).enumerated() {
                #expect(abs(Double(test.output[row, column]) - value) < 1e-5)
            }
        }
    }

    @Test(arguments: networks)
    func `the gradient in the parameters is that of finite differences`(network: Perceptron) {
        let test = Case(network, batch: 6, seed: 2)
        var twin = test.twin
        let gradient = Parameters(count: network.parameterCount)
        network.forward(test.parameters, test.input, hidden: test.hidden, output: test.output)
        network.backward(
            test.parameters, test.input, hidden: test.hidden, outputGradient: test.outputGradient,
            gradient: gradient)
        let step = 1e-6
        for index in 0..<network.parameterCount {
            let value = twin.parameters[index]
            twin.parameters[index] = value + step
            let above = twin.loss(test.inputs, test.weights)
            twin.parameters[index] = value - step
            let below = twin.loss(test.inputs, test.weights)
            twin.parameters[index] = value
            let difference = (above - below) / (2 * step)
            #expect(
                abs(Double(gradient[index]) - difference) < 2e-5 * max(1, abs(difference)),
                "parameter \(index): \(gradient[index]), by differences \(difference)")
        }
    }

    @Test(arguments: networks)
    func `the gradient in the input is that of finite differences`(network: Perceptron) {
        let test = Case(network, batch: 6, seed: 3)
        let gradient = Matrix(rows: 6, columns: network.inputs)
        network.forward(test.parameters, test.input, hidden: test.hidden, output: test.output)
        network.backwardInput(
            test.parameters, hidden: test.hidden, outputGradient: test.outputGradient, inputGradient: gradient
        )
        let step = 1e-6
        for (row, input) in test.inputs.enumerated() {
            for column in input.indices {
                var moved = input
                moved[column] += step
                let above = test.twin.loss([moved], [test.weights[row]])
                moved[column] -= 2 * step
                let below = test.twin.loss([moved], [test.weights[row]])
                let difference = (above - below) / (2 * step)
                #expect(abs(Double(gradient[row, column]) - difference) < 2e-5 * max(1, abs(difference)))
            }
        }
    }

    @Test(
        arguments: networks + [Perceptron(inputs: 5, hidden: [16, 7], outputs: 2, normalisesLayers: true)],
        [[], [0], [5], [0, 1, 2], [1, 3, 4], [0, 1, 2, 3, 4, 5]])
    func `the gradient in the input of some rows is theirs among all rows`(network: Perceptron, rows: [Int]) {
        let test = Case(network, batch: 6, seed: 5)
        let (all, some) = (Matrix(rows: 6, columns: network.inputs), Matrix(rows: 6, columns: network.inputs))
        network.forward(test.parameters, test.input, hidden: test.hidden, output: test.output)
        network.backwardInput(
            test.parameters, hidden: test.hidden, outputGradient: test.outputGradient, inputGradient: all)
        let gradients = Matrix(rows: 6, columns: network.outputs)
        for (index, row) in rows.enumerated() {
            for column in 0..<network.outputs { gradients[index, column] = test.outputGradient[row, column] }
        }
        network.backwardInput(
            test.parameters, hidden: test.hidden, outputGradient: gradients, inputGradient: some, rows: rows)
        for index in 0..<6 {
            for column in 0..<network.inputs {
                let expected = index < rows.count ? all[rows[index], column] : 0
                // The portable kernels' bits may depend on the batch.
                #expect(abs(some[index, column] - expected) <= 1e-6 * max(1, abs(expected)))
            }
        }
    }

    @Test func `parameters are drawn within the bound of their layer`() {
        let network = Perceptron(inputs: 4, hidden: [100], outputs: 25)
        let parameters = Parameters(count: network.parameterCount)
        var random = RandomStream(seed: 4, .initialisation)
        network.initialise(parameters, using: &random)
        for (layer, bound) in zip(network.layers, [0.5, 0.1]) {
            let values = (layer.weights..<layer.biases + layer.outputs).map { Double(parameters[$0]) }
            #expect(values.allSatisfy { abs($0) <= bound })
            // Uniform in ±b has the variance b²/3.
            let variance = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
            #expect(abs(variance / (bound * bound / 3) - 1) < 0.15)
        }
    }

    @Test
    func `a normalised network begins with gains of one and shifts of zero, its last layer has none`() {
        let network = Perceptron(inputs: 2, hidden: [3, 4], outputs: 1, normalisesLayers: true)
        #expect(network.parameterCount == (2 * 3 + 3 * 3) + (3 * 4 + 3 * 4) + (4 + 1))
        let parameters = Parameters(count: network.parameterCount)
        var random = RandomStream(seed: 4, .initialisation)
        network.initialise(parameters, using: &random)
        #expect(network.layers.map(\.gains) == [9, 15 + 16, nil])
        for (layer, gains) in zip(network.layers, [9, 31]) {
            for i in 0..<layer.outputs {
                #expect(parameters[gains + i] == 1)
                #expect(parameters[gains + layer.outputs + i] == 0)
            }
        }
    }

    @Test func `the arrays of a layer are its weights and biases`() {
        let network = Perceptron(inputs: 2, hidden: [3], outputs: 1)
        let parameters = Parameters(count: network.parameterCount)
        for index in 0..<network.parameterCount { parameters[index] = Float(index) }
        let arrays = network.layerArrays(parameters)
        #expect(arrays.map(\.weight) == [[0, 1, 2, 3, 4, 5], [9, 10, 11]])
        #expect(arrays.map(\.bias) == [[6, 7, 8], [12]])
    }
}
