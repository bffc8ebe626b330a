// SPDX-License-Identifier: MIT

internal import Geometry
public import Robots

extension ObservationTerm {
    /// One element of an observation: a name, unique in the scene, its unit, and what it tells about.
    public struct Element: Sendable, Equatable {
        /// Such as `base_position.z` or `joint_velocities.hip`.
        public var name: String
        /// The SI unit, or `1` for a pure number; after scaling it is a multiple of this.
        public var unit: String
        /// The frame of a vector's component.
        public var frame: VectorFrame?
        /// The joint that it tells about.
        public var joint: String?
        /// The link that it tells about.
        public var link: String?
        /// The lowest value after clip and scale.
        public var low: Double = -.infinity
        /// The highest value after clip and scale.
        public var high: Double = .infinity
    }

    /// The elements of the term, in order.
    ///
    /// - Parameters:
    /// - robot: the robot of the scene.
    /// - actions: the names of the joints that the actuators drive, in order.
    /// - Returns: the elements, after clip and scale.
    public func elements(of robot: Robot, actions: [String]) -> [Element] {
        quantity.elements(name: name, robot: robot, actions: actions).map { element in
            var element = element
            // Noise is added before the clip, and leads out of a quantity's own range.
            let added = noise.range
            element.low += added.low
            element.high += added.high
            if let clip {
                element.low = max(element.low, clip.lowerBound)
                element.high = min(element.high, clip.upperBound)
            }
            let ends = [element.low * scale, element.high * scale].map { $0.isNaN ? 0 : $0 }
            element.low = min(ends[0], ends[1])
            element.high = max(ends[0], ends[1])
            return element
        }
    }
}

extension Distribution {
    /// The lowest and the highest number that may be drawn, to be added to another.
    fileprivate var range: (low: Double, high: Double) {
        switch self {
        case .none, .scale: (0, 0)
        case .uniform(let low, let high): (low, high)
        case .normal(let deviation): deviation == 0 ? (0, 0) : (-.infinity, .infinity)
        }
    }
}

extension Scene {
    /// The elements of the observation, in order.
    public var observationElements: [ObservationTerm.Element] {
        let actions = actuators.map { robot.joints[$0.joint].name }
        return observation.flatMap { $0.elements(of: robot, actions: actions) }
    }
}

extension ObservationQuantity {
    fileprivate typealias Element = ObservationTerm.Element

    fileprivate func elements(name: String, robot: Robot, actions: [String]) -> [Element] {
        let root = robot.root.name
        func vector(_ axes: [Axis], _ unit: String, _ frame: VectorFrame, _ link: String?, _ prefix: String)
            -> [Element]
        {
            axes.map { Element(name: "\(prefix).\($0.rawValue)", unit: unit, frame: frame, link: link) }
        }
        func ofJoints(_ joints: [Int], _ unit: (Joint) -> String, within bound: Double = .infinity)
            -> [Element]
        {
            joints.map {
                let joint = robot.joints[$0]
                return Element(
                    name: "\(name).\(joint.name)", unit: unit(joint), joint: joint.name, low: -bound,
                    high: bound)
            }
        }
        switch self {
        case .basePosition(let axes): return vector(axes, "m", .world, root, name)
        case .baseOrientation:
            return ["w", "x", "y", "z"].map {
                Element(name: "\(name).\($0)", unit: "1", frame: .world, link: root, low: -1, high: 1)
            }
        case .basePitch: return [Element(name: name, unit: "rad", frame: .world, link: root)]
        case .baseVelocity(let axes, let frame): return vector(axes, "m/s", frame, root, name)
        case .baseAngularVelocity(let axes, let frame): return vector(axes, "rad/s", frame, root, name)
        case .basePitchRate: return [Element(name: name, unit: "rad/s", frame: .world, link: root)]
        case .projectedGravity:
            return vector(Axis.allCases, "1", .base, root, name).map {
                var element = $0
                (element.low, element.high) = (-1, 1)
                return element
            }
        case .jointPositions(let joints, _): return ofJoints(joints, \.unit)
        case .jointSines(let joints), .jointCosines(let joints):
            return ofJoints(joints, { _ in "1" }, within: 1)
        case .jointVelocities(let joints): return ofJoints(joints, { $0.unit + "/s" })
        case .jointEfforts(let joints): return ofJoints(joints, { $0.kind == .hinge ? "N m" : "N" })
        case .linkPosition(let link, let axes):
            return vector(axes, "m", .world, link.name, "\(name).\(link.name)")
        case .linkVelocity(let link, let axes):
            return vector(axes, "m/s", .world, link.name, "\(name).\(link.name)")
        case .targetPosition(let axes): return vector(axes, "m", .world, nil, name)
        case .targetOffset(let link, let axes):
            return vector(axes, "m", .world, link.name, "\(name).\(link.name)")
        case .velocityCommands:
            return [("lin_vel_x", "m/s"), ("lin_vel_y", "m/s"), ("ang_vel_z", "rad/s")].map {
                Element(name: "\(name).\($0.0)", unit: $0.1, frame: .base)
            }
        case .lastAction:
            return actions.map { Element(name: "\(name).\($0)", unit: "1", joint: $0, low: -1, high: 1) }
        case .contact(let links):
            return links.map {
                Element(name: "\(name).\($0.name)", unit: "1", link: $0.name, low: 0, high: 1)
            }
        case .contactForce(let links):
            return links.map { Element(name: "\(name).\($0.name)", unit: "N", link: $0.name, low: 0) }
        }
    }
}
