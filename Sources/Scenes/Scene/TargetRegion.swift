// SPDX-License-Identifier: MIT

public import Geometry
public import Robots
package import Settings

/// The region of the world in which a task's target point is drawn, uniformly, at each reset.
public enum TargetRegion: Sendable, Equatable {
    /// Always this point.
    case point(Vector3)
    /// A disc parallel to the world's x and y, uniform by area.
    case disc(Disc)
    /// A box along the world's axes.
    case box(Box)
    /// Wherever a link comes to while the joints that carry it are drawn about the start, with its orientation there.
    case reach(Reach)

    /// A disc parallel to the world's x and y.
    public struct Disc: Sendable, Equatable {
        /// Its centre, in m.
        public var center = Vector3.zero
        /// Its radius, in m.
        public var radius = 1.0

        /// Makes a disc of 1 m about the world's origin.
        public init() {}
    }

    /// What a link of the robot reaches: every target of it can be.
    public struct Reach: Sendable, Equatable {
        /// The link.
        public var link = LinkFrame(name: "", link: 0)
        /// How far each joint is drawn to both sides of its start, within its stops, in rad; of sliders a quarter of it in m.
        public var range = 1.0
        /// The lowest z of a target, in m; nil for none.
        ///
        /// What is lower is drawn again, a hundred times at most.
        public var above: Double?

        /// Makes the reach of the root.
        public init() {}
    }

    /// Whether its targets have an orientation.
    var isTurned: Bool { if case .reach = self { true } else { false } }

    /// A box along the world's axes.
    public struct Box: Sendable, Equatable {
        /// One corner, in m.
        public var low = Vector3.zero
        /// The opposite corner, in m; no component is below that of `low`.
        public var high = Vector3.zero

        /// Makes the box that is the world's origin.
        public init() {}
    }
}

private let place = Bounds.within(-1e4, 1e4)

extension TargetRegion.Disc: Configurable {
    package static let keys: [Key<Self>] = [
        Key("center", \.center, .vector(place), "Its centre in m.", isRequired: true),
        Key("radius", \.radius, .number(.positive(upTo: 1e4)), "Its radius in m.", isRequired: true),
    ]
}

extension TargetRegion.Box: Configurable {
    package static let keys: [Key<Self>] = [
        Key("low", \.low, .vector(place), "One corner in m.", isRequired: true),
        Key("high", \.high, .vector(place), "The opposite corner in m.", isRequired: true),
    ]

    package func check(_ setting: Setting, _ decoder: Decoder) {
        guard setting["low"] != nil, setting["high"] != nil else { return }
        if low.x > high.x || low.y > high.y || low.z > high.z {
            decoder.report(
                setting.place(of: "low"), "must not be above high", "swap the components that are")
        }
    }
}

extension TargetRegion.Reach: Configurable {
    package static let keys: [Key<Self>] = [
        Key("link", \.link, .link, "The link; links that were merged count too.", isRequired: true),
        Key(
            "range", \.range, .number(.positive(upTo: 10)),
            "How far joints are drawn to both sides of their start in rad (a quarter of it in m)."),
        Key("above", \.above, .number(.within(-1e4, 1e4)), "The lowest z in m of a target.", absent: "none"),
    ]
}

extension TargetRegion: Configurable {
    package init() { self = .point(.zero) }

    package static let keys: [Key<TargetRegion>] = [
        Key("point", \.point, .vector(place), "Always this point in m.", absent: ""),
        Key("disc", \.disc, .block, "Uniform in a disc along x and y."),
        Key("box", \.box, .block, "Uniform in a box along the world's axes."),
        Key(
            "reach", \.reach, .block,
            "Where joints drawn about the start bring a link, and how it is turned there."),
    ]

    package func check(_ setting: Setting, _ decoder: Decoder) {
        let given = Self.keys.map(\.name).filter { setting[$0] != nil }
        guard given.count != 1 else { return }
        decoder.report(
            setting, given.isEmpty ? "is empty" : "has \(given.joined(separator: " and "))",
            "give exactly one of point, disc, box, reach")
    }

    private var point: Vector3? {
        get { if case .point(let point) = self { point } else { nil } }
        set { if let newValue { self = .point(newValue) } }
    }

    private var disc: Disc? {
        get { if case .disc(let disc) = self { disc } else { nil } }
        set { if let newValue { self = .disc(newValue) } }
    }

    private var reach: Reach? {
        get { if case .reach(let reach) = self { reach } else { nil } }
        set { if let newValue { self = .reach(newValue) } }
    }

    private var box: Box? {
        get { if case .box(let box) = self { box } else { nil } }
        set { if let newValue { self = .box(newValue) } }
    }
}
