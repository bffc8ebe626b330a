// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// A `<geom>`: what touches, and what the body's mass may come of.
struct MJCFGeom {
    var name: String?
    var pose: Pose
    /// What touches; nil for what only looks or only weighs.
    var shape: Shape?
    /// About its own centre, in its own axes.
    var properties: MassProperties
    var group: Int
    var mask: ContactMask
    var friction: Double?
    /// Where the shape is, if that is not where the geom is.
    var shapePose: Pose?
    /// The mesh that it weighs.
    var mesh: WeighedMesh?

    struct WeighedMesh {
        var name: String
        var mass: Double?
        var density: Double
    }
}

/// Reads `<geom>` elements.
struct MJCFGeomReader {
    let compiler: MJCFCompiler
    let meshes: MJCFMeshes
    /// The geoms that `<pair>` names, which touch whatever their bits say.
    let paired: Set<String>

    private static let kinds = [
        "plane", "hfield", "sphere", "capsule", "ellipsoid", "cylinder", "box", "mesh", "sdf",
    ]

    /// The geom in the frame of the body; nil after an error.
    func geom(_ values: MJCFAttributes) -> MJCFGeom? {
        let kind = values["type"] ?? "sphere"
        guard Self.kinds.contains(kind) else {
            values.error("type '\(kind.shortened)' is unknown", NearestName.remedy(kind, in: Self.kinds))
            return nil
        }
        let mask = self.mask(values)
        let touches = mask.isOpen || values["name"].map(paired.contains) == true
        var geom = MJCFGeom(
            name: values["name"], pose: values.pose(compiler), properties: MassProperties(),
            group: Int(values.number("group", .within(0, 5)) ?? 0), mask: mask,
            friction: values.numbers("friction", 1...3, .within(0, 100))?.first)
        if values["mesh"] != nil || kind == "mesh" {
            readMesh(values, touches: touches, into: &geom)
        } else if kind == "plane" || kind == "hfield" || kind == "sdf" {
            readSurface(kind, values, touches: touches)
        } else {
            guard let sizes = sizes(kind, values, &geom.pose) else { return nil }
            let solid = self.solid(kind, sizes)
            if touches { geom.shape = shape(kind, sizes, values) }
            geom.properties = filled(solid, values)
        }
        return geom
    }

    private func mask(_ values: MJCFAttributes) -> ContactMask {
        let bits = { (name: String) in
            UInt32(exactly: values.number(name, .within(0, 4_294_967_295)) ?? 1) ?? 1
        }
        return ContactMask(type: bits("contype"), affinity: bits("conaffinity"))
    }

    // MARK: Shapes

    /// The sizes as MuJoCo has them: radius and half lengths.
    private func sizes(_ kind: String, _ values: MJCFAttributes, _ pose: inout Pose) -> [Double]? {
        let needed = ["sphere": 1, "capsule": 2, "cylinder": 2][kind] ?? 3
        guard values["fromto"] != nil, kind != "sphere" else {
            // MuJoCo reads three and uses what the shape needs.
            guard values["size"] != nil else {
                values.error("has no size", "add size=\"...\"")
                return nil
            }
            guard let sizes = values.numbers("size", 1...3) else { return nil }
            guard sizes.count >= needed, sizes.prefix(needed).allSatisfy(MJCFAttributes.size.contains) else {
                values.error(
                    "size '\((values["size"] ?? "").shortened)': a \(kind) needs \(needed), each \(MJCFAttributes.size.words)"
                )
                return nil
            }
            return Array(sizes.prefix(needed))
        }
        guard let ends = values.numbers("fromto", 6...6, MJCFAttributes.length),
            let radius = values.numbers("size", 1...3)?.first
        else {
            if values["size"] == nil { values.error("has no size", "add the radius: size=\"...\"") }
            return nil
        }
        let (from, to) = (Vector3(ends[0], ends[1], ends[2]), Vector3(ends[3], ends[4], ends[5]))
        let half = (from - to).length / 2
        guard MJCFAttributes.size.contains(radius), MJCFAttributes.size.contains(half),
            let axis = (from - to).direction
        else {
            values.error("fromto and size are too small or too large", "write lengths in m")
            return nil
        }
        pose = Pose(position: 0.5 * (from + to), orientation: Quaternion(toZ: axis))
        return needed == 2 ? [radius, half] : [radius, radius, half]
    }

