// SPDX-License-Identifier: MIT

import Environments
import Export
import Foundation
import Policies
import Testing

/// The claim that no observation whatever brings an action outside of what the contract promises.
struct LimitTests {
    /// `make agreement` asks for more.
    static let count = AgreementTests.asked["SINEW_AGREEMENT_LIMITS"].flatMap(Int.init) ?? 4

    /// A policy whose actuators have random gears and random limits of all kinds: none, both sides, one side, of one number.
    static func policy(_ number: Int) throws -> PolicyFile {
        var random = RandomStream(seed: UInt64(number), name: "limits")
        return try randomPolicy(
            &random, observations: random.integer(1...12), actions: random.integer(1...8),
            widths: (0..<random.integer(0...2)).map { _ in random.integer(1...40) },
            choices: number % 4 == 3 ? 7 : 0
        ) { actuator, random in
            actuator = Actuator(
                name: actuator.name, joint: actuator.joint, kind: .torque, unit: "N m",
                scale: exp(random.uniform(-6, 6)) * (random.index(below: 2) == 0 ? 1 : -1),
                offset: [0, random.uniform(-3, 3)][random.index(below: 2)])
            let (low, high) = (actuator.low, actuator.high)
            switch random.index(below: 4) {
            case 0: break
            case 1: (actuator.low, actuator.high) = (0.7 * low + 0.3 * high, 0.2 * low + 0.8 * high)
            case 2: actuator.low = random.uniform(low, high)
            default: actuator.high = random.uniform(low, high)
            }
        }
    }

    /// What goes beyond the tests' observations: the ends of single precision, one element each and all.
    static func extremes(_ policy: PolicyFile) -> [[Float]] {
        let ends: [Float] = [
            .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 0, -0.0, 1e20, -1e20,
        ]
        let count = policy.network.observationCount
        return ends.map { [Float](repeating: $0, count: count) }
            + ends.flatMap { end in
                (0..<count).map { i in (0..<count).map { $0 == i ? end : 0 } }
            }
    }

    static func isInside(_ actions: [[Float]], _ contract: Contract) -> Bool {
        actions.allSatisfy { row in
            zip(row, contract.actions).allSatisfy { Float($1.low) <= $0 && $0 <= Float($1.high) }
        }
    }

    @Test(arguments: 0..<count)
    func `no observation brings an action outside of the contract, in any form`(number: Int) throws {
        let policy = try Self.policy(number)
        let observations = TestObservations(policy.network).rows + Self.extremes(policy)
        #expect(Self.isInside(try commands(policy, observations), policy.contract))
        let read = try ONNXModel(bytes: ONNXModel(policy, ONNXOptions()).bytes, file: "model").policy
        #expect(read.limits == policy.limits && read.bytes == policy.bytes)
        try withTemporaryFolder { folder in
            try ExportFormat.c.write(policy, to: "\(folder)/c")
            for result in try Verification.verify(ExportedFile(path: "\(folder)/c"), against: policy).results
            {
                #expect(result.agrees, "\(result)")
                #expect(result.observationCount == PolicyFile.goldenCount + 10_003)
            }
            guard PythonTests.isAsked else { return }
            let model = try PythonTests.write(policy, ONNXOptions(), to: folder, "policy")
            #expect(try PythonTests.check([model]) == 0)
        }
    }

    /// A motor of 10 N behind a gear of 40, as version 0.1.0 wrote it: without limits.
    static func old() throws -> PolicyFile {
        var random = RandomStream(seed: 1, name: "old")
        let wide = try randomPolicy(&random, observations: 2, actions: 1, widths: [8]) { actuator, _ in
            actuator = Actuator(name: "slide", kind: .torque, unit: "N", scale: 40)
        }
        var contract = wide.contract
        (contract.actions[0].low, contract.actions[0].high) = (-10, 10)
        return try PolicyFile(network: wide.network, describedBy: contract, limits: nil, name: "old")
    }

    @Test func `a policy of an older version keeps its bytes, is found out, and leaves with its limits`()
        throws
    {
        let old = try Self.old()
        let read = try PolicyFile(bytes: old.bytes, name: "old")
        #expect(read.limits == nil && read.bytes == old.bytes)
        let observations = TestObservations(read.network).rows
        #expect(!Self.isInside(try commands(read, observations), read.contract))
        let found = try Verification.verify(ExportedFile(read)).results[0].problem
        #expect(
            found?.contains("outside of -10.0 to 10.0, its range in the contract") == true, "\(found ?? "")")
        try withTemporaryFolder { folder in
            for format in ExportFormat.all {
                let path = "\(folder)/\(format.name)"
                try format.write(read, to: path)
                let exported = try ExportedFile(path: path)
                for result in try Verification.verify(exported, against: read).results {
                    #expect(result.agrees, "\(result)")
                }
                #expect(try Verification.verify(exported).results.allSatisfy(\.agrees))
                guard let policy = exported.policy else { continue }
                #expect(policy.limits == ActionLimits(low: [-10], high: [10]))
                #expect(Self.isInside(try commands(policy, observations), policy.contract))
            }
        }
    }

    @Test func `a policy that cannot leave its range has no limits and keeps its bytes`() throws {
        let policy = try GoldenTests.pendulum()
        #expect(policy.limits == nil && !policy.contract.needsLimits)
        #expect(try policy.limited().bytes == policy.bytes)
        let again = try PolicyFile(
            network: policy.network, describedBy: policy.contract, limits: nil, name: policy.name)
        #expect(again.bytes == policy.bytes)
    }
}
