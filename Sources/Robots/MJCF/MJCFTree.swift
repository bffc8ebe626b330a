// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// Reads `<worldbody>`: bodies with their joints, geoms, sites and masses.
struct MJCFTree {
    private let findings: Findings
    private let compiler: MJCFCompiler
    private let defaults: MJCFDefaults
    private let geoms: MJCFGeomReader
    private(set) var bodies: [MJCFBody]
    private var names: [String: Int] = [:]
    private var jointNames: Set<String> = []

    /// Where elements of a body stand: in which body, where in it, and with which class.
    private struct Place {
        var body = 0
        var frame = Pose.identity
        var className = MJCFDefaults.main
    }

    init(
        _ root: XMLElement, _ compiler: MJCFCompiler, _ defaults: MJCFDefaults, _ meshes: MJCFMeshes,
        _ findings: Findings
    ) {
        (self.findings, self.compiler, self.defaults) = (findings, compiler, defaults)
        let pairs = root.all("contact").flatMap { $0.all("pair") }
        geoms = MJCFGeomReader(
            compiler: compiler, meshes: meshes,
            paired: Set(
                pairs.flatMap { [$0.attributes["geom1"], $0.attributes["geom2"]].compactMap(\.self) }))
        bodies = [MJCFBody(name: "world", element: root)]
        names = ["world": root.mainLine]
        // Names that are written come before names that are made.
        jointNames = Set(Self.writtenJoints(in: root))
        for world in root.all("worldbody") {
            var place = Place()
            place.className = className(of: world, place)
            read(world, place)
        }
        var moves = [false]
        for index in bodies.indices.dropFirst() {
            moves.append(!bodies[index].joints.isEmpty || moves[bodies[index].parent ?? 0])
            weigh(&bodies[index], moves: moves[index])
        }
        let factor = compiler.massFactor(of: bodies.reduce(0) { $0 + $1.properties.mass })
        guard factor != 1 else { return }
        for index in bodies.indices {
            bodies[index].properties.mass *= factor
            bodies[index].properties.inertia = factor * bodies[index].properties.inertia
        }
    }

    private static func writtenJoints(in element: XMLElement) -> [String] {
        element.children.flatMap { child in
            (["joint", "freejoint"].contains(child.name) ? [child.attributes["name"]].compactMap(\.self) : [])
                + (["worldbody", "body", "frame"].contains(child.name) ? writtenJoints(in: child) : [])
        }
    }

    /// Reads what stands in a body, or in a frame of one.
    private mutating func read(_ element: XMLElement, _ place: Place) {
        for child in element.children {
            switch child.name {
            case "body": readBody(child, place)
            case "frame":
                let values = attributes(child, "\(bodies[place.body].path) <frame>")
                var inner = place
                inner.frame = place.frame * values.pose(compiler)
                inner.className = className(of: child, place)
                read(child, inner)
            case "joint", "freejoint": readJoint(child, place)
            case "geom":
                let path = "\(bodies[place.body].path) <geom>"
                // What stands still in the world belongs to the scene, whatever it is.
                guard place.body > 0 else { continue }
                let values = defaults.attributes(of: child, place.className, path: path)
                guard var geom = geoms.geom(values) else { continue }
                geom.pose = place.frame * geom.pose
                geom.shapePose = geom.shapePose.map { place.frame * $0 }
                bodies[place.body].geoms.append(geom)
            case "site":
                let values = defaults.attributes(
                    of: child, place.className, path: "\(bodies[place.body].path) <site>")
                guard let name = values["name"], !name.isEmpty else { continue }
                bodies[place.body].sites.append((name, place.frame * sitePose(values), child))
            case "inertial": readInertial(child, place)
            default: continue
            }
        }
    }

    /// A site may be written as a line; its middle is its place then.
    private func sitePose(_ values: MJCFAttributes) -> Pose {
        guard let ends = values.numbers("fromto", 6...6, MJCFAttributes.length) else {
            return values.pose(compiler)
        }
        let (from, to) = (Vector3(ends[0], ends[1], ends[2]), Vector3(ends[3], ends[4], ends[5]))
        return Pose(
            position: 0.5 * (from + to),
            orientation: (from - to).direction.map { Quaternion(toZ: $0) } ?? .identity)
    }

    private mutating func readBody(_ element: XMLElement, _ place: Place) {
        let name =
            element.attributes["name"].flatMap { $0.isEmpty ? nil : $0 } ?? freeName("body", bodies.count)
        let values = attributes(element, "body '\(name.shortened)'")
        if let line = names[name] {
            values.error("a body of this name is already in line \(line)", "rename one of them")
            return
        }
        guard name.unicodeScalars.count <= RobotReader.longestName else {
            values.error("has a name of \(name.unicodeScalars.count) characters", "shorten it")
            return
        }
        guard bodies.count < RobotReader.mostLinks else {
            if bodies.count == RobotReader.mostLinks {
                values.error("at most \(RobotReader.mostLinks) bodies are read", "leave some out")
            }
            return
        }
        if values.isTrue("mocap") == true {
            values.warn(
                "is moved by hand (mocap) and left out",
                "the scene's `target` is a point that a task is about")
            return
        }
        if let share = values.number("gravcomp"), share != 0 {
            values.warn("gravcomp is not simulated: the body has its whole weight")
        }
        names[name] = element.mainLine
        bodies.append(
            MJCFBody(
                name: name, element: element, parent: place.body, pose: place.frame * values.pose(compiler)))
        var inner = Place(body: bodies.count - 1)
        inner.className = className(of: element, place)
        read(element, inner)
    }

