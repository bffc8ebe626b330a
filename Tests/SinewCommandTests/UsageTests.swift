// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// Wrong use: one clear error, its exit code, and nothing made or changed.
struct UsageTests {
    @Test(
        arguments: [
            (64, "<scene>", ["train"]),
            (64, "frobnicate", ["frobnicate"]),
            (64, "--bogus", ["train", "pendulum", "--bogus"]),
            (64, "-5", ["train", "pendulum", "--steps", "-5"]),
            (64, "1 or more", ["train", "pendulum", "--steps", "0"]),
            (
                64, "'abc' is invalid for '--steps <steps>': it must be a whole number",
                ["train", "pendulum", "--steps", "abc"]
            ),
            (64, "1e99", ["train", "pendulum", "--steps", "1e99"]),
            (64, "99999999999999999999", ["train", "pendulum", "--steps", "99999999999999999999"]),
            (64, "1000000001", ["train", "pendulum", "--steps", "1000000001"]),
            (64, "from 0 to", ["train", "pendulum", "--seed", "-1"]),
            (64, "0-4", ["train", "pendulum", "--seeds", "4-0"]),
            (64, "each seed once", ["train", "pendulum", "--seeds", "0-2,1"]),
            (64, "did you mean 'train'", ["trian", "pendulum"]),
            (64, "allowed: train, status", ["xyzzy"]),
            (64, "18446744073709551616", ["train", "pendulum", "--seed", "18446744073709551616"]),
            (64, "it must be a whole number from 1 to 16", ["train", "pendulum", "--threads", "17"]),
            (64, "--threads", ["train", "pendulum", "--threads", "0"]),
            (64, "it must be a finite number", ["train", "pendulum", "--until-return", "nan"]),
            (64, "--until-return", ["train", "pendulum", "--until-return", "inf"]),
            (64, "1 to 64", ["study", "contraction", "--threads", "abc"]),
            (64, "did you mean 'contraction'", ["study", "contractoin"]),
            (64, "1 to 1000000000", ["replay", "run", "--episodes", "0"]),
            (64, "at most 600", ["bench", "policy", "--seconds", "0"]),
            (64, "goes with sac-update", ["bench", "policy", "--batch", "1e2"]),
            (64, "ppo", ["train", "pendulum", "--algorithm", "ppo"]),
            (64, "did you mean 'sac'?", ["train", "pendulum", "--algorithm", "sack"]),
            (64, "'batch'", ["train", "pendulum", "--set", "sac.bacth=128"]),
            (64, "did you mean 'evaluate'?", ["train", "pendulum", "--set", "evaluat.every=5"]),
            (64, "KEY=VALUE", ["train", "pendulum", "--set", "sac.batch"]),
            (64, "sac.batch", ["train", "pendulum", "--set", "sac.batch=0"]),
            (64, "sac.batch", ["train", "pendulum", "--set", "sac.batch=1.5"]),
            (64, "sac.batch", ["train", "pendulum", "--set", "sac.batch="]),
            (
                64, "replay_capacity",
                ["train", "pendulum", "--set", "sac.batch=99", "--set", "sac.replay_capacity=98"]
            ),
            (64, "sac.hidden", ["train", "pendulum", "--set", "sac.hidden=[0]"]),
            (64, "sac.hidden", ["train", "pendulum", "--set", "sac.hidden=[1,2,3,4,5,6,7,8]"]),
            (64, "sac.hidden", ["train", "pendulum", "--set", "sac.hidden=[[[[16]]]]"]),
            (64, "sac.discount", ["train", "pendulum", "--set", "sac.discount=nan"]),
            (64, "sac.learning_rate", ["train", "pendulum", "--set", "sac.learning_rate=-0.1"]),
            (64, "replay_capacity", ["train", "pendulum", "--set", "sac.replay_capacity=1000000000"]),
            (
                64, "memory",
                ["train", "ant", "--steps", "1000000000", "--set", "sac.replay_capacity=100000000"]
            ),
            (64, "evaluate.every", ["train", "pendulum", "--set", "evaluate.every=0"]),
            (64, "100000", ["train", "pendulum", "--set", "evaluate.episodes=9223372036854775807"]),
            (64, "bogus", ["bench", "bogus"]),
            (64, "--width", ["bench", "policy", "--width", "0"]),
            (64, "--seconds", ["bench", "policy", "--seconds", "nan"]),
            (
                64, "longer",
                ["train", "pendulum", "--set", "sac.hidden=" + String(repeating: "[", count: 100_000)]
            ),
            (66, "did you mean 'pendulum'", ["train", "pendulm"]),
            (66, "there is none", ["train", ""]),
            (66, "no such file", ["train", "./absent.yaml"]),
            (66, "absent", ["train", "pendulum", "--from", "absent"]),
            (64, "--episodes", ["replay", "run", "--episodes", "0"]),
            (64, "--episodes", ["replay", "run", "--episodes", "-3"]),
            (66, "absent", ["replay", "absent"]),
            (66, "not a run folder (no run.yaml)", ["replay", "."]),
            (66, "no run in runs/", ["replay"]), (66, "no run in runs/", ["status"]),
            (66, "no run in runs/", ["plot"]), (66, "absent", ["status", "absent"]),
            (66, "not a run folder", ["status", "."]),
            (64, "frobnicate", ["train", "pendulum", "--set", "frobnicate.x=1"]),
            (66, "absent", ["export", "absent", "--format", "safetensors"]),
            (64, "--format", ["export", "run"]),
            (64, "safetensors", ["export", "run", "--format", "pickle"]),
            (66, "did you mean", ["scenes", "hoper"]),
            (66, "absent", ["scenes", "--check", "absent.urdf"]),
        ] as [(Int32, String, [String])])
    func `wrong words get one error and make nothing`(code: Int32, mention: String, arguments: [String])
        throws
    {
        let folder = try TemporaryFolder()
        expectFailure(code, mention, from: try sinew(arguments, in: folder))
        #expect(folder.files().isEmpty)
    }

