// SPDX-License-Identifier: MIT

import Environments
import Export
import Files
import Foundation
import Policies
import Testing

struct ONNXTests {
    @Test func `read back, a policy is the same to the last bit`() throws {
        var random = RandomStream(seed: 1, name: "onnx")
        for round in 0..<12 {
            let policy = try randomPolicy(
                &random, observations: random.integer(1...20), actions: random.integer(1...6),
                widths: (0..<round % 4).map { _ in random.integer(1...60) }, isStochastic: round % 3 == 1,
                choices: round % 3 == 2 ? 5 : 0)
            let options = try ONNXOptions(
                operatorSet: 11 + round % 7, hasStaticBatch: round % 2 == 0, isStochastic: round % 3 == 1)
            let model = try ONNXModel(policy, options)
            let read = try ONNXModel(bytes: model.bytes, file: "model")
            #expect(read.options == options)
            #expect(read.policy.network == policy.network)
            #expect(read.policy.contract == policy.contract)
            #expect(read.policy.bytes == policy.bytes)
        }
    }

    @Test func `without noise the deviations stay behind, and actions keep their bits`() throws {
        var random = RandomStream(seed: 2, name: "onnx")
        let policy = try randomPolicy(
            &random, observations: 3, actions: 2, widths: [16, 16], isStochastic: true)
        let model = try ONNXModel(policy, ONNXOptions())
        #expect(!model.policy.network.isStochastic)
        let observations = TestObservations(policy.network, count: 500).rows
        #expect(try commands(model.policy, observations) == commands(policy, observations))
    }

    @Test func `the same policy gives the same bytes`() throws {
        var first = RandomStream(seed: 3, name: "onnx")
        var second = first
        let a = try ONNXModel(policyOfRandomShape(&first), ONNXOptions())
        let b = try ONNXModel(policyOfRandomShape(&second), ONNXOptions())
        #expect(a.bytes == b.bytes)
        #expect(try ONNXModel(policyOfRandomShape(&first), ONNXOptions()).bytes != a.bytes)
    }

    @Test func `options that do not fit are refused`() throws {
        for operatorSet in [10, 18, -1] {
            #expect(throws: ExportError.self) { try ONNXOptions(operatorSet: operatorSet) }
        }
        var random = RandomStream(seed: 4, name: "onnx")
        let policy = try randomPolicy(&random, observations: 3, actions: 1, widths: [4])
        #expect(throws: ExportError.self) { try ONNXModel(policy, ONNXOptions(isStochastic: true)) }
    }

    @Test func `every truncation and a hundred thousand bit flips are refused`() throws {
        var random = RandomStream(seed: 5, name: "onnx")
        let policy = try randomPolicy(&random, observations: 2, actions: 1, widths: [3])
        let bytes = try ONNXModel(policy, ONNXOptions()).bytes
        for count in 0..<bytes.count {
            #expect(throws: ExportError.self) {
                try ONNXModel(bytes: Array(bytes.prefix(count)), file: "cut")
            }
        }
        #expect(throws: ExportError.self) { try ONNXModel(bytes: bytes + [0], file: "longer") }
        var flipped = bytes
        for _ in 0..<100_000 {
            let (index, bit) = (random.index(below: bytes.count), UInt8(1) << UInt8(random.index(below: 8)))
            flipped[index] ^= bit
            if (try? ONNXModel(bytes: flipped, file: "flipped")) != nil {
                Issue.record("bit \(bit) of byte \(index) may be flipped")
            }
            flipped[index] ^= bit
        }
    }

    @Test func `behind a right checksum, a changed graph is refused or gives what it says`() throws {
        var random = RandomStream(seed: 6, name: "onnx")
        let policy = try randomPolicy(&random, observations: 2, actions: 1, widths: [3])
        let model = try ONNXModel(policy, ONNXOptions())
        // Tanh becomes Sinh: same length, another graph.
        var bytes = model.bytes
        let name = Array("Tanh".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
        bytes.replaceSubrange(place..<place + 4, with: Array("Sinh".utf8))
        let error = #expect(throws: ExportError.self) {
            try ONNXModel(bytes: resigned(bytes), file: "m.onnx")
        }
        #expect("\(try #require(error))".contains("not an ONNX file that `sinew export` wrote"))
        #expect(
            try ONNXModel(bytes: resigned(model.bytes), file: "m.onnx").policy.bytes == model.policy.bytes)
        // Behind the graph stands the contract, whose JSON may be written in several ways.
        let key = Array("contract".utf8)
        let end = try #require(model.bytes.indices.last { model.bytes[$0...].starts(with: key) })
        for _ in 0..<2000 {
            var changed = model.bytes
            changed[random.index(below: end)] = UInt8(random.index(below: 256))
            guard let read = try? ONNXModel(bytes: resigned(changed), file: "m") else { continue }
            // What passes is a model that would be written so, such as one with a slightly different weight.
            #expect(try ONNXModel(read.policy, read.options).bytes == resigned(changed))
        }
    }
}

/// `bytes` with the checksum that they need.
func resigned(_ bytes: [UInt8]) -> [UInt8] {
    let body = Array(bytes.dropLast(8))
    let digits = String(CRC32.checksum(of: body + Array("00000000".utf8)), radix: 16)
    return body + Array((String(repeating: "0", count: 8 - digits.count) + digits).utf8)
}
