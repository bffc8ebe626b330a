// SPDX-License-Identifier: MIT

import Environments
import Export
import Foundation
import Policies
import Testing

struct VerificationTests {
    @Test func `a policy agrees with itself exactly, golden pairs and NaN included`() throws {
        var random = RandomStream(seed: 1, name: "verification")
        let policy = try policyOfRandomShape(&random)
        let results = try Verification.verify(ExportedFile(policy), against: policy).results
        #expect(results.map(\.agrees) == [true])
        #expect(results[0].largestDifference == 0)
        #expect(results[0].roundedCount == 0)
        #expect(results[0].observationCount == PolicyFile.goldenCount + 10_000 + 3)
    }

    @Test func `one changed weight is found`() throws {
        var random = RandomStream(seed: 2, name: "verification")
        let policy = try randomPolicy(&random, observations: 4, actions: 2, widths: [16])
        var network = policy.network
        network.layers[0].weight[3] += 0.01
        let other = try PolicyFile(network: network, contract: policy.contract)
        let results = try Verification.verify(ExportedFile(other), against: policy).results
        #expect(results.map(\.agrees) == [false])
        #expect(results[0].largestDifference > 1e-5)
    }

    @Test func `another rate or another order of names is found`() throws {
        var random = RandomStream(seed: 3, name: "verification")
        let policy = try randomPolicy(&random, observations: 4, actions: 2, widths: [16])
        var contract = policy.contract
        contract.timing.controlPeriod *= 2
        let slower = try PolicyFile(
            network: policy.network, describedBy: contract, limits: policy.limits, name: "slower")
        let result = try Verification.verify(ExportedFile(slower), against: policy).results
        #expect(result[0].problem?.contains("control period") == true)
        contract = policy.contract
        contract.actions.swapAt(0, 1)
        let swapped = try PolicyFile(network: policy.network, contract: contract)
        let other = try Verification.verify(ExportedFile(swapped), against: policy).results
        #expect(other[0].problem?.contains("actions differ: number 0 is joint1 in rad") == true)
    }

    @Test func `a program that is absent is told, and where none is there nothing is verified`() throws {
        try withTemporaryFolder { folder in
            let policy = try GoldenTests.pendulum()
            try CSource(policy).write(to: folder)
            let source = ExportedFile(compiling: folder, by: "no-such-compiler")
            let error = #expect(throws: ExportError.self) { try Verification.verify(source) }
            guard case .missingProgram(let text) = error else {
                Issue.record("\(error as Any)")
                return
            }
            let (results, missing) = try Verification.verify(ExportedFile(policy, engines: source.engines))
            #expect(results.map(\.engine) == ["Sinew"] && missing == [text])
        }
    }
}

/// What rounding explains, and what it does not.
struct RoundingTests {
    /// Observations where the last layer takes the difference of two sums of 30,000.
    static func cancelling() throws -> (policy: PolicyFile, weight: Float) {
        var random = RandomStream(seed: 6, name: "rounding")
        let policy = try randomPolicy(&random, observations: 4, actions: 4, widths: [64])
        var network = policy.network
        network.layers[0].weight = network.layers[0].weight.map { 100 * $0 }
        network.layers[1].weight = network.layers[1].weight.map { 3 * $0 }
        return (try PolicyFile(network: network, contract: policy.contract), network.layers[1].weight[0])
    }

    @Test func `a weight changed by a thousandth is found where sums are large too`() throws {
        let (policy, weight) = try Self.cancelling()
        var network = policy.network
        network.layers[1].weight[0] = weight * 1.001
        let other = try PolicyFile(network: network, contract: policy.contract)
        let results = try Verification.verify(ExportedFile(other), against: policy).results
        #expect(results[0].agrees == false)
    }

    @Test func `sums in another order agree, though they differ by more than the tolerance`() throws {
        let (policy, _) = try Self.cancelling()
        // The hidden numbers in the opposite order: the same policy, with other partial sums.
        var network = policy.network
        let (first, last) = (network.layers[0], network.layers[1])
        let inputs = first.weight.count / first.bias.count
        let rows = first.bias.indices.reversed().map { Array(first.weight[$0 * inputs..<($0 + 1) * inputs]) }
        network.layers[0] = DenseLayer(weight: Array(rows.joined()), bias: first.bias.reversed())
        let turned = (0..<4).map { Array(last.weight[$0 * 64..<($0 + 1) * 64].reversed()) }
        network.layers[1] = DenseLayer(weight: Array(turned.joined()), bias: last.bias)
        let reversed = try PolicyFile(network: network, contract: policy.contract)
        let result = try Verification.verify(ExportedFile(reversed), against: policy).results[0]
        #expect(result.largestDifference > Verification.tolerance, "\(result.largestDifference)")
        #expect(result.agrees, "\(result)")
        #expect(result.roundedCount > 0)
    }
}
