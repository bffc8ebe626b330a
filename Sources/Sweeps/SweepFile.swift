// SPDX-License-Identifier: MIT

internal import Agents
internal import Files
package import Settings

/// A sweep as a person writes it: a task, its budget, and the settings that are tried.
package struct SweepFile: Sendable, Equatable {
    /// What a trial is judged by: the mean over its seeds.
    package enum Objective: String, Sendable, CaseIterable {
        /// The mean return of the last evaluation.
        case final
        /// The greatest mean return of an evaluation.
        case best
    }

    package var format = 1
    package var scene = ""
    package var algorithm = "sac"
    /// Control steps of each run.
    package var steps = 1
    /// What all trials have, such as `evaluate.every`.
    package var fixed: [Setting.Entry] = []
    /// What the trials differ in, in the file's order.
    package var parameters: [Parameter] = []
    package var seeds: [UInt64] = [0]
    package var sampler = Sampler.random
    package var trials: Int?
    /// The seed of what the sampler draws.
    package var samplerSeed: UInt64 = 0
    package var objective = Objective.final
    package var pruning: Pruning?
    /// The URL of Optuna's database; nil for a journal in the sweep's folder.
    package var storage: String?
    /// Of scene and robot, in the copy that a sweep's folder has.
    package var sceneChecksum: String?

    package init() {}

    /// How many trials there are.
    package var trialCount: Int {
        guard sampler == .grid else { return trials ?? 1 }
        return parameters.reduce(1) { count, parameter in
            let (product, isTooLarge) = count.multipliedReportingOverflow(by: parameter.gridValues.count)
            return isTooLarge ? Int.max : product
        }
    }
}

extension SweepFile: Configurable {
    package static let keys: [Key<Self>] = [
        Key("format", \.format, .integer(1...1), "The version of this format.", isRequired: true),
        Key("scene", \.scene, .text, "The scene, by name or path.", isRequired: true),
        Key("algorithm", \.algorithm, .choice(Algorithm.all.map(\.name)), "The algorithm."),
        Key("steps", \.steps, .integer(1...1_000_000_000), "Control steps of each run.", isRequired: true),
        Key(
            "set", \.fixed, .settings, "What all trials have, as `--set` of `train` has it.",
            absent: "nothing"),
        Key(
            "parameters", \.parameters, .parameters,
            "What is tried: any key of the scene or the algorithm, with a list of values or a range.",
            isRequired: true),
        Key(
            "seeds", \.seeds, .seeds, "How many seeds each trial is trained with, or a list of them.",
            absent: "1"),
        Key("sampler", \.sampler, .choice, "How the values are chosen."),
        Key(
            "trials", \.trials, .integer(1...100_000),
            "How many trials; `grid` has as many as it has combinations."),
        Key("sampler_seed", \.samplerSeed, .integer(0...0xFFFF_FFFF), "The seed of what the sampler draws."),
        Key(
            "objective", \.objective, .choice,
            "What counts of a trial: the return of its last or of its best evaluation."),
        Key(
            "pruning", \.pruning, .block, "When a trial is given up before its end, by the median rule.",
            absent: "never"),
        Key(
            "storage", \.storage, .text, "The URL of a database for Optuna.",
            absent: "a journal in the sweep's folder"),
        Key(
            "scene_checksum", \.sceneChecksum, .text,
            "Written into the copy in the sweep's folder: of scene and robot."),
    ]

    /// The most trials of a grid.
    private static let mostTrials = 100_000

    package func check(_ setting: Setting, _ decoder: Decoder) {
        if setting["parameters"] != nil, parameters.isEmpty, !decoder.findings.hasErrors {
            decoder.report(
                setting.place(of: "parameters"), "is empty",
                "name a key and its values, such as sac.batch: [64, 128]")
        }
        let place = setting.place(of: "trials")
        switch (sampler, trials) {
        case (.grid, let trials?) where !decoder.findings.hasErrors && trials != trialCount:
            decoder.report(
                place, "\(trials) is not the number of combinations, which is \(trialCount)",
                "leave trials out, or choose sampler: random")
        case (.grid, _): break
        case (_, nil) where !decoder.findings.hasErrors:
            decoder.report(place, "is missing", "sampler: \(sampler.rawValue) needs the number of trials")
        default: break
        }
        for parameter in parameters {
            let place = setting.place(of: "parameters").place(of: parameter.key)
            guard case .range(let range) = parameter.values else { continue }
            if sampler == .grid, range.points == nil {
                decoder.report(
                    place, "a grid needs the number of its values", "add points: 5, or list the values")
            } else if sampler != .grid, range.points != nil {
                decoder.report(place, "points are those of sampler: grid", "leave them out")
            }
        }
        if sampler == .grid, !decoder.findings.hasErrors, trialCount > Self.mostTrials {
            decoder.report(
                setting.place(of: "parameters"),
                "\(trialCount) combinations are too many; at most \(Self.mostTrials) are trained",
                "choose sampler: random")
        }
        if !sampler.isOptunas, setting["storage"] != nil {
            decoder.report(
                setting.place(of: "storage"), "sampler: \(sampler.rawValue) keeps nothing there",
                "leave it out, or choose sampler: tpe")
        }
        for entry in fixed where parameters.contains(where: { $0.key == entry.key }) {
            decoder.report(entry.value, "is a parameter too", "remove one of them")
        }
    }

    /// Reads a sweep's file; `file` names it in errors.
    ///
    /// - Throws: `DescriptionError` with the line of everything that is wrong.
    package init(yaml: [UInt8], file: String) throws(DescriptionError) {
        let findings = Findings(file: file)
        let root = try Setting(yaml: yaml, file: file)
        let read = Decoder(findings: findings).decode(root, SweepFile())
        try findings.throwErrors()
        self = read ?? SweepFile()
    }

    /// The file with all that holds where it says nothing.
    package var yaml: String { Setting(encoding: self).yaml }
}

extension Format<[Setting.Entry]> {
    /// Key paths with a value each, which other readers make sense of.
    static var settings: Format {
        Format(.mapping(of: "key", .any), encode: { $0.isEmpty ? nil : .mapping($0) }) { setting, decoder in
            setting.entries
                ?? decoder.refuse(setting, .described("a mapping such as {evaluate.every: 5000}", .any))
        }
    }
}

extension Format<[UInt64]> {
    /// A number of seeds from 0 on, or a list.
    static var seeds: Format {
        let words = "a number of seeds from 1 to 1000, or a list of different ones"
        // As many as JSON's numbers, doubles, tell apart.
        let list = Format.set(of: .integer(0...1 << 53))
        return Format(.described(words, .any), encode: list.encode) { setting, decoder in
            if setting.items != nil, setting.scalar == nil { return list.decode(setting, decoder) }
            guard let count = setting.scalar?.whole(UInt64.self), 1...1000 ~= count else {
                return decoder.refuse(setting, .described(words, .any))
            }
            return Array(0..<count)
        }
    }
}
