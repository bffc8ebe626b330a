// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// Numbers that no robot has: most come of units that were mixed up, and are told by the unit that would make sense.
///
/// Real files have shapes that only stand for something, masses of frames, and joints in one place; a doubt must hold against the whole robot.
struct Plausibility {
    private let findings: Findings
    private let links: [URDFLink]
    /// The places of the joints that hang on a link, in its frame.
    private let joints: [String: [Vector3]]
    /// The longest link, in m.
    private var scale = 0.0
    /// What most links have their inertia in, where that is not kg m².
    private var inertiaUnit: String?

    init(_ links: [URDFLink], _ joints: [URDFJoint], _ findings: Findings) {
        (self.links, self.findings) = (links.filter { $0.properties.mass > 0 }, findings)
        self.joints = Dictionary(grouping: joints, by: \.parent).mapValues { $0.map(\.origin.position) }
        scale = self.links.reduce(0) { max($0, reach(of: $1, from: .zero)) }
        let shaped = self.links.filter { $0.hasOwnInertia && !$0.shapes.isEmpty }
        let units = Dictionary(grouping: shaped.compactMap(Self.unit), by: \.self)
        inertiaUnit = units.first { 2 * $0.value.count > shaped.count }?.key
    }

    func check() {
        for link in links {
            checkCenter(of: link)
            if link.hasOwnInertia { checkInertia(of: link) }
        }
        checkDensities()
    }

    /// How far a link's shapes, and the joints that hang on it, are from a point of its frame.
    private func reach(of link: URDFLink, from point: Vector3) -> Double {
        (joints[link.name] ?? []).reduce(shapeReach(of: link, from: point)) { max($0, ($1 - point).length) }
    }

    private func shapeReach(of link: URDFLink, from point: Vector3) -> Double {
        link.shapes.reduce(0.0) {
            max($0, ($1.origin.position - point).length + $1.geometry.radiusAround)
        }
    }

    // MARK: Where the mass is

    private func checkCenter(of link: URDFLink) {
        let center = link.properties.centerOfMass
        let (reach, distance) = (max(reach(of: link, from: .zero), scale / 10), center.length)
        guard scale > 0, distance > 4 * reach, distance > (link.shapes.isEmpty ? 10 : 2) * scale else {
            return
        }
        let units = [("mm", 1000.0), ("cm", 100), ("inches", 1 / 0.0254)]
        let unit = units.first { (0.1 * reach...1.5 * reach).contains(distance / $0.1) }
        func text(_ place: Vector3) -> String { place.components.map(\.digits).joined(separator: " ") }
        findings.warn(
            link.lines.center, "\(link.path) <inertial>",
            "the centre of mass, \(text(center)), is \(distance.digits) m from the link's frame, its shapes and joints only \(reach.digits) m",
            unit.map { "it looks like \($0.0); write \(text((1 / $0.1) * center)), in m" } ?? "write it in m")
    }

    // MARK: How dense it is

    /// Osmium has 22,590 kg/m³.
    private static let densest = 25_000.0

    private func checkDensities() {
        let solid = links.filter { !$0.shapes.isEmpty }
        let dense = solid.filter { density(of: $0).density > Self.densest }
        // One link has a shape that stands for something; where most are too dense it is the unit.
        let isUnit = 2 * dense.count > solid.count
        for link in dense {
            let (mass, (radius, density)) = (link.properties.mass, density(of: link))
            findings.warn(
                link.lines.mass, "\(link.path) <mass>",
                "\(mass.digits) kg within \(radius.digits) m have \(density.digits) kg/m³, more than any material (osmium has 22,590)",
                isUnit && density / 1000 < Self.densest
                    ? "it looks like g; write \((mass / 1000).digits), in kg"
                    : "check it, and the sizes of the shapes")
        }
        let (mass, volume) = solid.reduce((0.0, 0.0)) { sum, link in
            (sum.0 + link.properties.mass, link.shapes.reduce(sum.1) { $0 + $1.geometry.volume })
        }
        guard volume > 0, mass / volume < 0.1, let first = solid.first else { return }
        let unit = [("cm", 1e6), ("mm", 1e9)].first { (10...Self.densest).contains(mass / volume * $0.1) }
        findings.warn(
            first.lines.mass, first.path,
            "it and all others, \(mass.digits) kg in shapes of \(volume.digits) m³, have \((mass / volume).digits) kg/m³, less than air",
            unit.map { "lengths look like \($0.0); write m" } ?? "write masses in kg, lengths in m")
    }

