// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Files
internal import Geometry
internal import Settings

/// What `<compiler>` says of how the rest is to be read.
struct MJCFCompiler {
    /// Radians of a unit of angle.
    var angleUnit = Double.pi / 180
    /// Whether a range alone limits.
    var autoLimits = true
    /// The axes of Euler angles: small letters turn with the body, great ones do not.
    private var eulerSequence = "xyz"
    /// Whether masses come of the geoms though a body has `<inertial>`; nil: where it has none.
    var inertiaFromGeoms: Bool?
    /// The groups of the geoms that have mass.
    var inertiaGroups = 0...5
    /// Where mesh files are, as seen from the robot's.
    private var meshFolder = ""
    /// Whether only the names of files count, not the folders before them.
    private var stripsPaths = false
    private var leastMass = 0.0
    private var leastInertia = 0.0
    private var balancesInertia = false
    private var totalMass: Double?

    /// Reads all `<compiler>` elements of a file in their order; a later one wins.
    init(_ root: XMLElement, _ findings: Findings) {
        for element in root.all("compiler") {
            read(
                MJCFAttributes(
                    element: element, values: element.attributes, path: "<compiler>", findings: findings))
        }
    }

    private mutating func read(_ values: MJCFAttributes) {
        switch values["angle"] {
        case nil: break
        case "degree": angleUnit = .pi / 180
        case "radian": angleUnit = 1
        case let word?: values.error("angle '\(word.shortened)' is unknown", "allowed: degree, radian")
        }
        if let word = values["coordinate"], word != "local" {
            values.error(
                "coordinate '\(word.shortened)' is not read, nor by MuJoCo since 2.3.4",
                "write places in the frame of the body that holds them")
        }
        if let sequence = values["eulerseq"] {
            if sequence.count == 3, sequence.allSatisfy({ "xyzXYZ".contains($0) }) {
                eulerSequence = sequence
            } else {
                values.error("eulerseq '\(sequence.shortened)' is not three of xyzXYZ")
            }
        }
        switch values["inertiafromgeom"] {
        case nil: break
        case "auto": inertiaFromGeoms = nil
        case "true": inertiaFromGeoms = true
        case "false": inertiaFromGeoms = false
        case let word?:
            values.error("inertiafromgeom '\(word.shortened)' is unknown", "allowed: false, true, auto")
        }
        if let groups = values.numbers("inertiagrouprange", 2...2, .within(0, 5)), groups[0] <= groups[1] {
            inertiaGroups = Int(groups[0])...Int(groups[1])
        }
        meshFolder = values["meshdir"] ?? values["assetdir"] ?? meshFolder
        stripsPaths = values.isTrue("strippath") ?? stripsPaths
        autoLimits = values.isTrue("autolimits") ?? autoLimits
        balancesInertia = values.isTrue("balanceinertia") ?? balancesInertia
        leastMass = values.number("boundmass", .within(0, 1e7)) ?? leastMass
        leastInertia = values.number("boundinertia", .within(0, 1e9)) ?? leastInertia
        if let mass = values.number("settotalmass", .within(-1, 1e7)) { totalMass = mass > 0 ? mass : nil }
    }

    /// The path of a mesh file, as seen from the robot's file.
    func meshPath(_ file: String) -> String {
        let name = stripsPaths ? file.pathName : file
        guard !name.hasPrefix("/"), !meshFolder.isEmpty else { return name }
        return meshFolder.hasSuffix("/") ? meshFolder + name : "\(meshFolder)/\(name)"
    }

    /// The rotation of three Euler angles in rad.
    func euler(_ angles: Vector3) -> Quaternion {
        var turn = Quaternion.identity
        for (axis, angle) in zip(eulerSequence, angles.components) {
            let direction =
                switch axis.lowercased() {
                case "x": Vector3(1, 0, 0)
                case "y": Vector3(0, 1, 0)
                default: Vector3(0, 0, 1)
                }
            let next = Quaternion(angle: angle, about: direction)
            turn = axis.isLowercase ? turn * next : next * turn
        }
        return turn
    }

    /// Raises what is below the file's bounds, and makes inertias that no body has even where the file asks for that.
    func bounded(_ properties: MassProperties) -> MassProperties {
        guard leastMass > 0 || leastInertia > 0 || balancesInertia else { return properties }
        var (moments, axes) = properties.inertia.principal
        moments = moments.map { max($0, leastInertia) }
        if balancesInertia, 2 * (moments.max() ?? 0) > moments.reduce(0, +) {
            moments = Array(repeating: moments.reduce(0, +) / 3, count: 3)
        }
        return MassProperties(
            mass: max(properties.mass, leastMass), centerOfMass: properties.centerOfMass,
            inertia: Inertia(xx: moments[0], yy: moments[1], zz: moments[2]).rotated(by: axes))
    }

    /// What masses and inertias are multiplied by, so that the whole weighs what the file wants.
    func massFactor(of mass: Double) -> Double {
        guard let totalMass, mass > 0 else { return 1 }
        return totalMass / mass
    }
}

extension Inertia {
    /// The principal moments and the frame that they are along (Jacobi's rotations).
    fileprivate var principal: (moments: [Double], axes: Quaternion) {
        var turn = Quaternion.identity
        for _ in 0..<32 {
            let here = rotated(by: turn.inverse)
            // Each pair of axes with the third one, about which a turn makes their product zero.
            let pairs = [
                (here.xy, here.xx - here.yy, Vector3(0, 0, 1)),
                (here.yz, here.yy - here.zz, Vector3(1, 0, 0)),
                (here.xz, here.zz - here.xx, Vector3(0, 1, 0)),
            ]
            guard let (product, difference, axis) = pairs.max(by: { abs($0.0) < abs($1.0) }), product != 0
            else { break }
            turn = turn * Quaternion(angle: atan2(2 * product, difference) / 2, about: axis)
        }
        let here = rotated(by: turn.inverse)
        return ([here.xx, here.yy, here.zz], turn)
    }
}
