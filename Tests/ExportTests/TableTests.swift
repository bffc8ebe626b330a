// SPDX-License-Identifier: MIT

import Environments
import Export
import Foundation
import Policies
import Testing

/// Tables leave as policy files and as C.
struct TableTests {
    private static func policy() throws -> PolicyFile {
        var random = RandomStream(seed: 1, name: "table")
        let sample = try randomPolicy(&random, observations: 3, actions: 2, widths: [])
        let bins = [7, 1, 40]
        let network = try PolicyNetwork(
            layers: [],
            head: .table(
                ValueTable(bins: bins, values: random.floats(280 * 9, 1)), choices: random.floats(18, 1)),
            normaliser: Normaliser(
                mean: [-1, 0, 3], inverseDeviation: [3.5, 1, 11], clip: .greatestFiniteMagnitude),
            actionCount: 2)
        return try PolicyFile(network: network, contract: sample.contract)
    }

    @Test func `the observations of a verification lie in all bins and beyond them`() throws {
        let network = try Self.policy().network
        let rows = TestObservations(network).rows
        for (index, bins) in [(0, 7), (2, 40)] {
            let x = rows.map {
                ($0[index] - network.normaliser.mean[index]) * network.normaliser.inverseDeviation[index]
            }
            let seen = Set(
                x.filter { (-0.9...Float(bins) + 0.9).contains($0) }.map { Int($0.rounded(.down)) })
            #expect(seen == Set(-1...bins))
        }
    }

    @Test(arguments: ["gcc", "clang"])
    func `C source of a table is clean, and acts as the engine to the last bit`(compiler: String) throws {
        guard let path = CSourceTests.path(of: compiler) else { return }
        try withTemporaryFolder { folder in
            let policy = try Self.policy()
            try CSource(policy).write(to: folder)
            for language in [["-std=c99"], ["-x", "c++", "-std=c++11"]] {
                let built = try CSourceTests.run(
                    path,
                    language + CSourceTests.strict + [
                        "-O2", "-c", "\(folder)/policy.c", "-o", "\(folder)/o.o",
                    ])
                #expect(built.code == 0, "\(built.output)")
            }
            let file = ExportedFile(compiling: folder, by: path)
            let results = try Verification.verify(file, against: policy).results
            #expect(results.map(\.agrees) == [true], "\(results)")
            #expect(results[0].largestDifference == 0)
        }
    }

    @Test func `one changed value is found by the self-test`() throws {
        guard CSourceTests.path(of: "cc") != nil else { return }
        try withTemporaryFolder { folder in
            let policy = try Self.policy()
            try CSource(policy).write(to: folder)
            let value = try #require(policy.network.table?.values[100])
            let text = try String(contentsOfFile: "\(folder)/policy.c", encoding: .utf8)
            try #require(text.contains("\(value)f"))
            let changed = text.replacing("\(value)f", with: "\(value.nextUp)f")
            try Data(changed.utf8).write(to: URL(fileURLWithPath: "\(folder)/policy.c"))
            let results = try Verification.verify(ExportedFile(path: folder)).results
            #expect(results.first?.problem?.contains("self-test") == true)
        }
    }

    @Test func `an ONNX graph of a table is refused, with what to do`() throws {
        let policy = try Self.policy()
        #expect {
            try ONNXModel(policy, ONNXOptions())
        } throws: {
            "\($0)".contains("a table, which has no ONNX graph") && "\($0)".contains("--format c")
        }
    }
}