    /// A ball about the centre of mass that holds all that is known of a link, and its mass spread in it: less room it hardly has.
    private func density(of link: URDFLink) -> (radius: Double, density: Double) {
        let spread = link.properties.inertia.principalMoments.last ?? 0
        let radius = max(
            reach(of: link, from: link.properties.centerOfMass), (spread / link.properties.mass).squareRoot())
        return (radius, link.properties.mass / Shape.sphere(radius: radius).volume)
    }

    // MARK: How it resists turning

    /// Matter within a radius R of its centre has no moment beyond m R²; many files say 1 where they mean to say nothing.
    private func checkInertia(of link: URDFLink) {
        let (inertia, mass) = (link.properties.inertia, link.properties.mass)
        guard let greatest = inertia.principalMoments.last, greatest > 0 else { return }
        let radius = (greatest / mass).squareRoot()
        let hasShapes = !link.shapes.isEmpty
        let reach = hasShapes ? shapeReach(of: link, from: link.properties.centerOfMass) : scale
        let (path, line) = ("\(link.path) <inertia>", link.lines.inertia)
        let numbers =
            "\(mass.digits) kg with \(greatest.digits) kg m² reach \(radius.digits) m from their centre"
        if reach > 0, radius > (hasShapes ? 2 : 10) * reach {
            findings.warn(
                line, path,
                "\(numbers), \(hasShapes ? "the collision shapes" : "the robot's longest link") only \(reach.digits) m",
                inertiaUnit.map { "it looks like \($0); write kg m²" }
                    ?? "compute it again, or leave <inertia> out to have that of the shapes")
        } else if let ratio = Self.ratio(of: link), ratio < 1e-4 {
            findings.warn(
                line, path,
                "\(numbers), the collision shapes \(reach.digits) m: a factor of \((1 / ratio).digits) less than they would have",
                "write kg m²; was it converted twice? or leave <inertia> out to have that of the shapes")
        } else if mass / Shape.sphere(radius: 2.5.squareRoot() * radius).volume > 10 * Self.densest {
            // Of all bodies of a mass and a density a ball has the least inertia, 2/5 m r².
            findings.warn(
                line, path, "\(numbers), closer than any material allows", "compute it again, in kg m²")
        }
    }

    /// A link's greatest moment by that of its shapes; nil where it has none.
    private static func ratio(of link: URDFLink) -> Double? {
        guard !link.shapes.isEmpty, let own = link.properties.inertia.principalMoments.last,
            let solid = link.solid.inertia.principalMoments.last
        else { return nil }
        return own / solid
    }

    /// The unit in which a link's inertia was probably written; nil for kg m², and for what fits none.
    private static func unit(of link: URDFLink) -> String? {
        let inertia = link.properties.inertia
        // All of 1 is no unit's: it is what editors put in.
        guard let ratio = ratio(of: link), [inertia.xx, inertia.yy, inertia.zz] != [1, 1, 1] else {
            return nil
        }
        let units = [("g m²", 1e3), ("kg cm²", 1e4), ("kg mm²", 1e6), ("g cm²", 1e7), ("g mm²", 1e9)]
        return units.first { (0.4...2.5).contains(ratio / $0.1) }?.0
    }

    // MARK: How large it is

    /// Checks the whole robot, at the zeros of its joints.
    static func checkSize(of robot: Robot, line: Int, _ findings: Findings) {
        let poses = robot.linkPoses()
        let size =
            [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)].map { axis in
                var ends = poses.map { $0.position.dot(axis) }
                for (link, pose) in zip(robot.links, poses) {
                    for shape in link.shapes {
                        let placed = pose * shape.origin
                        let (place, down) = (
                            placed.position.dot(axis), placed.orientation.inverse.rotate(axis)
                        )
                        ends.append(place - shape.geometry.reach(along: down))
                        ends.append(place + shape.geometry.reach(along: -down))
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
}

extension Inertia {
    /// The sum of the two lesser principal moments; 0 where it is nothing but what rounding left.
    var lesserMoments: Double {
        let moments = principalMoments
        let sum = moments[0] + moments[1]
        return abs(sum) < 1e-9 * abs(moments[2]) ? 0 : sum
    }
}
