// SPDX-License-Identifier: MIT

internal import Settings

extension MJCFPart {
    /// Reports what a file has that is not read: each kind once, with its first line and how often it occurs.
    static func report(in root: XMLElement, _ findings: Findings) {
        var unread = MJCFUnread(findings: findings)
        unread.visit(root)
        unread.report()
    }
}

/// What a file has that is not read.
private struct MJCFUnread {
    /// One kind of it.
    private struct Kind {
        var severity: Diagnostic.Severity
        var first: XMLElement
        var message: String
        var remedy: String
        var count = 0
        /// What of the element it is.
        var names: [String] = []
    }

    private let findings: Findings
    private var found: [String: Kind] = [:]
    private var order: [String] = []

    init(findings: Findings) { self.findings = findings }

    /// What stands in a default class is told with the elements that take it.
    mutating func visit(_ element: XMLElement, inDefault: Bool = false) {
        guard let part = MJCFPart.byName[element.name] else {
            add(
                "<\(element.name.shortened)>", .warning, element, "is not known and ignored",
                NearestName.suggestion(element.name, in: MJCFPart.all.map(\.name)))
            return
        }
        switch part.fate {
        case .read:
            visitAttributes(of: element, part)
            let inDefault = inDefault || element.name == "default"
            for child in element.children where !(inDefault && Self.idle.contains(child.name)) {
                visit(child, inDefault: inDefault)
            }
        case .ignored(let why): add("<\(element.name)>", .note, element, "is ignored (\(why))", "")
        case .refused(let remedy): refuse(element, remedy)
        }
    }

    /// Classes of what is refused or ignored say nothing by themselves.
    private static let idle: Set<String> = [
        "tendon", "equality", "camera", "light", "material", "texture", "muscle", "damper", "cylinder",
        "adhesion", "intvelocity", "pid", "orientation", "dcmotor", "plugin",
    ]

    /// Sections are refused element by element; an equality that is not active does nothing.
    private func refuse(_ element: XMLElement, _ remedy: String) {
        let isSection = ["tendon", "equality", "deformable"].contains(element.name)
        let parts = isSection ? element.children.filter { $0.attributes["active"] != "false" } : [element]
        for part in parts {
            let path = isSection ? "<\(element.name)> <\(part.name.shortened)>" : "<\(part.name)>"
            // A skin is only looked at, and a joint follows another.
            guard part.name != "skin", element.name != "equality" || part.name != "joint" else { continue }
            findings.report(.error, part, path, "is not simulated", remedy)
        }
    }

    private mutating func visitAttributes(of element: XMLElement, _ part: MJCFPart) {
        for name in element.attributes.keys.sorted() where !part.read.contains(name) {
            if part.ignored.contains(name) {
                add("<\(element.name)> ", .note, element, "are ignored", "", name)
            } else if let (_, why) = part.said.first(where: { $0.names.contains(name) }) {
                add("<\(element.name)> \(why)", .warning, element, "not read: \(why)", "", name)
            } else {
                let known = part.read + part.ignored + part.said.flatMap(\.names)
                add(
                    "<\(element.name) \(name.shortened)>", .warning, element, "is not known and ignored",
                    NearestName.suggestion(name, in: known))
            }
        }
    }

    private mutating func add(
        _ key: String, _ severity: Diagnostic.Severity, _ element: XMLElement, _ message: String,
        _ remedy: String, _ name: String? = nil
    ) {
        if found[key] == nil {
            // A damaged file can have any number of names.
            guard order.count < 200 else { return }
            order.append(key)
        }
        var kind =
            found[key] ?? Kind(severity: severity, first: element, message: message, remedy: remedy)
        kind.count += 1
        if let name, !kind.names.contains(name) { kind.names.append(name) }
        found[key] = kind
    }

    func report() {
        for key in order {
            guard let kind = found[key] else { continue }
            let names = kind.names.sorted().joined(separator: ", ")
            let path = names.isEmpty ? key : "<\(kind.first.name) \(names)>"
            var message = kind.message
            if kind.names.count == 1, message == "are ignored" { message = "is ignored" }
            if names.isEmpty, kind.count > 1 { message += ", here and \(kind.count - 1) more times" }
            findings.report(kind.severity, kind.first, path, message, kind.remedy)
        }
    }
}
