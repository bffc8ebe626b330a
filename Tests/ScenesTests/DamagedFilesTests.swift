// SPDX-License-Identifier: MIT

import Foundation
import Geometry
import Robots
import Scenes
import Settings
import Testing

/// Numbers that repeat (splitmix64).
struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

struct DamagedFilesTests {
    private static func files(_ folder: String, _ ending: String) throws -> [(String, [UInt8])] {
        let path = ShippedScenes.folder + "/" + folder
        return try FileManager.default.contentsOfDirectory(atPath: path).sorted().filter {
            $0.hasSuffix(ending)
        }
        .map { ($0, Array(try Data(contentsOf: URL(fileURLWithPath: path + "/" + $0)))) }
    }

    /// Bits flipped, pieces cut, doubled and swapped for what parsers dislike.
    private static func damaged(_ file: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = file
        let nasty = [
            "nan", "inf", "1e999", "-1e308", "0", "-1", "<", ">", "\"", "]]>", "[[[[", "{", "}", ": ", "- ",
            "\n", "&#0;", "&x;", "*a",
            "&a [1]", "\0", "\u{FFFD}", "9223372036854775808", "''", "? ", "!!binary x", "<<: *a", "1e-320",
            "\t",
        ]
        for _ in 0..<Int.random(in: 1...4, using: &dice) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &dice)
            let length = min(Int.random(in: 1...40, using: &dice), bytes.count - place)
            switch Int.random(in: 0..<6, using: &dice) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
            case 1: bytes.removeSubrange(place..<(place + length))
            case 2: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
            case 3: bytes.removeSubrange(place...)
            case 4: bytes.insert(contentsOf: Array((nasty.randomElement(using: &dice) ?? "").utf8), at: place)
            default:
                // A number somewhere becomes another one.
                guard let digit = bytes[place...].firstIndex(where: { (0x30...0x39).contains($0) }) else {
                    continue
                }
                bytes.replaceSubrange(
                    digit...digit, with: Array((nasty.randomElement(using: &dice) ?? "").utf8))
            }
        }
        return bytes
    }

    @Test func `a damaged robot is read or refused, never more`() throws {
        var dice = Dice(state: 1)
        var refused = 0
        for (name, file) in try Self.files("Robots", ".urdf") {
            for _ in 0..<100 {
                do {
                    let robot = try Robot(urdf: Self.damaged(file, &dice), file: name)
                    #expect(robot.links.allSatisfy { $0.properties.mass.isFinite })
                    #expect(robot.joints.enumerated().allSatisfy { $1.parent <= $0 && $1.child == $0 + 1 })
                } catch {
                    refused += 1
                    #expect(!error.errors.isEmpty)
                    #expect(!error.description.isEmpty)
                }
            }
        }
        #expect(refused > 200)
    }

    @Test func `a damaged scene is read or refused, never more`() throws {
        var dice = Dice(state: 2)
        var refused = 0
        for (name, file) in try Self.files("Scenes", ".yaml") {
            for _ in 0..<100 {
                do {
                    let scene = try Scene(
                        yaml: Self.damaged(file, &dice), file: name, catalog: ShippedScenes.catalog)
                    #expect(
                        scene.physics.timeStep > 0 && scene.physics.substeps >= 1 && scene.episodeSteps >= 1)
                    #expect(!scene.observation.isEmpty && !scene.actuators.isEmpty)
                } catch {
                    refused += 1
                    #expect(!error.errors.isEmpty)
                }
            }
        }
        #expect(refused > 200)
    }

    @Test func `every beginning of a file is refused or read`() throws {
        let robot = try #require(try Self.files("Robots", ".urdf").first { $0.0 == "hopper.urdf" }).1
        for count in stride(from: 0, to: robot.count - 10, by: 37) {
            #expect(throws: DescriptionError.self) {
                try Robot(urdf: Array(robot.prefix(count)), file: "hopper.urdf")
            }
        }
        let scene = try #require(try Self.files("Scenes", ".yaml").first { $0.0 == "hopper.yaml" }).1
        for count in stride(from: 0, to: scene.count, by: 37) {
            _ = try? Scene(
                yaml: Array(scene.prefix(count)), file: "hopper.yaml", catalog: ShippedScenes.catalog)
        }
    }

    @Test func `deep and endless files are refused`() {
        let deep = String(repeating: "<a>", count: 20_000)
        #expect(throws: DescriptionError.self) { try Robot(urdf: "<robot>" + deep, file: "deep.urdf") }
        for text in [
            String(repeating: "[", count: 20_000), String(repeating: "- ", count: 20_000),
            String(repeating: "{a: ", count: 900),
            "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
                + (1...12).map {
                    "b\($0): &b\($0) [\(Array(repeating: $0 == 1 ? "*a" : "*b\($0 - 1)", count: 9).joined(separator: ", "))]\n"
                }
                .joined(),
        ] {
            #expect(throws: DescriptionError.self) {
                try Scene(yaml: text, file: "deep.yaml", catalog: ShippedScenes.catalog)
            }
        }
        // A chain of a thousand links is long, and fine.
        let matter = "<inertial><mass value='1'/><inertia ixx='1' iyy='1' izz='1'/></inertial>"
        let chain = (0..<1000).map {
            "<link name='l\($0)'>\(matter)</link>"
                + ($0 == 0
                    ? ""
                    : "<joint name='j\($0)' type='fixed'><parent link='l\($0 - 1)'/><child link='l\($0)'/></joint>")
        }.joined()
        #expect((try? Robot(urdf: "<robot>\(chain)</robot>", file: "chain.urdf"))?.totalMass == 1000)
    }
}
