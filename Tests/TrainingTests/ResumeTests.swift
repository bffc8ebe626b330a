// SPDX-License-Identifier: MIT

import Agents
import Environments
import Files
import Foundation
import Policies
import Safetensors
import Testing
import Training

/// A run that was stopped and goes on ends as one that was never stopped.
struct ResumeTests {
    @Test func `a run stopped after any step and resumed has the bytes of one never stopped`() throws {
        let whole = try TestRun()
        #expect(try whole.train() == .finished)
        let expected = try whole.outcome
        for stop in 1..<90 {
            let run = try TestRun()
            #expect(try run.train(stoppingAfter: stop) == .interrupted(signal: 15))
            #expect(!FileManager.default.fileExists(atPath: run.folder.lastPolicy))
            #expect(try run.train(isResumed: true) == .finished)
            #expect(try run.outcome == expected, "stopped after step \(stop)")
        }
    }

    @Test func `a run stopped again and again has the bytes of one never stopped`() throws {
        // A buffer that wraps, two updates a step, a diverged episode on the way.
        let settings: [String] = [
            "replay_capacity: 40", "updates_per_step: 2",
        ]
        let faults = Faults(diverging: [33, 70])
        let whole = try TestRun(steps: 120, faults: faults, settings: settings)
        try whole.train()
        let run = try TestRun(steps: 120, faults: faults, settings: settings)
        var starts = 0
        while true {
            let end = try run.train(isResumed: starts > 0, stoppingAfter: 1 + starts % 13)
            if end == .finished { break }
            starts += 1
            try #require(starts < 121)
        }
        #expect(starts > 15)
        #expect(try run.outcome == whole.outcome)
    }

    @Test
    func
        `with every option of SAC, a run stopped again and again has the bytes of one never stopped`()
        throws
    {
        let settings: [String] = [
            "replay_capacity: 40", "normalise_observations: true",
            "layer_norm: true", "actor_delay: 3", "n_step: 3",
            "noise_correlation: 0.5",
        ]
        let faults = Faults(diverging: [33, 70])
        let whole = try TestRun(steps: 100, faults: faults, settings: settings)
        try whole.train()
        #expect(try whole.lastNetwork.normaliser.mean != [0, 0])
        let run = try TestRun(steps: 100, faults: faults, settings: settings)
        var starts = 0
        while try run.train(isResumed: starts > 0, stoppingAfter: 1 + starts % 7) != .finished {
            starts += 1
            try #require(starts < 101)
        }
        #expect(starts > 15)
        #expect(try run.outcome == whole.outcome)
    }

    @Test(arguments: Algorithm.all)
    func `with every algorithm, a run stopped again and again has the bytes of one never stopped`(
        _ algorithm: Algorithm
    ) throws {
        let faults = Faults(diverging: [33, 70])
        let whole = try TestRun(steps: 100, faults: faults, algorithm: algorithm)
        try whole.train()
        let run = try TestRun(steps: 100, faults: faults, algorithm: algorithm)
        #expect(try run.folder.readRecipe() == run.recipe)
        var starts = 0
        while try run.train(isResumed: starts > 0, stoppingAfter: 1 + starts % 7) != .finished {
            starts += 1
            try #require(starts < 101)
        }
        #expect(starts > 15)
        #expect(try run.outcome == whole.outcome)
        // Not because nothing was learned.
        let other = try TestRun(steps: 100, seed: 4, faults: faults, algorithm: algorithm)
        try other.train()
        #expect(try other.outcome.last != whole.outcome.last)
        #expect(try other.outcome.progress != whole.outcome.progress)
    }

    @Test func `a signal with the last step finds a run that is finished, policy and all`() throws {
        let run = try TestRun()
        #expect(try run.train(stoppingAfter: 90) == .finished)
        #expect(FileManager.default.fileExists(atPath: run.folder.lastPolicy))
    }

