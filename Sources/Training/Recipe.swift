// SPDX-License-Identifier: MIT

// Training: a run. The loop between an agent and an environment, its evaluations, checkpoints, logs and recordings, all in one
// folder from which it goes on, bit for bit, wherever it was stopped. It sees environments, never physics.

public import Agents
internal import Settings
internal import Yams

/// What a run is: everything that decides its bits.
///
/// Written to run.yaml before the first step, and read back to go on.
public struct Recipe: Sendable, Equatable {
    /// The scene, a name or a path as the user gave it.
    public var scene: String
    /// The checksum of the scene's and the robot's files, so that a changed task is not mistaken for this one.
    public var sceneChecksum: String
    /// The seed of all random streams.
    public var seed: UInt64
    /// The algorithm and its hyperparameters.
    public var agent: AgentConfiguration
    /// Control steps between evaluations.
    public var evaluationInterval: Int
    /// Episodes of one evaluation.
    public var evaluationEpisodes: Int
    /// The mean return of an evaluation that ends the run; nil where only the steps do.
    public var untilReturn: Double?
    /// The policy that training started from; nil where from scratch.
    public var startPolicy: String?
    /// The version of Sinew that began the run.
    public var version: String
    /// The commit of the repository that the run was started in; nil outside of one.
    public var commit: String?

    /// Makes a recipe.
    public init(
        scene: String, sceneChecksum: String, seed: UInt64, agent: AgentConfiguration,
        evaluationInterval: Int, evaluationEpisodes: Int, untilReturn: Double? = nil,
        startPolicy: String? = nil, version: String, commit: String? = nil
    ) {
        self.scene = scene
        self.sceneChecksum = sceneChecksum
        self.seed = seed
        self.agent = agent
        self.evaluationInterval = evaluationInterval
        self.evaluationEpisodes = evaluationEpisodes
        self.untilReturn = untilReturn
        self.startPolicy = startPolicy
        self.version = version
        self.commit = commit
    }
}

extension Recipe {
    /// The recipe as the text of run.yaml.
    public var yaml: String {
        get throws {
            func text(_ string: String) -> Node { Node(string, Tag(.str), .doubleQuoted) }
            func plain(_ value: some CustomStringConvertible) -> Node { Node(value.description) }
            func pairs(_ pairs: [(String, Node)]) -> Node { Node(pairs.map { (Node($0.0), $0.1) }) }
            var entries: [(String, Node)] = [
                ("format", plain(1)), ("scene", text(scene)), ("scene_checksum", text(sceneChecksum)),
                ("algorithm", plain(agent.algorithm.name)), ("seed", plain(seed)),
                (
                    "evaluate",
                    pairs([("every", plain(evaluationInterval)), ("episodes", plain(evaluationEpisodes))])
                ),
            ]
            if let untilReturn { entries.append(("until_return", plain(untilReturn))) }
            if let startPolicy { entries.append(("from", text(startPolicy))) }
            entries.append(("sinew", text(version)))
            if let commit { entries.append(("git", text(commit))) }
            entries.append(("train", pairs([(agent.algorithm.name, Node(agent.encoded))])))
            return try Yams.serialize(node: pairs(entries), allowUnicode: true)
        }
    }

    /// Reads the text of a run.yaml; `file` names it in errors.
    ///
    /// - Throws: ``TrainingError/badRecipe(file:problem:)``.
    public init(yaml: String, file: String) throws(TrainingError) {
        func bad(_ problem: String) -> TrainingError { .badRecipe(file: file, problem: problem) }
        guard yaml.utf8.count <= 1 << 20, let root = try? Yams.compose(yaml: yaml), let map = root.mapping
        else {
            throw bad("it is not YAML")
        }
        if let key = map.keys.first(where: { $0.string.map { !Self.keys.contains($0) } ?? true }) {
            throw bad("`\(key.string ?? "a key that is no word")` is unknown")
        }
        func value<Value>(_ key: String, _ read: (Node) -> Value?) throws(TrainingError) -> Value {
            guard let value = map[key].flatMap(read) else { throw bad("`\(key)` is missing or wrong") }
            return value
        }
        guard try value("format", \.wholeNumber) == 1 else { throw bad("`format` must be 1") }
        guard let algorithm = Algorithm(named: try value("algorithm", \.string)) else {
            throw bad("`algorithm` is unknown")
        }
        scene = try value("scene", \.string)
        sceneChecksum = try value("scene_checksum", \.string)
        seed = try value("seed") { $0.string.flatMap { UInt64($0) } }
        evaluationInterval = try value("evaluate") { $0["every"]?.wholeNumber }
        evaluationEpisodes = try value("evaluate") { $0["episodes"]?.wholeNumber }
        guard evaluationInterval > 0, evaluationEpisodes > 0 else { throw bad("`evaluate` must be positive") }
        if map["until_return"] != nil {
            untilReturn = try value("until_return") { node in
                node.string.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
            }
        }
        startPolicy = map["from"] == nil ? nil : try value("from", \.string)
        version = try value("sinew", \.string)
        commit = map["git"] == nil ? nil : try value("git", \.string)
        let findings = Findings(file: file)
        let train: Setting?
        do {
            train = try Setting(yaml: Array(yaml.utf8), file: file)["train"]?[algorithm.name]
        } catch {
            throw bad("\(error)")
        }
        guard let train else { throw bad("`train` is missing or wrong") }
        agent = AgentConfiguration(algorithm, decoding: train, Decoder(findings: findings))
        if findings.hasErrors { throw bad(findings.diagnostics[0].description) }
    }

    private static let keys: Set = [
        "format", "scene", "scene_checksum", "algorithm", "seed", "evaluate", "until_return", "from", "sinew",
        "git",
        "train",
    ]
}

extension Node {
    /// The scalar as a whole number.
    ///
    /// Yams' own `int` also reads YAML 1.1's base 60, in which long numbers overflow and trap.
    fileprivate var wholeNumber: Int? { string.flatMap { Int($0) } }

    fileprivate init(_ setting: Setting) {
        switch setting.value {
        case .scalar(let scalar):
            self =
                scalar.isQuoted
                ? Node(scalar.characters, Tag(.str), .doubleQuoted) : Node(scalar.characters)
        case .list(let items): self = .sequence(Sequence(items.map { Node($0) }, .implicit, .flow))
        case .mapping(let entries):
            self = .mapping(Mapping(entries.map { (Node($0.key), Node($0.value)) }, .implicit, .block))
        }
    }
}
