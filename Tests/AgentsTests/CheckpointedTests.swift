// SPDX-License-Identifier: MIT

import Agents
import Environments
import Foundation
import Networks
import Safetensors
import Testing

/// The lists of what agents keep: its names, and that what is written is taken back.
struct CheckpointedTests {
    /// A small agent of two observations and one action, after some steps.
    static func agent(
        _ algorithm: Algorithm, seed: UInt64, steps: Int,
        _ settings: [String] = []
    ) throws -> any Agent {
        var configuration = AgentConfiguration(algorithm)
        if algorithm == .doubleQLearning {
            try configuration.apply(["bins: {x: 3}"])
        } else {
            try configuration.apply(["hidden: [4]"])
        }
        switch algorithm {
        case .sac, .dqn: try configuration.apply(["batch: 4", "warm_up: 10"])
        case .a2c: try configuration.apply(["environments: 2", "rollout: 3"])
        default: break
        }
        try configuration.apply(settings)
        let space = Space(["x", "y"].map { .init(name: $0, low: -1, high: 1) })
        let agent = try configuration.makeAgent(
            observationSpace: space, actuators: [Actuator(name: "motor")],
            seed: seed, threads: 1)
        var random = RandomStream(seed: seed, name: "transitions")
        func observation() -> [Float] { (0..<2).map { _ in Float(random.uniform(-1, 1)) } }
        for step in 1...steps {
            let (before, after) = (observation(), observation())
            var action: [Float] = [0]
            var span = action.mutableSpan
            agent.act(before.span, into: &span)
            try agent.learn(
                observation: before.span, action: action.span, reward: before[0] * action[0],
                next: after.span,
                isTerminated: step % 7 == 0, isTruncated: step % 5 == 0)
        }
        return agent
    }

    static func archive(_ sources: [TensorSource]) throws -> TensorArchive {
        let path = NSTemporaryDirectory() + "checkpointed-\(UUID().uuidString).safetensors"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try TensorFileWriter.write(sources, to: path)
        return try TensorArchive(contentsOf: path, checksum: .required)
    }

    static let adam = ["m", "steps", "v"].map { "adam.\($0)" }

    static let cases: [(Algorithm, [String], [String])] = [
        (
            .sac, ["normalise_observations: true", "noise_correlation: 0.5"],
            ["actor", "critic1", "critic2"].flatMap { name in [name] + adam.map { "\(name).\($0)" } } + [
                "agent.actor_metrics", "agent.critic_metrics", "agent.layout", "agent.steps",
                "critic1.target",
                "critic2.target",
                "exploration.noise", "normaliser.count", "normaliser.mean", "normaliser.squares",
                "replay.rows",
                "replay.total", "stream.exploration", "stream.replay", "stream.update",
                "temperature.logarithm", "temperature.moments", "temperature.steps",
            ]
        ),
        (
            .sac, ["environments: 2", "noise_hold: 16", "steps: 1000"],
            ["actor", "critic1", "critic2"].flatMap { name in [name] + adam.map { "\(name).\($0)" } } + [
                "agent.actor_metrics", "agent.critic_metrics", "agent.layout", "agent.steps",
                "critic1.target", "critic2.target", "exploration.held", "exploration.noise", "replay.rows",
                "replay.rows.1", "replay.total", "replay.total.1", "stream.exploration", "stream.replay",
                "stream.update", "temperature.logarithm", "temperature.moments", "temperature.steps",
            ]
        ),
        (
            .dqn, [],
            adam.map { "critic.\($0)" } + [
                "agent.metrics", "agent.steps", "critic", "critic.target", "replay.rows", "replay.total",
                "stream.exploration", "stream.replay",
            ]
        ),
        (
            .a2c, [],
            ["actor", "critic", "log_deviations"].flatMap { name in [name] + adam.map { "\(name).\($0)" } }
                + a2c
        ),
        (
            .a2c, ["optimiser: rmsprop", "torques: 3"],
            ["actor", "critic"].flatMap { [$0, "\($0).rmsprop.g"] } + a2c
        ),
        (
            .doubleQLearning, [],
            [
                "agent.metrics", "agent.steps", "stream.exploration", "stream.update", "table0.values",
                "table0.visits", "table1.values", "table1.visits",
            ]
        ),
    ]

    static let a2c = [
        "agent.metrics", "agent.updates", "normaliser.count", "normaliser.mean", "normaliser.squares",
        "returns.running", "returns.statistics", "rollout.count", "rollout.draws", "rollout.last",
        "rollout.next_observations", "rollout.observations", "rollout.rewards", "rollout.terminated",
        "rollout.weights", "stream.exploration",
    ]

