// SPDX-License-Identifier: MIT

import Agents
import Files
import Foundation
import Policies
import Safetensors
import Testing
import Training

/// The files of a run belong together: what is of another run, damaged or a link is refused, and stays as it is.
struct TiedFilesTests {
    private func stopped(seed: UInt64 = 3, settings: [String] = []) throws -> TestRun {
        let run = try TestRun(seed: seed, settings: settings)
        try run.train(stoppingAfter: 60)
        return run
    }

    private func refusal(_ run: TestRun) -> String {
        let before = run.snapshot
        let error = #expect(throws: TrainingError.self) { try run.train(isResumed: true) }
        #expect(run.snapshot == before)
        return error?.description ?? ""
    }

    @Test func `a checkpoint of another seed or of other settings is refused, key by key`() throws {
        let run = try stopped()
        for (other, words) in [
            (try stopped(seed: 4), "seed is 3 in run.yaml and 4 in the checkpoint"),
            (
                try stopped(settings: ["discount: 0.5"]),
                "train.sac.discount is 0.99 in run.yaml and 0.5 in the checkpoint"
            ),
        ] {
            let newest = try #require(run.checkpoints.last)
            let file = run.stateFile(newest)
            let own = try FileBytes.read(file)
            try AtomicFile.write(FileBytes.read(other.stateFile(#require(other.checkpoints.last))), to: file)
            #expect(refusal(run).contains(words))
            try AtomicFile.write(own, to: file)
        }
        #expect(try run.train(isResumed: true) == .finished)
    }

    @Test func `a checkpoint that does not say its run is refused`() throws {
        let run = try stopped()
        for name in run.checkpoints {
            var bare = try TensorArchive(contentsOf: run.stateFile(name))
            bare.metadata = [:]
            try bare.write(to: run.stateFile(name))
        }
        #expect(refusal(run).contains("does not say which run"))
    }

    @Test func `a checkpoint of other instructions is gone on from aloud`() throws {
        let run = try stopped()
        let file = run.stateFile(try #require(run.checkpoints.last))
        var archive = try TensorArchive(contentsOf: file)
        archive.metadata["instructions"] = "abacus"
        try archive.write(to: file)
        #expect(try run.train(isResumed: true) == .finished)
        #expect(run.witness.warnings.first?.contains("was computed with abacus") == true)
    }

    @Test(arguments: ["damaged", "other", "gone"])
    func `a best policy that is not the run's is noticed`(state: String) throws {
        for isFinished in [false, true] {
            let run = try TestRun()
            try run.train(stoppingAfter: isFinished ? nil : 60)
            let best = run.folder.bestPolicy
            switch state {
            case "damaged":
                var bytes = try FileBytes.read(best)
                bytes[bytes.count / 2] ^= 1
                try AtomicFile.write(bytes, to: best)
            case "other":
                let other = try TestRun(seed: 4)
                try other.train()
                try AtomicFile.write(FileBytes.read(other.folder.bestPolicy), to: best)
            default: try FileManager.default.removeItem(atPath: best)
            }
            guard state == "gone" else {
                #expect(refusal(run).hasPrefix("\(best): this is not the run's best policy"))
                continue
            }
            let trainer = try run.makeTrainer()
            #expect(try trainer.run(isResumed: true) == (isFinished ? .wasFinished : .finished))
            #expect(run.witness.warnings.first?.contains("is gone") == true)
            #expect((trainer.bestReturn == nil) == isFinished)
            #expect(FileManager.default.fileExists(atPath: best) != isFinished)
        }
    }

    @Test func `a best policy of other settings is noticed, a newer one than the checkpoint at the end`()
        throws
    {
        let other = try TestRun(settings: ["discount: 0.5"])
        try other.train(stoppingAfter: 60)
        let stranger = try FileBytes.read(other.folder.bestPolicy)
        let run = try TestRun()
        try run.train(stoppingAfter: 60)
        let best = run.folder.bestPolicy
        let own = try FileBytes.read(best)
        try AtomicFile.write(stranger, to: best)
        #expect(refusal(run).contains("it is not the one that the run wrote"))
        try AtomicFile.write(own, to: best)
        // As a kill leaves it: the checkpoint is older than the policy.
        let finished = try TestRun()
        try finished.train()
        try AtomicFile.write(FileBytes.read(finished.folder.bestPolicy), to: best)
        #expect(try run.train(isResumed: true) == .finished)
        #expect(try FileBytes.read(best) == FileBytes.read(finished.folder.bestPolicy))
    }

    @Test func `a best policy of an evaluation that the checkpoint still has to do is taken`() throws {
        // A run whose second evaluation, at step 50, is better than its first.
        func isBetter(_ run: TestRun) -> Bool {
            run.witness.evaluations.contains { $0.step == 50 && $0.isBest }
        }
        var whole = try TestRun(episodes: 3)
        for seed in 1...40 where !isBetter(whole) {
            whole = try TestRun(seed: UInt64(seed), episodes: 3)
            try whole.train(stoppingAfter: 60)
        }
        try #require(isBetter(whole))
        // A signal comes amid that evaluation, whose second episode takes more than a second.
        let run = try TestRun(seed: whole.recipe.seed, episodes: 3)
        var isLate = false
        run.evaluationDelay = 0.001
        run.slowed = {
            guard run.witness.evaluations.count == 1 else { return }
            run.evaluationDelay = 1.1
            isLate = true
        }
        let end = try run.makeTrainer(stopSignal: { isLate ? 15 : nil }).run(isResumed: false)
        #expect(end == .interrupted(signal: 15) && run.checkpoints.last == "step-000000050")
        (run.evaluationDelay, run.slowed) = (0, {})
        // Then it went on, and was killed after the evaluation and before another checkpoint.
        try AtomicFile.write(FileBytes.read(whole.folder.bestPolicy), to: run.folder.bestPolicy)
        #expect(try run.train(isResumed: true) == .finished)
    }

    @Test func `a log of random bytes is refused with its row, however long it is`() throws {
        let run = try stopped()
        let sound = try FileBytes.read(run.folder.evaluations)
        var bytes = sound
        bytes[sound.count - 10] = UInt8(ascii: "?")
        try AtomicFile.write(bytes, to: run.folder.evaluations)
        #expect(refusal(run).hasPrefix("\(run.folder.evaluations):3: "))
        try AtomicFile.write([UInt8](repeating: 0xA7, count: sound.count + 99), to: run.folder.evaluations)
        #expect(refusal(run).hasPrefix("\(run.folder.evaluations):1: it is not text"))
        try AtomicFile.write(sound, to: run.folder.evaluations)
        #expect(try run.train(isResumed: true) == .finished)
    }

    @Test(arguments: [true, false])
    func `a changed digit in the rows of a log is refused; without the file the run goes on`(isFinished: Bool)
        throws
    {
        for name in ["progress.csv", "evaluations.csv"] {
            let run = try TestRun()
            try run.train(stoppingAfter: isFinished ? nil : 60)
            let path = "\(run.folder.path)/\(name)"
            let sound = try FileBytes.read(path)
            // The last digit of the first return.
            var lines = String(decoding: sound, as: UTF8.self).split(separator: "\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
            let column = name == "progress.csv" ? 2 : 1
            let last = try #require(lines[1][column].last?.wholeNumberValue)
            lines[1][column] = lines[1][column].dropLast() + "\((last + 1) % 10)"
            let changed = lines.map { $0.joined(separator: ",") + "\n" }.joined()
            try #require(changed.utf8.count == sound.count)
            try AtomicFile.write(Array(changed.utf8), to: path)
            #expect(refusal(run).hasPrefix("\(path): its rows were changed since the run wrote them"))
            try FileManager.default.removeItem(atPath: path)
            #expect(try run.train(isResumed: true) == (isFinished ? .wasFinished : .finished))
            let since = isFinished ? "run ended; those" : "checkpoint; the run goes on, those"
            #expect(
                run.witness.warnings.contains(
                    "\(path) lost \(sound.count) bytes since the \(since) rows stay missing"))
            // What it wrote since has a checksum of its own.
            #expect(try run.train(isResumed: true) == .wasFinished)
        }
    }

    @Test func `a checkpoint from before checksums of logs were kept is gone on from`() throws {
        let run = try stopped()
        let file = run.stateFile(try #require(run.checkpoints.last))
        let archive = try TensorArchive(contentsOf: file)
        let sums = try #require(archive.tensors.firstIndex { $0.name == "run.log_checksums" })
        try archive.without(archive.tensors[sums].name).write(to: file)
        #expect(try run.train(isResumed: true) == .finished)
    }

    @Test func `a log of another run, whose rows end elsewhere, is refused`() throws {
        let run = try stopped()
        let sound = try FileBytes.read(run.folder.evaluations)
        // Seconds of one more digit: the row goes on where that of this run ended.
        try AtomicFile.write(sound.dropLast() + [UInt8]("5\n".utf8), to: run.folder.evaluations)
        #expect(refusal(run).contains("no row ends where the checkpoint has the end of one"))
        try AtomicFile.write(sound, to: run.folder.evaluations)
        #expect(try run.train(isResumed: true) == .finished)
    }

    @Test(arguments: ["progress.csv", "evaluations.csv", "best.safetensors", "last.safetensors"])
    func `a link in the place of a file is not written through`(name: String) throws {
        for target in ["victim", "absent"] {
            let run = try stopped()
            let path = "\(run.folder.path)/\(name)"
            let victim = "\(run.folder.path)/../\(target)"
            let bytes = (try? FileBytes.read(path)) ?? [1, 2, 3]
            if target == "victim" { try AtomicFile.write(bytes, to: victim) }
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "../\(target)")
            // The best policy is written again only by a better one.
            if name == "best.safetensors", target == "absent" { continue }
            _ = try? run.train(isResumed: true)
            #expect((try? FileBytes.read(victim)) == (target == "victim" ? bytes : nil))
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == "../\(target)")
        }
    }

    @Test func `a log that has a second name grows as a copy of its own`() throws {
        let run = try stopped()
        let backup = run.folder.path + "/../backup"
        try FileManager.default.linkItem(atPath: run.folder.progress, toPath: backup)
        let before = try FileBytes.read(backup)
        #expect(try run.train(isResumed: true) == .finished)
        #expect(try FileBytes.read(backup) == before)
        #expect(try FileBytes.read(run.folder.progress).count > before.count)
    }

    @Test func `what failed before there was a checkpoint does not promise one`() throws {
        let run = try TestRun()
        try Data().write(to: URL(fileURLWithPath: run.folder.checkpoints))
        let error = #expect(throws: TrainingError.self) { try run.train() }
        #expect(error?.description.contains("there was no checkpoint yet") == true)
        let other = try stopped()
        try FileManager.default.removeItem(atPath: other.folder.progress)
        try FileManager.default.createDirectory(
            atPath: other.folder.progress, withIntermediateDirectories: false)
        #expect(refusal(other).contains("the run's last checkpoint is intact"))
    }
}
