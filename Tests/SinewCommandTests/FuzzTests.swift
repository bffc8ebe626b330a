// SPDX-License-Identifier: MIT

import Environments
import Files
import Foundation
import Testing

/// Whatever is given, the command ends by an exit code of its own, never by a trap.
struct FuzzTests {
    private static let codes: Set<Int32> = [0, 64, 65, 66, 70, 73, 74]

    private func expectNoTrap(_ arguments: [String], in folder: TemporaryFolder) throws {
        let process = try SinewProcess(arguments, in: folder.path)
        // What was taken for a long run is stopped; that is an answer, too.
        let deadline = Date(timeIntervalSinceNow: 1)
        while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.002) }
        process.send(SIGTERM)
        while process.isRunning, Date() < deadline + 20 { Thread.sleep(forTimeInterval: 0.002) }
        #expect(!process.isRunning, "\(arguments): SIGTERM does not stop it")
        process.send(SIGKILL)
        let outcome = try process.wait()
        let said = Comment(rawValue: "\(arguments)\n\(outcome.errors)")
        guard let code = outcome.code else {
            // Before the command listens, the signal itself ends it.
            #expect(outcome.signal == SIGTERM, said)
            return
        }
        #expect(Self.codes.contains(code) || code == 143, said)
        if code != 0, code != 143 { #expect(outcome.errors.contains("sinew: "), said) }
    }

    private func damaged(_ bytes: [UInt8], _ random: inout RandomStream) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.index(below: 3) where !bytes.isEmpty {
            let index = random.index(below: bytes.count)
            switch random.index(below: 4) {
            case 0: bytes[index] ^= 1 << random.index(below: 8)
            case 1: bytes[index] = UInt8(random.index(below: 256))
            case 2: bytes.removeSubrange(index..<min(bytes.count, index + 1 + random.index(below: 12)))
            default:
                bytes.insert(contentsOf: Array("-1e999 [".utf8).prefix(1 + random.index(below: 8)), at: index)
            }
        }
        return bytes
    }

    @Test func `random values of flags end in an exit code`() throws {
        let values = [
            "0", "-1", "1", "2", "7", "1e99", "nan", "-inf", "", " ", "[", "[]", "[16", "[1,,2]", "0x10",
            "9223372036854775807",
            "-9223372036854775808", "18446744073709551616", "1:1:1", "é", "\u{1F916}", "--", "-", "=", "true",
            "null",
            "0.5", "1e-320", "%s%n", "../../..", "a\nb", "16777217",
        ]
        let keys = [
            "steps", "hidden", "batch", "discount", "polyak_rate", "learning_rate", "temperature",
            "target_entropy",
            "initial_temperature", "warm_up", "updates_per_step", "replay_capacity", "", "bogus",
        ]
        var random = RandomStream(seed: 1, name: "flags")
        func pick(_ list: [String]) -> String { list[random.index(below: list.count)] }
        for _ in 0..<60 {
            let folder = try TemporaryFolder()
            var arguments = Runs.tiny
            for _ in 0...random.index(below: 2) {
                switch random.index(below: 8) {
                case 0...3: arguments += ["--set", "sac.\(pick(keys))=\(pick(values))"]
                case 4:
                    arguments += [
                        "--set", pick(["evaluate.every=", "evaluate.episodes=", "", "="]) + pick(values),
                    ]
                case 5:
                    arguments += [pick(["--seed", "--threads", "--steps", "--until-return"]), pick(values)]
                case 6: arguments += [pick(["--output", "--from", "--algorithm"]), pick(values)]
                default: arguments[1] = pick(values)
                }
            }
            try expectNoTrap(arguments, in: folder)
        }
    }

    @Test func `damaged run.yaml, scenes, robots, policies and checkpoints end in an exit code`() throws {
        let run = try Runs.finished.get()["run"]
        var random = RandomStream(seed: 2, name: "files")
        let repository = SinewProcess.repository
        for round in 0..<24 {
            let folder = try TemporaryFolder()
            try folder.copy(run, to: "run")
            try folder.copy(repository + "/Scenes/pendulum.yaml", to: "scene.yaml")
            try folder.copy(repository + "/Robots/pendulum.urdf", to: "pendulum.urdf")
            let (name, arguments) = [
                ("run/run.yaml", ["train", "pendulum", "--output", "run", "--resume", "--steps", "700"]),
                (
                    "run/checkpoints/step-000000600/state.safetensors",
                    ["train", "pendulum", "--output", "run", "--resume", "--steps", "700"]
                ),
                ("scene.yaml", ["train", "./scene.yaml"] + Runs.tiny.dropFirst(2)),
                ("pendulum.urdf", ["train", "./scene.yaml"] + Runs.tiny.dropFirst(2)),
                ("run/best.safetensors", ["replay", "run", "--episodes", "1"]),
                ("run/run.yaml", ["replay", "run", "--episodes", "1"]),
            ][round % 6]
            let bytes = damaged(try FileBytes.read(folder[name]), &random)
            try Data(bytes).write(to: URL(fileURLWithPath: folder[name]))
            try expectNoTrap(arguments, in: folder)
        }
    }
}
