// SPDX-License-Identifier: MIT

import Environments
import Files
import Foundation
import Policies
import Safetensors
import Testing

/// Claims about policy files and the contract in them.
struct PolicyFileTests {
    static func sample(_ seed: UInt64 = 1, choices: Int = 0) throws -> PolicyFile {
        var random = RandomStream(seed: seed, name: "sample")
        let network = try PolicyNetwork.random(
            &random, observations: 3, actions: 2, widths: [16, 8], choices: choices)
        let contract = sampleContract(for: network)
        return try PolicyFile(network: network, contract: contract)
    }

    /// The file with its archive changed, and a right checksum again.
    static func forged(_ file: PolicyFile, _ change: (inout TensorArchive) throws -> Void) throws -> [UInt8] {
        var archive = try TensorArchive(bytes: file.bytes, file: "forged")
        try change(&archive)
        return signed(try archive.encoded(checksum: false))
    }

    static func signed(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 0, 0, 0])
        let checksum = CRC32.checksum(of: bytes)
        bytes.replaceSubrange(
            bytes.count - 4..<bytes.count,
            with: (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) })
        return bytes
    }

    static func problem(_ bytes: [UInt8]) -> String {
        do {
            _ = try PolicyFile(bytes: bytes, name: "f")
            return "none"
        } catch {
            return error.description
        }
    }

    @Test func `a file is read as what was written, and written as the same bytes`() throws {
        for choices in [0, 5] {
            let file = try Self.sample(choices: choices)
            let path = NSTemporaryDirectory() + "sinew-policy-\(UUID().uuidString).safetensors"
            defer { try? FileManager.default.removeItem(atPath: path) }
            try file.write(to: path)
            let read = try PolicyFile(contentsOf: path)
            #expect(read.network == file.network)
            #expect(read.contract == file.contract)
            #expect(read.bytes == file.bytes)
            #expect(read.name == path)
            #expect(try PolicyFile(network: read.network, contract: read.contract).bytes == file.bytes)
            #expect(try Self.sample(choices: choices).bytes == file.bytes)
            #expect(try Self.sample(2, choices: choices).bytes != file.bytes)
        }
    }

    @Test func `golden pairs are the actions in physical units, drawn from the ranges`() throws {
        var random = RandomStream(seed: 1, name: "sample")
        let network = try PolicyNetwork.random(&random, observations: 3, actions: 2, widths: [16])
        let contract = sampleContract(for: network)
        let ranges = Space([
            .init(name: "a", low: -2, high: 3), .init(name: "b", low: 1), .init(name: "c", low: 5, high: 5),
        ])
        let file = try PolicyFile(network: network, contract: contract, goldenRanges: ranges)
        let policy = try NetworkPolicy(file)
        #expect(file.contract.golden.count == 16)
        for pair in file.contract.golden {
            #expect((-2...3).contains(pair.observation[0]))
            let deviation = 3 / network.normaliser.inverseDeviation[1]
            #expect(abs(pair.observation[1] - network.normaliser.mean[1]) <= deviation * 1.000001)
            #expect(pair.observation[2] == 5)
            let unit = try policy.action(pair.observation)
            for i in 0..<2 {
                let command = contract.actions[i].offset + contract.actions[i].scale * Double(unit[i])
                #expect(abs(Double(pair.action[i]) - command) < 1e-6)
            }
        }
        #expect(Set(file.contract.golden.map { $0.observation[0] }).count == 16)
    }

    @Test func `the contract has the agreed keys, and numbers in full precision`() throws {
        let file = try Self.sample()
        let archive = try TensorArchive(bytes: file.bytes, file: "f")
        let json = try #require(archive.metadata["contract"])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        func keys(_ value: Any?) -> Set<String> { Set((value as? [String: Any] ?? [:]).keys) }
        func first(_ value: Any?) -> Any? { (value as? [Any])?.first }
        #expect(
            keys(object) == [
                "format", "scene", "robot", "versions", "training", "timing", "observations", "actions",
                "golden",
            ])
        #expect(
            keys(object["training"]) == [
                "algorithm", "seed", "steps", "mean_return", "std_return", "episodes",
            ])
        #expect(keys(object["timing"]) == ["control_period", "physics_step", "substeps"])
        #expect(
            keys(first(object["observations"])) == ["name", "unit", "frame", "joint", "mean", "std", "clip"])
        #expect(
            keys(first(object["actions"])) == [
                "name", "joint", "kind", "unit", "low", "high", "scale", "offset", "kp", "kd",
            ])
        #expect(keys(first(object["golden"])) == ["observation", "action"])
        for text in [
            #""mean_return":-147.123456789012,"#, #""std_return":0.3333333333333333,"#, #""scale":0.1,"#,
            #""seed":18446744073709551615,"#, #""physics_step":0.005,"#, #""kind":"position""#,
        ] {
            #expect(json.contains(text), "\(text)")
        }
        #expect(try Contract(json: json, file: "f") == file.contract)
    }

    @Test func `a file that lies in any way is refused`() throws {
        let file = try Self.sample()
        #expect(Self.problem(file.bytes) == "none")
        #expect(try Self.problem(Self.forged(file) { _ in }) == "none")
        let changed = try Self.forged(file) { archive in
            var bytes = archive
            var weights: [Float] = try archive.values("actor.2.weight")
            weights[5] += 0.05
            bytes = TensorArchive(metadata: archive.metadata)
            for tensor in archive.tensors {
                switch tensor.type {
                case .f32 where tensor.name == "actor.2.weight":
                    try bytes.add(tensor.name, shape: tensor.shape, weights)
                case .f32:
                    try bytes.add(
                        tensor.name, shape: tensor.shape, archive.values(tensor.name, as: Float.self))
                case .f64:
                    try bytes.add(
                        tensor.name, shape: tensor.shape, archive.values(tensor.name, as: Double.self))
                default:
                    try bytes.add(
                        tensor.name, shape: tensor.shape, archive.values(tensor.name, as: UInt32.self))
                }
            }
            archive = bytes
        }
        #expect(Self.problem(changed).contains("golden actions are not reproduced"))
        for (from, to, told) in [
            (#""scale":0.1,"#, #""scale":0.2,"#, "is scaled otherwise"),
            (#""control_period":0.05"#, #""control_period":0.06"#, "control period"),
            (#""name":"joint1.position""#, #""name":"joint0.position""#, "stands twice"),
            (#""format":1"#, #""format":2"#, "format 2"),
            (#""scene":"pendulum","#, "", "'scene' is absent"),
            (
                #""physics_step":0.005"#, #""physics_step":"x""#,
                "at timing.physics_step: a value has the wrong type"
            ),
        ] {
            let bytes = try Self.forged(file) { archive in
                archive.metadata["contract"] = archive.metadata["contract"]?.replacingOccurrences(
                    of: from, with: to)
            }
            #expect(Self.problem(bytes).contains(told), "\(to): \(Self.problem(bytes))")
        }
        let without = try Self.forged(file) { $0.metadata = [:] }
        #expect(Self.problem(without).contains("no 'contract'"))
        #expect(Self.problem(Array(file.bytes.dropLast())).contains("cut off"))
        #expect(Self.problem([]).hasPrefix("f: not a policy that can be run"))
        let other = try TensorArchive(metadata: ["contract": "{}"]).encoded()
        #expect(Self.problem(other) != "none")
    }

    @Test func `every flipped bit is refused`() throws {
        var bytes = try Self.sample().bytes
        var random = RandomStream(seed: 1, name: "flips")
        for _ in 0..<2000 {
            let bit = random.index(below: 8 * bytes.count)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: PoliciesError.self) { try PolicyFile(bytes: bytes, name: "f") }
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
    }

    @Test func `a contract that does not describe the network is refused`() throws {
        var random = RandomStream(seed: 1, name: "sample")
        let network = try PolicyNetwork.random(&random, observations: 3, actions: 2, widths: [4])
        let sound = sampleContract(for: network)
        func problem(_ change: (inout Contract) -> Void) -> String {
            var contract = sound
            change(&contract)
            do {
                _ = try PolicyFile(network: network, contract: contract)
                return "none"
            } catch {
                return error.description
            }
        }
        #expect(problem { _ in } == "none")
        #expect(
            problem { $0.observations.removeLast() }.contains("describes 2 observations, the network takes 3")
        )
        #expect(problem { $0.actions.removeLast() }.contains("describes 1 actions"))
        #expect(problem { $0.actions[1].name = "joint0" }.contains("twice"))
        #expect(problem { $0.observations[0].name = "" }.contains("needs a name"))
        #expect(problem { $0.actions[0].scale = .infinity }.contains("must be finite"))
        #expect(problem { $0.training.meanReturn = .nan }.contains("finite"))
        #expect(problem { $0.timing.controlPeriod = 0 }.contains("control period"))
    }

    @Test func `a place that cannot be read or written is told`() throws {
        let absent = "/nonexistent-\(UUID().uuidString)/p.safetensors"
        let read = #expect(throws: PoliciesError.self) { try PolicyFile(contentsOf: absent) }
        #expect(
            read?.description.contains("cannot read it: no such file or directory; check the path") == true)
        #expect(throws: PoliciesError.self) { try Self.sample().write(to: absent) }
    }
}