    @Test func `seeds differ, threads and observers do not`() throws {
        let run = try TestRun()
        try run.train()
        for (threads, isWatched) in [(1, true), (2, true), (8, true), (1, false)] {
            let same = try TestRun()
            (same.threads, same.isWatched) = (threads, isWatched)
            try same.train()
            #expect(try run.outcome == same.outcome, "\(threads) threads, watched: \(isWatched)")
        }
        let other = try TestRun(seed: 4)
        try other.train()
        #expect(try run.lastNetwork != other.lastNetwork)
        #expect(try run.outcome.progress != other.outcome.progress)
    }

    @Test(arguments: [
        (Algorithm.sac, "agent.steps"), (.sac, "critic1.adam.steps"), (.sac, "replay.total"),
        (.sac, "run.counters"), (.sac, "seconds"), (.sac, "episode"), (.dqn, "agent.steps"),
        (.dqn, "replay.rows"),
        (.a2c, "agent.updates"), (.a2c, "actor.adam.steps"), (.a2c, "rollout.count"),
        (.qLearning, "agent.steps"),
        (.qLearning, "table0.visits"),
    ])
    func `a checkpoint with numbers that no run can have is refused, and stays`(
        algorithm: Algorithm, name: String
    ) throws {
        let run = try TestRun(algorithm: algorithm)
        try run.train(stoppingAfter: 40)
        let newest = try #require(run.checkpoints.last)
        let archive = try TensorArchive(contentsOf: run.stateFile(newest), checksum: .required)
        var forged = TensorArchive(metadata: archive.metadata)
        for tensor in archive.tensors {
            func add<Element: TensorElement>(_ extreme: Element) throws {
                var values: [Element] = try archive.values(tensor.name)
                if tensor.name == name { values = values.map { _ in extreme } }
                try forged.add(tensor.name, shape: tensor.shape, values)
            }
            switch tensor.type {
            case .u64: try add(UInt64(Int64.max))
            case .i64: try add(Int64.max)
            case .f64: try add(1e300)
            case .f32: try add(Float(1e9))
            case .u32: try add(UInt32.max)
            case .u8: try add(UInt8.max)
            }
        }
        #expect(try forged.encoded() != archive.encoded(), "\(name) is not in \(archive.tensors.map(\.name))")
        try forged.write(to: run.stateFile(newest))
        let error = #expect(throws: TrainingError.self) { try run.train(isResumed: true) }
        #expect(error?.description.contains("run.yaml") == true)
        #expect(run.checkpoints.contains(newest))
    }

    @Test(arguments: ["flipped", "cut", "empty", "gone", "text"])
    func `a damaged newest checkpoint is skipped aloud for the older one`(damage: String) throws {
        let whole = try TestRun()
        try whole.train()
        let run = try TestRun()
        try run.train(stoppingAfter: 30)
        try run.train(isResumed: true, stoppingAfter: 30)
        #expect(run.checkpoints.count == 2)
        #expect(run.checkpoints.last == "step-000000060")

        let file = run.stateFile("step-000000060")
        var bytes = try FileBytes.read(file)
        switch damage {
        case "flipped": bytes[bytes.count * 2 / 3] ^= 0x10
        case "cut": bytes.removeLast(bytes.count / 3)
        case "empty": bytes = []
        case "text": bytes = Array("no checkpoint".utf8)
        default: try FileManager.default.removeItem(atPath: file)
        }
        if damage != "gone" { try Data(bytes).write(to: URL(fileURLWithPath: file)) }
        #expect(run.witness.warnings.isEmpty)
        #expect(try run.train(isResumed: true, stoppingAfter: 1) == .interrupted(signal: 15))
        #expect(run.witness.warnings.count == 1)
        #expect(run.witness.warnings.first?.contains("step-000000060") == true)
        #expect(run.checkpoints.contains("step-000000031"))
        #expect(!run.checkpoints.contains("step-000000060"), "or it would count as the newest")
        #expect(try run.train(isResumed: true) == .finished)
        #expect(try run.outcome == whole.outcome)
    }

