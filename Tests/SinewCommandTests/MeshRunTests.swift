// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing

/// A run of a robot that touches with meshes contains them too.
struct MeshRunTests {
    private let folder: TemporaryFolder

    /// The pendulum with a box of a mesh at its tip, in another package, and a run trained with it.
    init() throws {
        folder = try TemporaryFolder()
        for name in ["home", "parts/meshes"] {
            try FileManager.default.createDirectory(atPath: folder[name], withIntermediateDirectories: true)
        }
        try folder.copy(SinewProcess.repository + "/Scenes/pendulum.yaml", to: "home/swing.yaml")
        let scene = try String(contentsOfFile: folder["home/swing.yaml"], encoding: .utf8)
        try folder.write(
            scene.replacing("robot: pendulum.urdf", with: "robot: rod.urdf"), to: "home/swing.yaml")
        let urdf = try String(
            contentsOfFile: SinewProcess.repository + "/Robots/pendulum.urdf", encoding: .utf8)
        let mesh =
            "<collision><geometry><mesh filename=\"package://tips/meshes/tip.obj\"/></geometry></collision>"
        try folder.write(
            urdf.replacing("<link name=\"tip\"/>", with: "<link name=\"tip\">\(mesh)</link>"),
            to: "home/rod.urdf")
        try folder.write(Self.tetrahedron(height: 0.1), to: "parts/meshes/tip.obj")
        let outcome = try sinew(Self.tiny + ["--output", "home/run"], in: folder)
        try #require(outcome.code == 0, "\(outcome.errors)")
    }

    private static let tiny =
        ["train", "home/swing.yaml"] + Runs.tiny.dropFirst(2) + ["--package", "tips=parts"]

    private static func tetrahedron(height: Double) -> String {
        "v 0 0 0\nv 0.1 0 0\nv 0 0.1 0\nv 0 0 \(height)\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n"
    }

    private func returns(_ run: String) throws -> String {
        let outcome = try sinew("replay", run, "--episodes", "2", "--json", in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
        return outcome.output
    }

    private func copy(in run: String) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder["\(run)/scene"])
        return try #require(names.first { $0.hasPrefix("mesh-") && $0.hasSuffix("-tip.obj") })
    }

    @Test func `moved, with its meshes gone, a run replays, resumes and is trained again`() throws {
        let played = try returns("home/run")
        try FileManager.default.createDirectory(atPath: folder["else"], withIntermediateDirectories: false)
        try FileManager.default.moveItem(atPath: folder["home/run"], toPath: folder["else/run"])
        for name in ["home", "parts"] { try FileManager.default.removeItem(atPath: folder[name]) }
        let before = try Runs.Leavings(folder["else/run"])
        #expect(try returns("else/run") == played)
        let again = try sinew("train", "else/run/run.yaml", in: folder)
        #expect(again.code == 0, "\(again.errors)")
        #expect(try Runs.Leavings(folder["runs/swing-sac-0"]) == before)
        let resumed = try sinew("train", "else/run", "--resume", "--steps", "900", in: folder)
        #expect(resumed.code == 0, "\(resumed.errors)")
    }

    @Test func `a mesh that changed is named, and in the run's copy refused`() throws {
        let played = try returns("home/run")
        try folder.write(Self.tetrahedron(height: 0.2), to: "parts/meshes/tip.obj")
        let resumed = try sinew(
            "train", "home/swing.yaml", "--output", "home/run", "--resume", "--package", "tips=parts",
            in: folder)
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(
            resumed.errors.contains("the mesh package://tips/meshes/tip.obj changed"), "\(resumed.errors)")
        #expect(try returns("home/run") == played)
        let copy = "home/run/scene/\(try copy(in: "home/run"))"
        try folder.write(Self.tetrahedron(height: 0.2), to: copy)
        expectFailure(65, "own copy of its scene", from: try sinew("replay", "home/run", in: folder))
        try FileManager.default.removeItem(atPath: folder[copy])
        expectFailure(65, "the run's copy of it, ", from: try sinew("replay", "home/run", in: folder))
    }

    @Test func `without its package a robot is refused, with the places and the flag`() throws {
        for arguments in [
            ["train", "home/swing.yaml"], ["scenes", "--new", "home/rod.urdf"],
            ["scenes", "home/swing.yaml"],
        ] {
            let outcome = try sinew(arguments, in: folder)
            #expect(outcome.code == 65, "\(outcome)")
            #expect(outcome.errors.contains("there is no such file; looked in "), "\(outcome.errors)")
            #expect(outcome.errors.contains("--package tips=FOLDER"), "\(outcome.errors)")
        }
        let check = try sinew("scenes", "--check", "home/rod.urdf", "--package", "tips=parts", in: folder)
        #expect(check.code == 0, "\(check)")
        let wrong = try sinew("scenes", "--check", "home/rod.urdf", "--package", "tips", in: folder)
        expectFailure(64, "it must be NAME=FOLDER", from: wrong)
    }
}
