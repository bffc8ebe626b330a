// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// What a shell offers where one presses the tabulator.
struct CompletionTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for path in ["runs", "empty"] {
            try FileManager.default.createDirectory(
                atPath: folder[path], withIntermediateDirectories: false)
        }
        try folder.copy(try Runs.finished.get()["run"], to: "runs/pendulum-sac-0")
        for file in ["mine.yaml", "mine.safetensors", "mine.txt"] { try folder.write("", to: file) }
    }

    /// What bash offers for `word` after the verb, by the script that the command writes.
    private func offered(_ verb: String, _ word: String) throws -> Set<Substring> {
        let bash = #"""
            source ./script; COMP_WORDS=("$0" "$1" "$2"); COMP_CWORD=2; COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
            _sinew "$0" "$2" "$1"; printf "%s\n" "${COMPREPLY[@]}"
            """#
        let script =
            "\"$0\" --generate-completion-script bash >script; exec /bin/bash -c '\(bash)' \"$0\" \"$@\""
        let outcome = try SinewProcess([verb, word], in: folder.path, after: script).wait()
        #expect(outcome.errors.isEmpty, "\(outcome.errors)")
        return Set(outcome.output.split(separator: "\n"))
    }

    @Test func `scenes, runs and the files that fit are offered`() throws {
        #expect(try offered("train", "pend") == ["pendulum"])
        #expect(try offered("train", "inv") == ["inverted-pendulum", "inverted-double-pendulum"])
        #expect(try offered("train", "m") == ["mine.yaml"])
        #expect(try offered("replay", "") == ["runs/pendulum-sac-0", "runs/", "empty/", "mine.safetensors"])
        #expect(try offered("export", "runs/") == ["runs/pendulum-sac-0"])
        #expect(try offered("scenes", "runs/pend") == ["runs/pendulum-sac-0/"])
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `each shell has its script`(shell: String) throws {
        let outcome = try sinew("--generate-completion-script", shell, in: folder)
        #expect(outcome.code == 0 && outcome.errors.isEmpty)
        #expect(outcome.output.contains("sinew") && outcome.output.contains("---completion"))
    }
}
