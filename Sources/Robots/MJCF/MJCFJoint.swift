// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// A `<joint>` or `<freejoint>`, in the frame of its body.
struct MJCFJoint {
    enum Kind {
        case hinge, slide, free
    }

    var name: String
    var element: XMLElement
    var kind: Kind
    /// A point of the axis.
    var anchor = Vector3.zero
    var axis = Vector3(0, 0, 1)
    var limits: (low: Double?, high: Double?) = (nil, nil)
    /// The position in which the body is where the file has it, rad or m.
    var reference = 0.0
    var damping = 0.0
    var friction = 0.0
    var armature = 0.0
    var stiffness = 0.0
    /// Where its spring is relaxed.
    var rest = 0.0
    /// What all actuators together may do, N m or N.
    var effort: Double?

    /// Reads a joint that stands in the frame `frame` of its body; nil after an error.
    init?(_ values: MJCFAttributes, name: String, frame: Pose, _ compiler: MJCFCompiler) {
        (self.name, element) = (name, values.element)
        if values.element.name == "freejoint" {
            kind = .free
            return
        }
        switch values["type"] {
        case "free": kind = .free
        case nil, "hinge": kind = .hinge
        case "slide": kind = .slide
        case "ball":
            values.error("a ball joint is not simulated", "use three hinges about x, y and z in one body")
            return nil
        case let type?:
            values.error(
                "type '\(type.shortened)' is unknown",
                NearestName.remedy(type, in: ["hinge", "slide", "free", "ball"]))
            return nil
        }
        guard kind != .free else { return }
        anchor = frame.place(values.vector("pos") ?? .zero)
        guard let axis = (values.vector("axis") ?? axis).direction else {
            values.error("the axis has no length", "write a direction such as axis=\"0 0 1\"")
            return nil
        }
        self.axis = frame.orientation.rotate(axis)
        readNumbers(values, compiler)
    }

    private mutating func readNumbers(_ values: MJCFAttributes, _ compiler: MJCFCompiler) {
        let unit = kind == .hinge ? compiler.angleUnit : 1
        let greatest = JointReader.greatestLimit
        if let range = values.limits("range", "limited", auto: compiler.autoLimits, factor: unit) {
            limits = (range.low < -greatest ? nil : range.low, range.high > greatest ? nil : range.high)
        }
        let place = Bounds.within(-greatest, greatest)
        reference = unit * (values.number("ref", place) ?? 0)
        rest = unit * (values.number("springref", place) ?? 0)
        damping = linear("damping", values)
        stiffness = linear("stiffness", values)
        friction = values.number("frictionloss", .within(0, 1e9)) ?? 0
        armature = values.number("armature", .within(0, 1e6)) ?? 0
        if let range = values.limits("actuatorfrcrange", "actuatorfrclimited", auto: compiler.autoLimits) {
            effort = max(abs(range.low), abs(range.high))
            if range.low != -range.high {
                values.warn(
                    "actuatorfrcrange is not the same both ways; \(effort?.digits ?? "") is taken for both")
            }
        }
        if let text = values["springdamper"], values.numbers("springdamper", 2...2) != [0, 0] {
            values.error(
                "springdamper '\(text.shortened)' is not read", "write stiffness and damping")
        }
    }

    /// A coefficient that MuJoCo takes as a polynomial as well.
    private func linear(_ name: String, _ values: MJCFAttributes) -> Double {
        guard let numbers = values.numbers(name, 1...3, .within(0, 1e9)) else { return 0 }
        if numbers.dropFirst().contains(where: { $0 != 0 }) {
            values.error("\(name) that grows with the position or speed is not simulated", "write one number")
        }
        return numbers[0]
    }
}
