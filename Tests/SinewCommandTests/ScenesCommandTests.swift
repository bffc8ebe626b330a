// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// `sinew scenes` as people run it: what it prints, what it writes, how it ends.
struct ScenesCommandTests {
    /// An arm of two links on a massless root, and what a test puts into it.
    private static func arm(_ inside: String = "") -> String {
        """
        <robot name="arm">
          <link name="base"/>
          <link name="upper">
            <inertial><origin xyz="0 0 0.2"/><mass value="1"/><inertia ixx="0.02" iyy="0.02" izz="0.01"/></inertial>
            <collision><origin xyz="0 0 0.2"/><geometry><box size="0.05 0.05 0.4"/></geometry></collision>
          </link>
          <link name="lower">
            <inertial><origin xyz="0 0 0.2"/><mass value="0.5"/><inertia ixx="0.01" iyy="0.01" izz="0.005"/></inertial>
          </link>
          <joint name="shoulder" type="revolute"><parent link="base"/><child link="upper"/><axis xyz="0 1 0"/>
            <limit lower="-2" upper="2" effort="20" velocity="10"/></joint>
          <joint name="elbow" type="revolute"><origin xyz="0 0 0.4"/><parent link="upper"/><child link="lower"/><axis xyz="0 1 0"/>
            <limit lower="-2" upper="2" effort="10" velocity="10"/>\(inside)</joint>
        </robot>
        """
    }