    private func freeName(_ stem: String, _ number: Int) -> String {
        (number...).lazy.map { "\(stem)_\($0)" }.first { names[$0] == nil } ?? stem
    }

    private mutating func readJoint(_ element: XMLElement, _ place: Place) {
        let body = bodies[place.body]
        guard place.body > 0 else {
            return findings.report(
                .error, element, "<\(element.name)>", "stands in <worldbody>, which does not move",
                "put it into the body that it moves")
        }
        var name = element.attributes["name"] ?? ""
        if name.isEmpty {
            let made = "\(body.name)_joint"
            let tries = [made] + (2...).prefix(RobotReader.mostLinks).map { "\(made)\($0)" }
            name = tries.first { !jointNames.contains($0) } ?? made
            jointNames.insert(name)
        }
        let values = defaults.attributes(of: element, place.className, path: "joint '\(name.shortened)'")
        if let other = bodies.lazy.flatMap(\.joints).first(where: { $0.name == name }) {
            return values.error(
                "a joint of this name is already in line \(other.element.line)", "rename one of them")
        }
        guard let joint = MJCFJoint(values, name: name, frame: place.frame, compiler) else { return }
        if joint.kind == .free, body.parent != 0 || !body.joints.isEmpty {
            return values.error(
                "a free joint is the only joint of a body in <worldbody>", "put the body there, or use hinges"
            )
        }
        if body.isFree {
            return values.error("stands beside a free joint, which leaves nothing to move", "remove it")
        }
        bodies[place.body].joints.append(joint)
    }

    private func className(of element: XMLElement, _ place: Place) -> String {
        guard let name = element.attributes["childclass"] else { return place.className }
        if !defaults.has(name) {
            findings.report(
                .error, element, "<\(element.name)>", "there is no default class '\(name.shortened)'")
            return place.className
        }
        return name
    }

    private func attributes(_ element: XMLElement, _ path: String) -> MJCFAttributes {
        MJCFAttributes(element: element, values: element.attributes, path: path, findings: findings)
    }

    // MARK: Mass

    private mutating func readInertial(_ element: XMLElement, _ place: Place) {
        guard place.body > 0 else { return }
        let path = "\(bodies[place.body].path) <inertial>"
        let values = attributes(element, path)
        guard bodies[place.body].inertial == nil else { return values.error("a body has one", "keep one") }
        bodies[place.body].inertial = element
        for name in ["mass", "pos"] where values[name] == nil {
            values.error("has no \(name)", "add \(name)=\"...\"")
        }
        let mass = values.number("mass", .within(0, 1e7)) ?? 0
        let pose = place.frame * values.pose(compiler)
        let inertia: Inertia
        if let full = values.numbers("fullinertia", 6...6, .within(-1e9, 1e9)) {
            if let other = (MJCFAttributes.orientations + ["diaginertia"]).first(where: { values[$0] != nil })
            {
                values.error("has fullinertia and \(other)", "keep one: fullinertia is in the body's axes")
            }
            inertia = Inertia(
                xx: full[0], yy: full[1], zz: full[2], xy: full[3], xz: full[4], yz: full[5])
        } else if let moments = values.vector("diaginertia", .within(0, 1e9)) {
            inertia = Inertia(xx: moments.x, yy: moments.y, zz: moments.z)
        } else {
            if values["fullinertia"] == nil, values["diaginertia"] == nil {
                values.error("has no inertia", "add diaginertia=\"xx yy zz\" in kg m²")
            }
            return
        }
        let moments = inertia.principalMoments
        if moments[0] < 0 {
            bodies[place.body].inertiaFault =
                "no body has this inertia: its principal moments are \(moments.map { $0.digits }.joined(separator: ", ")) kg m²"
        } else if moments[0] + moments[1] < moments[2] * (1 - 1e-3) {
            values.warn(
                "no body has this inertia: its greatest principal moment \(moments[2].digits) exceeds the sum of the others, "
                    + inertia.lesserMoments.digits,
                "it is simulated as it is, unless <compiler balanceinertia> asks for another")
        }
        bodies[place.body].properties = MassProperties(mass: mass, inertia: inertia).placed(at: pose)
    }

    /// The mass of the geoms where there is no other, or the file wants that one.
    private func weigh(_ body: inout MJCFBody, moves: Bool) {
        if compiler.inertiaFromGeoms ?? (body.inertial == nil) {
            let geoms = body.geoms.filter { compiler.inertiaGroups.contains($0.group) }
            if !geoms.isEmpty || body.inertial == nil {
                body.properties = geoms.reduce(MassProperties()) { $0 + properties(of: $1, body, moves) }
                body.inertiaFault = nil
            }
        }
        if body.properties.mass > 0 { body.properties = compiler.bounded(body.properties) }
    }

    /// What a geom weighs, in the frame of its body.
    private func properties(of geom: MJCFGeom, _ body: MJCFBody, _ moves: Bool) -> MassProperties {
        // What a fixed base weighs nobody asks, so its meshes need not be there.
        guard moves || geom.mesh == nil else { return MassProperties() }
        do {
            return try geoms.properties(of: geom)
        } catch {
            findings.report(
                .error, body.element, body.path, "its mass comes from meshes: \(error.problem)",
                error.remedy.isEmpty
                    ? "write <inertial> into the body, or give the mesh mass=\"0\"" : error.remedy)
            return MassProperties()
        }
    }
}
