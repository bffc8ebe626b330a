// SPDX-License-Identifier: MIT

public import Policies

/// What came of running an exported file by a program and comparing its actions.
public struct Verification: Sendable, Equatable {
    /// The largest difference that passes, per unit of |scale| + |offset| of its action; against a policy also what rounding in single
    /// precision explains, where that is more.
    public static let tolerance = 1e-5

    /// What ran it, such as `ONNX Runtime 1.32.0`.
    public let engine: String
    /// How many observations were compared, golden ones included.
    public let observationCount: Int
    /// The largest difference, per unit of |scale| + |offset| of its action; infinite where a number stands against NaN.
    public let largestDifference: Double
    /// How many observations differ by more than the tolerance, and by no more than rounding explains.
    public let roundedCount: Int
    /// Why it does not agree, in words; nil where it does.
    public let problem: String?

    /// Whether the file does what it should.
    public var agrees: Bool { problem == nil }

    /// Verifies `file`: its golden pairs; with `policy` also its contract, and `count` random and extreme observations beside some
    /// that are not finite.
    ///
    /// A policy file runs by Sinew's engine; an ONNX file by that engine and, where a `runtime` is given, by it; C source by the
    /// C compiler: `compiler`, $CC or `cc`.
    ///
    /// - Throws: `ExportError.missingProgram` where there is no compiler, `.refused` or `.program` where the file does not run.
    public static func verify(
        _ file: ExportedFile, against policy: PolicyFile? = nil, count: Int = 10_000, runtime: ONNXRuntime?,
        compiler: String? = nil, compilerOptions: [String] = ["-O2"]
    ) throws(ExportError) -> [Verification] {
        switch file {
        case .policy(let own):
            let question = Question(own.contract, policy, count)
            return [
                try question.verification("Sinew") { rows throws(ExportError) in try commands(own, rows) }
            ]
        case .onnx(let model):
            let question = Question(model.policy.contract, policy, count)
            var results = [
                try question.verification("Sinew") { rows throws(ExportError) in
                    try commands(model.policy, rows)
                }
            ]
            if let runtime {
                results.append(
                    try question.verification("ONNX Runtime \(runtime.version)") { rows throws(ExportError) in
                        try runtime.actions(model, rows)
                    })
            }
            return results
        case .source(let folder):
            let source = try CompiledSource(folder: folder, compiler: compiler, options: compilerOptions)
            let question = Question(source.contract, policy, count)
            let result = try question.verification("C compiled by \(source.compiler)") {
                rows throws(ExportError) in
                try source.actions(rows)
            }
            guard source.selfTest != nil else {
                return [result.failing("its self-test fails; a number was changed, or the compiler is wrong")]
            }
            return [result]
        }
    }

    /// The same result with another problem before its own.
    private func failing(_ text: String) -> Verification {
        Verification(
            engine: engine, observationCount: observationCount, largestDifference: largestDifference,
            roundedCount: roundedCount, problem: text)
    }

    /// The commands of the engine; NaN where it refuses to act.
    fileprivate static func commands(
        _ policy: PolicyFile, _ observations: [[Float]]
    ) throws(ExportError) -> [[Float]] {
        let player: NetworkPolicy
        do {
            player = try NetworkPolicy(policy)
        } catch {
            throw .policy(error)
        }
        return observations.map { observation in
            var command = [Float](repeating: .nan, count: player.actionCount)
            var span = command.mutableSpan
            // What is refused leaves NaN.
            try? player.command(for: observation.span, into: &span)
            return command
        }
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
    private var policy: PolicyFile?

    init(_ contract: Contract, _ policy: PolicyFile?, _ count: Int) {
        observations = contract.golden.map(\.observation)
        expected = contract.golden.map(\.action)
        units = contract.actions.map { abs($0.scale) + abs($0.offset) }.map { $0 > 0 ? $0 : 1 }
        self.policy = policy
        guard let policy else { return }
        problem = Self.difference(contract, policy.contract)
        guard problem == nil else { return }
        let rows = TestObservations(policy.network, count: count).rows
        observations += rows
        for (i, bad) in [Float.nan, .infinity, -.infinity].enumerated() {
            guard var row = rows.first else { break }
            row[i % row.count] = bad
            observations.append(row)
        }
    }

    /// Runs the observations by `run` and compares.
    func verification(
        _ engine: String, _ run: ([[Float]]) throws(ExportError) -> [[Float]]
    ) throws(ExportError) -> Verification {
        var expected = expected
        if let policy, problem == nil {
            expected += try Verification.commands(policy, Array(observations.dropFirst(expected.count)))
        }
        let actions = try run(observations)
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
        var problem = problem
        if problem == nil, worst > 0 {
            problem = "its actions differ by \(worst) of their range; \(Verification.tolerance) is allowed"
        }
        return Verification(
            engine: engine, observationCount: observations.count, largestDifference: largest,
            roundedCount: roundedCount, problem: problem)
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
        let pairs: [(what: String, own: [String], other: [String])] = [
            (
                "observations", own.observations.map { "\($0.name) in \($0.unit)" },
                other.observations.map { "\($0.name) in \($0.unit)" }
            ),
            (
                "actions", own.actions.map { "\($0.name) in \($0.unit)" },
                other.actions.map { "\($0.name) in \($0.unit)" }
            ),
        ]
        for (what, own, other) in pairs where own != other {
            let index = zip(own, other).prefix { $0 == $1 }.count
            let names = [own, other].map { index < $0.count ? $0[index] : "nothing" }
            return "its \(what) differ: number \(index) is \(names[0]), in the other policy \(names[1])"
        }
        guard own.timing.controlPeriod == other.timing.controlPeriod else {
            return "its control period is \(own.timing.controlPeriod) s, that of the other policy "
                + "\(other.timing.controlPeriod) s"
        }
        return nil
    }
}
