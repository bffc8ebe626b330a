// SPDX-License-Identifier: MIT

package import Geometry
package import Physics
package import Settings

/// One kind of term of a scene: a quantity with a name, by which policies see, rewards judge and episodes end.
///
/// A term is one file in Terms/, named after its type: there is no other list of them, for the build makes one of the files. Its keys
/// are properties of the type, which hold what a scene says. Terms are named as people know them from Isaac Lab and legged_gym.
/// "The step" is one control step; "before" and "after" are its two ends. Positions of links are those of the origins of their
/// frames, not of their centres of mass.
package protocol Term: Configurable, Equatable {
    /// Its name in the file.
    static var name: String { get }
    /// What it measures, in a sentence.
    static var summary: String { get }
    /// The SI unit of it; `1` for a pure number.
    static var unit: String { get }
    /// What a scene must have for the term to mean anything.
    static var needs: [TermNeed] { get }
    /// Names that people may know it by elsewhere.
    static var synonyms: [String] { get }
    /// The axes of the world that the scene asks for by name; those must be able to move.
    var askedAxes: [Axis] { get }
}

extension Term {
    package static var unit: String { "1" }
    package static var needs: [TermNeed] { [] }
    package static var synonyms: [String] { [] }
    package static var keys: [Key<Self>] { [] }
    package var askedAxes: [Axis] { [] }

    func isSame(as other: any Term) -> Bool { other as? Self == self }
}

/// What a scene must have for a term to mean anything.
package enum TermNeed: Sendable {
    /// A planar or floating base.
    case movingBase
    /// A floating base.
    case floatingBase
    /// A `target` block.
    case target
    /// A `target` block whose targets have an orientation.
    case targetOrientation
    /// A `commands` block.
    case commands
}

/// A term that gives numbers: to a policy, or to be compared with bounds.
package protocol MeasuredTerm: Term {
    /// Appends its numbers.
    func measure(_ state: SceneState, into numbers: inout [Double]) throws(PhysicsError)
}

/// What a policy sees.
package protocol ObservationTerm: MeasuredTerm {
    /// What its numbers are, in their order, before noise, clip and scale.
    func elements(in scene: Scene) -> [ObservationElement]
}

/// What ends an episode: one of its numbers is outside of bounds, after a step.
package protocol TerminationTerm: MeasuredTerm {
    /// The number at the start of an episode, noise left out; nil where only physics can tell.
    func valueAtStart(of scene: Scene) -> Double?
}

extension TerminationTerm {
    package func valueAtStart(of scene: Scene) -> Double? { nil }
}

/// What a reward sums, per control step.
package protocol RewardTerm: Term {
    /// How many numbers it remembers from step to step of an episode; they begin at 0.
    func memorySize(in scene: Scene) -> Int
    func value(_ state: SceneState, memory: inout [Double]) throws(PhysicsError) -> Double
}

/// A term that is one number, whoever asks for it, and remembers nothing.
package protocol Quantity: Term {
    func value(_ state: SceneState) throws(PhysicsError) -> Double
}

extension MeasuredTerm where Self: Quantity {
    package func measure(_ state: SceneState, into numbers: inout [Double]) throws(PhysicsError) {
        numbers.append(try value(state))
    }
}

extension RewardTerm where Self: Quantity {
    package func memorySize(in scene: Scene) -> Int { 0 }
    package func value(_ state: SceneState, memory: inout [Double]) throws(PhysicsError) -> Double {
        try value(state)
    }
}
