// SPDX-License-Identifier: MIT

internal import Files
internal import Settings

/// Puts the files that an MJCF file includes in the place of their `<include>`, within the limits of one file.
///
/// A file is included once, so none can include itself. Names lead to files below the folder of the robot's own file: all of them
/// are copied into a run's folder.
struct MJCFFiles {
    private let findings: Findings
    private let folder: String
    /// The files that were included, in the order in which they were met.
    private(set) var included: [RobotFile] = []
    private var byteCount: Int
    private var elementCount = 0

    private static let mostFiles = 100
    private static let depth = 64

    /// Where an element is put: how deep, below which folder, and by which `<include>` of the robot's own file.
    private struct Place {
        var depth = 1
        var folder = ""
        var inclusion: XMLElement.Inclusion?
    }

    init(findings: Findings, byteCount: Int) {
        self.findings = findings
        self.byteCount = byteCount
        folder = findings.file.pathFolder
    }

    /// The root with all that it includes; nil after an error.
    mutating func expanded(_ root: XMLElement) -> XMLElement? { expanded(root, Place()) }

    private mutating func expanded(_ element: XMLElement, _ place: Place) -> XMLElement? {
        var element = element
        element.inclusion = place.inclusion
        elementCount += 1
        guard elementCount <= XMLLimits.elements else {
            return fail(
                element, "the file and what it includes have more than \(XMLLimits.elements) elements")
        }
        guard place.depth <= Self.depth else {
            return fail(element, "elements are nested more than \(Self.depth) deep")
        }
        var inner = place
        inner.depth += 1
        var children: [XMLElement] = []
        for child in element.children {
            if child.name == "include" {
                var include = child
                include.inclusion = place.inclusion
                guard let parts = contents(of: include, place) else { return nil }
                children += parts
            } else {
                guard let child = expanded(child, inner) else { return nil }
                children.append(child)
            }
        }
        element.children = children
        return element
    }

    /// What stands in the root element of the file that an `<include>` names.
    private mutating func contents(of include: XMLElement, _ place: Place) -> [XMLElement]? {
        guard let written = include.attributes["file"], !written.isEmpty else {
            return fail(include, "names no file", "add file=\"...\"")
        }
        guard let name = name(written, include, place) else { return nil }
        guard !included.contains(where: { $0.name == name }) else {
            return fail(include, "'\(written.shortened)' is included already", "include each file once")
        }
        guard included.count < Self.mostFiles else {
            return fail(include, "more than \(Self.mostFiles) files are included")
        }
        let path = joined(folder, name)
        let inner = Findings(file: path)
        var bytes: [UInt8] = []
        do {
            bytes = try FileText.read(path, takesPipe: false)
        } catch {
            let problem = error.diagnostics.first?.message ?? "the file cannot be read"
            return fail(
                include, "'\(written.shortened)': \(problem)", "it is looked for below \(shown(folder))")
        }
        byteCount += bytes.count
        guard byteCount <= XMLText.byteLimit else {
            return fail(include, "the file and what it includes have more than 16 MiB")
        }
        included.append(RobotFile(name: name, bytes: bytes))
        let root = XMLElement.parse(bytes, findings: inner)
        findings.take(inner)
        guard let root else { return nil }
        guard ["mujoco", "mujocoinclude"].contains(root.name) else {
            return fail(
                include, "'\(written.shortened)' has the root <\(root.name.shortened)>",
                "an included file has <mujocoinclude> or <mujoco>")
        }
        var place = place
        place.folder = name.pathFolder
        place.inclusion = .init(file: path, line: include.mainLine)
        return expanded(root, place)?.children
    }

    /// The path of an included file below the robot's folder: as seen from the file that names it, else from the robot's own.
    private func name(_ written: String, _ include: XMLElement, _ place: Place) -> String? {
        let names = [joined(place.folder, written), written].map(\.simplifiedPath)
        let isInside = { (name: String) in !name.hasPrefix("/") && name != ".." && !name.hasPrefix("../") }
        guard !written.hasPrefix("/"), !written.utf8.contains(0), names.contains(where: isInside) else {
            findings.report(
                .error, include, "<include>", "'\(written.shortened)' leads out of the robot's folder",
                "put the file beside \(findings.file.pathName) or below, and name it from there")
            return nil
        }
        let inside = names.filter(isInside)
        return inside.first { FileKind(at: joined(folder, $0)) != nil } ?? inside.first
    }

    private func joined(_ folder: String, _ name: String) -> String {
        folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    private func shown(_ folder: String) -> String { folder.isEmpty ? "the folder one stands in" : folder }

    private func fail<Value>(_ element: XMLElement, _ problem: String, _ remedy: String = "") -> Value? {
        findings.report(.error, element, "<\(element.name.shortened)>", problem, remedy)
        return nil
    }
}

extension Findings {
    /// Reports what is the matter with an element, in the file that it stands in.
    func report(
        _ severity: Diagnostic.Severity, _ element: XMLElement, _ path: String, _ message: String,
        _ remedy: String = ""
    ) {
        report(severity, file: element.inclusion?.file ?? file, element.line, path, message, remedy)
    }
}
