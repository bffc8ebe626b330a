// SPDX-License-Identifier: MIT

public import Agents
internal import Files
public import Settings

/// What a run is: everything that decides its bits.
///
/// Written to run.yaml before the first step, and read back to go on. A new setting of a run is a property here and its line in
/// `keys`.
public struct Recipe: Sendable, Equatable {
    /// 2; runs of format 1 have no copy of their scene.
    package var format = 2
    /// The scene, a name or a path as the user gave it.
    public var scene = ""
    /// The run's own copy of the scene's file, in its folder; nil in runs of format 1.
    public var sceneCopy: String?
    /// The run's own copy of the robot's file, in its folder; nil in runs of format 1.
    public var robotCopy: String?
    /// What `--set` changed in the scene, such as `physics.substeps=8`.
    public var overrides: [String] = []
    /// A checksum of what scene, overrides and robot say; in runs of format 1, of the bytes of the files.
    public var sceneChecksum = ""
    /// The algorithm and its hyperparameters.
    public var agent = AgentConfiguration(.sac)
    /// The seed of all random streams.
    public var seed: UInt64 = 0
    /// When it is evaluated.
    public var evaluation = EvaluationPlan()
    /// The mean return of an evaluation that ends the run; nil where only the steps do.
    public var untilReturn: Double?
    /// The policy that training started from; nil where from scratch.
    public var startPolicy: String?
    /// The version of Sinew that began the run.
    public var version = ""
    /// The commit that this Sinew was built from; nil where it was not built in a checkout.
    public var commit: String?

    /// A run of nothing yet.
    public init() {}

    /// A run in a scene.
    public init(scene: String, agent: AgentConfiguration, seed: UInt64 = 0) {
        (self.scene, self.agent, self.seed) = (scene, agent, seed)
    }

    /// What a run's folder, and what is made of it, is called where nobody names it.
    package var usualName: String {
        Self.usualName(
            scene: scene.pathName.withoutEnding, algorithm: agent.algorithm.name, seed: seed)
    }

    /// As ``usualName``, of what a policy's contract says.
    package static func usualName(scene: String, algorithm: String, seed: some BinaryInteger) -> String {
        "\(scene)-\(algorithm)-\(seed)"
    }
}

extension Recipe: Configurable {
    package static let keys: [Key<Self>] = [
        Key("format", \.format, .integer(1...2), "The version of this format.", isRequired: true),
        Key("scene", \.scene, .text, "The scene as it was named.", isRequired: true),
        Key("copy", \.sceneCopy, .text, "The run's copy of the scene."),
        Key("robot", \.robotCopy, .text, "The run's copy of the robot."),
        Key(
            "set", \.overrides,
            .list(of: .text).map(to: { $0 }, from: { $0.isEmpty ? nil : $0 }),
            "What `--set` changed in the scene."),
        Key("scene_checksum", \.sceneChecksum, .text, "Of scene and robot.", isRequired: true),
        algorithm,
        Key("seed", \.seed, .integer(0...UInt64.max), "The seed of all random streams.", isRequired: true),
        Key("evaluate", block: \.evaluation, "When it is evaluated."),
        Key("until_return", \.untilReturn, .number(.any), "The mean return that ends the run."),
        Key("from", \.startPolicy, .text, "The policy that it began with."),
        Key("sinew", \.version, .text, "The version of Sinew.", isRequired: true),
        Key("git", \.commit, .text, "The commit that Sinew was built from."),
        train,
    ]

    /// Before `train`, whose keys are the algorithm's.
    private static let algorithm = Key<Self>(
        "algorithm", .choice(Algorithm.all.map(\.name)), "The algorithm.", isRequired: true,
        encode: { .scalar(Scalar($0.agent.algorithm.name, isQuoted: false)) },
        decode: { recipe, setting, decoder in
            let format = Format<String>.choice(Algorithm.all.map(\.name))
            guard let name = format.decode(setting, decoder), let algorithm = Algorithm(named: name)
            else { return }
            recipe.agent = AgentConfiguration(algorithm)
        })

    private static let train = Key<Self>(
        "train", .described("a mapping with the algorithm's block", .text),
        "The algorithm's hyperparameters, all of them.", isRequired: true,
        encode: { .mapping([.init(key: $0.agent.algorithm.name, value: $0.agent.encoded)]) },
        decode: { recipe, setting, decoder in
            let name = recipe.agent.algorithm.name
            if let other = setting.entries?.first(where: { $0.key != name }) {
                decoder.report(other.value, "the run's algorithm is \(name)")
            }
            guard let block = setting[name] else {
                return decoder.report(setting.place(of: name), "is missing")
            }
            recipe.agent.decode(block, decoder)
        })

    /// The recipe as the text of run.yaml; its last line is a checksum of what the others say.
    public var yaml: String {
        var root = Setting(encoding: self)
        let checksum = Setting(.scalar(Scalar(Self.checksum(of: root))))
        root.value = .mapping((root.entries ?? []) + [.init(key: Self.checksumKey, value: checksum)])
        return root.yaml
    }

    private static let checksumKey = "checksum"
    /// What a person writes in the place of the checksum to say that the file was changed on purpose.
    private static let edited = "edited"

    /// A checksum of what is said; not of how it is written.
    private static func checksum(of root: Setting) -> String {
        String(decoding: CRC32.digits(of: CRC32.checksum(of: Array(root.canonical.utf8))), as: UTF8.self)
    }

