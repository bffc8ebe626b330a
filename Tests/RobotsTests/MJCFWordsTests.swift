// SPDX-License-Identifier: MIT

import Foundation
import Robots
import Settings
import Testing

/// What is said of MJCF files: what is left out, and what is refused, with its line.
struct MJCFWordsTests {
    /// A file whose body has a joint, a geom and something more.
    private static func file(
        _ inside: String = "", top: String = "", joint: String = "", geom: String = "size=\"0.1\""
    ) -> String {
        """
        <mujoco model="m">
          \(top)
          <worldbody>
            <body name="b">
              <joint name="j" \(joint)/>
              <geom \(geom)/>
              \(inside)
            </body>
          </worldbody>
        </mujoco>
        """
    }

    private func said(_ text: String, file: String = "m.xml") -> String {
        do {
            return try Robot(urdf: text, file: file).notes.map(\.description).joined(separator: "\n")
        } catch {
            return error.errors.map(\.description).joined(separator: "\n")
        }
    }

    static let refusals: [(String, String)] = [
        (file(top: "<tendon><fixed/></tendon>"), "m.xml:2: <tendon> <fixed>: is not simulated; tendons"),
        (file(top: "<equality><weld body1='b'/></equality>"), "m.xml:2: <equality> <weld>: is not simulated"),
        (file(top: "<deformable><flex/></deformable>"), "m.xml:2: <deformable> <flex>: is not simulated"),
        (file("<composite/>"), "m.xml:7: <composite>: is not simulated; write its bodies out"),
        (file("<replicate/>"), "m.xml:7: <replicate>: is not simulated"),
        (file("<flexcomp/>"), "m.xml:7: <flexcomp>: is not simulated"),
        (
            file(top: "<actuator><muscle joint='j'/></actuator>"),
            "m.xml:2: <muscle>: is not simulated; use <motor>"
        ),
        (
            file(top: "<actuator><motor tendon='t'/></actuator>"),
            "m.xml:2: <motor>: drives a tendon, which is not simulated"
        ),
        (file(top: "<actuator><motor joint='k'/></actuator>"), "m.xml:2: <motor>: there is no joint 'k'"),
        (
            file(top: "<actuator><general joint='j' dyntype='integrator'/></actuator>"),
            "m.xml:2: <general>: dyntype 'integrator' is not simulated"
        ),
        (
            file(top: "<actuator><general joint='j' biastype='affine' biasprm='0 1 0'/></actuator>"),
            "m.xml:2: <general>: its force grows with position or velocity"
        ),
        (
            file(top: "<compiler coordinate='global'/>"),
            "m.xml:2: <compiler>: coordinate 'global' is not read"
        ),
        (file(top: "<default class='x'/>"), "m.xml:2: <default>: the outermost class 'x' must be 'main'"),
        (file(joint: "class='x'"), "m.xml:5: joint 'j': there is no default class 'x'"),
        (file(joint: "type='ball'"), "m.xml:5: joint 'j': a ball joint is not simulated; use three hinges"),
        (file(joint: "axis='0 0 0'"), "m.xml:5: joint 'j': the axis has no length"),
        (
            file(joint: "range='10 -10'"),
            "m.xml:5: joint 'j': range '10 -10': the first must be below the second"
        ),
        (file(joint: "limited='true'"), "m.xml:5: joint 'j': limited is true and there is no range"),
        (file(joint: "damping='1 2'"), "m.xml:5: joint 'j': damping that grows"),
        (file(joint: "damping='x'"), "m.xml:5: joint 'j': damping 'x' is not 1 to 3 finite numbers"),
        (file("<joint type='free'/>"), "m.xml:7: joint 'b_joint': a free joint is the only joint of a body"),
        (file(geom: ""), "m.xml:6: body 'b' <geom>: has no size"),
        (file(geom: "type='box' size='1 1'"), "m.xml:6: body 'b' <geom>: size '1 1': a box needs 3"),
        (file(geom: "type='cone' size='1'"), "m.xml:6: body 'b' <geom>: type 'cone' is unknown"),
        (
            file(geom: "size='0.1' euler='1 2 3' zaxis='1 0 0'"),
            "m.xml:6: body 'b' <geom>: has euler and zaxis"
        ),
        (file(geom: "type='ellipsoid' size='1 2 3'"), "m.xml:6: body 'b' <geom>: an ellipsoid that touches"),
        (file(geom: "type='plane' size='1 2 3'"), "m.xml:6: body 'b' <geom>: a plane that is part of a body"),
        (
            file(geom: "type='mesh' mesh='m'"),
            "m.xml:6: body 'b' <geom>: mesh 'm': there is no mesh of this name in <asset>"
        ),
        (
            file(geom: "type='mesh' mesh='m' contype='0' conaffinity='0'"),
            "m.xml:4: body 'b': its mass comes from meshes: there is no mesh of this name"
        ),
        (file("<inertial pos='0 0 0' mass='1'/>"), "m.xml:7: body 'b' <inertial>: has no inertia"),
        (file("<body name='b'/>"), "m.xml:7: body 'b': a body of this name is already in line 4"),
        (
            file("<body><joint name='j'/></body>"),
            "m.xml:7: joint 'j': a joint of this name is already in line 5"
        ),
        (
            file(top: "<contact><exclude body1='b' body2='c'/></contact>"),
            "m.xml:2: <exclude>: there is no body 'c'"
        ),
        ("<mujoco/>", "m.xml:1: <mujoco>: has no body"),
        ("<mujocoinclude/>", "m.xml:1: <mujocoinclude>: this is a part of a MuJoCo file (MJCF)"),
        (
            "<mujoco><worldbody><body name='a'><freejoint/><geom size='1'/></body>\n<body name='b'><freejoint/><geom size='1'/></body></worldbody></mujoco>",
            "m.xml:2: body 'b': is a second free body"
        ),
    ]

