// SPDX-License-Identifier: MIT

internal import Settings

/// Names what a file has and nobody reads, each kind once with its first line: nothing is dropped in silence.
struct UnreadParts {
    /// The attributes and children that are read of each element; a name means one thing wherever it stands in URDF.
    private static let read: [String: (attributes: Set<String>, children: Set<String>)] = [
        "robot": (["name", "version"], ["link", "joint"]),
        "link": (["name"], ["inertial", "collision"]),
        "joint": (["name", "type"], ["origin", "parent", "child", "axis", "limit", "dynamics", "mimic"]),
        "inertial": ([], ["origin", "mass", "inertia"]),
        "collision": (["name"], ["origin", "geometry"]),
        "geometry": ([], ["box", "sphere", "cylinder", "capsule", "mesh"]),
        "origin": (["xyz", "rpy"], []), "mass": (["value"], []),
        "inertia": (["ixx", "iyy", "izz", "ixy", "ixz", "iyz"], []),
        "parent": (["link"], []), "child": (["link"], []), "axis": (["xyz"], []),
        "limit": (["lower", "upper", "effort", "velocity"], []), "dynamics": (["damping", "friction"], []),
        "mimic": (["joint", "multiplier", "offset"], []), "box": (["size"], []), "sphere": (["radius"], []),
        "cylinder": (["radius", "length"], []), "capsule": (["radius", "length"], []),
        "mesh": (["filename", "scale"], []),
    ]

    /// Of these an element may have several.
    private static let many: Set<String> = ["link", "joint", "collision"]

    private let findings: Findings
    private var found: [String: (line: Int, count: Int)] = [:]

    static func isRead(_ child: String, in parent: String) -> Bool {
        read[parent]?.children.contains(child) ?? false
    }

    /// Reports what is in `root`.
    static func report(in root: XMLElement, _ findings: Findings) {
        var parts = UnreadParts(findings: findings)
        parts.collect(in: root, path: "<robot>")
        // In an order that does not change from run to run.
        for (part, place) in parts.found.sorted(by: { ($0.value.line, $0.key) < ($1.value.line, $1.key) }) {
            let more = place.count > 1 ? " here and \(place.count - 1) more times" : ""
            findings.note(place.line, part, "is ignored\(more)")
        }
    }

    private init(findings: Findings) { self.findings = findings }

    private mutating func collect(in element: XMLElement, path: String) {
        guard let read = Self.read[element.name] else { return }
        for name in element.attributes.keys where !read.attributes.contains(name) {
            add("<\(element.name.shortened) \(name.shortened)>", element.line)
        }
        if element.hasText { add("text in <\(element.name)>", element.line) }
        let type = element.name == "joint" ? element.attributes["type"] ?? "" : ""
        var seen: [String: [Int]] = [:]
        for child in element.children {
            // A shape that is not known is its reader's to tell.
            guard read.children.contains(child.name) else {
                if element.name != "geometry" { add("<\(child.name.shortened)>", child.line) }
                continue
            }
            if Self.idle[type]?.contains(child.name) == true {
                add("<\(child.name)> of a \(type) joint", child.line)
                continue
            }
            if !Self.many.contains(child.name) {
                seen[element.name == "geometry" ? "shape" : "<\(child.name)>", default: []].append(child.line)
            }
            var inner = path
            if let name = child.attributes["name"], element.name == "robot" {
                inner = "\(child.name) '\(name.shortened)'"
            }
            collect(in: child, path: inner)
        }
        for (name, lines) in seen.sorted(by: { $0.key < $1.key }) where lines.count > 1 {
            findings.warn(
                lines[1], path,
                "has \(lines.count) \(name == "shape" ? "shapes in a <geometry>" : name + " elements"); the first is used",
                "keep one")
        }
    }

    /// What a joint may have and has no use for.
    private static let idle: [String: Set<String>] = [
        "fixed": ["axis", "limit", "dynamics", "mimic"], "floating": ["axis", "limit", "dynamics", "mimic"],
        "planar": ["limit", "dynamics", "mimic"],
    ]

    private mutating func add(_ part: String, _ line: Int) {
        let (first, count) = found[part] ?? (line, 0)
        found[part] = (min(first, line), count + 1)
    }
}
