// SPDX-License-Identifier: MIT

internal import Geometry
public import Settings

extension Robot {
    /// Reads a URDF file, or an MJCF file with those that it includes.
    ///
    /// - Parameter file: the path.
    /// - Returns: the robot, with what was ignored or assumed in its `notes`.
    /// - Throws: everything that is wrong with it.
    public static func load(file: String) throws(DescriptionError) -> Robot {
        try load(file: file, MeshFinder())
    }

    /// Reads a URDF file as above, with the meshes that a finder finds.
    package static func load(file: String, _ finder: MeshFinder) throws(DescriptionError) -> Robot {
        try Robot(urdf: FileText.read(file), file: file, finder)
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

    /// Reads the bytes of a URDF or MJCF file, in the encoding that they declare; what an MJCF file includes is looked for beside `file`.
    ///
    /// - Parameters:
    /// - urdf: the bytes.
    /// - file: the name that messages give.
    /// - Throws: everything that is wrong with it.
    public init(urdf: [UInt8], file: String) throws(DescriptionError) {
        try self.init(urdf: urdf, file: file, MeshFinder())
    }

    /// Reads the bytes of a URDF file as above, with the meshes that a finder finds.
    package init(urdf: [UInt8], file: String, _ finder: MeshFinder) throws(DescriptionError) {
        let findings = Findings(file: file)
        let meshes = RobotMeshes(finder, robot: file)
        var reader = RobotReader(findings: findings, meshes: meshes)
        var model: MJCFModel?
        if let root = XMLElement.parse(urdf, findings: findings) {
            if root.name == "mujoco" {
                model = MJCFModel(root, byteCount: urdf.count, meshes, findings)
                model?.fill(&reader)
            } else {
                reader.read(root)
            }
        }
        try findings.throwErrors()
        var assembly = RobotAssembly(reader, findings: findings)
        let robot = assembly.robot()
        try findings.throwErrors()
        guard var robot else { throw DescriptionError(.invalid, findings.inOrder) }
        model?.complete(&robot)
        try findings.throwErrors()
        robot.notes = findings.inOrder
        robot.meshes = meshes.meshes
        self = robot
    }
}

/// Interprets the element tree: links and joints by name, and whether they form one tree.
struct RobotReader {
    let findings: Findings
    private let meshes: RobotMeshes
    var name = ""
    /// The line of the root element.
    var line = 1
    var links: [URDFLink] = []
    var joints: [URDFJoint] = []

    init(findings: Findings, meshes: RobotMeshes) {
        (self.findings, self.meshes) = (findings, meshes)
    }

    mutating func read(_ root: XMLElement) {
        guard root.name == "robot" else {
            let foreign = ForeignFile(root: root.name)
            findings.error(
                root.line, "<\(root.name.shortened)>",
                foreign.map { "this is \($0.what), not a URDF file" } ?? "the root element must be <robot>",
                foreign?.remedy ?? "a URDF file has the root element <robot name=\"...\">")
            return
        }
        guard !XacroLeftovers(findings: findings).report(in: root) else { return }
        name = String(
            String.UnicodeScalarView(
                (root.attributes["name"] ?? "robot").unicodeScalars.prefix(Self.longestName)))
        line = root.line
        UnreadParts.report(in: root, findings)
        let count = root.all("link").count
        guard count <= Self.mostLinks else {
            findings.error(
                root.line, "<robot>", "has \(count) links; at most \(Self.mostLinks) are read",
                "leave some out")
            return
        }
        readLinks(root)
        weighShapes()
        readJoints(root)
        Plausibility(links, joints, findings).check()
        if links.isEmpty && !findings.hasErrors {
            findings.error(root.line, "<robot>", "has no links", "add at least one <link name=\"...\">")
        }
    }

    private mutating func readLinks(_ root: XMLElement) {
        let reader = LinkReader(findings: findings, meshes: meshes)
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

    /// Files that were made to be looked at have no masses at all: then shapes weigh as much as water.
    private mutating func weighShapes() {
        guard !findings.hasErrors, links.allSatisfy({ $0.properties.mass == 0 && $0.inertiaFault == nil })
        else { return }
        var mass = 0.0
        for index in links.indices where !links[index].shapes.isEmpty {
            links[index].properties = links[index].shapes.reduce(MassProperties()) {
                $0 + $1.geometry.solid(density: Self.water).placed(at: $1.origin)
            }
            links[index].hasOwnInertia = false
            mass += links[index].properties.mass
        }
        guard mass > 0 else { return }
        findings.warn(
            line, "<robot>",
            "no link has mass: each is taken as its collision shapes filled with water, \(mass.digits) kg together",
            "write <inertial> with the true masses")
    }

    /// kg/m³.
    private static let water = 1000.0

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
                let isFrame = link == joint.parent && Self.frames.contains(link)
                findings.error(
                    joint.line, joint.path, "there is no link '\(link.shortened)'",
                    isFrame
                        ? "add <link name=\"\(link)\"/>" : NearestName.remedy(link, in: links.map(\.name)))
            }
            joints.append(joint)
        }
        judgeLimitsOfZero()
        TransmissionReader(findings: findings).read(root, into: &joints)
        MimicResolution.resolve(&joints, findings)
    }

    /// What people hang robots on without saying that it is a link.
    private static let frames: Set<String> = ["world", "map", "odom"]

    /// Limits of 0 are what exporters write where they know none; an effort of 0 beside others says that there is no motor.
    private mutating func judgeLimitsOfZero() {
        let hasMotors = joints.contains { ($0.effort ?? 0) > 0 }
        for index in joints.indices {
            let path = joints[index].path
            joints[index].isPassive = hasMotors && joints[index].noEffortLine != nil
            if let line = joints[index].noEffortLine, joints[index].isPassive {
                findings.warn(
                    line, "\(path) <limit effort>",
                    "is 0 while other joints have more: it is taken as passive, without a motor",
                    "write the motor's value if it has one")
                continue
            }
            let zeros = [("effort", joints[index].noEffortLine), ("velocity", joints[index].noVelocityLine)]
            for (limit, line) in zeros {
                guard let line else { continue }
                findings.warn(
                    line, "\(path) <limit \(limit)>",
                    "is 0, which would hold the joint still; it is taken as no limit",
                    "write the motor's value")
            }
        }
    }

    /// The most links of a robot: whatever is computed for each pair of them stays a matter of a second.
    static let mostLinks = 1000
    /// The most characters of a name: it stands in messages and tables.
    static let longestName = 200

    private static func name(of element: XMLElement, findings: Findings) -> String? {
        guard let name = element.attributes["name"], !name.allSatisfy(\.isWhitespace) else {
            findings.error(element.line, "<\(element.name)>", "has no name", "add name=\"...\"")
            return nil
        }
        // Scalars, not what people see as characters: those can be of any length.
        guard name.unicodeScalars.count <= longestName else {
            findings.error(
                element.line, "<\(element.name)>",
                "has a name of \(name.unicodeScalars.count) characters, '\(name.shortened)'; at most \(longestName) are allowed",
                "shorten it")
            return nil
        }
        return name
    }
}