    @Test func `a scene is shown within 100 columns, with its spaces, robot, terms and settings`() throws {
        let folder = try TemporaryFolder()
        for name in ["hopper", "quadruped", "reacher", "ant"] {
            let outcome = try sinew("scenes", name, in: folder)
            #expect(outcome.code == 0, "\(outcome.errors)")
            let long = outcome.output.split(separator: "\n").filter { $0.count > 100 }
            #expect(long == [], "\(name)")
        }
        let hopper = try sinew("scenes", "hopper", in: folder).output
        for text in [
            "control every 0.008 s (125 Hz): 4 physics steps of 0.002 s", "base     planar",
            "robot 'hopper': 4 links, 3 joints that move, ", "└─ thigh", "hinge about ", "armature 1",
            "observation: 11 numbers", "joint_velocities.foot", "rad/s  -10 to 10",
            "action: 3 numbers in [-1, 1]", "torque  -200 to 200 N m", "gear 200",
            "1 × forward_velocity: The mean velocity", "-0.001 × action_squared",
            "base_position below 0.7 (axis z)", "after 1000 steps (8 s)", "reset ", "{uniform: 0.005}",
            "hidden [64, 64]", "every 10000 steps over 10 episodes",
        ] { #expect(hopper.contains(text), "\(text)\n\(hopper)") }
    }

    @Test func `everything that is wrong in a scene, its robot's joints and its train block is said at once`()
        throws
    {
        let folder = try TemporaryFolder()
        var text = try String(
            contentsOfFile: "\(SinewProcess.repository)/Scenes/hopper.yaml", encoding: .utf8)
        for (old, new) in [
            ("joints: [thigh, leg, foot]", "joints: [thigh, leg, fot]"), ("term: alive", "term: alife"),
            ("batch: 128", "batch: -1"), ("hidden: [64, 64]", "hiden: [64, 64]"),
        ] {
            #expect(text.contains(old))
            text = text.replacingOccurrences(of: old, with: new)
        }
        try folder.write(text, to: "wrong.yaml")
        let outcome = try sinew("scenes", "--check", "wrong.yaml", in: folder)
        #expect(outcome.code == 65)
        for text in [
            "no joint 'fot'; did you mean 'foot'?", "did you mean 'alive'?",
            "train.sac.batch: -1 is not a whole number from 1 to 65536",
            "train.sac.hiden: unknown key; did you mean 'hidden'?",
        ] { #expect(outcome.output.contains(text), "\(text)\n\(outcome.output)") }
        let errors = outcome.output.split(separator: "\n").filter { $0.contains(": error: ") }
        #expect(errors.allSatisfy { $0.contains(#/^wrong\.yaml:\d+: error: /#) })
        #expect(outcome.errors == "sinew: wrong.yaml: \(errors.count) errors, 0 warnings\n")
    }

    @Test func `a scene is written as a MuJoCo file, once, and what MuJoCo cannot say is noted`() throws {
        let folder = try TemporaryFolder()
        let first = try sinew("scenes", "cheetah", "--mjcf", "cheetah.xml", in: folder)
        #expect(first.code == 0, "\(first.errors)")
        #expect(first.output == "wrote cheetah.xml: 7 links, 6 joints, 6 actuators\n")
        #expect(first.errors.contains("note: contact restitution 0.25: MuJoCo has none"))
        let written = { try String(contentsOfFile: folder["cheetah.xml"], encoding: .utf8) }
        let text = try written()
        #expect(text.contains("restitution 0.25") && text.contains("<motor name="))
        let second = try sinew("scenes", "cheetah", "--mjcf", "cheetah.xml", in: folder)
        #expect(second.code == 73 && second.errors.contains("--force"))
        try folder.write("mine", to: "cheetah.xml")
        #expect(try sinew("scenes", "cheetah", "--mjcf", "cheetah.xml", "--force", in: folder).code == 0)
        #expect(try written() == text)
        let piped = try sinew("scenes", "cheetah", "--mjcf", "/dev/stdout", in: folder)
        #expect(piped.output == text)
        #expect(try sinew("scenes", "--check", "cheetah.xml", in: folder).code == 0)
        for wrong in [
            ["--mjcf", "a.xml"], ["cheetah", "--force"], ["cheetah", "--json", "--mjcf", "a.xml"],
            ["cheetah", "--mjcf", "a.png"],
        ] {
            #expect(try sinew(["scenes"] + wrong, in: folder).code == 64, "\(wrong)")
        }
    }

    @Test func `an algorithm that there is not is an error`() throws {
        let folder = try TemporaryFolder()
        let text = try String(
            contentsOfFile: "\(SinewProcess.repository)/Scenes/pendulum.yaml", encoding: .utf8)
        try folder.write(text.replacingOccurrences(of: "  sac:", with: "  sack:"), to: "p.yaml")
        let outcome = try sinew("scenes", "--check", "p.yaml", in: folder)
        #expect(
            outcome.code == 65
                && outcome.output.contains("train.sack: there is no such algorithm; did you mean 'sac'?"))
    }

    @Test(
        arguments: [
            (
                "<limit lower=\"-2\" upper=\"2\" effort=\"20\"",
                "<limit lower=\"-2\" upper=\"2\" effort=\"0\"",
                "is 0 while other joints have more: it is taken as passive"
            ),
            (
                "ixx=\"0.02\" iyy=\"0.02\" izz=\"0.01\"", "ixx=\"0.02\" iyy=\"0.02\" izz=\"0.09\"",
                "no body has this inertia: its greatest principal moment 0.09"
            ),
            (
                "ixx=\"0.02\" iyy=\"0.02\" izz=\"0.01\"", "ixx=\"2\" iyy=\"2\" izz=\"2\"",
                "reach 1.414 m from their centre"
            ),
            ("<mass value=\"1\"/>", "<mass value=\"0.0004\"/>", "times as heavy as 'upper'"),
        ])
    func `what will simulate badly is a warning, and the trial goes on`(
        old: String, new: String, warning: String
    )
        throws
    {
        let folder = try TemporaryFolder()
        #expect(Self.arm().contains(old))
        try folder.write(Self.arm().replacingOccurrences(of: old, with: new), to: "arm.urdf")
        let outcome = try sinew("scenes", "--check", "arm.urdf", in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("arm.urdf:") && outcome.output.contains("warning: "))
        #expect(outcome.output.contains(warning), "\(outcome.output)")
        #expect(outcome.output.contains("10 s with random actions: stable"))
    }

    @Test func `an overlap with an obstacle, a stiff servo and a gain of energy are warnings`() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.arm(), to: "arm.urdf")
        #expect(try sinew("scenes", "--new", "arm.urdf", in: folder).code == 0)
        var text = try String(contentsOfFile: folder["arm.yaml"], encoding: .utf8)
        // Upright, and driven by efforts, so that only the obstacle moves it.
        text = text.replacing(#/ +(shoulder|elbow): .*\n/#, with: "").replacing("  joints:\n", with: "")
        text = text.replacing(#/kind: position.*/#, with: "kind: torque, gear: 5, armature: 0.01}")
        text = text.replacing(", solver: articulated", with: "")
        try folder.write(
            text + "obstacles:\n  - {size: [1, 1, 0.2], position: [0, 0, 0.2]}\n", to: "blocked.yaml")
        let blocked = try sinew("scenes", "--check", "blocked.yaml", in: folder)
        #expect(
            blocked.output.contains("link 'upper' starts 0.3 m inside obstacles[0]"), "\(blocked.output)")
        #expect(blocked.output.contains("without action the robot gains "), "\(blocked.output)")

        let written = try #require(text.firstMatch(of: /- \{joints: \[elbow\].*/))
        let servo = "- {joints: [elbow], kind: position, kp: 100000, kd: 1, scale: 1}"
        try folder.write(text.replacingOccurrences(of: String(written.0), with: servo), to: "stiff.yaml")
        let stiff = try sinew("scenes", "--check", "stiff.yaml", in: folder)
        #expect(stiff.code == 0 && stiff.output.contains("joint 'elbow' is too stiff for it"))
    }