    @Test
    func
        `without any sound checkpoint a run that has no policy starts from zero and ends with the same bytes`()
        throws
    {
        let whole = try TestRun()
        try whole.train()
        for keepsFolders in [false, true] {
            let run = try TestRun()
            try run.train(stoppingAfter: 20)
            for name in run.checkpoints {
                try FileManager.default.removeItem(
                    atPath: keepsFolders ? run.stateFile(name) : "\(run.folder.checkpoints)/\(name)")
            }
            #expect(try run.train(isResumed: true) == .finished)
            #expect(run.witness.warnings.count == (keepsFolders ? 2 : 0))
            #expect(try run.outcome == whole.outcome)
        }
    }

    @Test(arguments: ["damaged", "gone"])
    func `without any sound checkpoint a run that has learned is refused, and keeps what it has`(
        state: String
    ) throws {
        let run = try TestRun()
        try run.train(stoppingAfter: 40)
        for name in run.checkpoints {
            if state == "gone" {
                try FileManager.default.removeItem(atPath: "\(run.folder.checkpoints)/\(name)")
            } else {
                try Data("?".utf8).write(to: URL(fileURLWithPath: run.stateFile(name)))
            }
        }
        let before = run.snapshot
        #expect(before.keys.contains("best.safetensors"))
        #expect(throws: TrainingError.noCheckpoint(path: run.folder.path)) { try run.train(isResumed: true) }
        #expect(run.snapshot == before)
    }

    @Test func `an evaluation that a signal cut short is done again, with the same bytes`() throws {
        let whole = try TestRun(steps: 30, every: 25, episodes: 3)
        try whole.train()
        let run = try TestRun(steps: 30, every: 25, episodes: 3)
        // The second episode of the evaluation takes more than a second, and then a signal is there.
        run.evaluationDelay = 1.1
        var isLate = false
        run.slowed = { isLate = true }
        let end = try run.makeTrainer(stopSignal: { isLate ? 15 : nil }).run(isResumed: false)
        #expect(end == .interrupted(signal: 15))
        #expect(run.checkpoints.last == "step-000000025" && run.witness.evaluations.isEmpty)
        run.evaluationDelay = 0
        try run.train(isResumed: true)
        #expect(try run.outcome == whole.outcome)
    }

