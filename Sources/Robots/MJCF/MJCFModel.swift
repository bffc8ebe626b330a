// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// An MJCF file: what it says of links and joints, and what is laid over the robot that is assembled of them.
struct MJCFModel {
    private let findings: Findings
    private let root: XMLElement
    private let files: [RobotFile]
    private let compiler: MJCFCompiler
    private let defaults: MJCFDefaults
    private let bodies: [MJCFBody]
    private let links: MJCFLinks

    /// Reads the root element of a file of `byteCount` bytes with all that it includes; nil after an error.
    init?(_ root: XMLElement, byteCount: Int, _ meshes: RobotMeshes, _ findings: Findings) {
        var files = MJCFFiles(findings: findings, byteCount: byteCount)
        guard let root = files.expanded(root) else { return nil }
        (self.findings, self.root, self.files) = (findings, root, files.included)
        MJCFPart.report(in: root, findings)
        compiler = MJCFCompiler(root, findings)
        defaults = MJCFDefaults(root, compiler, findings)
        bodies =
            MJCFTree(root, compiler, defaults, MJCFMeshes(root, compiler, defaults, meshes), findings).bodies
        links = MJCFLinks(bodies, ground: Self.ground(root, defaults), findings)
        reportOptions()
        if bodies.count == 1, !findings.hasErrors {
            findings.error(root.line, "<mujoco>", "has no body", "add <worldbody> with at least one <body>")
        }
    }

    /// Gives to the reader what the assembly of robots takes.
    func fill(_ reader: inout RobotReader) {
        reader.name = String(
            String.UnicodeScalarView(
                (root.attributes["model"] ?? "robot").unicodeScalars.prefix(RobotReader.longestName)))
        reader.line = root.line
        (reader.links, reader.joints) = (links.links, links.joints)
        MJCFCouplings(root, bodies, findings).apply(root, to: &reader.joints)
        MimicResolution.resolve(&reader.joints, findings)
        Plausibility(reader.links, reader.joints, findings).check()
    }

    /// The bits of what stands in the world: any of them; nil where nothing of it touches.
    private static func ground(_ root: XMLElement, _ defaults: MJCFDefaults) -> ContactMask? {
        let geoms = root.all("worldbody").flatMap { $0.all("geom") }
        let masks = geoms.compactMap { element in
            let values = defaults.attributes(of: element, MJCFDefaults.main, path: "<geom>")
            let bits = { (name: String) in values[name].flatMap { UInt32($0) } ?? 1 }
            let mask = ContactMask(type: bits("contype"), affinity: bits("conaffinity"))
            return mask.isOpen ? mask : nil
        }
        guard let first = masks.first else { return nil }
        return masks.dropFirst().reduce(first) {
            ContactMask(type: $0.type | $1.type, affinity: $0.affinity | $1.affinity)
        }
    }

    /// What the file says of the scene.
    private func reportOptions() {
        for element in root.all("option") {
            let values = MJCFAttributes(
                element: element, values: element.attributes, path: "<option>", findings: findings)
            if let step = values.number("timestep", .positive) {
                findings.report(
                    .note, element, "<option timestep>", "is the scene's to say",
                    "to have it, write there: physics: {time_step: \(Scalar.digits(of: step))}")
            }
            if let gravity = values.vector("gravity"), gravity != Vector3(0, 0, -9.81) {
                let text = gravity.components.map(Scalar.digits(of:)).joined(separator: ", ")
                findings.report(
                    .warning, element, "<option gravity>", "is the scene's to say, and is 0, 0, -9.81 there",
                    "to have it, write there: physics: {gravity: [\(text)]}")
            }
            for name in ["density", "viscosity"] where values.number(name).map({ $0 != 0 }) == true {
                findings.report(.warning, element, "<option \(name)>", "no air or water is simulated")
            }
            if let wind = values.vector("wind"), wind != .zero {
                findings.report(.warning, element, "<option wind>", "no air or water is simulated")
            }
        }
        let still = root.all("worldbody").flatMap { $0.all("geom") }
        guard let first = still.first else { return }
        findings.report(
            .note, first, "<worldbody> <geom>",
            "what stands still is the scene's and is left out\(still.count > 1 ? ", here and \(still.count - 1) more times" : "")",
            "a scene's `ground` is a plane, its `obstacles` are boxes")
    }