    @Test func `a new scene checks without an error, trains, and is never written over another file`() throws
    {
        let folder = try TemporaryFolder()
        try folder.write(Self.arm(), to: "arm.urdf")
        let new = try sinew("scenes", "--new", "arm.urdf", in: folder)
        #expect(new.code == 0, "\(new.errors)")
        #expect(new.output.contains("wrote arm.yaml: 2 joints, base fixed"))
        #expect(new.output.contains("  sinew scenes --check arm.yaml\n  sinew train arm.yaml\n"))
        let check = try sinew("scenes", "--check", "arm.yaml", in: folder)
        #expect(check.code == 0 && check.output.hasSuffix("arm.yaml: no errors\n"), "\(check.output)")
        let train = try sinew(
            ["train", "arm.yaml", "--steps", "300"]
                + [
                    "sac.warm_up=100", "sac.hidden=[8]", "sac.batch=8", "evaluate.every=300",
                    "evaluate.episodes=1",
                ]
                .flatMap { ["--set", $0] }, in: folder)
        #expect(train.code == 0, "\(train.errors)")

        let before = folder.files(below: "")
        let again = try sinew("scenes", "--new", "arm.urdf", in: folder)
        #expect(
            again.code == 73 && again.errors.contains("arm.yaml: exists; pass --force to replace it"))
        #expect(folder.files(below: "") == before)
        let elsewhere = try sinew("scenes", "--new", "arm.urdf", "--output", "scenes/my arm.yaml", in: folder)
        #expect(elsewhere.code == 0 && elsewhere.output.contains("sinew train 'scenes/my arm.yaml'"))
        #expect(try sinew("scenes", "--check", "scenes/my arm.yaml", in: folder).code == 0)
        // A name of one letter is a file as any other.
        let short = try sinew("scenes", "--new", "arm.urdf", "--output", "y", in: folder)
        #expect(short.code == 0 && short.output.contains("sinew train ./y"), "\(short.errors)")
        #expect(try sinew("scenes", "./y", in: folder).output.contains("arm.urdf"))
    }

    @Test func `a robot in a scene's place and a scene in a robot's are told what they are`() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.arm(), to: "arm.urdf")
        try folder.write("format: 1\n", to: "s.yaml")
        for arguments in [["scenes", "arm.urdf"], ["train", "arm.urdf"], ["scenes", "./arm.urdf"]] {
            let outcome = try sinew(arguments, in: folder)
            #expect(
                outcome.code == 65 && outcome.errors.contains("arm.urdf:1: this is XML")
                    && outcome.errors.contains("`sinew scenes --new ROBOT.urdf` writes a scene"),
                "\(outcome.errors)")
        }
        let scene = try sinew("scenes", "--new", "s.yaml", in: folder)
        #expect(scene.code == 65 && scene.errors.contains("s.yaml:1: this is not XML"), "\(scene.errors)")
    }

    @Test func `what is no robot is told what it is, whatever its name ends in`() throws {
        let folder = try TemporaryFolder()
        for (name, content, words) in [
            ("model.sdf", "<sdf version='1.6'/>", "this is an SDF file"),
            ("m.xml", "<mujoco/>", "<mujoco>: has no body"),
            ("part.stl", "solid x\nendsolid x\n", "this is an STL mesh"),
            ("r.urdf.xacro", Self.arm("<xacro:x/>"), "expand it first: xacro r.urdf.xacro > r.urdf"),
            ("page.urdf", "<!DOCTYPE html><html></html>", "this is a web page"),
            ("robot", Self.arm("<xacro:x/>"), "xacro file"),
            (
                "scene.yaml", "version https://git-lfs.github.com/spec/v1\n",
                "a pointer of Git LFS, not a scene"
            ),
        ] {
            try folder.write(content, to: name)
            let path = name.contains(".") ? name : "./\(name)"
            let check = try sinew("scenes", "--check", path, in: folder)
            #expect(check.code == 65 && check.output.contains(words), "\(name): \(check)")
        }
        let new = try sinew("scenes", "--new", "page.urdf", in: folder)
        #expect(
            new.code == 65 && new.errors.contains("page.urdf:1: this is a web page, not a URDF file"),
            "\(new.errors)")
        let pipe = try sinew("scenes", "--new", "/dev/stdin", in: folder)
        #expect(
            pipe.code == 65 && pipe.errors.contains("a new scene needs a robot in a file"), "\(pipe.errors)")
    }

    @Test func `a check reads what comes through a pipe, once`() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.arm(), to: "arm.urdf")
        #expect(try sinew("scenes", "--new", "arm.urdf", in: folder).code == 0)
        for (name, file, words) in [
            ("pipe", "arm.urdf", "robot 'arm'"), ("scene", "arm.yaml", "scene 'scene'"),
        ] {
            let (path, bytes) = (folder[name], try Data(contentsOf: URL(fileURLWithPath: folder[file])))
            try #require(unsafe mkfifo(path, 0o600) == 0)
            // The call waits for the reader.
            Thread.detachNewThread {
                try? FileHandle(forWritingTo: URL(fileURLWithPath: path)).write(contentsOf: bytes)
            }
            let check = try sinew("scenes", "--check", "./" + name, in: folder)
            #expect(check.code == 0 && check.output.contains(words), "\(check)")
        }
    }

    @Test func `a joint without a motor gets none from a new scene`() throws {
        let folder = try TemporaryFolder()
        let text = Self.arm().replacing("upper=\"2\" effort=\"20\"", with: "upper=\"2\" effort=\"0\"")
        try folder.write(text, to: "arm.urdf")
        #expect(try sinew("scenes", "--new", "arm.urdf", in: folder).code == 0)
        let scene = try String(contentsOfFile: folder["arm.yaml"], encoding: .utf8)
        #expect(scene.contains("  # no motor: shoulder") && !scene.contains("joints: [shoulder], kind"))
        #expect(scene.contains("{joints: [elbow], kind: torque, gear: 10"), "\(scene)")
        #expect(try sinew("scenes", "arm.yaml", in: folder).output.contains("action: 1 number in [-1, 1]"))
    }

    @Test func `a new scene refuses a base that the robot cannot have, and a robot that cannot move`() throws
    {
        let folder = try TemporaryFolder()
        try folder.write(Self.arm(), to: "arm.urdf")
        let floating = try sinew("scenes", "--new", "arm.urdf", "--base", "floating", in: folder)
        #expect(
            floating.code == 65 && floating.errors.contains("the root link 'base' of arm.urdf has no mass"))
        try folder.write(
            "<robot name=\"b\"><link name=\"l\"><inertial><mass value=\"1\"/></inertial></link></robot>",
            to: "box.urdf")
        let box = try sinew("scenes", "--new", "box.urdf", in: folder)
        #expect(box.code == 65 && box.errors.contains("there is nothing to train"))
        #expect(try sinew("scenes", "--new", "absent.urdf", in: folder).code == 66)
        for output in [".", "./", "..", "", "new/", "/"] {
            let nowhere = try sinew("scenes", "--new", "arm.urdf", "--output", output, in: folder)
            #expect(
                nowhere.code == 73 && nowhere.errors.contains("--output '\(output)' is a folder"),
                "'\(output)': \(nowhere.code) \(nowhere.errors)")
        }
        #expect(try sinew("scenes", "hopper", "--check", "arm.urdf", in: folder).code == 64)
        #expect(try sinew("scenes", "--output", "x.yaml", in: folder).code == 64)
        #expect(folder.files(below: "").keys.sorted() == ["arm.urdf", "box.urdf"])
    }
}
