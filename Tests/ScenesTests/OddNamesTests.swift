// SPDX-License-Identifier: MIT

import Foundation
import Robots
import Scenes
import Settings
import Testing

/// Names that YAML could trip over: what is written of a robot reads back, with the same names.
struct OddNamesTests {
    /// Characters and pieces that some language or terminal takes for more than text; all are allowed in XML.
    private static let pieces =
        [
            "\t", "\n", "\r", "\u{7F}", "\u{80}", "\u{85}", "\u{90}", "\u{9F}", "\u{A0}", "\u{AD}",
            "\u{200B}", "\u{200D}",
            "\u{2028}", "\u{2029}", "\u{202E}", "\u{2066}", "\u{3000}", "\u{FEFF}", "\u{FFFD}", "\u{E000}",
            "\u{1FFFE}",
            "\u{E0001}", "\u{10FFFF}", "\"", "'", "\\", "*/", "/*", "<!--", "-->", "]]>", "%s", "&", "<", ">",
            "#", ": ", "- ",
            "? ", "| ", "> ", "@", "`", "!", "!!int", "&a", "*a", "{", "}", "[", "]", ",", "<<", "~", "=",
            "---", "...", "%YAML",
            "null", "true", "no", "1", "0x1", "1e5", "-", "+", ".", ".nan", "y", " ", "é", "e\u{301}", "肩",
            "🤖", "👩‍🚀",
        ]

    private static func name(_ dice: inout Dice) -> String {
        let count = [1, 1, 2, 3, 8].randomElement(using: &dice) ?? 1
        return (0..<count).map { _ in pieces.randomElement(using: &dice) ?? "" }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { "&#\($0.value);" }.joined()
    }

    /// A chain of links with these names, the first link massless.
    private static func robot(_ name: String, links: [String], joints: [String]) -> String {
        let matter = "<inertial><mass value='1'/><inertia ixx='1' iyy='1' izz='1'/></inertial>"
        let parts = zip(joints, links.indices.dropFirst()).map { joint, link in
            """
            <link name='\(escaped(links[link]))'>\(matter)</link>
            <joint name='\(escaped(joint))' type='revolute'><parent link='\(escaped(links[link - 1]))'/>
            <child link='\(escaped(links[link]))'/><limit lower='0.5' upper='1.5'/></joint>
            """
        }
        return "<robot name='\(escaped(name))'><link name='\(escaped(links[0]))'/>\(parts.joined())</robot>"
    }

    private func expectNewSceneReadsBack(_ urdf: String) throws {
        let robot = try Robot(urdf: urdf, file: "odd.urdf")
        let options = SceneOptions(catalog: SceneCatalog(folders: []), robot: robot)
        let scene = try Scene(
            yaml: Array(SceneTemplate(robot, robotFile: "odd \u{202E}.urdf").text.utf8), file: "odd.yaml",
            options)
        #expect(scene.actuators.map(\.joint) == Array(robot.joints.indices))
        #expect(scene.start.joints == robot.joints.map { _ in 1 })
        // What a run keeps of a scene is written by the writer, and means the same.
        let again = try Setting(yaml: Array(scene.source.yaml.utf8), file: "again.yaml")
        #expect(again.means(scene.source))
    }

    @Test func `a new scene reads back whatever its robot's names are`() throws {
        var dice = Dice(state: 3)
        for _ in 0..<300 {
            // Equal names are an error of the robot's.
            var names: Set<String> = []
            while names.count < 5 {
                let name = Self.name(&dice)
                if !name.allSatisfy(\.isWhitespace) { names.insert(name) }
            }
            let all = names.sorted()
            try expectNewSceneReadsBack(Self.robot(all[0], links: Array(all[..<3]), joints: Array(all[3...])))
        }
    }

    @Test(arguments: ["\u{7F}", "\u{E0001}", "🤖", "\""])
    func `the longest names read back`(character: String) throws {
        let long = String(repeating: character, count: 199)
        try expectNewSceneReadsBack(Self.robot(long, links: [long + "a", long + "b"], joints: [long + "c"]))
    }

    @Test func `a name is no longer than its scalars`() {
        // One character to people, and ten thousand to a file.
        let tower = "a" + String(repeating: "\u{301}", count: 10_000)
        #expect {
            try Robot(urdf: Self.robot("r", links: ["base", tower], joints: ["j"]), file: "r.urdf")
        } throws: { "\($0)".contains("has a name of 10001 characters") }
    }
}
