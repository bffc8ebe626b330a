// SPDX-License-Identifier: MIT

import Agents
import Environments
import Files
import Policies
import Testing
import Training

/// A point task whose curriculum counts its episodes: the noise of a start is a tenth at first.
private final class GrowingTask: Environment {
    private let task: PointTask
    private var environments = 0
    private var episodes = 0

    init(_ random: RandomStream) { task = PointTask(random) }

    var observationSpace: Space { task.observationSpace }
    var actuators: [Actuator] { task.actuators }
    var timing: Timing { task.timing }
    var random: RandomStream {
        get { task.random }
        set { task.random = newValue }
    }

    func followCurriculum(among count: Int) { environments = count }
    var curriculum: [CurriculumFigure] {
        [
            .init(name: "environments", value: Double(environments)),
            .init(name: "begun", value: Double(episodes)),
        ]
    }

    func reset(into observation: inout MutableSpan<Float>) throws {
        episodes += 1
        task.reset(into: &observation)
    }
    func step(_ action: Span<Float>, into observation: inout MutableSpan<Float>) throws -> Step {
        task.step(action, into: &observation)
    }
    func saveState() throws -> [UInt8] { [UInt8(environments), UInt8(episodes)] + task.saveState() }
    func restoreState(_ state: [UInt8]) throws {
        try task.restoreState(Array(state.dropFirst(2)))
        (environments, episodes) = (Int(state[0]), Int(state[1]))
    }
}

/// A run lets those environments follow a curriculum in which it trains, and shows how far they are.
struct CurriculumRunTests {
    @Test(arguments: [(Algorithm.sac, 1), (.a2c, 3)])
    func `what trains follows the curriculum, what evaluates does not, and a column says how far it is`(
        algorithm: Algorithm, environments: Int
    ) throws {
        let run = try TestRun(algorithm: algorithm)
        var made: [GrowingTask] = []
        try Self.train(run) { made.append($0) }
        #expect(made.count == environments + 1)
        let followed = made.map { $0.curriculum[0].value }
        #expect(followed == [Double(environments), 0] + made.dropFirst(2).map { _ in Double(environments) })
        let rows = try Self.rows(run)
        #expect(
            rows[0].starts(with: ["step", "episode", "return", "length", "ending", "environments", "begun"]))
        #expect(rows.count > 4)
        if environments == 1 {
            #expect(rows.dropFirst().map { Double($0[6]) } == (1..<rows.count).map { Double($0) })
        }
        #expect(rows.dropFirst().allSatisfy { Double($0[5]) == Double(environments) })
    }

    @Test func `a run that was stopped goes on with its curriculum`() throws {
        let whole = try TestRun()
        try Self.train(whole) { _ in }
        let expected = try whole.outcome
        for stop in [1, 30, 44, 45, 77] {
            let run = try TestRun()
            try Self.train(run, stoppingAfter: stop) { _ in }
            try Self.train(run, isResumed: true) { _ in }
            #expect(try run.outcome == expected, "stopped after step \(stop)")
        }
    }

    private static func train(
        _ run: TestRun, isResumed: Bool = false, stoppingAfter stop: Int? = nil, _ made: (GrowingTask) -> Void
    ) throws {
        var asked = 0
        let trainer = try Trainer(
            folder: run.folder, recipe: run.recipe, threads: 1,
            makeEnvironment: { random in
                let task = GrowingTask(random)
                made(task)
                return task
            },
            makeContract: { training in
                let task = PointTask(RandomStream(seed: 0, .environment))
                return Contract(
                    scene: "point", versions: [:], training: training, timing: task.timing,
                    observations: task.observationSpace, actuators: task.actuators)
            },
            observer: nil,
            stopSignal: {
                asked += 1
                return asked == stop ? 15 : nil
            })
        _ = try trainer.run(isResumed: isResumed)
    }

    private static func rows(_ run: TestRun) throws -> [[String]] {
        String(decoding: try FileBytes.read(run.folder.progress), as: UTF8.self)
            .split(separator: "\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
    }
}
