// SPDX-License-Identifier: MIT

import Agents
import Foundation
import Testing
import Training

/// What a run's folder tells of it.
struct RunStatusTests {
    @Test func `a run is running while its lock is held, then resumable, then finished`() throws {
        let run = try TestRun()
        // The test run itself holds the lock.
        #expect(RunStatus(of: RunFolder(run.folder.path)).state == .running)
        try run.train(stoppingAfter: 40)
        let path = try run.moved()
        let stopped = RunStatus(of: RunFolder(path))
        #expect(stopped.state == .resumable)
        #expect(stopped.steps == 40)
        #expect(stopped.bestReturn == run.witness.evaluations.map(\.mean).max())
        #expect(stopped.recipe == run.recipe)

        let whole = try TestRun()
        try whole.train()
        let finished = try RunStatus(of: RunFolder(whole.moved()))
        #expect(finished.state == .finished && finished.steps == 90 && finished.problem == nil)
    }

    @Test func `one without a checkpoint begins anew, one that lost all of them is broken`() throws {
        let new = try TestRun()
        #expect(try RunStatus(of: RunFolder(new.moved())).state == .interrupted)

        let run = try TestRun()
        try run.train(stoppingAfter: 40)
        let path = try run.moved()
        try FileManager.default.removeItem(atPath: path + "/checkpoints")
        let lost = RunStatus(of: RunFolder(path))
        #expect(lost.state == .broken && lost.problem?.contains("checkpoint") == true)
        try Data("format: 2".utf8).write(to: URL(fileURLWithPath: path + "/run.yaml"))
        let damaged = RunStatus(of: RunFolder(path))
        #expect(damaged.state == .broken && damaged.recipe == nil)
        #expect(damaged.problem?.contains("run.yaml:") == true)
    }

    @Test func `a run whose steps grew is not finished, one that reached its return is`() throws {
        let run = try TestRun()
        try run.train()
        run.recipe.agent.steps = 200
        try run.folder.write(run.recipe)
        #expect(try RunStatus(of: RunFolder(run.moved())).state == .resumable)

        let early = try TestRun()
        early.recipe.untilReturn = -1e9
        try early.folder.write(early.recipe)
        try early.train()
        let status = try RunStatus(of: RunFolder(early.moved()))
        #expect(status.state == .finished && status.steps == 25)
    }
}
