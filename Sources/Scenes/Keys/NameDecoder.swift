// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

extension ParameterDecoder {
    // MARK: Names of the robot

    func joint(_ setting: Setting) -> Int? {
        resolve(setting, "joint", among: robot?.joints.map(\.name)) { robot?.joint(named: $0) }
    }

    func link(_ setting: Setting) -> LinkFrame? {
        resolve(setting, "link", among: robot?.frames.keys.sorted()) { robot?.frame(named: $0) }
    }

    func axis(_ setting: Setting) -> Axis? {
        guard let word = setting.text, let axis = Axis(rawValue: word) else {
            wrong(setting, "one of x, y, z")
            return nil
        }
        return axis
    }

    /// A name, looked up.
    ///
    /// Nil without a report where there is no robot to look in.
    private func resolve<Found>(
        _ setting: Setting, _ what: String, among names: [String]?, _ find: (String) -> Found?
    ) -> Found? {
        guard let name = setting.text else {
            wrong(setting, "the name of a \(what)")
            return nil
        }
        guard let names else { return nil }
        if let found = find(name) { return found }
        findings.error(
            setting.line, setting.path,
            "the robot has no \(what) '\(name.shortened)'\(fate(of: name, what))",
            NearestName.remedy(name, in: names))
        return nil
    }

    /// Why a joint of the file may be missing from the robot.
    private func fate(of name: String, _ what: String) -> String {
        guard what == "joint", let robot else { return "" }
        return robot.notes.contains { $0.path.hasPrefix("joint '\(name)'") && $0.message.contains("fixed") }
            ? " that moves (see the warning about it in \(robot.file))" : ""
    }

    /// A list of different names.
    func names<Found: Equatable>(
        _ setting: Setting, of what: String, _ resolve: (Setting) -> Found?
    ) -> [Found]? {
        guard let items = list(setting, of: what) else { return nil }
        guard !items.isEmpty else {
            findings.error(
                setting.line, setting.path, "is an empty list",
                "name at least one of the \(what), or leave it out")
            return nil
        }
        var found: [Found] = []
        for item in items {
            guard let value = resolve(item) else { continue }
            if found.contains(value) {
                findings.error(item.line, item.path, "\(item.shown) is named twice", "remove one")
            } else {
                found.append(value)
            }
        }
        return found.count == items.count ? found : nil
    }

    func pairs(_ setting: Setting) -> [LinkPair]? {
        guard let items = list(setting, of: "pairs of links") else { return nil }
        return items.compactMap { item in
            guard case .list(let ends) = item.value, ends.count == 2 else {
                wrong(item, "a pair of links such as [thigh, foot]")
                return nil
            }
            guard let first = link(ends[0]), let second = link(ends[1]) else { return nil }
            return LinkPair(first: first.name, second: second.name)
        }
    }

    /// A mapping whose keys are names of the robot.
    func byName<Element: Sendable>(
        _ setting: Setting, _ what: String, _ resolve: (Setting) -> Int?, _ decode: (Setting) -> Element?
    ) -> [Arguments.Named<Element>]? {
        guard let entries = setting.entries else {
            wrong(setting, "a mapping from names of \(what)s")
            return nil
        }
        return entries.compactMap { entry in
            let key = Setting(.scalar(Scalar(entry.key)), path: entry.value.path, line: entry.value.line)
            let index = resolve(key)
            guard let element = decode(entry.value), let index else { return nil }
            return .init(
                name: entry.key, index: index, element: element, path: entry.value.path,
                line: entry.value.line)
        }
    }
}
