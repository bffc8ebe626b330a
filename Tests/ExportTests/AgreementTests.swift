// SPDX-License-Identifier: MIT

import Environments
import Export
import Foundation
import Policies
import Testing

/// The claim that every way to run a policy gives the same actions, over all ways at once.
///
/// `make agreement` asks for more than the few policies here: files of trained policies and many random shapes.
struct AgreementTests {
    static let asked = ProcessInfo.processInfo.environment
    static let trained = (asked["SINEW_AGREEMENT_POLICIES"] ?? "").split(separator: " ").map(String.init)
    static let shapes = asked["SINEW_AGREEMENT_SHAPES"].flatMap(Int.init) ?? 2

    /// A policy of the test, by what makes it.
    enum Subject: CustomTestStringConvertible {
        case golden
        case file(String)
        /// Of a random shape: 1 to 64 observations, 1 to 32 actions, 1 to 4 layers, widths 1 to 512.
        case shape(Int)
        case greedy

        static let all: [Subject] = {
            let files: [Subject] = trained.map { .file($0) }
            return [.golden, .greedy] + files + (0..<shapes).map { .shape($0) }
        }()

        var testDescription: String {
            switch self {
            case .golden: "pendulum"
            case .greedy: "greedy"
            case .file(let path): path
            case .shape(let number): "shape \(number)"
            }
        }

        func policy() throws -> PolicyFile {
            switch self {
            case .golden: return try GoldenTests.pendulum()
            case .file(let path): return try PolicyFile(contentsOf: path)
            case .greedy:
                var random = RandomStream(seed: 12, name: "agreement")
                return try randomPolicy(&random, observations: 6, actions: 2, widths: [40, 30], choices: 9)
            case .shape(let number):
                var random = RandomStream(seed: UInt64(number), name: "agreement")
                return try policyOfRandomShape(&random)
            }
        }
    }

    @Test(arguments: Subject.all)
    func `all engines give the same actions over ten thousand observations`(subject: Subject) throws {
        let policy = try subject.policy()
        let observations = TestObservations(policy.network).rows
        try #require(observations.count == 10_000)
        let expected = try commands(policy, observations)
        try Self.expectClipped(policy)
        try withTemporaryFolder { folder in
            var differences: [String: Double] = [:]
            for compiler in ["gcc", "clang"] {
                guard let path = CSourceTests.path(of: compiler) else { continue }
                for level in ["-O0", "-O2", "-Os"] {
                    differences["runtime \(compiler) \(level)"] = try Self.difference(
                        Self.runtimeActions(policy, observations, path, level, folder), expected, policy)
                    try CSource(policy).write(to: folder)
                    let file = ExportedFile(compiling: folder, by: path, options: ["-std=c99", level])
                    let results = try Verification.verify(file, against: policy).results
                    #expect(results.count == 1 && results[0].agrees, "\(results)")
                    differences["C \(compiler) \(level)"] = results.first?.largestDifference
                }
            }
            // The same code in the same order of sums: closer than other people's engines.
            for (engine, difference) in differences {
                #expect(difference <= Verification.tolerance, "\(engine)")
            }
            Self.report(subject, policy, differences)
            // A table has no ONNX graph.
            guard PythonTests.isAsked, policy.network.table == nil else { return }
            let model = try PythonTests.write(policy, ONNXOptions(), to: folder, "policy")
            #expect(try PythonTests.check([model]) == 0)
        }
    }

    /// Beyond the clip the answer is that of the clipped observation.
    private static func expectClipped(_ policy: PolicyFile) throws {
        let normaliser = policy.network.normaliser
        let far = TestObservations(policy.network, count: 400).rows.filter { row in
            row.indices.contains { abs(normalised(row[$0], $0, normaliser)) > normaliser.clip }
        }
        guard normaliser.clip < 1000 else { return }
        try #require(far.count > 50)
        let clipped = far.map { row in
            row.indices.map { i in
                let x = min(max(normalised(row[i], i, normaliser), -normaliser.clip), normaliser.clip)
                return normaliser.mean[i] + x / normaliser.inverseDeviation[i]
            }
        }
        let difference = difference(try commands(policy, far), try commands(policy, clipped), policy)
        // What rounding at the clip's edge does to a steep policy.
        #expect(difference < 1e-3)
    }

    private static func normalised(_ value: Float, _ i: Int, _ normaliser: Normaliser) -> Float {
        (value - normaliser.mean[i]) * normaliser.inverseDeviation[i]
    }

    /// The largest difference of two lists of actions, per unit of |scale| + |offset| of each.
    private static func difference(_ one: [[Float]], _ other: [[Float]], _ policy: PolicyFile) -> Double {
        guard one.count == other.count else { return .infinity }
        let units = policy.contract.actions.map { abs($0.scale) + abs($0.offset) }
        var largest = 0.0
        for (a, b) in zip(one, other) {
            for ((x, y), unit) in zip(zip(a, b), units) {
                let difference = abs(Double(x) - Double(y)) / (unit > 0 ? unit : 1)
                largest = difference.isNaN ? .infinity : max(largest, difference)
            }
        }
        return largest
    }

    /// The actions of the policy's file by the C runtime, compiled for itself as on a robot.
    private static func runtimeActions(
        _ policy: PolicyFile, _ observations: [[Float]], _ compiler: String, _ level: String, _ folder: String
    ) throws -> [[Float]] {
        let root = PythonTests.root.path
        let sources = try FileManager.default.contentsOfDirectory(atPath: "\(root)/Sources/CPolicyRuntime")
            .filter { $0.hasSuffix(".c") && $0 != "text.c" }.sorted().map {
                "\(root)/Sources/CPolicyRuntime/\($0)"
            }
        let program = "\(folder)/run"
        let built = try CSourceTests.run(
            compiler,
            ["-std=c99", level] + CSourceTests.strict + [
                "-I", "\(root)/Sources/CPolicyRuntime/include", "-o", program, "\(root)/scripts/run_policy.c",
            ] + sources + ["-lm"])
        try #require(built.code == 0, "\(built.output)")
        try policy.write(to: "\(folder)/policy.safetensors")
        try littleEndian(observations).write(to: URL(fileURLWithPath: "\(folder)/in"))
        let outcome = try CSourceTests.run(
            program, ["\(folder)/policy.safetensors", "\(folder)/in", "\(folder)/out"])
        try #require(outcome.code == 0, "\(outcome.output)")
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder)/out")))
        let values = stride(from: 0, to: bytes.count - 3, by: 4).map { i in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[i + $1]) << UInt32(8 * $1) })
        }
        let width = policy.contract.actions.count
        return stride(from: 0, to: values.count, by: width).map {
            Array(values[$0..<min($0 + width, values.count)])
        }
    }

    /// What was measured, where it was asked for.
    private static func report(_ subject: Subject, _ policy: PolicyFile, _ differences: [String: Double]) {
        guard asked["SINEW_AGREEMENT_SHAPES"] != nil else { return }
        let layers = policy.network.layers.map { String($0.bias.count) }.joined(separator: "/")
        let worst = differences.max { ($0.value, $0.key) < ($1.value, $1.key) }
        print(
            "agreement: \(subject.testDescription): \(policy.network.normaliser.mean.count)/\(layers), \(policy.contract.actions.count) actions: "
                + "\(differences.count) programs in C, largest difference from Swift \(worst?.value ?? .nan) (\(worst?.key ?? "-"))"
        )
    }
}