    @Test(arguments: refusals)
    func `what cannot be simulated is refused at its line`(text: String, words: String) {
        let said = said(text)
        #expect(said.contains(words), "\(said)")
    }

    static let remarks: [(String, String)] = [
        (
            file(geom: "size='1' condim='6' priority='2'"),
            "m.xml:6: warning: <geom condim, priority>: not read"
        ),
        (file(geom: "size='1' rgba='1 1 1 1'"), "m.xml:6: note: <geom rgba>: is ignored"),
        (file(geom: "size='1' colour='red'"), "m.xml:6: warning: <geom colour>: is not known and ignored"),
        (
            file("<camera/><camera/>"),
            "m.xml:7: note: <camera>: is ignored (cameras, lights and colours are not drawn), here and 1 more times"
        ),
        (file("<wheel/>"), "m.xml:7: warning: <wheel>: is not known and ignored"),
        (
            file(top: "<option timestep='0.002' gravity='0 0 -1'/>"),
            "m.xml:2: note: <option timestep>: is the scene's to say; to have it, write there: physics: {time_step: 0.002}"
        ),
        (
            file(top: "<option gravity='0 0 -1'/>"),
            "m.xml:2: warning: <option gravity>: is the scene's to say"
        ),
        (file(top: "<option gravity='0 0 -9.81'/>"), ""),
        (file(top: "<equality><weld active='false'/></equality>"), ""),
        (
            file(top: "<worldbody><geom type='plane'/></worldbody>"),
            "m.xml:2: note: <worldbody> <geom>: what stands still"
        ),
        (
            file(top: "<actuator><motor joint='j'/><motor joint='j'/></actuator>"),
            "m.xml:2: warning: <motor>: joint 'j' has the actuator 'j' already"
        ),
        (
            file(top: "<actuator><position joint='j' kp='1' timeconst='0.1'/></actuator>"),
            "its lag of 0.1 s is not simulated"
        ),
        (file("<site name='b'/>"), "m.xml:7: note: site 'b': is not a frame of its own"),
        (
            file(top: "<keyframe><key qpos='1 2'/></keyframe>"),
            "m.xml:2: <key qpos>: qpos '1 2' is not 1 finite number"
        ),
    ]

    @Test(arguments: remarks)
    func `what is left out is said`(text: String, words: String) {
        let said = said(text)
        #expect(words.isEmpty ? said.isEmpty : said.contains(words), "\(said)")
    }

    // MARK: Included files

