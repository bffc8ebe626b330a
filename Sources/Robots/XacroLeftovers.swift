// SPDX-License-Identifier: MIT

internal import Files
internal import Settings

/// Finds what only xacro understands: such a file is no URDF yet, as a whole.
struct XacroLeftovers {
    let findings: Findings

    /// Whether the file is xacro's; one error says so, at the first place that shows it.
    func report(in root: XMLElement) -> Bool {
        guard let (line, path, text) = first(in: root, isRead: true) else { return false }
        let file = findings.file.pathName
        let stem = file.withoutEnding
        let isXacro = file.pathEnding == "xacro"
        let expanded = isXacro ? (stem.hasSuffix(".urdf") ? stem : stem + ".urdf") : "\(stem)-expanded.urdf"
        findings.error(
            line, path,
            "this is a xacro file, not yet a URDF file"
                + (text.isEmpty ? "" : ": '\(text.shortened)' is not filled in"),
            "expand it first: xacro \(file) > \(expanded)")
        return true
    }

    /// Elements of xacro count everywhere, its `${...}` and `$(...)` only in what is read: plugins have variables of their own.
    private func first(in element: XMLElement, isRead: Bool) -> (Int, String, String)? {
        if element.name.hasPrefix("xacro:") { return (element.line, "<\(element.name)>", "") }
        if isRead {
            for (name, value) in element.attributes.sorted(by: { $0.key < $1.key })
            where name.hasPrefix("xacro:") || value.contains("${") || value.contains("$(") {
                return (element.line, "<\(element.name) \(name)>", value)
            }
        }
        for child in element.children {
            let isRead = isRead && UnreadParts.isRead(child.name, in: element.name)
            if let found = first(in: child, isRead: isRead) { return found }
        }
        return nil
    }
}