    @Test func `a log that was shortened is said to be so, and goes on with whole rows`() throws {
        let run = try TestRun()
        try run.train(stoppingAfter: 60)
        let bytes = try FileBytes.read(run.folder.progress)
        // In the middle of a row.
        let rows = bytes.split(separator: UInt8(ascii: "\n"))
        try #require(rows.count > 2)
        try Data(bytes.dropLast(rows[rows.count - 1].count / 2 + 1)).write(
            to: URL(fileURLWithPath: run.folder.progress))
        #expect(try run.train(isResumed: true) == .finished)
        #expect(run.witness.warnings.count == 1)
        let lost = rows[rows.count - 1].count + 1
        #expect(run.witness.warnings.first?.contains("progress.csv lost \(lost) bytes") == true)
        let text = try String(contentsOfFile: run.folder.progress, encoding: .utf8)
        let cells = text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).count
        }
        #expect(Set(cells).count == 1)
    }

    @Test func `a log that is something else by now is begun anew`() throws {
        let run = try TestRun()
        try run.train(stoppingAfter: 60)
        try Data("step\n1\n".utf8).write(to: URL(fileURLWithPath: run.folder.evaluations))
        #expect(try run.train(isResumed: true) == .finished)
        let log = try RunLog(contentsOf: run.folder.evaluations)
        #expect(log.names.contains("mean_return"))
        #expect(log["step"] == [75, 90])
    }

    @Test func `rows that a killed process wrote after its checkpoint are written once`() throws {
        let whole = try TestRun()
        try whole.train()
        let run = try TestRun()
        try run.train(stoppingAfter: 50)
        for path in [run.folder.progress, run.folder.evaluations] {
            let handle = try #require(FileHandle(forWritingAtPath: path))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("61,5,-1.5,7,terminated,,,\n64,half a r".utf8))
            try handle.close()
        }
        // A policy that is newer than the checkpoint, too.
        try Data("damaged".utf8).write(to: URL(fileURLWithPath: run.folder.lastPolicy))
        try run.train(isResumed: true)
        #expect(try run.outcome == whole.outcome)
    }

    @Test func `a finished run that is resumed changes no file and no time of one`() throws {
        let run = try TestRun()
        try run.train()
        let before = run.snapshot
        #expect(before.count >= 8)
        for _ in 0..<2 { #expect(try run.train(isResumed: true) == .wasFinished) }
        #expect(run.snapshot == before)
    }

    @Test(arguments: [60, 75])
    func `a run whose steps grow ends with the policy of one that had them from the start`(first: Int) throws
    {
        // 75 is a multiple of the evaluation's interval, 60 is not.
        let long = try TestRun(steps: 140)
        try long.train()
        let run = try TestRun(steps: first)
        #expect(try run.train() == .finished)
        try run.recipe.agent.apply(["steps: 140"])
        #expect(try run.train(isResumed: true) == .finished)
        #expect(try run.outcome.last == long.outcome.last)
        #expect(try run.outcome.progress == long.outcome.progress)
        if first == 75 { #expect(try run.outcome == long.outcome) }
    }

    @Test func `evaluation does not touch training`() throws {
        let runs = try [(25, 2), (7, 2), (90, 2), (25, 9)].map { every, episodes in
            let run = try TestRun(every: every, episodes: episodes)
            try run.train()
            return run
        }
        let (last, network) = (try runs[0].outcome.last, try runs[0].lastNetwork)
        // The file tells the last evaluation, which is the same one at the end unless its episodes differ.
        #expect(try runs[1].outcome.last == last)
        #expect(try runs[2].outcome.last == last)
        #expect(try runs[3].outcome.last != last)
        #expect(try runs[3].lastNetwork == network)
        for run in runs { #expect(try run.outcome.progress == runs[0].outcome.progress) }
    }

    @Test func `evaluations start from the same places each time`() throws {
        // Without learning the policy stays, so all evaluations must be equal.
        let run = try TestRun(settings: ["learning_rate: 0"])
        try run.train()
        let means = run.witness.evaluations.map(\.mean)
        #expect(run.witness.evaluations.map(\.step) == [25, 50, 75, 90])
        #expect(Set(means).count == 1)
        #expect(run.witness.evaluations.map(\.isBest) == [true, false, false, false])
    }

    @Test func `the best policy is that of the best evaluation`() throws {
        let run = try TestRun(steps: 400, every: 40, episodes: 5)
        try run.train()
        let best = try #require(run.witness.evaluations.filter(\.isBest).last)
        #expect(best.mean == run.witness.evaluations.map(\.mean).max())
        let file = try PolicyFile(contentsOf: run.folder.bestPolicy)
        #expect(file.contract.training.meanReturn == best.mean)
        #expect(file.contract.training.steps == best.step)
        #expect(file.contract.training.episodes == 5)
        let evaluation = try Evaluation(
            of: NetworkPolicy(file), in: PointTask(RandomStream(seed: 3, .evaluation)), episodes: 5)
        #expect(evaluation.meanReturn == best.mean)
    }

    @Test func `a run stops at the first evaluation that reaches the wanted return`() throws {
        let free = try TestRun(steps: 400, every: 40)
        try free.train()
        let means = free.witness.evaluations
        let wanted = try #require(means.dropFirst(2).max { $0.mean < $1.mean }).mean
        let first = try #require(means.first { $0.mean >= wanted }).step

        let run = try TestRun(steps: 400, every: 40)
        run.recipe.untilReturn = wanted
        #expect(try run.train() == .reachedReturn)
        #expect(run.witness.evaluations.last?.step == first)
        #expect(try PolicyFile(contentsOf: run.folder.lastPolicy).contract.training.steps == first)
        let before = run.snapshot
        #expect(try run.train(isResumed: true) == .wasFinished)
        #expect(run.snapshot == before)

        let never = try TestRun(steps: 90)
        never.recipe.untilReturn = 1
        #expect(try never.train() == .finished)
    }
}
