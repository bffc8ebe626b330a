// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// Reads attributes of URDF elements as numbers, and reports those that are none.
struct URDFNumbers {
    let findings: Findings

    /// The greatest length of a coordinate or a shape, in m.
    static let greatestLength = 1e5

    /// A finite number; nil if it is absent or wrong.
    ///
    /// Wrong ones are reported, absent ones only if `isRequired`.
    func number(
        _ element: XMLElement, _ attribute: String, in path: String, isRequired: Bool = false,
        allowed: Bounds = .any,
        unit: String = ""
    ) -> Double? {
        let place = "\(path) <\(element.name) \(attribute)>"
        guard let text = element.attributes[attribute] else {
            if isRequired {
                findings.error(
                    element.line, place, "is missing",
                    "add \(attribute)=\"...\"\(unit.isEmpty ? "" : " in \(unit)")")
            }
            return nil
        }
        guard let value = Scalar.number(text), allowed.contains(value) else {
            findings.error(
                element.line, place,
                "'\(text.shortened)' is not \(allowed.words)\(unit.isEmpty ? "" : " (\(unit))")",
                Self.oddCharacter(in: text) ?? "")
            return nil
        }
        return value
    }

    /// Three finite numbers; nil if they are absent or wrong.
    func vector(
        _ element: XMLElement, _ attribute: String, in path: String, isRequired: Bool = false,
        allowed: Bounds = .within(-greatestLength, greatestLength)
    ) -> Vector3? {
        let place = "\(path) <\(element.name) \(attribute)>"
        guard let text = element.attributes[attribute] else {
            if isRequired { findings.error(element.line, place, "is missing", "add \(attribute)=\"x y z\"") }
            return nil
        }
        let parts = text.split(whereSeparator: \.isWhitespace).map { Scalar.number(String($0)) }
        guard parts.count == 3, let x = parts[0], let y = parts[1], let z = parts[2] else {
            findings.error(
                element.line, place, "'\(text.shortened)' is not three finite numbers",
                Self.oddCharacter(in: text) ?? "write them as \"0 0 1\"")
            return nil
        }
        guard allowed.contains(x), allowed.contains(y), allowed.contains(z) else {
            findings.error(
                element.line, place, "'\(text.shortened)' is not allowed: each must be \(allowed.words)")
            return nil
        }
        return Vector3(x, y, z)
    }

    /// What to do about a character that looks as if it belonged to a number, such as the minus sign of text processors.
    private static func oddCharacter(in text: String) -> String? {
        guard let odd = text.unicodeScalars.first(where: { !$0.isASCII && !$0.properties.isWhitespace })
        else {
            return text.contains(",") && !text.contains(" ") ? "write a point, not a comma" : nil
        }
        let name = odd.properties.name.map { " (\($0))" } ?? ""
        return "\(odd.codePoint)\(name) belongs to no number; type it again"
    }

    /// The pose of an `<origin>` child; the identity where there is none.
    func origin(of element: XMLElement, in path: String) -> Pose {
        guard let origin = element.first("origin") else { return .identity }
        let position = vector(origin, "xyz", in: path) ?? .zero
        let angles = vector(origin, "rpy", in: path) ?? .zero
        return Pose(
            position: position,
            orientation: angles == .zero
                ? .identity : Quaternion(roll: angles.x, pitch: angles.y, yaw: angles.z))
    }
}
