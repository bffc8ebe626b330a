// SPDX-License-Identifier: MIT

extension Scene {
    /// Finds and reads a scene by its name or path, with its robot.
    ///
    /// - Throws: everything that is wrong with it.
    public static func load(named name: String) throws(DescriptionError) -> Scene {
        throw DescriptionError(.missing, [])
    }

    /// The scenes that can be found by name, each with its summary, in alphabetical order.
    public static func available() -> [SceneSummary] { [] }
}

/// The name of a scene and what it is about.
public struct SceneSummary: Sendable, Equatable {
    /// The name that `Scene.load(named:)` takes.
    public var name: String
    /// The file's `summary`.
    public var summary: String
    /// The file.
    public var file: String
}

extension ObservationTerm {
    /// One element of an observation: a name, unique in the scene, its unit, and what it tells about.
    public struct Element: Sendable, Equatable {
        /// Such as `base_position.z` or `joint_velocities.hip`.
        public var name: String
        /// The SI unit; `1` for a pure number.
        ///
        /// After scaling it is a multiple of this.
        public var unit: String
        /// `world` or `base` for components of vectors.
        public var frame: VectorFrame?
        /// The joint's name.
        public var joint: String?
        /// The link's name.
        public var link: String?
        /// The lowest value after clip and scale.
        public var low: Double = -.infinity
        /// The highest value after clip and scale.
        public var high: Double = .infinity
    }
}

extension Scene {
    /// The elements of the observation, in order.
    public var observationElements: [ObservationTerm.Element] { [] }
}