    /// Writes files into a folder of its own and reads the first.
    private func said(files: [(name: String, text: String)]) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let path = folder.path + "/" + files[0].name
        do {
            let robot = try Robot.load(file: path)
            return (robot.included.map(\.name) + robot.notes.map(\.description)).joined(separator: " ")
                .replacing(folder.path, with: "F")
        } catch {
            return error.errors.map(\.description).joined(separator: "\n").replacing(folder.path, with: "F")
        }
    }

    private static let body = "<body name='b'><joint name='j'/><geom size='0.1'/></body>"

    @Test func `files are included from where they are named, and their errors name them`() throws {
        let main = "<mujoco>\n<worldbody>\n<include file='s/a.xml'/></worldbody></mujoco>"
        let inner = "<mujocoinclude><include file='b.xml'/></mujocoinclude>"
        let good = "<mujocoinclude>\n\(Self.body)</mujocoinclude>"
        #expect(
            try said(files: [("m.xml", main), ("s/a.xml", inner), ("s/b.xml", good)]) == "s/a.xml s/b.xml")
        // Named from the robot's own folder, as MuJoCo takes it too.
        let outer = "<mujocoinclude><include file='s/b.xml'/></mujocoinclude>"
        #expect(
            try said(files: [("m.xml", main), ("s/a.xml", outer), ("s/b.xml", good)]) == "s/a.xml s/b.xml")
        let bad = good.replacing("'0.1'", with: "'x'")
        let complaint = try said(files: [("m.xml", main), ("s/a.xml", inner), ("s/b.xml", bad)])
        #expect(complaint.hasPrefix("F/s/b.xml:2: body 'b' <geom>: size 'x' is not"), "\(complaint)")
        let broken = try said(files: [
            ("m.xml", main), ("s/a.xml", inner), ("s/b.xml", "<mujoco>\n<a></mujoco>"),
        ])
        #expect(broken.hasPrefix("F/s/b.xml:2: this is not well-formed XML"), "\(broken)")
    }

    @Test func `a file is included once, lies below the robot's, and has MuJoCo's root`() throws {
        func main(_ name: String) -> (String, String) {
            ("r/m.xml", "<mujoco>\n<include file='\(name)'/></mujoco>")
        }
        for (files, words) in [
            ([main("m.xml")], "'m.xml' is included already"),
            (
                [main("a.xml"), ("r/a.xml", "<mujocoinclude><include file='a.xml'/></mujocoinclude>")],
                "'a.xml' is included already"
            ),
            ([main("no.xml")], "F/r/m.xml:2: <include>: 'no.xml': there is no such file"),
            (
                [main("../x.xml"), ("x.xml", "<mujocoinclude/>")],
                "'../x.xml' leads out of the robot's folder"
            ),
            ([main("/etc/passwd")], "'/etc/passwd' leads out of the robot's folder"),
            ([main("a.xml"), ("r/a.xml", "<robot/>")], "'a.xml' has the root <robot>"),
            ([main("a.xml"), ("r/a.xml", "hello")], "F/r/a.xml:1: this is not XML"),
            ([main(".")], "this is a folder"),
        ] as [([(String, String)], String)] {
            let said = try said(files: files)
            #expect(said.contains(words), "\(said)")
        }
    }

    @Test func `the limits of a file hold for all that it includes`() throws {
        let many = "<mujocoinclude>" + String(repeating: "<camera/>", count: 60_000) + "</mujocoinclude>"
        let main = "<mujoco><worldbody><include file='a.xml'/><include file='b.xml'/></worldbody></mujoco>"
        #expect(
            try said(files: [("m.xml", main), ("a.xml", many), ("b.xml", many)])
                .contains("the file and what it includes have more than 100000 elements"))
        let deep = (0..<40).map { index in
            (
                "f\(index).xml",
                "<mujocoinclude><body><body><include file='f\(index + 1).xml'/></body></body></mujocoinclude>"
            )
        }
        let start = ("m.xml", "<mujoco><worldbody><include file='f0.xml'/></worldbody></mujoco>")
        #expect(try said(files: [start] + deep).contains("elements are nested more than 64 deep"))
        let long = (0..<120).map {
            ("f\($0).xml", "<mujocoinclude><include file='f\($0 + 1).xml'/></mujocoinclude>")
        }
        #expect(try said(files: [start] + long).contains("more than 100 files are included"))
    }
}