    /// Takes the checksum out of what a run.yaml holds, and reports where it is not that of the rest.
    private static func checked(_ root: Setting, _ findings: Findings) -> Setting {
        guard case .mapping(let entries) = root.value else { return root }
        var rest = root
        rest.value = .mapping(entries.filter { $0.key != checksumKey })
        let remedy =
            "undo that; for other settings on purpose train a new run by `sinew train RUN/run.yaml --set KEY=VALUE`, or write "
            + "`checksum: edited` to have the file taken as it is"
        guard let given = root[checksumKey] else {
            // Version 1 wrote none.
            if root["format"]?.scalar?.whole(Int.self) != 1 {
                findings.error(
                    nil, "", "the file was cut off or edited: its last line, `checksum`, is missing", remedy)
            }
            return rest
        }
        if given.text != edited, given.text != checksum(of: rest) {
            findings.error(
                given, "the file is damaged or was edited: its checksum is not that of its content", remedy)
        }
        return rest
    }

    /// Reads a run.yaml; `file` names it in errors.
    ///
    /// - Throws: `DescriptionError` with the line of everything that is wrong.
    public init(yaml: String, file: String) throws(DescriptionError) {
        try self.init(yaml: Array(yaml.utf8), file: file)
    }

    package init(yaml: [UInt8], file: String) throws(DescriptionError) {
        let findings = Findings(file: file)
        let root = Self.checked(try Setting(yaml: yaml, file: file), findings)
        let recipe = Decoder(findings: findings).decode(root, Recipe())
        try findings.throwErrors()
        self = recipe ?? Recipe()
    }
}

extension Recipe {
    /// Whether `--set` with this key path is about the run; others are about its scene.
    package static func isOfRun(_ override: Override) -> Bool {
        let first = String(override.path.prefix { $0 != "." && $0 != "[" })
        return ["train", "evaluate"].contains(first) || Algorithm(named: first) != nil
    }

    /// Takes what flags say about the algorithm and its evaluation.
    ///
    /// - Throws: `DescriptionError` that names the flag.
    package mutating func apply(_ overrides: [Override]) throws(DescriptionError) {
        let block = SettingShape.KeyDescription(
            name: agent.algorithm.name, summary: "", shape: agent.shape)
        let shape = SettingShape.block([
            .init(name: "evaluate", summary: "", shape: .block(EvaluationPlan.keyDescriptions)),
            .init(name: "train", summary: "", shape: .block([block])),
        ])
        var root = Setting(.mapping([]))
        for override in overrides { try override.apply(to: &root, of: shape, prefix: "train") }
        let findings = Findings(file: "--set")
        let keys = Self.keys.filter { root[$0.name] != nil }
        let recipe = Decoder(findings: findings).decode(root, self, keys: keys)
        try findings.throwErrors()
        self = recipe ?? self
    }

    /// What a run that goes on becomes when `wanted` is asked of it: the one place that says what may change.
    ///
    /// - Throws: ``TrainingError/cannotChange(setting:path:)`` where more is asked than more steps; `path` names the run.
    public func resumed(as wanted: Recipe, path: String) throws(TrainingError) -> Recipe {
        let steps = stepsKey
        for difference in wanted.differences(from: self) {
            if difference.path == steps, wanted.agent.steps > agent.steps { continue }
            let was = difference.old ?? "nothing"
            let (now, key) = (difference.new ?? "nothing", difference.path)
            throw .cannotChange(
                setting: key == steps
                    ? "--steps cannot be reduced below \(was), which run.yaml already has"
                    : "\(key) cannot become \(now), run.yaml has \(was)", path: path)
        }
        return wanted
    }

    /// The one key that may change in a resumed run.
    private var stepsKey: String { "train.\(agent.algorithm.name).steps" }

    /// Where a checkpoint that was written for `other` is not one of this run, in words; nil where it is.
    func contradiction(to other: Recipe) -> String? {
        let others = differences(from: other).filter { $0.path != stepsKey }
        guard let first = others.first else { return nil }
        let more = others.count > 1 ? ", and \(others.count - 1) more settings differ" : ""
        return
            "\(first.path) is \(first.new ?? "nothing") in run.yaml and \(first.old ?? "nothing") in the checkpoint\(more)"
    }

    /// What decides a run beside its scene's name and its seed, key by key, in words.
    package var traits: [(key: String, value: String)] {
        let block = "train.\(agent.algorithm.name)."
        let others = ["format", "scene", "copy", "robot", "algorithm", "seed", "sinew", "git"]
        return Setting(encoding: self).moved(to: "").leaves.filter { !others.contains($0.path) }.map {
            ($0.path.hasPrefix(block) ? String($0.path.dropFirst(block.count)) : $0.path, $0.flowText)
        }
    }

    /// The same with scene and seed, as TensorBoard has hyperparameters.
    var hyperparameters: [(name: String, value: HyperparameterValue)] {
        let first: [(String, HyperparameterValue)] = [
            ("scene", .text(scene)), ("algorithm", .text(agent.algorithm.name)),
            ("seed", .number(Double(seed))),
        ]
        return first + traits.map { ($0.key, HyperparameterValue($0.value)) }
    }

    /// Where two recipes differ, key by key.
    package func differences(from other: Recipe) -> [Difference] {
        Setting(encoding: self).moved(to: "").differences(from: Setting(encoding: other).moved(to: ""))
    }

    /// Whether a run that has done `steps`, and whose last evaluation had this mean return, is at its end.
    func isFinished(steps: Int, mean: Double?) -> Bool {
        steps >= agent.steps || hasReachedReturn(mean)
    }

    func hasReachedReturn(_ mean: Double?) -> Bool {
        guard let untilReturn, let mean else { return false }
        return mean >= untilReturn
    }
}

extension Setting {
    /// The values that are no mappings.
    fileprivate var leaves: [Setting] {
        guard case .mapping(let entries) = value else { return [self] }
        return entries.flatMap(\.value.leaves)
    }
}