    @Test(arguments: cases.indices)
    func `an agent's state has its names, and another agent that takes it has the same`(
        index: Int
    ) throws {
        let (algorithm, settings, names) = Self.cases[index]
        let first = try Self.agent(algorithm, seed: 1, steps: 46, settings)
        let written = try Self.archive(first.state)
        #expect(written.tensors.map(\.name).sorted() == names.sorted())
        let second = try Self.agent(algorithm, seed: 2, steps: 33, settings)
        let before = try Self.archive(second.state)
        // All of it differs, but for what rollouts have in common.
        let same = Set(names.filter { before.bytes(of: $0) == written.bytes(of: $0) })
        #expect(
            same.isSubset(of: [
                "exploration.held", "agent.layout", "rollout.last", "rollout.terminated", "rollout.weights",
            ]))
        try second.restore(written)
        let after = try Self.archive(second.state)
        for name in names { #expect(after.bytes(of: name) == written.bytes(of: name), "\(name)") }
    }

    @Test func `a checkpoint of soft actor-critic that summed otherwise is refused with the way on`() throws {
        let agent = try Self.agent(.sac, seed: 1, steps: 20)
        let old = try Self.archive(agent.state.filter { $0.description.name != "agent.layout" })
        let later = try Self.archive(
            agent.state.map {
                $0.description.name == "agent.layout" ? TensorSource("agent.layout", [UInt64(3)]) : $0
            })
        for archive in [old, later] {
            let error = #expect(throws: AgentsError.self) { try agent.restore(archive) }
            #expect("\(error, default: "none")".contains("--from"))
        }
    }

    @Test(arguments: [Float.nan, -1, 3, 1e30])
    func `choices of a rollout that do not exist are refused`(choice: Float) throws {
        let agent = try Self.agent(.a2c, seed: 1, steps: 46, ["torques: 3"])
        let written = try Self.archive(agent.state)
        var draws = try written.values("rollout.draws", as: Float.self)
        try #require(written.values("rollout.count", as: UInt64.self)[0] > 0)
        draws[0] = choice
        let shape = try #require(written.description(of: "rollout.draws")).shape
        var bad = try Self.archive(agent.state.filter { $0.description.name != "rollout.draws" })
        try bad.add("rollout.draws", shape: shape, draws)
        let other = try Self.agent(.a2c, seed: 2, steps: 33, ["torques: 3"])
        #expect(throws: AgentsError.badState("the rollout holds choices that do not exist")) {
            try other.restore(bad)
        }
    }

    /// One of everything that an entry can be.
    final class Everything: Checkpointed {
        struct Part: Checkpointed {
            var share = 0.5
            var entries: [CheckpointEntry<Part>] { [.init("share", \.share)] }
        }
        var (count, other) = (1, 2)
        var counts = [3, 4]
        var numbers = [0.25, 0.75]
        var part = Part()
        var stream = RandomStream(seed: 1, .replay)
        let matrix = Matrix(rows: 2, columns: 3)
        let optimiser = Adam(count: 2, rate: 0.1)
        let absent: Adam? = nil
        var restorations = 0

        var entries: [CheckpointEntry<Everything>] {
            [
                .init("both", \.count, \.other), .init("counts", \.counts), .init("numbers", \.numbers),
                .init("part", \.part), .init("stream", \.stream), .init("matrix", matrix),
                .init("optimiser", optimiser), .init("absent", absent),
            ]
        }

        func restored() { restorations += 1 }
    }

    @Test func `what is missing, of another shape, or no such thing is refused`() throws {
        let everything = Everything()
        let good = try Self.archive(everything.state)
        #expect(
            good.tensors.map(\.name).sorted() == [
                "both", "counts", "matrix", "numbers", "optimiser.m", "optimiser.steps", "optimiser.v",
                "part.share", "stream",
            ])
        try everything.restore(good)
        #expect(everything.restorations == 1)
        let bad: [(String, [TensorSource])] = [
            ("both", [TensorSource("both", [UInt64(1)])]),
            ("both", [TensorSource("both", [1 << 53 + 1, UInt64(1)])]),
            ("both", [TensorSource("both", [1.0, 2.0])]),
            ("counts", [TensorSource("counts", [UInt64(1), 2, 3])]),
            ("numbers", [TensorSource("numbers", [1.0])]), ("numbers", []),
            ("part.share", [TensorSource("part.share", [1.0, 2])]),
            ("stream", [TensorSource("stream", [UInt64](repeating: 0, count: 6))]),
            ("matrix", [TensorSource("matrix", [Float](repeating: 0, count: 6))]), ("matrix", []),
            ("optimiser.v", [TensorSource("optimiser.v", [Float(1)])]),
        ]
        for (name, sources) in bad {
            let archive = try Self.archive(everything.state.filter { $0.description.name != name } + sources)
            #expect(throws: (any Error).self, "\(name): \(sources)") { try Everything().restore(archive) }
        }
    }
}

extension TensorArchive {
    /// The bytes of a tensor, of whatever type; nil where there is none.
    fileprivate func bytes(of name: String) -> [UInt8]? {
        func words<Element: TensorElement>(_ type: Element.Type) -> [UInt8]? {
            guard let values = try? values(name, as: type) else { return nil }
            return unsafe values.withUnsafeBytes { unsafe Array($0) }
        }
        switch description(of: name)?.type {
        case .u64: return words(UInt64.self)
        case .f64: return words(Double.self)
        case .f32: return words(Float.self)
        default: return nil
        }
    }
}
