// SPDX-License-Identifier: MIT

import Files
import Foundation
import Sweeps
import Testing

/// The folder of a sweep, which many processes may begin at once.
struct SweepFolderTests {
    @Test func `many that begin the same sweep at once all find it theirs`() async throws {
        let yaml = "format: 1\nscene: pendulum\nsteps: 600\nparameters: {sac.batch: [1]}\ntrials: 8\n"
        let file = try SweepFile(yaml: Array(yaml.utf8), file: "s.yaml")
        for _ in 0..<40 {
            let path = NSTemporaryDirectory() + "sinew-sweep-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: path) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let folder = SweepFolder(path)
                        try folder.begin(file)
                        try Folder.make(folder.trial(number))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try SweepFolder(path).begun()?.yaml == file.yaml)
        }
    }
}
