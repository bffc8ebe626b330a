// SPDX-License-Identifier: MIT

internal import Settings

/// The classes of `<default>`: what an element has that does not say it itself, each class over the one that it stands in.
struct MJCFDefaults {
    /// What a class gives to each kind of element.
    private struct Class {
        var attributes: [String: [String: String]] = [:]
        var actuator = MJCFDrive()
    }

    /// The class of all that names none.
    static let main = "main"
    private static let actuators: Set<String> = ["general", "motor", "position", "velocity"]
    private let findings: Findings
    private let compiler: MJCFCompiler
    private var classes = [main: Class()]

    init(_ root: XMLElement, _ compiler: MJCFCompiler, _ findings: Findings) {
        (self.findings, self.compiler) = (findings, compiler)
        for element in root.all("default") {
            let name = element.attributes["class"] ?? Self.main
            guard name == Self.main else {
                findings.report(
                    .error, element, "<default>", "the outermost class '\(name.shortened)' must be 'main'",
                    "leave its class out, or put it into a <default>")
                continue
            }
            read(element, into: Self.main)
        }
    }

    private mutating func read(_ element: XMLElement, into name: String) {
        var own = classes[name] ?? Class()
        for child in element.children where child.name != "default" {
            if Self.actuators.contains(child.name) {
                own.actuator.take(
                    child.name,
                    attributes(child, child.attributes, "class '\(name.shortened)' <\(child.name)>"))
            } else {
                own.attributes[child.name] = Self.laid(
                    child.attributes, over: own.attributes[child.name] ?? [:])
            }
        }
        classes[name] = own
        for child in element.children where child.name == "default" {
            guard let inner = child.attributes["class"], !inner.isEmpty else {
                findings.report(.error, child, "<default>", "has no class", "add class=\"...\"")
                continue
            }
            guard classes[inner] == nil else {
                findings.report(.error, child, "<default>", "there is a class '\(inner.shortened)' already")
                continue
            }
            classes[inner] = own
            read(child, into: inner)
        }
    }

    /// The attributes of an element; its class is what it says, else `inherited`.
    func attributes(of element: XMLElement, _ inherited: String, path: String) -> MJCFAttributes {
        let given = self[element, inherited, path]?.attributes[element.name] ?? [:]
        return attributes(element, Self.laid(element.attributes, over: given), path)
    }

    /// What drives a joint by an element of `<actuator>`.
    func drive(of element: XMLElement, path: String) -> MJCFDrive {
        var drive = self[element, Self.main, path]?.actuator ?? MJCFDrive()
        drive.take(element.name, attributes(element, element.attributes, path))
        return drive
    }

    /// Whether there is a class of a name.
    func has(_ name: String) -> Bool { classes[name] != nil }

    private subscript(element: XMLElement, inherited: String, path: String) -> Class? {
        let name = element.attributes["class"] ?? inherited
        guard let found = classes[name] else {
            findings.report(
                .error, element, path, "there is no default class '\(name.shortened)'",
                NearestName.remedy(name, in: classes.keys.sorted()))
            return nil
        }
        return found
    }

    private func attributes(
        _ element: XMLElement, _ values: [String: String], _ path: String
    ) -> MJCFAttributes {
        MJCFAttributes(element: element, values: values, path: path, findings: findings)
    }

    /// An orientation takes the place of one that was written in another way.
    private static func laid(_ own: [String: String], over given: [String: String]) -> [String: String] {
        var merged = given
        if MJCFAttributes.orientations.contains(where: { own[$0] != nil }) {
            for name in MJCFAttributes.orientations { merged[name] = nil }
        }
        return merged.merging(own) { _, new in new }
    }
}
