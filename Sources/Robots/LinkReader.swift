// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// Reads `<link>` elements: inertial and collision.
struct LinkReader {
    let findings: Findings
    let meshes: RobotMeshes
    var numbers: URDFNumbers { URDFNumbers(findings: findings) }

    func link(_ element: XMLElement, name: String) -> URDFLink {
        var link = URDFLink(name: name, line: element.line)
        if let inertial = element.first("inertial") {
            link.properties = properties(inertial, in: link.path, &link.inertiaFault)
            link.lines = (
                (inertial.first("origin") ?? inertial).line, (inertial.first("mass") ?? inertial).line,
                (inertial.first("inertia") ?? inertial).line
            )
        }
        let collisions = element.all("collision")
        link.shapes = collisions.flatMap { shapes($0, link: name, in: link.path) }
        if link.properties.mass > 0 && link.properties.inertia == .zero { estimateInertia(of: &link) }
        return link
    }

    // MARK: Inertial

    private func properties(
        _ element: XMLElement, in path: String, _ fault: inout URDFLink.InertiaFault?
    ) -> MassProperties {
        let pose = numbers.origin(of: element, in: path)
        guard let massElement = element.first("mass") else {
            findings.error(
                element.line, "\(path) <inertial>", "has no <mass>", "add <mass value=\"...\"/> in kg")
            return MassProperties()
        }
        let mass =
            numbers.number(
                massElement, "value", in: path, isRequired: true, allowed: .within(0, 1e7), unit: "kg")
            ?? 0
        var inertia = Inertia.zero
        if let matrix = element.first("inertia") {
            inertia = self.inertia(matrix, of: mass, in: path, &fault)
        }
        if isNothing(inertia.principalMoments, mass) { (inertia, fault) = (.zero, nil) }
        guard mass > 0 else {
            fault = nil
            if inertia != .zero {
                findings.note(
                    element.line, "\(path) <inertial>",
                    "has inertia but no mass; it is taken as a link without matter")
            }
            return MassProperties()
        }
        guard mass >= 1e-9 else {
            fault = nil
            findings.warn(
                massElement.line, "\(path) <mass>",
                "\(mass) kg is less than anything weighs; it is taken as 0",
                "write 0, or at least 1e-9 kg")
            return MassProperties()
        }
        return MassProperties(mass: mass, inertia: inertia).placed(at: pose)
    }

    /// What exporters write for nothing: matter within a micrometre of its centre.
    private func isNothing(_ moments: [Double], _ mass: Double) -> Bool {
        moments.allSatisfy { abs($0) < 1e-12 * mass }
    }

    private func inertia(
        _ element: XMLElement, of mass: Double, in path: String, _ fault: inout URDFLink.InertiaFault?
    ) -> Inertia {
        func moment(_ name: String) -> Double {
            numbers.number(
                element, name, in: path, isRequired: true, allowed: .within(-1e9, 1e9), unit: "kg m²") ?? 0
        }
        func product(_ name: String) -> Double {
            numbers.number(element, name, in: path, allowed: .within(-1e9, 1e9), unit: "kg m²") ?? 0
        }
        let inertia = Inertia(
            xx: moment("ixx"), yy: moment("iyy"), zz: moment("izz"), xy: product("ixy"), xz: product("ixz"),
            yz: product("iyz"))
        let moments = inertia.principalMoments
        // It is not used.
        guard !isNothing(moments, mass) else { return inertia }
        if moments[0] < -1e-9 * abs(moments[2]) || moments[2] < 0 {
            // Whether it matters is known when the link has been merged with what is welded to it.
            fault = .init(
                line: element.line,
                message:
                    "no body has this inertia: its principal moments are \(moments.map { $0.digits }.joined(separator: ", ")) kg m²"
            )
        } else if moments[0] + moments[1] < moments[2] * (1 - 1e-3) {
            findings.warn(
                element.line, "\(path) <inertia>",
                "no body has this inertia: its greatest principal moment \(moments[2].digits) exceeds the sum of the others, "
                    + inertia.lesserMoments.digits,
                "it is simulated as it is; better compute it again")
        }
        return inertia
    }

