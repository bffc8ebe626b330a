// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// Reads the lists of terms.
struct TermReader {
    let findings: Findings
    let robot: Robot
    let base: Base
    let target: TargetRegion?
    let hasCommands: Bool

    func observation(_ blocks: [Arguments]) -> [ObservationTerm] {
        blocks.compactMap { block in
            guard let (name, quantity) = quantity(block, ObservationTerms.all) else { return nil }
            if case .jointSines(let joints) = quantity { checkHinges(joints, block) }
            if case .jointCosines(let joints) = quantity { checkHinges(joints, block) }
            checkShapes(quantity.touching, block)
            return ObservationTerm(
                name: name, quantity: moving(quantity, block), noise: block.distribution("noise") ?? .none,
                clip: block.range("clip"), scale: block.number("scale") ?? 1)
        }
    }

    func reward(_ blocks: [Arguments]) -> [RewardTerm] {
        blocks.compactMap { block in
            guard let (name, quantity) = quantity(block, RewardTerms.all), let weight = block.number("weight")
            else {
                return nil
            }
            checkShapes(quantity.touching, block)
            if case .forwardVelocity(let axis) = quantity, axis == .y { refuseSideways(block, "axis") }
            return RewardTerm(name: name, quantity: quantity, weight: weight)
        }
    }

    func termination(_ blocks: [Arguments]) -> [TerminationTerm] {
        blocks.compactMap { block in
            guard let (name, quantity) = quantity(block, TerminationTerms.all) else { return nil }
            checkShapes(quantity.touching, block)
            switch quantity {
            case .basePosition(.y), .linkPosition(_, .y): refuseSideways(block, "axis")
            default: break
            }
            let outside = block.range("outside")
            let low = block.number("below") ?? outside?.lowerBound
            let high = block.number("above") ?? outside?.upperBound
            if block.isGiven("outside") && (block.isGiven("below") || block.isGiven("above")) {
                findings.error(
                    block.line, block.path, "has outside and also below or above", "keep one way to say it")
            } else if !["below", "above", "outside"].contains(where: block.isGiven) {
                findings.error(block.line, block.path, "has no bound", "add below, above or outside")
            } else if let low, let high, low >= high {
                findings.error(
                    block.line, block.path,
                    "every value ends the episode: below \(low) must be less than above \(high)",
                    "swap them")
            }
            return TerminationTerm(name: name, quantity: quantity, low: low, high: high)
        }
    }

    // MARK: One term

    private func quantity<Quantity>(_ block: Arguments, _ terms: [Term<Quantity>]) -> (String, Quantity)? {
        guard let term = terms.first(where: { $0.name == block.variant }) else { return nil }
        var isPossible = true
        for need in term.needs {
            let lack: (what: String, remedy: String)? =
                switch need {
                case .movingBase where base == .fixed:
                    ("a base that moves", "set base to planar or floating, or leave the term out")
                case .floatingBase where base != .floating:
                    ("a floating base", "set base: floating, or leave the term out")
                case .target where target == nil:
                    ("a target", "add target: {disc: ...}, or leave the term out")
                case .commands where !hasCommands:
                    ("commands", "add commands: {lin_vel_x: ...}, or leave the term out")
                default: nil
                }
            guard let lack else { continue }
            findings.error(block.line, block.path, "'\(term.name)' needs \(lack.what)", lack.remedy)
            isPossible = false
        }
        // Lists of names that were wrong are reported; they must not become "all".
        let isWrong = term.parameters.contains { block.isGiven($0.name) && block.values[$0.name] == nil }
        guard isPossible, !isWrong, let quantity = term.make(block, robot) else { return nil }
        return (term.name, quantity)
    }

    private func checkHinges(_ joints: [Int], _ block: Arguments) {
        for joint in joints where robot.joints[joint].kind != .hinge {
            findings.error(
                block.line(of: "joints"), block.path,
                "joint '\(robot.joints[joint].name)' slides; it has no angle",
                "name the hinges in joints: [...]")
        }
    }

    private func checkShapes(_ links: [LinkFrame], _ block: Arguments) {
        let names = Set(robot.links.flatMap { $0.shapes.map(\.link) })
        for link in links where !names.contains(link.name) {
            findings.error(
                block.line(of: "links"), block.path(of: "links"),
                "link '\(link.name)' has no collision shape of its own",
                names.isEmpty
                    ? "the robot has none at all"
                    : "links with shapes: \(names.sorted().joined(separator: ", "))")
        }
    }

    private func refuseSideways(_ block: Arguments, _ key: String) {
        guard base == .planar else { return }
        findings.error(
            block.line(of: key), block.path(of: key), "y is always 0 in a planar scene", "use x or z")
    }

    /// Takes the axes out that cannot move, if they were not asked for by name; refuses them if they were.
    private func moving(_ quantity: ObservationQuantity, _ block: Arguments) -> ObservationQuantity {
        guard let axes = quantity.axes else { return quantity }
        let isAsked = block.isGiven("axes")
        var kept = axes
        if base == .planar {
            if isAsked, axes.contains(.y) { refuseSideways(block, "axes") }
            kept.removeAll { $0 == .y }
        }
        if case .targetPosition = quantity, !isAsked, case .disc = target { kept.removeAll { $0 == .z } }
        return quantity.with(axes: kept)
    }
}

extension ObservationQuantity {
    /// The axes of a vector of positions or velocities; nil for other quantities.
    var axes: [Axis]? {
        switch self {
        case .basePosition(let axes), .baseVelocity(let axes, _), .linkPosition(_, let axes),
            .linkVelocity(_, let axes), .targetPosition(let axes), .targetOffset(_, let axes):
            axes
        default: nil
        }
    }

    func with(axes: [Axis]) -> ObservationQuantity {
        switch self {
        case .basePosition: .basePosition(axes: axes)
        case .baseVelocity(_, let frame): .baseVelocity(axes: axes, frame: frame)
        case .linkPosition(let link, _): .linkPosition(link, axes: axes)
        case .linkVelocity(let link, _): .linkVelocity(link, axes: axes)
        case .targetPosition: .targetPosition(axes: axes)
        case .targetOffset(let link, _): .targetOffset(link, axes: axes)
        default: self
        }
    }

    /// The links whose contacts it measures.
    var touching: [LinkFrame] {
        switch self {
        case .contact(let links), .contactForce(let links): links
        default: []
        }
    }
}

extension RewardQuantity {
    /// The links whose contacts it measures.
    var touching: [LinkFrame] {
        switch self {
        case .feetAirTime(let links, _), .undesiredContacts(let links, _): links
        default: []
        }
    }
}

extension TerminationQuantity {
    /// The links whose contacts it measures.
    var touching: [LinkFrame] {
        if case .contactForce(let links) = self { links } else { [] }
    }
}
