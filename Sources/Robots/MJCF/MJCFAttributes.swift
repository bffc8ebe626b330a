// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Settings

/// The attributes of an MJCF element over those of its default class, read as numbers and words; what is none is reported.
struct MJCFAttributes {
    let element: XMLElement
    let values: [String: String]
    /// How messages name the element, such as `body 'trunk' <geom>`.
    let path: String
    let findings: Findings

    /// The greatest length of a coordinate or a shape, in m.
    static let length = Bounds.within(-URDFNumbers.greatestLength, URDFNumbers.greatestLength)
    /// The sizes that a shape may have, in m.
    static let size = Bounds.within(1e-6, URDFNumbers.greatestLength)

    subscript(name: String) -> String? { values[name] }

    func error(_ message: String, _ remedy: String = "") {
        findings.report(.error, element, path, message, remedy)
    }

    func warn(_ message: String, _ remedy: String = "") {
        findings.report(.warning, element, path, message, remedy)
    }

    /// As many numbers as are written; nil where there are none, or not of `count`, or not allowed, which is reported.
    func numbers(_ name: String, _ count: ClosedRange<Int>, _ allowed: Bounds = .any) -> [Double]? {
        guard let text = values[name] else { return nil }
        let parts = text.split(whereSeparator: \.isWhitespace)
        let numbers = parts.prefix(count.upperBound + 1).compactMap { Scalar.number($0) }
        guard numbers.count == min(parts.count, count.upperBound + 1), count.contains(numbers.count) else {
            let words =
                count.lowerBound == count.upperBound
                ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
            error(
                "\(name) '\(text.shortened)' is not \(words) finite number\(count.upperBound == 1 ? "" : "s")"
            )
            return nil
        }
        guard numbers.allSatisfy(allowed.contains) else {
            error(
                "\(name) '\(text.shortened)' is not allowed: \(count.upperBound == 1 ? "it" : "each") must be \(allowed.words)"
            )
            return nil
        }
        return numbers
    }

    func number(_ name: String, _ allowed: Bounds = .any) -> Double? {
        numbers(name, 1...1, allowed)?.first
    }

    func vector(_ name: String, _ allowed: Bounds = length) -> Vector3? {
        numbers(name, 3...3, allowed).map { Vector3($0[0], $0[1], $0[2]) }
    }

    /// Two numbers, the first below the second.
    func range(_ name: String, factor: Double = 1) -> (low: Double, high: Double)? {
        guard let ends = numbers(name, 2...2) else { return nil }
        guard ends[0] < ends[1] else {
            error("\(name) '\((values[name] ?? "").shortened)': the first must be below the second")
            return nil
        }
        return (ends[0] * factor, ends[1] * factor)
    }

    func isTrue(_ name: String) -> Bool? {
        guard let text = values[name] else { return nil }
        guard ["true", "false"].contains(text) else {
            error("\(name) '\(text.shortened)' is not true or false")
            return nil
        }
        return text == "true"
    }

    /// A range that holds unless `limited` says that it does not; nil for none.
    func limits(_ name: String, _ limited: String, auto: Bool, factor: Double = 1) -> (
        low: Double, high: Double
    )? {
        let word = values[limited] ?? "auto"
        guard ["true", "false", "auto"].contains(word) else {
            error("\(limited) '\(word.shortened)' is not true, false or auto")
            return nil
        }
        guard word == "true" || (word == "auto" && auto) else { return nil }
        guard values[name] != nil else {
            if word == "true" {
                error("\(limited) is true and there is no \(name)", "add \(name)=\"low high\"")
            }
            return nil
        }
        // MuJoCo's way to write none.
        if word == "auto", numbers(name, 2...2) == [0, 0] { return nil }
        return range(name, factor: factor)
    }

    // MARK: Places

    static let orientations = ["quat", "axisangle", "euler", "xyaxes", "zaxis"]

    /// The pose that `pos` and one of five ways to write an orientation give; the identity where nothing is written.
    func pose(_ compiler: MJCFCompiler) -> Pose {
        Pose(position: vector("pos") ?? .zero, orientation: orientation(compiler))
    }

    func orientation(_ compiler: MJCFCompiler) -> Quaternion {
        let written = Self.orientations.filter { values[$0] != nil }
        guard written.count < 2 else {
            error("has \(written.joined(separator: " and ")): one orientation is enough", "keep one of them")
            return .identity
        }
        switch written.first {
        case "quat":
            guard let q = numbers("quat", 4...4) else { break }
            let length = q.reduce(0) { $0 + $1 * $1 }.squareRoot()
            guard length > 1e-9, length.isFinite else { return lengthless("quat") }
            return Quaternion(w: q[0] / length, x: q[1] / length, y: q[2] / length, z: q[3] / length)
        case "axisangle":
            guard let a = numbers("axisangle", 4...4) else { break }
            guard let axis = Vector3(a[0], a[1], a[2]).direction else { return lengthless("axisangle") }
            return Quaternion(angle: a[3] * compiler.angleUnit, about: axis)
        case "euler":
            guard let angles = vector("euler", .any) else { break }
            return compiler.euler(compiler.angleUnit * angles)
        case "xyaxes":
            guard let a = numbers("xyaxes", 6...6) else { break }
            let second = Vector3(a[3], a[4], a[5])
            guard let x = Vector3(a[0], a[1], a[2]).direction,
                let y = (second - x.dot(second) * x).direction
            else { return lengthless("xyaxes") }
            return Quaternion(x: x, y: y)
        case "zaxis":
            guard let axis = vector("zaxis", .any) else { break }
            guard let z = axis.direction else { return lengthless("zaxis") }
            return Quaternion(toZ: z)
        default: break
        }
        return .identity
    }

    private func lengthless(_ name: String) -> Quaternion {
        error("\(name) '\((values[name] ?? "").shortened)' gives no direction")
        return .identity
    }
}

extension Vector3 {
    /// The vector of length 1 in its direction; nil where it has none.
    var direction: Vector3? { length > 1e-9 && length.isFinite ? (1 / length) * self : nil }
}

extension Quaternion {
    /// The rotation to a frame with these axes, which are of length 1 and at right angles.
    init(x: Vector3, y: Vector3) {
        let z = x.cross(y)
        // The greatest of four forms of the same, which none of them is for every rotation.
        let squares = [1 + x.x + y.y + z.z, 1 + x.x - y.y - z.z, 1 - x.x + y.y - z.z, 1 - x.x - y.y + z.z]
        let greatest = squares.indices.max { squares[$0] < squares[$1] } ?? 0
        let twice = squares[greatest].squareRoot()
        let (a, b, c) = (y.z - z.y, z.x - x.z, x.y - y.x)
        let (d, e, f) = (x.y + y.x, z.x + x.z, y.z + z.y)
        let rest = [
            (twice * twice, a, b, c), (a, twice * twice, d, e), (b, d, twice * twice, f),
            (c, e, f, twice * twice),
        ][greatest]
        let scale = 0.5 / twice
        self.init(w: scale * rest.0, x: scale * rest.1, y: scale * rest.2, z: scale * rest.3)
    }

    /// The smallest rotation that takes the z axis to a direction.
    init(toZ direction: Vector3) {
        let axis = Vector3(0, 0, 1).cross(direction)
        let sine = axis.length
        self.init(
            angle: atan2(sine, direction.z), about: sine > 1e-10 ? (1 / sine) * axis : Vector3(1, 0, 0))
    }
}
