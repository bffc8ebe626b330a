// SPDX-License-Identifier: MIT

import Foundation
import Robots
import Scenes
import Settings
import Testing

/// Files changed as people change them by mistake are read or refused, and of a robot that is read the new scene is read too.
///
/// Elements and attributes are lost, doubled and renamed, numbers and encodings are none, lines are indented otherwise.
struct MutatedFilesTests {
    private static func texts(_ folder: String, _ ending: String) throws -> [String] {
        let path = ShippedScenes.folder + "/" + folder
        return try FileManager.default.contentsOfDirectory(atPath: path).sorted().filter {
            $0.hasSuffix(ending)
        }
        .map { try String(contentsOfFile: path + "/" + $0, encoding: .utf8) }
    }

    private static let values = [
        "", " ", "0", "-1", "1e-300", "1e300", "nan", "1 2", "0,5", "\u{2212}1", "${x}", "world", "é",
        "\u{202E}", "1e999", "*/",
        "true", "[1, 2]", "{a: 1}", "~",
    ]

    /// One of `matches` replaced by what `change` makes of it.
    private static func replace(
        _ text: String, _ pattern: Regex<AnyRegexOutput>, _ dice: inout Dice, _ change: (Substring) -> String
    ) -> String {
        guard let match = text.matches(of: pattern).randomElement(using: &dice) else { return text }
        var changed = text
        changed.replaceSubrange(match.range, with: change(text[match.range]))
        return changed
    }

    private static func regex(_ pattern: String) throws -> Regex<AnyRegexOutput> { try Regex(pattern) }

    private static func mutatedURDF(_ text: String, _ dice: inout Dice) throws -> String {
        let power = Int.random(in: -12...12, using: &dice)
        let value = values.randomElement(using: &dice) ?? ""
        switch Int.random(in: 0..<8, using: &dice) {
        case 0: return replace(text, try regex(#""[^"<>]*""#), &dice) { _ in "\"\(value)\"" }
        case 1: return replace(text, try regex(#"<[a-z]+ [^<>]*/>"#), &dice) { _ in "" }
        case 2: return replace(text, try regex(#"<[a-z]+ [^<>]*/>"#), &dice) { "\($0)\($0)" }
        case 3: return replace(text, try regex(#"<[a-z]+ "#), &dice) { $0.dropLast() + "x " }
        case 4: return replace(text, try regex(#" [a-z]+="#), &dice) { " odd" + $0.dropFirst() }
        case 5: return replace(text, try regex(#"</[a-z]+>"#), &dice) { _ in "" }
        case 6: return replace(text, try regex(#"<[a-z]+ [^<>]*/>"#), &dice) { "<xacro:if>\($0)</xacro:if>" }
        default:
            return replace(text, try regex(#"[0-9.]+"#), &dice) {
                "\($0)e\(power)"
            }
        }
    }

    private static func mutatedYAML(_ text: String, _ dice: inout Dice) throws -> String {
        let power = Int.random(in: -12...12, using: &dice)
        let margin = ["\t", " ", "\u{A0}", "  "].randomElement(using: &dice) ?? ""
        let value = values.randomElement(using: &dice) ?? ""
        switch Int.random(in: 0..<7, using: &dice) {
        case 0: return replace(text, try regex(#": [^\n{}\[\],]+"#), &dice) { _ in ": \(value)" }
        case 1: return replace(text, try regex(#"\n[^\n]*"#), &dice) { _ in "" }
        case 2: return replace(text, try regex(#"\n[^\n]*"#), &dice) { "\($0)\($0)" }
        case 3:
            return replace(text, try regex(#"\n *"#), &dice) {
                $0 + margin
            }
        case 4: return replace(text, try regex(#"[a-z_]+:"#), &dice) { "x" + $0 }
        case 5: return replace(text, try regex(#"[{}\[\],:]"#), &dice) { _ in "" }
        default:
            return replace(text, try regex(#"[0-9.]+"#), &dice) {
                "\($0)e\(power)"
            }
        }
    }

    /// The text in some encoding, declared or not.
    private static func bytes(_ text: String, _ dice: inout Dice) -> [UInt8] {
        switch Int.random(in: 0..<8, using: &dice) {
        case 0: text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        case 1: [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        case 2: text.unicodeScalars.map { $0.value < 256 ? UInt8($0.value) : 0xB5 }
        case 3: [0xEF, 0xBB, 0xBF] + Array(text.replacing("\n", with: "\r").utf8)
        default: Array(text.utf8)
        }
    }

    @Test func `300 mutated robots are read or refused, and new scenes of those that are read are read`()
        throws
    {
        let robots = try Self.texts("Robots", ".urdf") + [FollowerTests.gripper]
        let read = try readMutants(of: robots.map { ($0, "r.urdf") }, Dice(state: 4))
        #expect(read > 50 && read < 250)
    }

    @Test
    func `300 mutated MuJoCo robots are read or refused, and new scenes of those that are read are read`()
        throws
    {
        let folder = ShippedScenes.folder + "/Tests/RobotsTests/Golden"
        let robots = try ["dog.xml", "arm.xml", "ur5e/ur5e.xml"].map { name in
            (try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8), "\(folder)/\(name)")
        }
        let read = try readMutants(of: robots, Dice(state: 6))
        #expect(read > 50 && read < 290, "\(read)")
    }

    /// Reads 300 mutants of robots' files in turn; returns how many are robots with joints.
    private func readMutants(of robots: [(text: String, file: String)], _ dice: Dice) throws -> Int {
        var dice = dice
        var read = 0
        for round in 0..<300 {
            let (whole, file) = robots[round % robots.count]
            let text = try Self.mutatedURDF(whole, &dice)
            let robot: Robot
            do {
                robot = try Robot(urdf: Self.bytes(text, &dice), file: file)
            } catch {
                #expect(!error.errors.isEmpty)
                continue
            }
            guard !robot.joints.isEmpty else { continue }
            read += 1
            let template = SceneTemplate(robot, robotFile: "r.urdf")
            let options = SceneOptions(catalog: SceneCatalog(folders: []), robot: robot)
            do {
                _ = try Scene(yaml: Array(template.text.utf8), file: "r.yaml", options)
            } catch {
                Issue.record("\(error)\n\(template.text)")
            }
        }
        return read
    }

    @Test func `300 mutated scenes are read or refused`() throws {
        var dice = Dice(state: 5)
        let scenes = try Self.texts("Scenes", ".yaml")
        var refused = 0
        for round in 0..<300 {
            let text = try Self.mutatedYAML(scenes[round % scenes.count], &dice)
            do {
                _ = try Scene(yaml: Self.bytes(text, &dice), file: "s.yaml", catalog: ShippedScenes.catalog)
            } catch {
                refused += 1
                #expect(!error.errors.isEmpty)
            }
        }
        #expect(refused > 50 && refused < 290)
    }
}
