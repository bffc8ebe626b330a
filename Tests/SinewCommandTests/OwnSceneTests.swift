// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing

/// A run contains what it ran: moved to where its scene is not, it does all that it did before.
struct OwnSceneTests {
    private let folder: TemporaryFolder

    /// A scene and a robot of the folder's own, and a run trained in it.
    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder["home"], withIntermediateDirectories: false)
        try folder.copy(SinewProcess.repository + "/Scenes/pendulum.yaml", to: "home/swing.yaml")
        try folder.copy(SinewProcess.repository + "/Robots/pendulum.urdf", to: "home/rod.urdf")
        try edit("home/swing.yaml", "robot: pendulum.urdf", "robot: rod.urdf")
        let outcome = try sinew(Self.tiny + ["--output", "home/run"], in: folder)
        try #require(outcome.code == 0, "\(outcome.errors)")
    }

    private static let tiny = ["train", "home/swing.yaml"] + Runs.tiny.dropFirst(2)

    private func edit(_ file: String, _ old: String, _ new: String) throws {
        let text = try String(contentsOfFile: folder[file], encoding: .utf8)
        try #require(text.contains(old))
        try folder.write(text.replacing(old, with: new), to: file)
    }

    private func returns(_ run: String) throws -> String {
        let outcome = try sinew("replay", run, "--episodes", "2", "--json", in: folder)
        #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        return outcome.output
    }

    @Test func `moved, with scene and robot gone, a run replays, exports, resumes and is trained again`()
        throws
    {
        let played = try returns("home/run")
        let whole = try sinew(Self.tiny + ["--output", "home/whole", "--steps", "900"], in: folder)
        #expect(whole.code == 0, "\(whole.errors)")
        let wanted = try Runs.Leavings(folder["home/whole"])

        try FileManager.default.createDirectory(atPath: folder["else"], withIntermediateDirectories: false)
        try FileManager.default.moveItem(atPath: folder["home/run"], toPath: folder["else/run"])
        try FileManager.default.removeItem(atPath: folder["home"])
        let before = try Runs.Leavings(folder["else/run"])

        #expect(try returns("else/run") == played)
        let exported = try sinew("export", "else/run", "--format", "safetensors", in: folder)
        #expect(exported.code == 0 && exported.output == "swing-sac-0.safetensors\n", "\(exported.errors)")
        #expect(try sinew("verify", "swing-sac-0.safetensors", "--against", "else/run", in: folder).code == 0)

        let again = try sinew("train", "else/run/run.yaml", in: folder)
        #expect(again.code == 0, "\(again.errors)")
        #expect(try Runs.Leavings(folder["runs/swing-sac-0"]) == before)
        // Again, beside it, with another seed and one of its settings changed.
        let other = try sinew("train", "else/run/run.yaml", "--set", "sac.batch=17", in: folder)
        #expect(other.code == 0 && other.output.contains("runs/swing-sac-0-2/"), "\(other.errors)")
        #expect(try Runs.Leavings(folder["runs/swing-sac-0-2"]) != before)
        let seeds = try sinew("train", "else/run/run.yaml", "--seeds", "0-1", "--output", "two", in: folder)
        #expect(seeds.code == 0, "\(seeds.errors)")
        #expect(try Runs.Leavings(folder["two/seed-0"]) == before)

        let resumed = try sinew("train", "else/run", "--resume", "--steps", "900", in: folder)
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(try Runs.Leavings(folder["else/run"]).policies[1] == wanted.policies[1])
        #expect(try Runs.Leavings(folder["else/run"]).logs[0] == wanted.logs[0])
    }

    @Test func `a changed comment is no difference, a changed number and robot are named`() throws {
        let played = try returns("home/run")
        try edit("home/swing.yaml", "robot: rod.urdf", "robot: rod.urdf # a comment")
        #expect(try returns("home/run") == played)
        try edit("home/swing.yaml", "substeps: 10", "substeps: 5")
        try edit("home/rod.urdf", "</robot>", "</robot>\n")
        for arguments in [
            ["replay", "home/run", "--episodes", "2", "--json"],
            ["train", "home/swing.yaml", "--output", "home/run", "--resume"],
            ["train", "home/run", "--resume"],
        ] {
            let outcome = try sinew(arguments, in: folder)
            #expect(outcome.code == 0, "\(outcome.errors)")
            for text in ["physics.substeps: 10 became 5", "the robot's file rod.urdf changed"] {
                #expect(outcome.errors.contains(text), "\(outcome.errors)")
            }
            if arguments[0] == "replay" { #expect(outcome.output == played) }
        }
        // In another scene on demand.
        let today = try sinew(
            "replay", "home/run", "--scene", "home/swing.yaml", "--episodes", "2", "--json", in: folder)
        #expect(today.code == 0 && today.errors.isEmpty && today.output != played)
    }

    @Test(arguments: ["swing.yaml", "rod.urdf"])
    func `a changed copy of scene or robot is refused`(_ file: String) throws {
        let (old, new) = file == "swing.yaml" ? ("substeps: 10", "substeps: 5") : ("</robot>", "</robot>\n")
        try edit("home/run/scene/\(file)", old, new)
        expectFailure(65, "own copy of its scene", from: try sinew("replay", "home/run", in: folder))
        expectFailure(
            65, "own copy of its scene", from: try sinew("train", "home/run", "--resume", in: folder))
    }

    @Test func `a resume that is refused leaves run.yaml as it was`() throws {
        let before = try Data(contentsOf: URL(fileURLWithPath: folder["home/run/run.yaml"]))
        try folder.write("damaged", to: "home/run/best.safetensors")
        let refused = try sinew("train", "home/run", "--resume", "--steps", "900", in: folder)
        #expect(refused.code == 65, "\(refused.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder["home/run/run.yaml"])) == before)
    }

    @Test func `nothing but training writes a run's own files, even with --force`() throws {
        let checkpoints = folder["home/run/checkpoints"]
        let step = try #require(try FileManager.default.contentsOfDirectory(atPath: checkpoints).first)
        try FileManager.default.createSymbolicLink(
            atPath: folder["link"], withDestinationPath: folder["home/run/last.safetensors"])
        for target in ["home/run/checkpoints/\(step)/state.safetensors", "home/run/scene/swing.yaml", "link"]
        {
            let outcome = try sinew(
                "export", "home/run", "--format", "safetensors", "--output", target, "--force", in: folder)
            #expect(outcome.code == 73, "\(target): \(outcome)")
        }
        let new = try sinew(
            "scenes", "--new", "home/rod.urdf", "--output", "home/run/run.yaml", "--force", in: folder)
        #expect(new.code == 73, "\(new)")
        #expect(try sinew("replay", "home/run", "--episodes", "1", in: folder).code == 0)
    }

    @Test func `a return that is no number does not silence status`() throws {
        let file = folder["home/run/evaluations.csv"]
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let header = try #require(text.split(separator: "\n").first)
        let cells = header.split(separator: ",").map {
            $0 == "step" ? "600" : $0 == "mean_return" ? "inf" : "1"
        }
        try "\(header)\n\(cells.joined(separator: ","))\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        let status = try sinew("status", "home/run", "--json", in: folder)
        #expect(status.code == 0 && status.output.contains("600"), "\(status)")
    }

    @Test func `seeds of a changed scene are told apart`() throws {
        try edit("home/swing.yaml", "robot: rod.urdf", "robot: rod.urdf # a comment")
        for (seed, curves) in [("1", 1), ("2", 2)] {
            let outcome = try sinew(Self.tiny + ["--seed", seed, "--output", "run\(seed)"], in: folder)
            #expect(outcome.code == 0, "\(outcome.errors)")
            let plot = try sinew("plot", "home/run", "run1", "run\(seed)", "--json", in: folder)
            let document = try JSONSerialization.jsonObject(with: Data(plot.output.utf8))
            #expect((document as? [Any])?.count == curves, "\(plot.errors)")
            if seed == "1" { try edit("home/swing.yaml", "substeps: 10", "substeps: 5") }
        }
    }

    @Test func `the folder of a run is not taken for a scene, and the newest run is found`() throws {
        expectFailure(64, "--resume", "home/run/run.yaml", from: try sinew("train", "home/run", in: folder))
        expectFailure(
            64, "--output", from: try sinew("train", "home/run", "--resume", "--output", "x", in: folder))
        try FileManager.default.createDirectory(atPath: folder["runs"], withIntermediateDirectories: false)
        try folder.copy(folder["home/run"], to: "runs/old")
        try folder.copy(folder["home/run"], to: "runs/new")
        let now = Date()
        for (name, age) in [("old", 100.0), ("new", 10)] {
            try FileManager.default.setAttributes(
                [.modificationDate: now - age], ofItemAtPath: folder["runs/\(name)/run.yaml"])
        }
        let replayed = try sinew("replay", "--episodes", "1", in: folder)
        #expect(replayed.code == 0 && replayed.errors.contains("runs/new"), "\(replayed.errors)")
        #expect(try sinew("plot", in: folder).errors.contains("runs/new"))
        expectFailure(66, "did you mean runs/old?", from: try sinew("replay", "old", in: folder))
        let status = try sinew("status", in: folder)
        #expect(
            status.output.contains(/runs\/new +finished +600 of 600 .* swing-sac-0\n/), "\(status)")
        let json = try sinew("status", "runs/old", "--json", in: folder)
        let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        #expect(document?.first?["state"] as? String == "finished")
    }
}