    @Test(arguments: [
        "train", "status", "replay", "export", "verify", "scenes", "plot", "study", "bench", "--help",
    ])
    func `help is as wide as a terminal`(verb: String) throws {
        let outcome = try sinew(verb, "--help", in: TemporaryFolder())
        #expect(outcome.code == 0)
        for line in outcome.output.split(separator: "\n") { #expect(line.count <= 80) }
    }

    @Test func `a misspelt key in a scene is shown with file, line and the nearest key`() throws {
        let folder = try TemporaryFolder()
        let scene = try String(
            contentsOfFile: SinewProcess.repository + "/Scenes/pendulum.yaml", encoding: .utf8)
        for (right, wrong, line) in [
            ("episode:", "epsiode:", "episode"), ("{steps: 200}", "{stpes: 200}", "steps"),
            ("batch: 100", "bacth: 100", "batch"), ("gear: 2", "gera: 2", "gear"),
            ("term: joint_sines", "term: joint_sine", "joint_sines"),
        ] {
            let text = scene.replacing(right, with: wrong)
            try folder.write(text, to: "scene.yaml")
            let number = text.split(separator: "\n", omittingEmptySubsequences: false)
                .firstIndex { $0.contains(wrong) }
            let outcome = try sinew("train", "./scene.yaml", in: folder)
            expectFailure(65, "scene.yaml:\(try #require(number) + 1): ", "'\(line)'", from: outcome)
        }
        for (right, wrong) in [
            ("time_step: 0.005", "time_step: -1"), ("batch: 100", "batch: 0"),
            ("substeps: 10", "substeps: 1e99"),
            ("robot: pendulum.urdf", "robot: absent.urdf"), ("joints: [hinge]", "joints: [hing]"),
            ("format: 1", "format: ["),
        ] {
            try folder.write(scene.replacing(right, with: wrong), to: "scene.yaml")
            let outcome = try sinew("train", "./scene.yaml", in: folder)
            expectFailure(65, "scene.yaml", from: outcome)
        }
        #expect(folder.files().count == 1)
    }

    @Test func `bench measures what it is asked for, as JSON too`() throws {
        let folder = try TemporaryFolder()
        for name in ["policy", "sac-update"] {
            let outcome = try sinew(
                "bench", name, "--width", "16", "--observations", "4", "--actions", "2", "--seconds", "0.05",
                "--json",
                in: folder)
            #expect(outcome.code == 0, "\(outcome.errors)")
            let figures = try #require(
                JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
            #expect(figures.count == 1 && figures[0]["width"] as? Int == 16)
            let key = name == "policy" ? "median_us" : "updates_per_second"
            #expect(try #require(figures[0][key] as? Double) > 0)
        }
        #expect(folder.files().isEmpty)
    }

    @Test func `bench measures the physics steps of a scene, with its keys changed`() throws {
        let folder = try TemporaryFolder()
        let outcome = try sinew(
            "bench", "physics", "--scene", "pendulum", "--set", "physics.time_step=0.002", "--seconds",
            "0.05",
            "--json", in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let figures = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        #expect(figures.count == 1 && figures[0]["time_step"] as? Double == 0.002)
        #expect(try #require(figures[0]["us_per_step"] as? Double) > 0)
    }

    @Test func `neither a recording nor an export is written over a policy or a file of a run`() throws {
        let folder = try TemporaryFolder()
        try folder.copy(try Runs.finished.get()["run"], to: "run")
        try folder.copy(folder["run/best.safetensors"], to: "policy.safetensors")
        let before = folder.files()
        for (source, target) in [
            ("policy.safetensors", "policy.safetensors"), ("policy.safetensors", "run/../policy.safetensors"),
            ("run", "run/best.safetensors"), ("run", "run/run.yaml"),
            ("policy.safetensors", "run/last.safetensors"),
        ] {
            if target != "run/run.yaml" {
                expectFailure(
                    73, "another file", from: try sinew("replay", source, "--record", target, in: folder))
            }
            for format in ["onnx", "safetensors"] {
                expectFailure(
                    73, "another file",
                    from: try sinew("export", source, "--format", format, "--output", target, in: folder))
            }
        }
        #expect(folder.files() == before)
    }

    @Test func `a run that is there is not touched`() throws {
        let folder = try TemporaryFolder()
        try folder.copy(try Runs.finished.get()["run"], to: "run")
        let before = folder.files()
        expectFailure(
            73, "--resume", "--output", from: try sinew(Runs.tiny + ["--output", "run"], in: folder))
        // A folder of something else is nobody's run.
        try folder.write("mine", to: "notes.txt")
        for extra in [[], ["--resume"]] {
            expectFailure(73, from: try sinew(Runs.tiny + ["--output", "."] + extra, in: folder))
            expectFailure(
                73, "notes.txt", from: try sinew(Runs.tiny + ["--output", "notes.txt"] + extra, in: folder))
        }
        try FileManager.default.removeItem(atPath: folder["notes.txt"])
        #expect(folder.files() == before)
    }

    @Test func `a damaged policy is refused`() throws {
        let folder = try TemporaryFolder()
        let sound = try Data(contentsOf: URL(fileURLWithPath: Runs.finished.get()["run/best.safetensors"]))
        var cases: [(String, Data)] = [
            ("cut", sound.dropLast(sound.count / 3)), ("empty", Data()),
            ("text", Data("weights: none\n".utf8)),
            ("longer", sound + Data([0])), ("seven", sound.prefix(7)),
        ]
        for bit in [3, 70, sound.count * 4, sound.count * 8 - 9] {
            var data = sound
            data[bit / 8] ^= 1 << (bit % 8)
            cases.append(("flipped\(bit)", data))
        }
        for (name, data) in cases {
            try data.write(to: URL(fileURLWithPath: folder[name]))
            for arguments in [
                ["replay", name], ["export", name, "--format", "safetensors", "--output", "out"],
                ["train", "pendulum", "--from", name],
            ] {
                expectFailure(65, name, from: try sinew(arguments, in: folder))
            }
        }
        #expect(Set(folder.files().keys) == Set(cases.map(\.0)))
        // A folder that is no run, and one whose best policy is damaged.
        try FileManager.default.createDirectory(atPath: folder["folder"], withIntermediateDirectories: false)
        expectFailure(66, "run.yaml", from: try sinew("replay", "folder", in: folder))
        expectFailure(65, "folder", from: try sinew("train", "pendulum", "--from", "folder", in: folder))
        try folder.copy(try Runs.finished.get()["run"], to: "run")
        try cases[0].1.write(to: URL(fileURLWithPath: folder["run/best.safetensors"]))
        expectFailure(65, "best.safetensors", from: try sinew("replay", "run", in: folder))
    }

    @Test func `a policy of another robot is refused in a scene`() throws {
        let folder = try TemporaryFolder()
        let run = try Runs.finished.get()["run"]
        expectFailure(65, "--scene", from: try sinew("replay", run, "--scene", "hopper", in: folder))
    }

    @Test func `a policy that is overwritten by a failing export stays`() throws {
        let folder = try TemporaryFolder()
        let run = try Runs.finished.get()["run"]
        try folder.write("old", to: "out")
        for output in ["absent/out", "out/out", "."] {
            expectFailure(
                73, from: try sinew("export", run, "--format", "safetensors", "--output", output, in: folder))
        }
        for output in ["absent/out.safetensors", "out/out.safetensors"] {
            expectFailure(
                73, from: try sinew("replay", run, "--episodes", "1", "--record", output, in: folder))
        }
        #expect(folder.files() == ["out": Array("old".utf8)])
    }
}
