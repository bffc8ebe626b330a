// SPDX-License-Identifier: MIT

public import Settings

extension Robot {
    /// Reads a URDF file.
    ///
    /// - Parameter file: the path.
    /// - Returns: the robot, with what was ignored or assumed in its `notes`.
    /// - Throws: everything that is wrong with it.
    public static func load(file: String) throws(DescriptionError) -> Robot {
        try Robot(urdf: FileText.read(file), file: file)
    }

    /// Reads the text of a URDF file.
    ///
    /// - Parameters:
    /// - urdf: the text.
    /// - file: the name that messages give.
    /// - Throws: everything that is wrong with it.
    public init(urdf: String, file: String) throws(DescriptionError) {
        try self.init(urdf: Array(urdf.utf8), file: file)
    }

    /// Reads the bytes of a URDF file, in the encoding that they declare.
    ///
    /// - Parameters:
    /// - urdf: the bytes.
    /// - file: the name that messages give.
    /// - Throws: everything that is wrong with it.
    public init(urdf: [UInt8], file: String) throws(DescriptionError) {
        let findings = Findings(file: file)
        var reader = RobotReader(findings: findings)
        if let root = XMLElement.parse(urdf, findings: findings) { reader.read(root) }
        try findings.throwErrors()
        var assembly = RobotAssembly(reader, findings: findings)
        let robot = assembly.robot()
        try findings.throwErrors()
        guard var robot else { throw DescriptionError(.invalid, findings.inOrder) }
        robot.notes = findings.inOrder
        self = robot
    }
}

/// Interprets the element tree: links and joints by name, and whether they form one tree.
struct RobotReader {
    let findings: Findings
    var name = ""
    var links: [URDFLink] = []
    var joints: [URDFJoint] = []

    init(findings: Findings) {
        self.findings = findings
    }

    mutating func read(_ root: XMLElement) {
        guard root.name == "robot" else {
            let remedy =
                switch root.name {
                case "sdf": "this is an SDF file: convert it to URDF"
                case "mujoco": "this is a MuJoCo file: convert it to URDF"
                default: "a URDF file has the root element <robot name=\"...\">"
                }
            findings.error(root.line, "<\(root.name)>", "the root element must be <robot>", remedy)
            return
        }
        name = String((root.attributes["name"] ?? "robot").prefix(Self.longestName))
        if let macro = root.children.first(where: { $0.name.hasPrefix("xacro:") }) {
            findings.error(
                macro.line, "<\(macro.name)>", "this is a xacro file, not yet a URDF file",
                "expand it first: xacro FILE > robot.urdf")
            return
        }
        noteUnknownTags(in: root)
        let count = root.all("link").count
        guard count <= Self.mostLinks else {
            findings.error(
                root.line, "<robot>", "has \(count) links; at most \(Self.mostLinks) are read",
                "leave some out")
            return
        }
        readLinks(root)
        readJoints(root)
        if links.isEmpty && !findings.hasErrors {
            findings.error(root.line, "<robot>", "has no links", "add at least one <link name=\"...\">")
        }
    }

    private mutating func readLinks(_ root: XMLElement) {
        let reader = LinkReader(findings: findings)
        var lines: [String: Int] = [:]
        for element in root.all("link") {
            guard let name = Self.name(of: element, findings: findings) else { continue }
            if let line = lines[name] {
                findings.error(
                    element.line, "link '\(name)'", "a link of this name is already in line \(line)",
                    "rename one of them")
                continue
            }
            lines[name] = element.line
            links.append(reader.link(element, name: name))
        }
    }

    private mutating func readJoints(_ root: XMLElement) {
        let reader = JointReader(findings: findings)
        let names = Set(links.map(\.name))
        var lines: [String: Int] = [:]
        for element in root.all("joint") {
            guard let name = Self.name(of: element, findings: findings) else { continue }
            if let line = lines[name] {
                findings.error(
                    element.line, "joint '\(name)'", "a joint of this name is already in line \(line)",
                    "rename one of them")
                continue
            }
            lines[name] = element.line
            guard let joint = reader.joint(element, name: name) else { continue }
            for link in [joint.parent, joint.child] where !names.contains(link) {
                findings.error(
                    joint.line, joint.path, "there is no link '\(link.shortened)'",
                    NearestName.remedy(link, in: links.map(\.name)))
            }
            joints.append(joint)
        }
    }

    /// The most links of a robot: whatever is computed for each pair of them stays a matter of a second.
    private static let mostLinks = 1000
    /// The most characters of a name: it stands in messages and tables.
    private static let longestName = 200

    private static func name(of element: XMLElement, findings: Findings) -> String? {
        guard let name = element.attributes["name"], !name.allSatisfy(\.isWhitespace) else {
            findings.error(element.line, "<\(element.name)>", "has no name", "add name=\"...\"")
            return nil
        }
        guard name.count <= longestName else {
            findings.error(
                element.line, "<\(element.name)>",
                "has a name of \(name.count) characters, '\(name.shortened)'; at most \(longestName) are allowed",
                "shorten it")
            return nil
        }
        return name
    }

    /// The tags that are read, or that only show (`visual`), by the element that holds them.
    private static let known: [String: Set<String>] = [
        "robot": ["link", "joint", "material"],
        "link": ["inertial", "collision", "visual"],
        "joint": ["origin", "parent", "child", "axis", "limit", "dynamics", "mimic"],
    ]

    private func noteUnknownTags(in root: XMLElement) {
        var found: [(tag: String, line: Int, count: Int)] = []
        for holder in [root] + root.children {
            guard let known = Self.known[holder.name] else { continue }
            for child in holder.children where !known.contains(child.name) {
                if let index = found.firstIndex(where: { $0.tag == child.name }) {
                    found[index].count += 1
                } else {
                    found.append((child.name, child.line, 1))
                }
            }
        }
        for (tag, line, count) in found {
            findings.note(
                line, "<\(tag.shortened)>",
                "is ignored\(count > 1 ? " here and \(count - 1) more times" : "")")
        }
    }
}