    private func shape(_ kind: String, _ size: [Double], _ values: MJCFAttributes) -> Shape? {
        switch kind {
        case "sphere": return .sphere(radius: size[0])
        case "capsule": return .capsule(radius: size[0], length: 2 * size[1])
        case "cylinder": return .cylinder(radius: size[0], length: 2 * size[1])
        case "box": return .box(size: 2 * Vector3(size[0], size[1], size[2]))
        default:
            values.error(
                "an ellipsoid that touches is not simulated",
                "use a sphere, capsule, cylinder or box, or let it only look: contype=\"0\" conaffinity=\"0\""
            )
            return nil
        }
    }

    /// What has no volume: only the world has it, as ground.
    private func readSurface(_ kind: String, _ values: MJCFAttributes, touches: Bool) {
        guard touches else { return }
        values.error(
            kind == "plane" ? "a plane that is part of a body is not simulated" : "\(kind) is not simulated",
            "use boxes, or let it only look: contype=\"0\" conaffinity=\"0\"")
    }

    // MARK: Mass

    /// The shape with a density of 1 kg/m³.
    private func solid(_ kind: String, _ size: [Double]) -> MassProperties {
        switch kind {
        case "sphere": return Shape.sphere(radius: size[0]).solid(density: 1)
        case "capsule": return Shape.capsule(radius: size[0], length: 2 * size[1]).solid(density: 1)
        case "cylinder": return Shape.cylinder(radius: size[0], length: 2 * size[1]).solid(density: 1)
        case "box": return Shape.box(size: 2 * Vector3(size[0], size[1], size[2])).solid(density: 1)
        default:
            let mass = 4 / 3 * Double.pi * size[0] * size[1] * size[2]
            let (a, b, c) = (size[0] * size[0], size[1] * size[1], size[2] * size[2])
            return MassProperties(
                mass: mass, inertia: mass / 5 * Inertia(xx: b + c, yy: a + c, zz: a + b))
        }
    }

    /// What a solid weighs: by its mass, where that is written, else by its density.
    private func filled(_ solid: MassProperties, _ values: MJCFAttributes) -> MassProperties {
        if values.isTrue("shellinertia") == true {
            values.error(
                "shellinertia is not read", "write the body's <inertial>, or leave it out for a solid")
        }
        let density: Double
        if let mass = values.number("mass", .within(0, 1e7)) {
            density = mass / solid.mass
        } else {
            density = values.number("density", .within(0, 1e9)) ?? 1000
        }
        return MassProperties(mass: density * solid.mass, inertia: density * solid.inertia)
    }

    // MARK: Meshes

    /// A mesh touches with what it is, and weighs what it closes in; its file is read only for that.
    private func readMesh(_ values: MJCFAttributes, touches: Bool, into geom: inout MJCFGeom) {
        let name = values["mesh"] ?? ""
        let frame = geom.pose
        if touches {
            if values["type"] != "mesh" {
                values.error(
                    "a primitive that is fitted to a mesh is not read", "write type=\"mesh\", or its size")
                return
            }
            do {
                let (shape, pose) = try meshes.shape(of: name)
                (geom.shape, geom.shapePose) = (shape, frame * pose)
            } catch {
                values.error("mesh '\(name.shortened)': \(error.problem)", error.remedy)
                return
            }
        }
        let (mass, density) = (
            values.number("mass", .within(0, 1e7)), values.number("density", .within(0, 1e9))
        )
        guard mass != 0, mass != nil || density != 0 else { return }
        geom.mesh = .init(name: name, mass: mass, density: density ?? 1000)
    }

    /// What a mesh weighs, in the frame of the body.
    func properties(of geom: MJCFGeom) throws(MeshError) -> MassProperties {
        guard let mesh = geom.mesh else { return geom.properties.placed(at: geom.pose) }
        let solid = try meshes.solid(of: mesh.name)
        guard solid.mass > 0 else {
            throw MeshError("mesh '\(mesh.name.shortened)' closes no volume in, so it has no mass")
        }
        let density = mesh.mass.map { $0 / solid.mass } ?? mesh.density
        return MassProperties(
            mass: density * solid.mass, centerOfMass: solid.centerOfMass, inertia: density * solid.inertia
        ).placed(at: geom.pose)
    }
}