    /// A link with mass and no inertia takes that of its collision shapes filled evenly.
    private func estimateInertia(of link: inout URDFLink) {
        guard !link.shapes.isEmpty else { return }
        link.properties.inertia = link.solid.inertia
        link.hasOwnInertia = false
        findings.warn(
            link.line, link.path,
            "has mass and no inertia; that of its collision shapes, filled evenly, is used",
            "write an <inertia> to be sure")
    }

    // MARK: Collision

    private func shapes(_ element: XMLElement, link: String, in path: String) -> [CollisionShape] {
        guard let geometry = element.first("geometry"), let solid = geometry.children.first else {
            findings.error(
                element.line, "\(path) <collision>", "has no shape",
                "add <geometry> with a box, sphere, cylinder or capsule, or remove it")
            return []
        }
        let origin = numbers.origin(of: element, in: path)
        guard solid.name == "mesh" else {
            return primitive(solid, in: path).map { [CollisionShape($0, origin: origin, link: link)] } ?? []
        }
        return meshes(solid, link: link, in: path).map {
            CollisionShape($0.shape, origin: origin * $0.pose, link: link)
        }
    }

    private func primitive(_ solid: XMLElement, in path: String) -> Shape? {
        switch solid.name {
        case "box":
            if isZero(solid, "size") {
                findings.warn(
                    solid.line, "\(path) <box size>", "is 0 in all directions; there is nothing to touch",
                    "remove the <collision>, or write the size in m")
                return nil
            }
            let size = numbers.vector(
                solid, "size", in: path, isRequired: true, allowed: .within(1e-6, URDFNumbers.greatestLength))
            return size.map { .box(size: $0) }
        case "sphere":
            if isZero(solid, "radius") {
                findings.warn(
                    solid.line, "\(path) <sphere radius>",
                    "is 0: the point is taken as a ball of \(Self.pointRadius) m", "write the radius in m")
                return .sphere(radius: Self.pointRadius)
            }
            return length(solid, "radius", in: path).map { .sphere(radius: $0) }
        case "cylinder", "capsule":
            let radius = length(solid, "radius", in: path)
            let length = length(solid, "length", in: path)
            guard let radius, let length else { return nil }
            return solid.name == "cylinder"
                ? .cylinder(radius: radius, length: length) : .capsule(radius: radius, length: length)
        default:
            findings.warn(
                solid.line, "\(path) <\(solid.name)>", "this shape is not known and touches nothing",
                NearestName.remedy(solid.name, in: ["box", "sphere", "cylinder", "capsule"]))
            return nil
        }
    }

    /// What a mesh touches with; what keeps it from that is an error, since a robot would fall through the ground without it.
    private func meshes(_ element: XMLElement, link: String, in path: String) -> [CollisionMesh] {
        guard let name = element.attributes["filename"], !name.isEmpty else {
            findings.error(
                element.line, "\(path) <mesh filename>", "is missing",
                "add filename=\"...\", or a box in its place")
            return []
        }
        var scale = Vector3(1, 1, 1)
        if element.attributes["scale"] != nil {
            guard let given = numbers.vector(element, "scale", in: path) else { return [] }
            scale = given
        }
        do {
            return try meshes.shapes(of: name, scale: scale, link: link)
        } catch {
            findings.error(element.line, "\(path) <mesh '\(name.shortened)'>", error.problem, error.remedy)
            return []
        }
    }

    /// The radius of a ball that stands for a point, as Drake's files mark where feet touch.
    private static let pointRadius = 1e-4

    private func isZero(_ element: XMLElement, _ attribute: String) -> Bool {
        let parts = element.attributes[attribute]?.split(whereSeparator: \.isWhitespace) ?? []
        return !parts.isEmpty && parts.allSatisfy { Scalar.number(String($0)) == 0 }
    }

    private func length(_ element: XMLElement, _ attribute: String, in path: String) -> Double? {
        numbers.number(
            element, attribute, in: path, isRequired: true,
            allowed: .within(1e-6, URDFNumbers.greatestLength),
            unit: "m")
    }
}
