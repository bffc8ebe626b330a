// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// An element of an MJCF document, to be written.
struct MuJoCoElement {
    let name: String
    private let attributes: [(name: String, value: String)]
    private let children: [MuJoCoElement]

    /// Makes an element of these attributes, in their order; those that are nil are left out.
    init(_ name: String, _ attributes: [(String, String?)] = [], _ children: [MuJoCoElement] = []) {
        self.name = name
        self.children = children
        self.attributes = attributes.compactMap { name, value in value.map { (name, $0) } }
    }

    /// Its lines, indented.
    func text(_ indent: String = "") -> String {
        let head =
            "\(indent)<\(name)" + attributes.map { " \($0.name)=\"\(Self.escaped($0.value))\"" }.joined()
        guard !children.isEmpty else { return head + "/>\n" }
        return head + ">\n" + children.map { $0.text(indent + "  ") }.joined() + "\(indent)</\(name)>\n"
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case _ where scalar.value < 0x20: " "
            default: String(scalar)
            }
        }.joined()
    }
}

/// Numbers of an attribute, with all their digits.
func mujoco(_ numbers: [Double]) -> String { numbers.map(Scalar.digits(of:)).joined(separator: " ") }
func mujoco(_ numbers: Double...) -> String { mujoco(numbers) }

/// A number that is 0 where nothing is written.
func mujocoUnlessZero(_ number: Double) -> String? { number == 0 ? nil : mujoco(number) }

extension Pose {
    /// The attributes of a place; those are left out that say nothing.
    var mujoco: [(String, String?)] {
        let turn = orientation
        return [
            ("pos", position == .zero ? nil : Scenes.mujoco(position.components)),
            ("quat", turn == .identity ? nil : Scenes.mujoco(turn.w, turn.x, turn.y, turn.z)),
        ]
    }
}
