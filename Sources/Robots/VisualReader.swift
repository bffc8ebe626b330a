// SPDX-License-Identifier: MIT

package import Geometry
internal import Settings

/// What a link looks like, or a part of it.
package struct RobotVisual: Sendable, Equatable {
    /// What it is.
    package enum Form: Sendable, Equatable {
        case solid(Shape)
        case surface(Polyhedron)
    }

    package var form: Form
    /// The pose of its centre in the frame of the link that holds it (after merging).
    package var origin: Pose
    /// That link, by its number.
    package var link: Int
    /// Red, green, blue and opacity, each 0 to 1; nil where the file does not say.
    package var colour: SIMD4<Double>?
}

/// What a robot looks like.
package struct RobotVisuals: Sendable, Equatable {
    /// All that can be seen, and was read.
    package var parts: [RobotVisual] = []
    /// The links of which something was not read.
    package var incomplete: Set<Int> = []
}

extension Robot {
    /// What a URDF file says that its robot looks like.
    ///
    /// Nothing depends on it but pictures: it is read when one is drawn, and what is wrong with it is no error.
    ///
    /// - Parameters:
    ///   - urdf: the file's bytes.
    ///   - file: where it is; meshes are looked for beside it.
    ///   - finder: what finds them.
    /// - Returns: the visible parts; none of a file of another kind.
    package func visuals(urdf: [UInt8], file: String, _ finder: MeshFinder) -> RobotVisuals {
        let findings = Findings(file: file)
        guard let root = XMLElement.parse(urdf, findings: findings), root.name == "robot" else {
            return RobotVisuals()
        }
        let reader = VisualReader(root, findings, RobotMeshes(finder, robot: file))
        var visuals = RobotVisuals()
        for element in root.all("link") {
            guard let name = element.attributes["name"], let frame = frames[name] else { continue }
            reader.read(element, frame, into: &visuals)
        }
        VisualReader.simplify(&visuals.parts)
        return visuals
    }
}

/// Reads `<visual>` elements.
private struct VisualReader {
    private let numbers: URDFNumbers
    private let meshes: RobotMeshes
    /// The colours that the file names.
    private var colours: [String: SIMD4<Double>] = [:]

    /// All meshes of a robot together have no more triangles than this, and each at most a tenth of them.
    private static let mostTriangles = 100_000

    init(_ root: XMLElement, _ findings: Findings, _ meshes: RobotMeshes) {
        numbers = URDFNumbers(findings: findings)
        self.meshes = meshes
        for material in root.all("material") {
            guard let name = material.attributes["name"] else { continue }
            colours[name] = Self.colour(material)
        }
    }

    /// Reads the visible parts of a link.
    func read(_ link: XMLElement, _ frame: LinkFrame, into visuals: inout RobotVisuals) {
        for element in link.all("visual") {
            guard let solid = element.first("geometry")?.children.first, let form = form(solid) else {
                visuals.incomplete.insert(frame.link)
                continue
            }
            let material = element.first("material")
            let named = material?.attributes["name"].flatMap { colours[$0] }
            visuals.parts.append(
                RobotVisual(
                    form: form, origin: frame.pose * numbers.origin(of: element, in: ""), link: frame.link,
                    colour: material.flatMap(Self.colour) ?? named))
        }
    }

    private func form(_ solid: XMLElement) -> RobotVisual.Form? {
        func length(_ attribute: String) -> Double? {
            numbers.number(
                solid, attribute, in: "", isRequired: true,
                allowed: .within(1e-6, URDFNumbers.greatestLength))
        }
        switch solid.name {
        case "box":
            return numbers.vector(
                solid, "size", in: "", isRequired: true, allowed: .within(1e-6, URDFNumbers.greatestLength)
            ).map { .solid(.box(size: $0)) }
        case "sphere": return length("radius").map { .solid(.sphere(radius: $0)) }
        case "cylinder", "capsule":
            guard let radius = length("radius"), let length = length("length") else { return nil }
            return .solid(
                solid.name == "cylinder"
                    ? .cylinder(radius: radius, length: length) : .capsule(radius: radius, length: length))
        case "mesh":
            let isScaled = solid.attributes["scale"] != nil
            guard let name = solid.attributes["filename"],
                let scale = isScaled ? numbers.vector(solid, "scale", in: "") : Vector3(1, 1, 1)
            else { return nil }
            return (try? meshes.surface(of: name, scale: scale)).map { .surface($0) }
        default: return nil
        }
    }

    /// The colour that stands in a material itself.
    private static func colour(_ material: XMLElement) -> SIMD4<Double>? {
        let parts = material.first("color")?.attributes["rgba"]?.split(whereSeparator: \.isWhitespace)
        let values = (parts ?? []).compactMap { Scalar.number(String($0)) }
        guard values.count == 4 else { return nil }
        return SIMD4(values.map { min(max($0, 0), 1) })
    }

    /// Leaves of each mesh what a picture needs.
    static func simplify(_ visuals: inout [RobotVisual]) {
        let count = visuals.count { if case .surface = $0.form { true } else { false } }
        let most = min(mostTriangles / 10, mostTriangles / max(count, 1))
        for index in visuals.indices {
            guard case .surface(let surface) = visuals[index].form else { continue }
            visuals[index].form = .surface(surface.simplified(to: most))
        }
    }
}
