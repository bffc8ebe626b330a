// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// Reads `<joint>` elements.
struct JointReader {
    let findings: Findings
    var numbers: URDFNumbers { URDFNumbers(findings: findings) }

    /// The joint, or nil where nothing can be made of it; what is wrong is reported.
    func joint(_ element: XMLElement, name: String) -> URDFJoint? {
        let path = "joint '\(name)'"
        guard let kind = kind(element, in: path) else { return nil }
        let ends = ["parent", "child"].map { end -> String? in
            guard let link = element.first(end)?.attributes["link"], !link.isEmpty else {
                findings.error(
                    element.first(end)?.line ?? element.line, "\(path) <\(end)>", "names no link",
                    "add <\(end) link=\"...\"/>")
                return nil
            }
            return link
        }
        guard let parent = ends[0], let child = ends[1] else { return nil }
        var joint = URDFJoint(name: name, line: element.line, kind: kind, parent: parent, child: child)
        joint.origin = numbers.origin(of: element, in: path)
        readMimic(element, into: &joint)
        readAxis(element, into: &joint)
        readDynamics(element, into: &joint)
        readLimit(element, into: &joint)
        return joint
    }

    private func kind(_ element: XMLElement, in path: String) -> URDFJoint.Kind? {
        let names = URDFJoint.Kind.allCases.map(\.rawValue)
        guard let type = element.attributes["type"] else {
            findings.error(element.line, path, "has no type", "allowed: \(names.joined(separator: ", "))")
            return nil
        }
        if let kind = URDFJoint.Kind(rawValue: type) { return kind }
        if type == "spherical" {
            findings.error(
                element.line, path, "type 'spherical' is not URDF and not simulated",
                "use three revolute joints with small links between them")
        } else {
            findings.error(
                element.line, path, "type '\(type.shortened)' is unknown",
                NearestName.remedy(type, in: names))
        }
        return nil
    }

    private func readAxis(_ element: XMLElement, into joint: inout URDFJoint) {
        guard let axisElement = element.first("axis"), joint.kind != .fixed, joint.kind != .floating else {
            return
        }
        guard let axis = numbers.vector(axisElement, "xyz", in: joint.path, isRequired: true) else { return }
        guard axis.length > 1e-9 else {
            findings.error(
                axisElement.line, "\(joint.path) <axis xyz>", "the axis has no length",
                "write a direction such as \"0 0 1\", or make the joint fixed")
            return
        }
        // An axis that has length 1 already stays as it is, to the last bit.
        joint.axis = abs(axis.length - 1) < 1e-15 ? axis : (1 / axis.length) * axis
    }

    /// What it means to follow that joint, `MimicResolution` says.
    private func readMimic(_ element: XMLElement, into joint: inout URDFJoint) {
        guard let mimic = element.first("mimic"), joint.isOneAxis else { return }
        guard let leader = mimic.attributes["joint"], !leader.isEmpty else {
            return findings.error(
                mimic.line, "\(joint.path) <mimic>", "names no joint", "add joint=\"...\"")
        }
        joint.mimic = .init(
            line: mimic.line, joint: leader,
            multiplier: numbers.number(mimic, "multiplier", in: joint.path, allowed: .within(-1e6, 1e6)) ?? 1,
            offset: numbers.number(mimic, "offset", in: joint.path, allowed: .within(-1e5, 1e5)) ?? 0)
    }

    private func readDynamics(_ element: XMLElement, into joint: inout URDFJoint) {
        guard let dynamics = element.first("dynamics") else { return }
        joint.damping = numbers.number(dynamics, "damping", in: joint.path, allowed: .notNegative) ?? 0
        joint.friction = numbers.number(dynamics, "friction", in: joint.path, allowed: .notNegative) ?? 0
    }

    private func readLimit(_ element: XMLElement, into joint: inout URDFJoint) {
        guard joint.isOneAxis else { return }
        guard let limit = element.first("limit") else {
            if joint.kind != .continuous {
                findings.warn(
                    joint.line, joint.path,
                    "is \(joint.kind.rawValue) and has no <limit>; it moves without limits",
                    "add <limit lower=... upper=... effort=... velocity=.../>")
            }
            return
        }
        joint.effort = greatest("effort", limit, joint)
        joint.velocity = greatest("velocity", limit, joint)
        // What 0 means, the other joints tell.
        if joint.effort == 0 { (joint.effort, joint.noEffortLine) = (nil, limit.line) }
        if joint.velocity == 0 { (joint.velocity, joint.noVelocityLine) = (nil, limit.line) }
        let isHere = { (name: String) in limit.attributes[name] != nil }
        guard joint.kind != .continuous else {
            guard isHere("lower") || isHere("upper") else { return }
            return findings.note(
                limit.line, "\(joint.path) <limit>",
                "lower and upper are not read: a continuous joint turns without limits",
                "make it revolute to keep them")
        }
        guard isHere("lower") || isHere("upper") else {
            findings.warn(
                limit.line, "\(joint.path) <limit>",
                "has neither lower nor upper; the joint moves without limits",
                "add both, or make it continuous")
            return
        }
        // URDF: what is absent is 0.
        let lower = isHere("lower") ? numbers.number(limit, "lower", in: joint.path) : 0
        let upper = isHere("upper") ? numbers.number(limit, "upper", in: joint.path) : 0
        guard let lower, let upper else { return }
        takeRange(lower, upper, of: limit, into: &joint)
    }

    /// A greatest effort or speed; a negative one is how some say that there is none.
    private func greatest(_ name: String, _ limit: XMLElement, _ joint: URDFJoint) -> Double? {
        guard let value = numbers.number(limit, name, in: joint.path), value < 0 else {
            return numbers.number(limit, name, in: joint.path, allowed: .notNegative)
        }
        findings.warn(
            limit.line, "\(joint.path) <limit \(name)>", "\(value) is taken as no limit",
            "write the motor's value")
        return nil
    }

    private func takeRange(
        _ lower: Double, _ upper: Double, of limit: XMLElement, into joint: inout URDFJoint
    ) {
        let unit = joint.kind == .prismatic ? "m" : "rad"
        if lower > upper {
            findings.error(
                limit.line, "\(joint.path) <limit>", "lower \(lower) must be below upper \(upper) (\(unit))",
                joint.kind == .prismatic
                    ? "swap them, or leave both out if it has no limits"
                    : "swap them, or make the joint continuous if it has no limits")
        } else if lower == upper {
            guard lower != 0 || joint.noEffortLine == nil || joint.noVelocityLine == nil else {
                return findings.warn(
                    limit.line, "\(joint.path) <limit>",
                    "all four limits are 0, as exporters write where they know none; it moves without limits",
                    "write them, or make it fixed")
            }
            guard abs(lower) < URDFNumbers.greatestLength else {
                findings.error(limit.line, "\(joint.path) <limit>", "\(lower) \(unit) is out of reach")
                return
            }
            findings.warn(
                limit.line, "\(joint.path) <limit>",
                "lower and upper are both \(lower) \(unit); the joint is fixed there",
                "make it fixed, or continuous if it has no limits")
            joint.lockedAt = lower
        } else {
            joint.lower = lower < -Self.greatestLimit ? nil : lower
            joint.upper = upper > Self.greatestLimit ? nil : upper
            guard joint.lower == nil || joint.upper == nil else { return }
            findings.note(
                limit.line, "\(joint.path) <limit>",
                "limits beyond \(Int(Self.greatestLimit)) \(unit) are taken as none")
        }
    }

    /// The farthest limit (rad or m) that is one.
    static let greatestLimit = 1e5
}
