// SPDX-License-Identifier: MIT

internal import Settings

/// Makes joints that follow others of `<equality>`: a polynomial of degree 1 is what URDF calls a mimic.
struct MJCFCouplings {
    private let findings: Findings
    private let references: [String: Double]
    /// The joints that motors drive: of two that are coupled these lead.
    private let driven: Set<String>

    init(_ root: XMLElement, _ bodies: [MJCFBody], _ findings: Findings) {
        self.findings = findings
        references = Dictionary(bodies.flatMap(\.joints).map { ($0.name, $0.reference) }) { first, _ in first
        }
        driven = Set(
            root.all("actuator").flatMap(\.children).compactMap {
                $0.attributes["joint"] ?? $0.attributes["jointinparent"]
            })
    }

    func apply(_ root: XMLElement, to joints: inout [URDFJoint]) {
        for element in root.all("equality").flatMap({ $0.all("joint") })
        where element.attributes["active"] != "false" {
            apply(
                MJCFAttributes(
                    element: element, values: element.attributes, path: "<equality> <joint>",
                    findings: findings), to: &joints)
        }
    }

    /// MuJoCo: position 1 - reference 1 = c0 + c1 (position 2 - reference 2) + c2 (...)² and so on.
    private func apply(_ values: MJCFAttributes, to joints: inout [URDFJoint]) {
        var powers = values.numbers("polycoef", 1...5) ?? []
        powers += [0, 1, 0, 0, 0].dropFirst(powers.count)
        guard powers.dropFirst(2).allSatisfy({ $0 == 0 }) else {
            return values.error(
                "a joint that follows another by a polynomial beyond degree 1 is not simulated",
                "write polycoef=\"offset ratio\"")
        }
        guard let first = index("joint1", values, joints) else { return }
        let name = joints[first].name
        guard values["joint2"] != nil else {
            joints[first].lockedAt = (references[name] ?? 0) + powers[0]
            return
        }
        guard let second = index("joint2", values, joints) else { return }
        let other = joints[second].name
        let offset = (references[name] ?? 0) + powers[0] - powers[1] * (references[other] ?? 0)
        let isTurned = driven.contains(name) && !driven.contains(other) && powers[1] != 0
        let follower = isTurned ? second : first
        guard joints[follower].mimic == nil else {
            return values.error(
                "joint '\(joints[follower].name)' follows another already", "a joint follows one")
        }
        joints[follower].mimic =
            isTurned
            ? .init(
                line: values.element.mainLine, joint: name, multiplier: 1 / powers[1],
                offset: -offset / powers[1])
            : .init(line: values.element.mainLine, joint: other, multiplier: powers[1], offset: offset)
    }

    private func index(_ attribute: String, _ values: MJCFAttributes, _ joints: [URDFJoint]) -> Int? {
        let name = values[attribute] ?? ""
        if let index = joints.firstIndex(where: { $0.name == name && $0.isOneAxis }) { return index }
        values.error(
            "there is no hinge or slide '\(name.shortened)'",
            NearestName.remedy(name, in: joints.filter(\.isOneAxis).map(\.name)))
        return nil
    }
}
