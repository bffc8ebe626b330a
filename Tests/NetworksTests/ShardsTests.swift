// SPDX-License-Identifier: MIT

import Environments
import Networks
import Testing

/// How work is dealt out, and that its parts have the bits of the whole.
struct ShardsTests {
    @Test(arguments: [1, 3, 7, 8, 9, 100, 256], [1, 2, 3, 4, 5, 8])
    func `parts are all rows, all outputs and all parameters once`(size: Int, count: Int) {
        let parts = (0..<count).map { Part($0, of: count) }
        #expect(parts.flatMap { $0.rows(of: size) } == Array(0..<size))
        #expect(parts.flatMap { $0.outputs(of: size) } == Array(0..<size))
        #expect(parts.flatMap(\.shards) == Array(0..<8))
        for isNormalised in [false, true] {
            let network = Perceptron(
                inputs: 3, hidden: [size, 20], outputs: 2, normalisesLayers: isNormalised)
            var indices: [Int] = []
            for part in parts { network.forEachRange(of: part) { indices += $0 } }
            #expect(indices.sorted() == Array(0..<network.parameterCount))
        }
    }

    /// Whether steps came in order.
    private final class Record {
        var isInOrder = true
    }

    /// The steps that a shard of a network has done.
    private final class Mark {
        var steps = 0
    }

    @Test(arguments: [1, 2, 3, 4, 8, 16], [1, 2])
    func `a network's parts have all done a step before its next one`(threads: Int, networks: Int) {
        let shards = Shards(Team(threads: threads))
        let marks = (0..<networks).map { _ in (0..<8).map { _ in Mark() } }
        let record = Record()
        for _ in 0..<200 {
            for mark in marks.joined() { mark.steps = 0 }
            shards.run(networks: networks, steps: 3) { network, part, step in
                if marks[network].contains(where: { $0.steps < step }) { record.isInOrder = false }
                for shard in part.shards { marks[network][shard].steps += 1 }
            }
            #expect(marks.joined().allSatisfy { $0.steps == 3 })
        }
        #expect(record.isInOrder)
    }

    @Test(arguments: [false, true], [1, 5, 8, 13, 100])
    func `passes in parts have the bits of whole ones, by every instruction set`(
        isNormalised: Bool, batch: Int
    ) {
        let network = Perceptron(inputs: 5, hidden: [40, 33], outputs: 1, normalisesLayers: isNormalised)
        let sets = CoreSpeed.withEachInstructionSet { isa in
            let whole = Pass(network, batch)
            whole.run([.whole])
            for count in [2, 3, 4, 8] where isa != "portable" {
                let parts = Pass(network, batch)
                parts.run((0..<count).map { Part($0, of: count) }.reversed())
                let isSame = parts.numbers == whole.numbers
                #expect(isSame, "\(isa), \(count) parts")
            }
            return isa
        }
        #expect(sets.count >= 2)
    }
}

/// Passes of a network with random numbers.
private final class Pass {
    private let network: Perceptron
    private let parameters: Parameters, gradient: Parameters, target: Parameters
    private let input: Matrix, output: Matrix, outputGradient: Matrix
    private let hidden: HiddenLayers
    private let optimiser: Adam

    init(_ network: Perceptron, _ batch: Int) {
        self.network = network
        (parameters, gradient, target) = (
            Parameters(count: network.parameterCount), Parameters(count: network.parameterCount),
            Parameters(count: network.parameterCount)
        )
        input = Matrix(rows: batch, columns: network.inputs)
        (output, outputGradient) = (Matrix(rows: batch, columns: 1), Matrix(rows: batch, columns: 1))
        hidden = HiddenLayers(for: network, batch: batch)
        optimiser = Adam(count: network.parameterCount, rate: 0.01)
        var random = RandomStream(seed: 5, name: "pass")
        network.initialise(parameters, using: &random)
        input.fillNormal(using: &random)
        outputGradient.fillNormal(using: &random)
        // What is not written is seen.
        for i in 0..<gradient.count { gradient[i] = .nan }
    }

    func run(_ parts: [Part]) {
        for part in parts {
            network.forward(
                parameters, input, hidden: hidden, output: output, rows: part.rows(of: input.rows))
        }
        for part in parts {
            network.backwardRows(parameters, hidden: hidden, outputGradient: outputGradient, part: part)
        }
        for part in parts {
            network.backwardParameters(
                parameters, input, hidden: hidden, outputGradient: outputGradient, gradient: gradient,
                part: part)
        }
        optimiser.beginStep()
        for part in parts {
            network.forEachRange(of: part) {
                optimiser.step(parameters, gradient: gradient, target: target, polyakRate: 0.1, in: $0)
            }
        }
    }

    var numbers: [UInt32] {
        let lists = [parameters, gradient, target].map { list in (0..<list.count).map { list[$0].bitPattern }
        }
        return (0..<output.rows).map { output[$0, 0].bitPattern } + lists.joined()
    }
}