    // MARK: What is laid over the robot

    func complete(_ robot: inout Robot) {
        robot.included = files
        if links.isFixed { robot.declaredBase = .fixed }
        for (index, body) in bodies.enumerated() where links.kept.contains(index) { place(body, &robot) }
        MJCFActuators(findings, compiler, defaults, bodies).complete(&robot, of: root)
        readExclusions(&robot)
        robot.home = home(robot)
    }

    /// Where a body's own frame and its sites are in the link that holds it.
    private func place(_ body: MJCFBody, _ robot: inout Robot) {
        guard var frame = robot.frames[body.name] else { return }
        frame.pose = frame.pose * Pose(position: -body.anchor)
        robot.frames[body.name] = frame
        for site in body.sites {
            guard robot.frames[site.name] == nil else {
                findings.report(
                    .note, site.element, "site '\(site.name.shortened)'",
                    "is not a frame of its own: a body or site has this name already")
                continue
            }
            robot.frames[site.name] = LinkFrame(
                name: site.name, link: frame.link, pose: frame.pose * site.pose)
        }
    }

    private func readExclusions(_ robot: inout Robot) {
        let names = Set(bodies.map(\.name))
        for element in root.all("contact").flatMap({ $0.all("exclude") }) {
            let pair = ["body1", "body2"].map { element.attributes[$0] ?? "" }
            if let unknown = pair.first(where: { !names.contains($0) }) {
                findings.report(
                    .error, element, "<exclude>", "there is no body '\(unknown.shortened)'",
                    NearestName.remedy(unknown, in: names.sorted()))
                continue
            }
            robot.untouching.append(.init(first: pair[0], second: pair[1]))
        }
        // A link without mass between them does not make neighbours strangers.
        for body in bodies where body.joints.count > 1 {
            guard let parent = body.parent else { continue }
            robot.untouching.append(.init(first: bodies[parent].name, second: body.name))
        }
    }

    /// The pose of the keyframe `home`, else of the first.
    private func home(_ robot: Robot) -> HomePose? {
        let keys = root.all("keyframe").flatMap { $0.all("key") }.filter { $0.attributes["qpos"] != nil }
        guard let key = keys.first(where: { $0.attributes["name"] == "home" }) ?? keys.first else {
            return nil
        }
        let moving = bodies.indices.filter { links.kept.contains($0) }.flatMap { bodies[$0].joints }
        let count = moving.reduce(0) { $0 + ($1.kind == .free ? 7 : 1) }
        let values = MJCFAttributes(
            element: key, values: key.attributes, path: "<key qpos>", findings: findings)
        guard let numbers = values.numbers("qpos", 1...max(count, 1)), numbers.count == count else {
            if !findings.hasErrors {
                values.warn("has not \(count) numbers, as the robot's joints have, and is not read")
            }
            return nil
        }
        var home = HomePose(joints: Array(repeating: 0, count: robot.joints.count))
        var next = 0
        for joint in moving {
            if joint.kind == .free {
                let turn = Array(numbers[(next + 3)..<(next + 7)])
                let length = turn.reduce(0) { $0 + $1 * $1 }.squareRoot()
                home.base = Pose(position: Vector3(numbers[next], numbers[next + 1], numbers[next + 2]))
                if length > 1e-9 {
                    home.base?.orientation = Quaternion(
                        w: turn[0] / length, x: turn[1] / length, y: turn[2] / length, z: turn[3] / length)
                }
                next += 7
            } else {
                if let index = robot.joint(named: joint.name) { home.joints[index] = numbers[next] }
                next += 1
            }
        }
        return home
    }
}
