// SPDX-License-Identifier: MIT

import Robots
import Settings
import Testing

/// What people give as a robot, and what they are told.
struct ForeignFileTests {
    private func complaint(_ bytes: [UInt8], file: String = "r.urdf") -> String {
        do {
            return try Robot(urdf: bytes, file: file).notes.map(\.description).joined(separator: "\n")
        } catch {
            return error.errors.map(\.description).joined(separator: "\n")
        }
    }

    static let files: [(String, String)] = [
        (
            "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n",
            "a pointer of Git LFS, not a URDF file; run `git lfs pull`"
        ),
        (
            "\n<!DOCTYPE html>\n<html><body>robot</body></html>",
            "a web page, not a URDF file; download the file itself"
        ),
        ("<!-- saved -->\n<HTML lang='en'>&nbsp;", "a web page"), ("<html><robot/></html>", "a web page"),
        ("```xml\n<robot/>\n```\n", "Markdown, not a URDF file; remove the lines with ```"),
        ("# A robot\n", "text such as Markdown or YAML"), ("{\"robot\": 1}", "JSON"),
        ("#!/bin/sh\nxacro x", "a script"),
        ("solid part\nfacet normal 0 0 1\n", "an STL mesh"), ("ply\nformat ascii 1.0\n", "a PLY mesh"),
        ("v 0 0 0\nv 0 0 1\n", "an OBJ mesh"), ("#usda 1.0\n", "a USD file"),
        ("PK\u{3}\u{4}x", "a zip archive"),
        ("<COLLADA version='1.4'/>", "a COLLADA mesh"), ("<sdf version='1.6'/>", "an SDF file"),
        (
            "<mujocoinclude/>",
            "a part of a MuJoCo file (MJCF), not a URDF file; give the file that includes it"
        ),
        ("<launch><param/></launch>", "a ROS launch file"),
        ("<package format='2'/>", "a ROS package's description"),
        ("<xacro:macro xmlns:xacro='x'/>", "a xacro file"),
    ]

    @Test(arguments: files)
    func `a file that is no robot is named, with what to do`(content: String, words: String) {
        let complaint = complaint(Array(content.utf8))
        #expect(complaint.contains("this is \(words)") && complaint.hasPrefix("r.urdf:"), "\(complaint)")
    }

    @Test func `a binary mesh is told from noise by its length`() {
        let header = Array("any text".utf8) + [UInt8](repeating: 0, count: 72)
        let mesh = header + [2, 0, 0, 0] + [UInt8](repeating: 7, count: 100)
        #expect(complaint(mesh).contains("this is an STL mesh"))
        #expect(complaint(mesh + [1]).contains("the file is not text"))
    }

    @Test func `a page is none for what a robot says of one`() {
        #expect(complaint(Array("<robot name='<html>'/>".utf8)).contains("not well-formed XML"))
        #expect(complaint(Array("<!-- a <robot> for <html> --><robot/>".utf8)).contains("has no links"))
    }

    // MARK: xacro

    private static func robot(_ inside: String, name: String = "arm") -> String {
        """
        <robot name="r" xmlns:xacro="http://ros.org/wiki/xacro">
          <link name="base"/>
          <link name="\(name)"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1"/></inertial></link>
          <joint name="j" type="continuous"><parent link="base"/><child link="\(name)"/></joint>
          \(inside)
        </robot>
        """
    }

    @Test func `one leftover of xacro makes the whole file xacro's`() {
        for (text, line) in [
            (Self.robot("", name: "${prefix}arm"), 3), (Self.robot("<link name='$(arg x)'/>"), 5),
            (Self.robot("<link name='x'><xacro:box mass='1'/></link>"), 5), (Self.robot("<xacro:leg/>"), 5),
            (Self.robot("<gazebo><xacro:if/></gazebo>"), 5),
            (Self.robot("<link name='l' xacro:if='true'/>"), 5),
        ] {
            let complaint = complaint(Array(text.utf8), file: "a/leg.urdf.xacro")
            #expect(complaint.hasPrefix("a/leg.urdf.xacro:\(line): "), "\(complaint)")
            #expect(complaint.contains("this is a xacro file, not yet a URDF file"), "\(complaint)")
            #expect(complaint.hasSuffix("expand it first: xacro leg.urdf.xacro > leg.urdf"), "\(complaint)")
        }
    }

