// SPDX-License-Identifier: MIT

internal import Settings

/// A file that people give as a robot and that is something else.
package struct ForeignFile: Sendable {
    /// Such as `a web page`.
    package let what: String
    /// What to do about it.
    package let remedy: String
    /// Whether a scene can begin like that.
    package let mayBeScene: Bool

    private init(_ what: String, _ remedy: String, mayBeScene: Bool = false) {
        (self.what, self.remedy, self.mayBeScene) = (what, remedy, mayBeScene)
    }

    // MARK: By its content

    /// What a file's bytes give away before they are read as XML; nil where they may be XML.
    package init?(content: [UInt8]) {
        let bytes = TextEncoding.utf8(ofUTF16: content) ?? content
        let skipped = bytes.prefix(4096).drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        let head = String(decoding: skipped, as: UTF8.self)
        if let known = Self.beginnings.first(where: { skipped.starts(with: $0.beginning.utf8) }) {
            self = known.file
        } else if skipped.starts(with: "# ".utf8) {
            self.init(
                "text such as Markdown or YAML", "give the robot's URDF file, which is XML", mayBeScene: true)
        } else if Self.isSTL(bytes, head) {
            self = Self.mesh("an STL mesh")
        } else if Self.isWebPage(head) {
            self = Self.webPage
        } else if skipped.starts(with: [0x1F, 0x8B]) {
            self.init("a gzip archive", "unpack it first")
        } else if skipped.starts(with: [0x89, 0x50, 0x4E, 0x47]) || skipped.starts(with: [0xFF, 0xD8, 0xFF]) {
            self.init("a picture", "give the robot's URDF file")
        } else if skipped.first == UInt8(ascii: "{") {
            self.init("JSON", "give the robot's URDF file, which is XML", mayBeScene: true)
        } else {
            return nil
        }
    }

    /// Whether a file of no telling name is meant as a robot: it is XML.
    package static func isMeantAsRobot(_ content: [UInt8]) -> Bool {
        let bytes = TextEncoding.utf8(ofUTF16: content) ?? content
        return bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) } == UInt8(ascii: "<")
    }

    /// Endings of the files that people have their robots in, and of those that they take for robots.
    package static let endings: Set<String> = [
        "urdf", "xml", "xacro", "sdf", "mjcf", "world", "launch", "stl", "dae", "obj", "ply", "gltf", "glb",
        "usd",
        "usda", "usdc", "usdz", "html", "md",
    ]

    private static let beginnings: [(beginning: String, file: ForeignFile)] = [
        (
            "version https://git-lfs.github.com/spec/",
            ForeignFile("a pointer of Git LFS", "run `git lfs pull` in its repository to get the file itself")
        ),
        ("```", ForeignFile("Markdown", "remove the lines with ``` and what stands around them")),
        ("#usda", ForeignFile("a USD file", "convert it to URDF")),
        ("PXR-USDC", ForeignFile("a USD file", "convert it to URDF")),
        ("#!", ForeignFile("a script", "run it, and give the URDF file that it writes")),
        ("PK\u{3}\u{4}", ForeignFile("a zip archive", "unpack it first")),
        ("%PDF", ForeignFile("a PDF document", "give the robot's URDF file")),
        ("ply\n", mesh("a PLY mesh")), ("glTF", mesh("a glTF mesh")), ("v ", mesh("an OBJ mesh")),
    ]

    private static func mesh(_ what: String) -> ForeignFile {
        ForeignFile(what, "a mesh is a robot's shape; give the URDF file that names it")
    }
    private static let webPage = ForeignFile(
        "a web page", "download the file itself: on GitHub and GitLab its button `Raw` leads to it")

    /// A page holds no robot before it says that it is one.
    private static func isWebPage(_ head: String) -> Bool {
        let start = head.lowercased()
        guard
            let page = ["<!doctype html", "<html"].compactMap({ start.firstRange(of: $0)?.lowerBound }).min()
        else { return false }
        return start.firstRange(of: "<robot").map { page < $0.lowerBound } ?? true
    }

    /// Text, or 80 bytes of anything, the number of triangles, and 50 bytes for each.
    private static func isSTL(_ bytes: [UInt8], _ head: String) -> Bool {
        if head.hasPrefix("solid"), !head.hasPrefix("solid_"),
            head.contains("facet") || head.contains("endsolid")
        {
            return true
        }
        guard bytes.count >= 84 else { return false }
        let count = (0..<4).reduce(0) { $0 | Int(bytes[80 + $1]) << (8 * $1) }
        return count > 0 && bytes.count == 84 + 50 * count
    }

    // MARK: By its root element

    /// What an XML file is by its root element, which is not `robot`; nil where nothing is known of it.
    init?(root: String) {
        switch root {
        case "sdf": self.init("an SDF file", "convert it to URDF")
        case "mujocoinclude":
            self.init(
                "a part of a MuJoCo file (MJCF)", "give the file that includes it, whose root is <mujoco>")
        case "launch":
            self.init("a ROS launch file", "give the URDF or xacro file that its robot_description names")
        case "package": self.init("a ROS package's description", "give a URDF file of its folder urdf")
        case "html", "head", "body": self = Self.webPage
        case "COLLADA": self = Self.mesh("a COLLADA mesh")
        case "svg": self.init("a picture", "give the robot's URDF file")
        default:
            guard root.hasPrefix("xacro:") else { return nil }
            self.init("a xacro file", "expand it first: xacro FILE > robot.urdf")
        }
    }
}
