// SPDX-License-Identifier: MIT

public import Policies

/// What came of running an exported file by a program and comparing its actions.
public struct Verification: Sendable, Equatable {
    /// The largest difference that passes, per unit of |scale| + |offset| of its action; against a policy also what rounding in single
    /// precision explains, where that is more.
    public static let tolerance = 1e-5

    /// What ran it, such as `ONNX Runtime 1.32.0`.
    public let engine: String
    /// How many observations it acted on, golden ones included.
    public let observationCount: Int
    /// The largest difference, per unit of |scale| + |offset| of its action; infinite where a number stands against NaN.
    public let largestDifference: Double
    /// How many observations differ by more than the tolerance, and by no more than rounding explains.
    public let roundedCount: Int
    /// Why it does not agree, in words; nil where it does.
    public let problem: String?

    /// Whether the file does what it should.
    public var agrees: Bool { problem == nil }

    /// Verifies `file` by every program that runs it: its golden pairs, and that no action for `count` random and extreme
    /// observations, beside some that are not finite, leaves the range of its contract; with `policy` also that these actions are the
    /// policy's, and what the contract promises.
    ///
    /// - Returns: what came of it, and why programs that are absent did not run it.
    /// - Throws: `ExportError.missingProgram` where none is there, `.refused` or `.program` where the file does not run.
    public static func verify(
        _ file: ExportedFile, against policy: PolicyFile? = nil, count: Int = 10_000
    ) throws(ExportError) -> (results: [Verification], missing: [String]) {
        var results: [Verification] = []
        var missing: [String] = []
        for program in file.engines {
            do {
                let engine = try program.start()
                results.append(try Question(engine.contract, policy, count).verification(engine))
            } catch ExportError.missingProgram(let text) {
                missing.append(text)
            }
        }
        guard !results.isEmpty else { throw .missingProgram(missing.joined(separator: "; ")) }
        return (results, missing)
    }
}

/// Observations, and what the actions for them should be.
private struct Question {
    var observations: [[Float]]
    var expected: [[Float]] = []
    /// |scale| + |offset| of each action.
    var units: [Double]
    /// Where the contracts differ; nil where they agree.
    var problem: String?
    private let contract: Contract
    private var policy: PolicyFile?

    init(_ contract: Contract, _ policy: PolicyFile?, _ count: Int) throws(ExportError) {
        self.contract = contract
        observations = contract.golden.map(\.observation)
        expected = contract.golden.map(\.action)
        units = contract.actions.map { abs($0.scale) + abs($0.offset) }.map { $0 > 0 ? $0 : 1 }
        // What training cut off is cut off in what is exported, also of an older policy.
        self.policy = try policy.map { policy throws(ExportError) in
            try ExportError.wrapPolicy(try policy.limited())
        }
        problem = policy.flatMap { Self.difference(contract, $0.contract) }
        guard problem == nil else { return }
        let rows =
            policy.map { TestObservations($0.network, count: count).rows }
            ?? TestObservations(contract, count: count).rows
        observations += rows
        for (i, bad) in [Float.nan, .infinity, -.infinity].enumerated() {
            guard var row = rows.first else { break }
            row[i % row.count] = bad
            observations.append(row)
        }
    }

    /// Has `engine` act on the observations, and compares.
    func verification(_ engine: RunningEngine) throws(ExportError) -> Verification {
        var expected = expected
        if let policy, problem == nil {
            let rest = Array(observations.dropFirst(expected.count))
            expected += try RunningEngine(of: policy).actions(rest)
        }
        let actions = try engine.actions(observations)
        var (largest, worst, roundedCount) = (0.0, 0.0, 0)
        for (observation, (row, should)) in zip(observations, zip(actions, expected)) {
            let differences = zip(zip(row, should), units).map { pair, unit in
                let difference = abs(Double(pair.0) - Double(pair.1)) / unit
                return pair.0.isNaN && pair.1.isNaN ? 0 : difference.isNaN ? .infinity : difference
            }
            let greatest = differences.max() ?? 0
            largest = max(largest, greatest)
            if greatest > Verification.tolerance {
                let beyond = beyondRounding(differences, at: observation)
                worst = max(worst, beyond)
                roundedCount += beyond > 0 ? 0 : 1
            }
        }
        var problem = engine.problem ?? problem ?? excess(of: actions)
        if problem == nil, worst > 0 {
            problem = "its actions differ by \(worst) of their range; \(Verification.tolerance) is allowed"
        }
        return Verification(
            engine: engine.name, observationCount: observations.count, largestDifference: largest,
            roundedCount: roundedCount, problem: problem)
    }

    /// Where an action leaves the contract's range, in words; nil where none does.
    ///
    /// Without limits in the file the ends are as exact as the sum of scale and offset.
    private func excess(of actions: [[Float]]) -> String? {
        for row in actions {
            for (i, action) in contract.actions.enumerated() where i < row.count && !row[i].isNaN {
                let rounding = Float(units[i] * 0x1p-21)
                let (low, high) = (Float(action.low), Float(action.high))
                guard row[i] < low - rounding || row[i] > high + rounding else { continue }
                return
                    "action '\(action.name)' is \(row[i]) \(action.unit) for some observation, outside of \(action.low) to "
                    + "\(action.high), its range in the contract; export it again from its run, which clamps it"
            }
        }
        return nil
    }

    /// The largest of the differences that neither the tolerance nor rounding explains; 0 where there is none.
    private func beyondRounding(_ differences: [Double], at observation: [Float]) -> Double {
        let spread = policy.map { Rounding.spread($0.network, observation) }
        let scales = policy?.contract.actions.map { abs($0.scale) } ?? []
        return differences.indices.reduce(0) { worst, i in
            let rounding = spread.map { $0[i] * scales[i] / units[i] } ?? 0
            // Rounding of what is not finite explains nothing.
            let allowed = max(Verification.tolerance, rounding.isNaN ? 0 : rounding)
            return differences[i] > allowed ? max(worst, differences[i]) : worst
        }
    }

    /// Where two contracts promise something else to whoever wires sensors and actuators.
    private static func difference(_ own: Contract, _ other: Contract) -> String? {
        func wires(_ contract: Contract) -> [(what: String, names: [String])] {
            [
                ("observations", contract.observations.map { "\($0.name) in \($0.unit)" }),
                ("actions", contract.actions.map { "\($0.name) in \($0.unit)" }),
            ]
        }
        for (own, other) in zip(wires(own), wires(other)) where own != other {
            let index = zip(own.names, other.names).prefix { $0 == $1 }.count
            let names = [own, other].map { index < $0.names.count ? $0.names[index] : "nothing" }
            return "its \(own.what) differ: number \(index) is \(names[0]), in the other policy \(names[1])"
        }
        guard own.timing.controlPeriod == other.timing.controlPeriod else {
            return "its control period is \(own.timing.controlPeriod) s, that of the other policy "
                + "\(other.timing.controlPeriod) s"
        }
        return nil
    }
}
