// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// Numbers that no robot has: most come of units that were mixed up, and are told by the unit that would make sense.
struct Plausibility {
    let findings: Findings
    /// The link, and the places of the joints that hang on it, in its frame.
    let link: URDFLink
    let joints: [Vector3]

    private var properties: MassProperties { link.properties }

    /// Checks the links of a file.
    static func check(_ links: [URDFLink], _ joints: [URDFJoint], _ findings: Findings) {
        let leaving = Dictionary(grouping: joints, by: \.parent)
        for link in links where link.properties.mass > 0 {
            let places = (leaving[link.name] ?? []).map(\.origin.position)
            Plausibility(findings: findings, link: link, joints: places).check()
        }
    }

    /// Checks how large the whole robot is, at the zeros of its joints.
    static func checkSize(of robot: Robot, line: Int, _ findings: Findings) {
        let poses = robot.linkPoses()
        let size =
            [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)].map { axis in
                var ends = poses.map { $0.position.dot(axis) }
                for (link, pose) in zip(robot.links, poses) {
                    for shape in link.shapes {
                        let placed = pose * shape.origin
                        let half = shape.geometry.reach(along: placed.orientation.inverse.rotate(axis))
                        ends += [placed.position.dot(axis) - half, placed.position.dot(axis) + half]
                    }
                }
                return (ends.max() ?? 0) - (ends.min() ?? 0)
            }.max() ?? 0
        if size > 100 {
            findings.warn(
                line, "<robot>", "the robot is \(size.digits) m large",
                "lengths are in m; these look like \(size < 1000 ? "mm or cm" : "mm")")
        } else if size > 0, size < 1e-3 {
            findings.warn(
                line, "<robot>", "the robot is \(size.digits) m large",
                "lengths are in m; were these converted from mm twice?")
        }
    }

    private func check() {
        checkCenter()
        checkDensity()
        if link.hasOwnInertia { checkInertia() }
    }

    /// How far the shapes, and the joints that hang on the link, are from a point of its frame.
    private func reach(from point: Vector3) -> Double {
        joints.reduce(shapeReach(from: point)) { max($0, ($1 - point).length) }
    }

    private func shapeReach(from point: Vector3) -> Double {
        link.shapes.reduce(0.0) {
            max($0, ($1.origin.position - point).length + $1.geometry.radiusAround)
        }
    }

    // MARK: Where the mass is

    private func checkCenter() {
        let (reach, distance) = (reach(from: .zero), properties.centerOfMass.length)
        // Without shapes there is only a skeleton to compare with.
        guard reach > 0, distance > reach * (link.shapes.isEmpty ? 20 : 4) else { return }
        let units = [("mm", 1000.0), ("cm", 100), ("inches", 1 / 0.0254)]
        let unit = units.first { (0.1 * reach...1.5 * reach).contains(distance / $0.1) }
        let place = properties.centerOfMass.components.map { $0.digits }.joined(separator: " ")
        findings.warn(
            link.lines.center, "\(link.path) <inertial>",
            "the centre of mass, \(place), is \(distance.digits) m from the link's frame, its shapes and joints only \(reach.digits) m",
            unit.map {
                "it looks like \($0.0); write \((1 / $0.1 * properties.centerOfMass).components.map { $0.digits }.joined(separator: " ")), in m"
            } ?? "write it in m")
    }

    // MARK: How dense it is

    /// Osmium has 22,590 kg/m³.
    private static let densest = 25_000.0

    private func checkDensity() {
        guard !link.shapes.isEmpty, !link.hasMesh else { return }
        // The ball about the centre of mass that holds all that is known of the link: less volume than that it hardly has.
        let radius = reach(from: properties.centerOfMass)
        let density = properties.mass / Shape.sphere(radius: radius).volume
        if density > Self.densest {
            findings.warn(
                link.lines.mass, "\(link.path) <mass>",
                "\(properties.mass.digits) kg within \(radius.digits) m have \(density.digits) kg/m³, more than any material (osmium has 22,590)",
                density / 1000 < Self.densest
                    ? "it looks like g; write \((properties.mass / 1000).digits), in kg"
                    : "write it in kg, and lengths in m")
            return
        }
        let volume = link.shapes.reduce(0) { $0 + $1.geometry.volume }
        let evenDensity = properties.mass / volume
        guard evenDensity < 0.1 else { return }
        let scale = [("mm", 1e9), ("cm", 1e6)].first { (10...Self.densest).contains(evenDensity * $0.1) }
        findings.warn(
            link.lines.mass, "\(link.path) <mass>",
            "\(properties.mass.digits) kg in shapes of \(volume.digits) m³ have \(evenDensity.digits) kg/m³, less than air",
            scale.map { "the shapes look like \($0.0); write lengths in m" }
                ?? "write it in kg, and lengths in m")
    }

    // MARK: How it resists turning

    /// Matter within a radius R of its centre has no moment beyond m R²; many files say 1 where they mean to say nothing.
    private func checkInertia() {
        guard let greatest = properties.inertia.principalMoments.last, greatest > 0 else { return }
        let radius = (greatest / properties.mass).squareRoot()
        let shapes = shapeReach(from: properties.centerOfMass)
        let reach = link.shapes.isEmpty ? 10 * reach(from: properties.centerOfMass) : shapes
        // All of 1 is no unit's: it is what editors put in.
        let inertia = properties.inertia
        let isBlank = inertia.xx == 1 && inertia.yy == 1 && inertia.zz == 1
        let ratio = link.shapes.isEmpty ? nil : link.solid.inertia.principalMoments.last.map { greatest / $0 }
        let numbers =
            "\(properties.mass.digits) kg with \(greatest.digits) kg m² reach \(radius.digits) m from their centre"
        if reach > 0, radius > 2 * reach {
            findings.warn(
                link.lines.inertia, "\(link.path) <inertia>",
                link.shapes.isEmpty
                    ? "\(numbers), the joints on it only \((reach / 10).digits) m"
                    : "\(numbers), the collision shapes only \(shapes.digits) m",
                Self.unit(isBlank ? nil : ratio).map { "it looks like \($0); write kg m²" }
                    ?? "compute it again, or leave <inertia> out to have that of the shapes")
        } else if let ratio, ratio < 1e-4 {
            findings.warn(
                link.lines.inertia, "\(link.path) <inertia>",
                "\(numbers), the collision shapes \(shapes.digits) m: a factor of \((1 / ratio).digits) less than they would have",
                "write kg m²; was it converted twice? or leave <inertia> out to have that of the shapes")
        } else if properties.mass / Shape.sphere(radius: 2.5.squareRoot() * radius).volume > 10 * Self.densest
        {
            // Of all bodies of a mass and a density a ball has the least inertia, 2/5 m r².
            findings.warn(
                link.lines.inertia, "\(link.path) <inertia>",
                "\(numbers), closer than any material allows", "compute it again, in kg m²")
        }
    }

    /// The unit in which an inertia was probably written that is `ratio` times that of the shapes.
    private static func unit(_ ratio: Double?) -> String? {
        guard let ratio, ratio > 0 else { return nil }
        let units = [("g m²", 1e3), ("kg cm²", 1e4), ("kg mm²", 1e6), ("g cm²", 1e7), ("g mm²", 1e9)]
        return units.first { (0.4...2.5).contains(ratio / $0.1) }?.0
    }
}
