// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots

/// The frame in which a vector is written.
public enum VectorFrame: String, Sendable, CaseIterable {
    /// The world's axes.
    case world
    /// The axes of the robot's root link.
    case base
}

/// One element of an observation: a name, unique in the scene, its unit, and what it tells about.
public struct ObservationElement: Sendable, Equatable {
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

extension ObservationTerm {
    /// An element for each axis of a vector, such as `link_position.foot.z`, or of the base where no link is named.
    func elements(
        along axes: [Axis], in scene: Scene, frame: VectorFrame? = .world, of link: LinkFrame? = nil
    ) -> [ObservationElement] {
        let prefix = link.map { "\(Self.name).\($0.name)" } ?? Self.name
        return axes.map {
            ObservationElement(
                name: "\(prefix).\($0.rawValue)", unit: Self.unit, frame: frame,
                link: link?.name ?? scene.robot.root.name)
        }
    }

    /// An element for each joint, such as `joint_positions.hip`.
    func elements(
        of joints: [JointReference]?, in scene: Scene, within bound: Double = .infinity,
        unit: (Joint) -> String
    ) -> [ObservationElement] {
        scene.robot.references(joints).map {
            ObservationElement(
                name: "\(Self.name).\($0.name)", unit: unit(scene.robot.joints[$0.index]), joint: $0.name,
                low: -bound, high: bound)
        }
    }

    /// An element for each link, such as `contact.foot`; none is below 0.
    func elements(of links: [LinkFrame], upTo high: Double = .infinity) -> [ObservationElement] {
        links.map {
            ObservationElement(
                name: "\(Self.name).\($0.name)", unit: Self.unit, link: $0.name, low: 0, high: high)
        }
    }
}

extension ObservationEntry {
    /// The elements of the term, in order, after noise, clip and scale.
    public func elements(in scene: Scene) -> [ObservationElement] {
        let newest = newestElements(in: scene)
        return (0..<history).flatMap { age in
            newest.map { element in
                var element = element
                if age > 0 { element.name += ".t-\(age)" }
                return element
            }
        }
    }

    /// The elements of one observation of its history.
    func newestElements(in scene: Scene) -> [ObservationElement] {
        term.elements(in: scene).map { element in
            var element = element
            // Noise is added before the clip, and leads out of a quantity's own range.
            for added in [noise.range, bias.range] {
                element.low += added.low
                element.high += added.high
            }
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
    public var observationElements: [ObservationElement] { observation.flatMap { $0.elements(in: self) } }

    /// What the critic sees behind them, element by element.
    public var criticElements: [ObservationElement] { criticObservation.flatMap { $0.elements(in: self) } }
}
