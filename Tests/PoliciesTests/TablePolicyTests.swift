// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Policies
import Safetensors
import Testing

/// Claims about policies that are tables.
struct TablePolicyTests {
    /// A table of 3 observations in 4, 1 and 3 bins, and 5 choices of 2 numbers.
    private static func network(_ random: inout RandomStream) throws -> PolicyNetwork {
        try PolicyNetwork(
            layers: [],
            head: .table(
                .random(&random, bins: [4, 1, 3], choices: 5), choices: random.floats(10, 1)),
            normaliser: Normaliser(
                mean: [-2, 0, 1], inverseDeviation: [1.3, 1, 0.25], clip: .greatestFiniteMagnitude),
            actionCount: 2)
    }

    private static func file() throws -> PolicyFile {
        var random = RandomStream(seed: 1, name: "table")
        let network = try network(&random)
        return try PolicyFile(network: network, contract: sampleContract(for: network))
    }

    @Test func `actions are those of plain loops`() throws {
        var random = RandomStream(seed: 2, name: "table")
        for _ in 0..<10 {
            let network = try Self.network(&random)
            let policy = try NetworkPolicy(network)
            var seen: Set<[Float]> = []
            for i in 0..<100 {
                let observation = random.floats(3, i % 10 == 9 ? 1e30 : 9)
                let action = try policy.action(observation)
                #expect(action.map(Double.init) == network.twin(observation))
                #expect(try policy.action(observation, using: &random) == action)
                seen.insert(action)
            }
            #expect(seen.count > 2)
        }
    }

    @Test func `a file is read as what was written, and its contract says the bins`() throws {
        let file = try Self.file()
        let read = try PolicyFile(bytes: file.bytes, name: file.name)
        #expect(read == file)
        #expect(read.network.table?.bins == [4, 1, 3])
        #expect(file.contract.observations.map(\.bins) == [4, 1, 3])
        #expect(file.contract.observations.map(\.mean) == [-2, 0, 1])
        #expect(file.contract.observations[2].std == 4)
        #expect(try file.deterministic() == file)
        #expect(
            try PolicyFile(
                network: read.network, describedBy: read.contract, limits: read.limits, name: file.name)
                == file)
        // Golden observations reach over all bins, and beyond them.
        let third = file.contract.golden.map { ($0.observation[2] - 1) * 0.25 }
        #expect(third.contains { $0 < 0 } && third.contains { $0 > 2 })
        let json = try file.contract.json()
        #expect(json.contains(#""bins":4"#))
        #expect(try !PolicyFileTests.sample().contract.json().contains("bins"))
    }

    @Test func `a contract of other bins is refused`() throws {
        let file = try Self.file()
        for bins in [nil, 5] {
            let forged = try PolicyFileTests.forged(file) { archive in
                var contract = file.contract
                contract.observations[0].bins = bins
                archive.metadata["contract"] = try contract.json()
            }
            #expect(PolicyFileTests.problem(forged).contains("divided into other bins"))
        }
        let network = try PolicyFileTests.sample()
        let forged = try PolicyFileTests.forged(network) { archive in
            var contract = network.contract
            contract.observations[1].bins = 2
            archive.metadata["contract"] = try contract.json()
        }
        #expect(PolicyFileTests.problem(forged).contains("divided into other bins"))
    }

    @Test func `numbers that make no table are told`() {
        func problem(
            _ bins: [Int], _ values: [Float], choices: [Float] = [-1, 1], layers: [DenseLayer] = [],
            actions: Int = 1
        ) -> String {
            do {
                _ = try PolicyNetwork(
                    layers: layers, head: .table(ValueTable(bins: bins, values: values), choices: choices),
                    normaliser: .identity(2), actionCount: actions)
                return "none"
            } catch {
                return "\(error)"
            }
        }
        let zeros = [Float](repeating: 0, count: 12)
        #expect(problem([3, 2], zeros) == "none")
        #expect(problem([3], zeros).contains("each of the 2 observations"))
        #expect(problem([3, 0], zeros).contains("each of the 2 observations"))
        #expect(problem([3, 3], zeros).contains("12 values; 9 x 2"))
        #expect(problem([3, 2], [.nan] + zeros.dropFirst()).contains("diverged"))
        #expect(problem([1 << 40, 1 << 40], zeros).contains("at most 16777216"))
        #expect(problem([3, 2], zeros, choices: []).contains("0 numbers"))
        #expect(problem([3, 2], zeros, choices: [1, -1, 0], actions: 2).contains("3 numbers"))
        #expect(problem([3, 2], zeros, choices: [1, -2]).contains("outside"))
        let layer = DenseLayer(weight: [1, 1], bias: [0])
        #expect(problem([3, 2], zeros, layers: [layer]).contains("beside a table"))
    }
}
