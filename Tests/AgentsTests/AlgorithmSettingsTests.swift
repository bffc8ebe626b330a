// SPDX-License-Identifier: MIT

import Agents
import Environments
import Settings
import Testing

/// Every key of every algorithm: read, written, refused.
struct AlgorithmSettingsTests {
    /// What is said of a block; empty where nothing is wrong.
    private func problem(_ algorithm: Algorithm, _ settings: String...) -> String {
        var configuration = AgentConfiguration(algorithm)
        do {
            try configuration.apply(settings)
            return ""
        } catch {
            return error.description
        }
    }

    /// A value within what a shape allows, other than `usual`, and some outside of it, as a file has them.
    private func samples(_ shape: SettingShape, usual: String?) -> (good: String, bad: [String]) {
        switch shape {
        case .number(let bounds):
            let (low, high) = (bounds.low ?? -1, bounds.high ?? 1)
            return (
                "\(low + 0.37 * (high - low))",
                ["\(high + 0.001 * abs(high) + 1)", "\(low - 1)", "nan", "'0.5'"]
            )
        case .integer(let low, let high):
            return (usual == "\(low + 1)" ? "\(low)" : "\(low + 1)", ["\(low - 1)", "\(high + 1)", "1.5"])
        case .flag: return (usual == "true" ? "false" : "true", ["1", "yes"])
        case .choice(let words): return (words.first { $0 != usual } ?? "", ["\(words[0])s", "3"])
        case .list: return ("[3, 5]", ["[]", "[0]", "[4097]", "[1, 1, 1, 1, 1, 1, 1, 1]", "3"])
        case .either(let shapes): return samples(shapes[shapes.count - 1], usual: usual)
        case .described(let words, _) where words.contains("bins") || words.contains("numbers of"):
            return ("{speed: {count: 4, range: [-0.1, 2]}, 'a: b': 3}", ["3", "{speed: 0}"])
        default: return ("[[-1, 0.5], [0]]", ["1", "1025", "[0.5, 0.5]", "[1.5]", "[[1], 3]", "[]"])
        }
    }

