// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing
import Training

struct RunLogTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ text: String) throws -> RunLog {
        let path = folder.path + "/log.csv"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try RunLog(contentsOf: path)
    }

    @Test func `what a run logged is read back`() throws {
        let run = try TestRun()
        _ = try run.train()
        let evaluations = try RunLog(contentsOf: run.folder.evaluations)
        #expect(evaluations["step"] == run.witness.evaluations.map { Double($0.step) })
        #expect(evaluations["mean_return"] == run.witness.evaluations.map(\.mean))
        #expect(evaluations.count == run.witness.evaluations.count && evaluations.count > 2)
        let progress = try RunLog(contentsOf: run.folder.progress)
        #expect(progress.names.contains("ending") && progress["ending"] == nil)
        // Before learning begins there are no losses.
        #expect(progress["critic1_loss"]?.first?.isNaN == true)
        #expect(progress["critic1_loss"]?.last?.isFinite == true)
    }

    @Test func `a row that is being written is left out`() throws {
        let log = try read("step,a,seconds\n1,2,0.1\n2,3,0.2\n3,4")
        #expect(log["a"] == [2, 3])
        #expect(try read("step,a,seconds\n").count == 0)
    }

    @Test(arguments: [
        ("", 1, "header"), ("step,a,seconds", 1, "header"), ("a,b\n", 1, "step"),
        ("step,step,seconds\n", 1, "once"),
        ("step,a,seconds\n1,2,0.1\n2,0.2\n", 3, "2 cells where the header names 3"),
        ("step,a,seconds\n1,2,0.1\n\n", 3, "1 cells"),
        ("step,a,seconds\n1,two,0.1\n", 2, "'two'"),
        ("step,a,seconds\n1,2,0.1\n1,2,0.2\n", 3, "`step` is 1.0 after 1.0"),
        ("step,a,seconds\n1,2,0.3\n2,2,0.2\n", 3, "`seconds` is 0.2 after 0.3"),
        ("step,a,seconds\n,2,0.3\n", 2, "`step` is nan"),
        ("step,a,seconds\n1,2,0.1\n1e19,2,0.2\n", 3, "`step` is 1e+19 after 1.0"),
        ("step,a,seconds\n5e-324,2,0.1\n", 2, "`step` is 5e-324"),
        ("step,a,seconds\n0x1p1000,2,0.1\n", 2, "'0x1p1000', which is no number"),
        ("step,a,seconds\n1,2,1e300\n", 2, "`seconds` is 1e+300"),
        ("step,a,seconds\n-1,2,0\n", 2, "`step` is -1.0"),
        ("step,a,seconds\r\n1,2,0.1\r\n", 1, "name `step`"),
    ])
    func `a damaged file is refused with its line`(text: String, line: Int, problem: String) throws {
        let error = #expect(throws: TrainingError.self) { try read(text) }
        guard case .badLog(_, line, let said) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(said.contains(problem))
    }

    @Test func `bytes that are no text, and no file, are refused`() throws {
        let path = folder.path + "/log.csv"
        try Data([0x73, 0xFF, 0xFE, 0x0A]).write(to: URL(fileURLWithPath: path))
        #expect(throws: TrainingError.badLog(file: path, line: 1, problem: "it is not text")) {
            try RunLog(contentsOf: path)
        }
        let absent = folder.path + "/absent.csv"
        #expect(throws: TrainingError.unreadable(.system(operation: .read, file: absent, code: ENOENT))) {
            try RunLog(contentsOf: absent)
        }
    }
}
