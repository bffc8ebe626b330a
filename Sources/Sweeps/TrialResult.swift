// SPDX-License-Identifier: MIT

internal import Files
package import Settings
package import Training

/// What came of a trial: result.json in its folder.
package struct TrialResult: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        case finished
        /// It was given up: others were better at the same step.
        case pruned
        /// Its settings cannot be trained with, or training diverged; `problem` says why.
        case failed
    }

    package var trial = 0
    package var state = State.finished
    /// A value for each parameter.
    package var settings: [Setting.Entry] = []
    /// Its runs, a seed each; of a trial that was pruned or failed, those that there are.
    package var runs: [RunResult] = []
    package var problem: String?

    package init() {}

    package init(_ trial: Trial, _ state: State, _ runs: [RunResult], problem: String? = nil) {
        (self.trial, self.state, settings) = (trial.number, state, trial.settings)
        (self.runs, self.problem) = (runs, problem)
    }

    /// What it is judged by: the mean over its runs; nil for a failed trial.
    package func value(_ objective: SweepFile.Objective) -> Double? {
        let values = runs.compactMap { objective == .final ? $0.finalReturn : $0.bestReturn }
        return state == .failed || values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    package var steps: Int { runs.reduce(0) { $0 + $1.steps } }
    package var seconds: Double { runs.reduce(0) { $0 + $1.seconds } }
}

/// What a run of one seed came to.
package struct RunResult: Sendable, Equatable {
    package struct Evaluated: Sendable, Equatable {
        package var step: Int
        package var meanReturn: Double

        package init(step: Int, meanReturn: Double) { (self.step, self.meanReturn) = (step, meanReturn) }
    }

    package var seed: UInt64 = 0
    package var evaluations: [Evaluated] = []
    /// The steps that the last evaluation is of.
    package var steps: Int { evaluations.last?.step ?? 0 }
    /// The seconds of training up to there.
    package var seconds = 0.0

    package init() {}

    package init(seed: UInt64, evaluations: [Evaluated], seconds: Double) {
        (self.seed, self.evaluations, self.seconds) = (seed, evaluations, seconds)
    }

    /// What the run in a folder logged so far.
    ///
    /// - Throws: `TrainingError` where its log is damaged.
    package init(seed: UInt64, run: String) throws(TrainingError) {
        self.seed = seed
        let path = RunFolder(run).evaluations
        guard FileKind(at: path) != nil else { return }
        let log = try RunLog(contentsOf: path)
        let columns = ["step", "mean_return"].map { log[$0] ?? [] }
        evaluations = zip(columns[0], columns[1]).map { Evaluated(step: Int($0), meanReturn: $1) }
        seconds = log["seconds"]?.last ?? 0
    }

    package var finalReturn: Double? { evaluations.last?.meanReturn }
    package var bestReturn: Double? { evaluations.map(\.meanReturn).max() }
}

extension TrialResult: Configurable {
    package static let keys: [Key<Self>] = [
        Key("trial", \.trial, .integer(0...Int.max), "Its number.", isRequired: true),
        Key("state", \.state, .choice, "How it ended.", isRequired: true),
        Key("parameters", \.settings, .settings, "Its settings.", isRequired: true),
        derived("final_return", "The mean return of the last evaluation, the mean over the seeds.") {
            $0.value(.final)
        },
        derived("best_return", "The greatest mean return of an evaluation, the mean over the seeds.") {
            $0.value(.best)
        },
        derived("steps", "Control steps of all seeds.") { Double($0.steps) },
        derived("seconds", "Seconds of training of all seeds.") { $0.seconds },
        Key("runs", \.runs, .list(of: .block), "What each seed came to."),
        Key("problem", \.problem, .text, "Why it failed."),
    ]

    /// A key that is written for readers, and follows from others.
    private static func derived(
        _ name: String, _ summary: String, _ value: @escaping @Sendable (Self) -> Double?
    ) -> Key<Self> {
        Key(
            name, .number(.any), summary, encode: { value($0).map { .scalar(Scalar($0)) } },
            decode: { _, _, _ in })
    }

    /// The document.
    package var json: String { Setting(encoding: self).jsonValue.json + "\n" }

    /// Reads result.json; JSON is YAML too.
    package init(json: [UInt8], file: String) throws(DescriptionError) {
        let findings = Findings(file: file)
        let root = try Setting(yaml: json, file: file)
        let read = Decoder(findings: findings).decode(root, TrialResult())
        try findings.throwErrors()
        self = read ?? TrialResult()
    }
}

extension RunResult: Configurable {
    package static let keys: [Key<Self>] = [
        Key("seed", \.seed, .integer(0...1 << 53), "The seed.", isRequired: true),
        Key("seconds", \.seconds, .number(.notNegative), "Seconds of training.", isRequired: true),
        Key(
            "evaluations", \.evaluations, .list(of: .evaluated), "[step, mean return] of each.",
            isRequired: true),
    ]
}

extension Format<RunResult.Evaluated> {
    fileprivate static var evaluated: Format {
        Format<[Double]>.list(of: .number(.any), count: 2...2).map(
            to: { .init(step: Int($0[0]), meanReturn: $0[1]) }, from: { [Double($0.step), $0.meanReturn] })
    }
}

extension Setting {
    /// The same in JSON: numbers and truth values as such, all else as texts.
    package var jsonValue: JSONValue {
        switch value {
        case .list(let items): .array(items.map(\.jsonValue))
        case .mapping(let entries): .object(entries.map { ($0.key, $0.value.jsonValue) })
        case .scalar(let scalar):
            scalar.number.map { .number($0) } ?? scalar.flag.map { .flag($0) } ?? .text(scalar.characters)
        }
    }
}
