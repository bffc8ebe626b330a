// SPDX-License-Identifier: MIT

import Environments
import Export
import Foundation
import Policies

extension RandomStream {
    mutating func floats(_ count: Int, _ spread: Double) -> [Float] {
        (0..<count).map { _ in Float(uniform(-spread, spread)) }
    }

    mutating func integer(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + index(below: range.count)
    }
}

/// A policy of random numbers; `widths` are the hidden layers, `choices` above 0 makes it greedy, and `limit` cuts the range of each
/// actuator off.
func randomPolicy(
    _ random: inout RandomStream, observations: Int, actions: Int, widths: [Int], isStochastic: Bool = false,
    choices: Int = 0, limit: (inout Actuator, inout RandomStream) -> Void = { _, _ in }
) throws -> PolicyFile {
    var layers: [DenseLayer] = []
    var inputs = observations
    for width in widths + [choices > 0 ? choices : actions] {
        let spread = 1.5 / Double(inputs).squareRoot()
        layers.append(
            DenseLayer(weight: random.floats(width * inputs, spread), bias: random.floats(width, 0.1)))
        inputs = width
    }
    let last = widths.last ?? observations
    let deviation = DenseLayer(
        weight: random.floats(last * actions, 0.5 / Double(last).squareRoot()),
        bias: random.floats(actions, 1))
    let network = try PolicyNetwork(
        layers: layers,
        head: choices > 0
            ? .greedy(choices: random.floats(choices * actions, 1))
            : .squashed(logDeviation: isStochastic ? deviation : nil),
        normaliser: Normaliser(
            mean: random.floats(observations, 1),
            inverseDeviation: random.floats(observations, 1).map { $0 + 1.5 }),
        actionCount: actions)
    let contract = Contract(
        scene: "sample scene", robot: "sample", versions: ["sinew": "0.1.0", "ode": "0.16.2"],
        training: .init(algorithm: "sac", seed: 7, steps: 1000),
        timing: Timing(physicsStep: 0.005, substeps: 10),
        observations: Space(
            (0..<observations).map { i in
                .init(
                    name: "joint\(i).position", unit: "rad", low: -.infinity, high: .infinity,
                    joint: "joint\(i)")
            }),
        actuators: (0..<actions).map { i in
            var actuator = Actuator(
                name: "joint\(i)", joint: "joint\(i)", kind: .position, unit: "rad", scale: 0.1 + Double(i),
                offset: -0.7 + 0.1 * Double(i), kp: 20, kd: 0.5)
            limit(&actuator, &random)
            return actuator
        })
    return try PolicyFile(network: network, contract: contract)
}

/// A policy of a random shape: 1 to 64 observations, 1 to 32 actions, 1 to 4 layers, widths 1 to 512.
func policyOfRandomShape(_ random: inout RandomStream, isStochastic: Bool = false) throws -> PolicyFile {
    try randomPolicy(
        &random, observations: random.integer(1...64), actions: random.integer(1...32),
        widths: (1..<random.integer(1...4)).map { _ in random.integer(1...512) }, isStochastic: isStochastic)
}

/// The commands of `policy` for each observation, by its engine.
func commands(_ policy: PolicyFile, _ observations: [[Float]]) throws -> [[Float]] {
    let player = try NetworkPolicy(policy)
    return try observations.map { observation in
        var command = [Float](repeating: .nan, count: player.actionCount)
        var span = command.mutableSpan
        try player.command(for: observation.span, into: &span)
        return command
    }
}

/// A folder that is gone after `body`.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = NSTemporaryDirectory() + "sinew-export-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}

func littleEndian(_ rows: [[Float]]) -> Data {
    Data(
        rows.joined().flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
        })
}