    @Test func `a robot that xacro has expanded is none of its`() {
        let plugin = "<gazebo><plugin topic='${ns}/x' path='$(find y)'>${z}</plugin></gazebo>"
        #expect(complaint(Array(Self.robot(plugin).utf8)) == "r.urdf:5: note: <gazebo>: is ignored")
    }

    // MARK: Encodings

    private func read(_ declaration: String, _ name: [UInt8]) -> (joints: [String], said: String) {
        let parts = Self.robot("").replacing("name=\"j\"", with: "name=\"#\"").split(separator: "#")
        let bytes = Array((declaration + "\n" + parts[0]).utf8) + name + Array(parts[1].utf8)
        let robot = try? Robot(urdf: bytes, file: "r.urdf")
        return (robot?.joints.map(\.name) ?? [], complaint(bytes))
    }

    private func declared(_ name: String) -> String { "<?xml version='1.0' encoding='\(name)'?>" }
    /// 肩关节 in GBK, 肩関節 in Shift_JIS.
    private static let chinese: [UInt8] = [0xBC, 0xE7, 0xB9, 0xD8, 0xBD, 0xDA]
    private static let japanese: [UInt8] = [0x8C, 0xA8, 0x8A, 0xD6, 0x90, 0xDF]

    @Test func `what a file declares is believed where it can be`() {
        for (name, bytes, joint) in [
            ("GBK", Self.chinese, "肩关节"), ("Shift_JIS", Self.japanese, "肩関節"),
            ("ISO-8859-1", [0x68, 0xFC], "hü"),
            ("windows-1252", [0x93, 0x6A, 0x94], "“j”"), ("UTF-8", Array("hü".utf8), "hü"),
        ] as [(String, [UInt8], String)] {
            let (joints, said) = read(declared(name), bytes)
            #expect(joints == [joint] && said == "", "\(name): \(joints) \(said)")
        }
    }

    @Test func `what a file declares in error is said, with its line and what it is`() {
        for (declaration, bytes, joint, words) in [
            ("", Self.chinese, "肩关节", "r.urdf:5: note: the file is not UTF-8: it looks like GBK"),
            (
                declared("utf-8"), Self.japanese, "肩関節",
                "5: note: the file is not UTF-8, as it declares: it looks like Shift_JIS"
            ),
            (declared("UTF-8"), [0x68, 0xFC], "hü", "it looks like ISO-8859-1"),
            ("", [0x93, 0x6A, 0x94], "“j”", "it looks like windows-1252"),
            (
                declared("ISO-8859-1"), Array("hü".utf8), "hü",
                "r.urdf:1: note: the file declares ISO-8859-1 and is UTF-8"
            ),
            (declared("GBK"), Array("肩关节".utf8), "肩关节", "declares GBK and is UTF-8"),
            (declared("UTF-16"), Array("j".utf8), "j", ""), (declared("nonsense"), Array("j".utf8), "j", ""),
            (declared("nonsense"), Array("hü".utf8), "hü", "the file declares nonsense and is UTF-8"),
        ] as [(String, [UInt8], String, String)] {
            let (joints, said) = read(declaration, bytes)
            #expect(joints == [joint] && said.contains(words), "\(declaration): \(joints) \(said)")
        }
        let unknown = read(declared("nonsense"), [0x68, 0xFC]).said
        #expect(
            unknown.contains("r.urdf:1: the file declares the encoding nonsense, which is not known"),
            "\(unknown)")
        let wrong = read(declared("GBK"), [0x68, 0xFF, 0xFF]).said
        #expect(
            wrong == "r.urdf:5: the file declares GBK, which it is not; save it as UTF-8, and declare that")
    }

    @Test(arguments: [true, false], [true, false])
    func `UTF-16 is read with its mark and without, and errors have their line`(isBig: Bool, hasMark: Bool) {
        func wide(_ text: String) -> [UInt8] {
            ((hasMark ? [0xFEFF] : []) + text.utf16).flatMap {
                isBig ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)]
            }
        }
        let robot = Self.robot("<!-- a -- b -->").replacing("\"j\"", with: "\"肩\"")
        #expect(
            (try? Robot(urdf: wide(declared("UTF-16") + robot), file: "r.urdf"))?.joints.map(\.name) == ["肩"])
        #expect(
            complaint(wide("<robot>\n<link name=a/>\n</robot>")).hasPrefix(
                "r.urdf:2: this is not well-formed XML"))
    }

    @Test func `lines that end as on old Macs are counted`() {
        #expect(
            complaint(Array("<robot>\r<link/>\r</robot>".utf8)).hasPrefix("r.urdf:2: <link>: has no name"))
    }
}