    @Test(arguments: Algorithm.all)
    func `every key comes back as it was written, and is refused beyond its bounds by its name`(
        _ algorithm: Algorithm
    ) throws {
        for key in algorithm.keyDescriptions {
            let (good, bad) = samples(key.shape, usual: key.absent)
            var configuration = AgentConfiguration(algorithm)
            // A batch must fit the buffer, whichever is the smaller.
            if key.name == "replay_capacity" { try configuration.apply(["batch: 1"]) }
            try configuration.apply(["\(key.name): \(good)"])
            let findings = Findings(file: "run.yaml")
            let text = configuration.encoded.yaml
            let again = AgentConfiguration(
                algorithm, decoding: try Setting(yaml: Array(text.utf8), file: "run.yaml"),
                Decoder(findings: findings))
            #expect(findings.diagnostics == [])
            #expect(again == configuration, "\(text)")
            #expect(configuration != AgentConfiguration(algorithm), "\(key.name): \(good)")
            for value in bad {
                #expect(
                    problem(algorithm, "\(key.name): \(value)").contains(": \(key.name)"),
                    "\(key.name): \(value)")
            }
        }
    }

    @Test(arguments: Algorithm.all)
    func `unknown keys are refused with the nearest name`(_ algorithm: Algorithm) {
        for name in algorithm.keyDescriptions.map(\.name) {
            let slip = "\(name.dropLast())\(name.last ?? "x")x"
            #expect(
                problem(algorithm, "\(slip): 1").contains("\(slip): unknown key; did you mean '\(name)'?"))
        }
    }

    @Test func `a block of version 1 with all of its keys is read`() throws {
        let block = """
            steps: 200
            hidden: [16, 16]
            batch: 16
            discount: 0.99
            polyak_rate: 0.005
            learning_rate: 0.001
            actor_learning_rate: 0.001
            critic_learning_rate: 0.002
            temperature_learning_rate: 0.001
            temperature: tuned
            target_entropy: auto
            initial_temperature: 1.0
            noise_correlation: 0.0
            layer_norm: false
            replay_capacity: 1000000
            """
        let findings = Findings(file: "run.yaml")
        let configuration = AgentConfiguration(
            .sac, decoding: try Setting(yaml: Array(block.utf8), file: "run.yaml"),
            Decoder(findings: findings))
        #expect(findings.diagnostics == [])
        var wanted = SACConfiguration()
        (wanted.steps, wanted.hidden, wanted.batch) = (200, [16, 16], 16)
        (wanted.actorLearningRate, wanted.criticLearningRate) = (1e-3, 2e-3)
        wanted.temperatureLearningRate = 1e-3
        #expect(configuration == AgentConfiguration(wanted))
        #expect(configuration.encoded["learning_rate"] == nil)
        #expect(configuration.encoded["critic_learning_rate"]?.flowText == "0.002")
    }

    @Test func `one learning rate stands for three where they are the same`() throws {
        var configuration = SACConfiguration()
        try configuration.apply(["critic_learning_rate: 0.1", "learning_rate: 1e-3"])
        #expect(configuration.actorLearningRate == 1e-3 && configuration.criticLearningRate == 0.1)
        try configuration.apply(["learning_rate: 0.01"])
        let written = configuration.encoded.entries?.filter { $0.key.hasSuffix("learning_rate") }
        #expect(written?.map(\.key) == ["learning_rate"])
        #expect(written?.first?.value.flowText == "0.01")
    }

    @Test func `contradictions are told`() {
        #expect(problem(.sac, "batch: 65", "replay_capacity: 64").contains("larger than the replay_capacity"))
        #expect(problem(.dqn, "batch: 65", "replay_capacity: 64").contains("larger than the replay_capacity"))
        #expect(problem(.dqn, "batch: 65", "replay_capacity: 64", "replay: false") == "")
        #expect(problem(.sac, "temperature: fixed", "target_entropy: -1").contains("target_entropy: auto"))
        #expect(problem(.sac, "temperature: fixed", "target_entropy: auto") == "")
    }

    @Test func `a contradiction is told at the flag that made it`() throws {
        var block = try Setting(yaml: Array("batch: 99\nreplay_capacity: 1000".utf8), file: "scene.yaml")
        try Override(parsing: "replay_capacity=98").apply(to: &block, of: AgentConfiguration(.sac).shape)
        let findings = Findings(file: "scene.yaml")
        _ = AgentConfiguration(.sac, decoding: block, Decoder(findings: findings))
        #expect(findings.diagnostics.map(\.file) == ["--set replay_capacity=98"])
        #expect(findings.diagnostics.allSatisfy { $0.isOfFlag })
    }

    @Test func `what does not fit the machine is told where the file says it`() throws {
        let block = try Setting(
            yaml: Array("hidden: [8]\nreplay_capacity: 100_000_000\nsteps: 1e8".utf8), file: "s.yaml")
        let configuration = AgentConfiguration(
            .sac, decoding: block, Decoder(findings: Findings(file: "s.yaml")))
        let space = Space((0..<2000).map { Space.Element(name: "x\($0)") })
        let error = #expect(throws: AgentsError.self) {
            _ = try configuration.makeAgent(
                observationSpace: space, actuators: [Actuator(name: "a")], seed: 0, threads: 1)
        }
        let refusal = error?.refusal(in: block, file: "s.yaml")
        #expect(
            refusal?.description.hasPrefix("s.yaml:2: train.sac.replay_capacity: 100000000 is not allowed")
                == true)
        let flags = ["sac.batch=3", "sac.replay_capacity=1e8"]
        #expect(error?.refusal(in: block, file: "s.yaml", flags: flags)?.errors.first?.isOfFlag == true)
    }

    @Test func `algorithms are found by their names`() {
        #expect(Set(Algorithm.all.map(\.name)).count == Algorithm.all.count)
        for algorithm in Algorithm.all {
            #expect(Algorithm(named: algorithm.name) == algorithm)
            #expect(AgentConfiguration(algorithm).algorithm == algorithm)
        }
        #expect(Algorithm(named: "sack") == nil)
        #expect(Algorithm.doubleDQN.relative == .dqn && Algorithm.sac.relative == nil)
    }
}
