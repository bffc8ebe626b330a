// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// One kind of term: its name in the file, what it gives, what it takes, and how its parameters become a quantity.
struct Term<Quantity: Sendable>: Sendable {
    /// What a scene must have for the term to mean anything.
    enum Need: Sendable {
        /// A planar or floating base.
        case movingBase
        /// A floating base.
        case floatingBase
        /// A `target` block.
        case target
        /// A `commands` block.
        case commands
    }

    let name: String
    /// What it measures, and the unit of it.
    let summary: String
    let unit: String
    let parameters: [Parameter]
    let needs: [Need]
    let synonyms: [String]
    /// Makes the quantity of decoded parameters; nil where a required one is missing or wrong, which is reported already.
    let make: @Sendable (Arguments, Robot) -> Quantity?

    init(
        _ name: String, _ summary: String, unit: String = "1", _ parameters: [Parameter] = [],
        needs: [Need] = [], synonyms: [String] = [], make: @escaping @Sendable (Arguments, Robot) -> Quantity?
    ) {
        self.name = name
        self.summary = summary
        self.unit = unit
        self.parameters = parameters
        self.needs = needs
        self.synonyms = synonyms
        self.make = make
    }

    /// The term as a variant of a list of terms, with the keys that all terms of the list share.
    func variant(with shared: [Parameter]) -> Parameter.Variant {
        let text = unit == "1" ? summary : "\(summary) Unit: \(unit)."
        return Parameter.Variant(
            name: name, summary: text, parameters: parameters + shared, synonyms: synonyms)
    }
}

/// The parameters that several terms share.
enum TermParameter {
    static let axes = Parameter(
        "axes", .axes, "Which components, in this order; all that can move if left out.")
    static let axis = Parameter("axis", .axis, "The world's axis.", isRequired: true)
    static let joints = Parameter("joints", .joints, "Which joints, in this order; all if left out.")
    static let joint = Parameter("joint", .joint, "The joint.", isRequired: true)
    static let link = Parameter(
        "link", .link, "The link; links that were merged count too.", isRequired: true)
    static let links = Parameter("links", .links, "The links whose own shapes count.", isRequired: true)
    static let state = Parameter(
        "state", .choice(StepEnd.allCases.map(\.rawValue)),
        "Which end of the step is measured; after if left out.")
    static func frame(_ usual: VectorFrame) -> Parameter {
        Parameter(
            "frame", .choice(VectorFrame.allCases.map(\.rawValue)),
            "Whose axes the vector is written in; \(usual.rawValue) if left out.")
    }
    static let deviation = Parameter(
        "std", .number(.positive), "The error at which the term has fallen to 1/e.", isRequired: true)
    static let threshold = Parameter(
        "threshold", .number(.notNegative), "The force in N above which it counts; 1 if left out.")
}

extension Arguments {
    /// The joints that a term names; all of them if it names none.
    func joints(of robot: Robot) -> [Int] { joints("joints") ?? Array(robot.joints.indices) }

    /// The axes that a term names; all three if it names none.
    ///
    /// Those that cannot move are taken out later, with the base known.
    var axes: [Axis] { axes("axes") ?? Axis.allCases }
}
