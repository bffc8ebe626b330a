// SPDX-License-Identifier: MIT

public import Geometry
public import Robots
internal import Settings

/// Writes a first scene for a robot that has none: it loads, it trains, and its comments say what to change.
public struct SceneTemplate {
    /// The text of the scene.
    public let text: String
    /// How the scene holds the root.
    public let base: Base
    /// What the robot is taken for, and on what grounds.
    package let finding: String
    /// Why the robot cannot have this scene; nil where it can.
    package let refusal: String?

    /// Makes a template for a robot; where it stands, it settles there in simulation.
    ///
    /// - Parameters:
    ///   - robot: the robot.
    ///   - robotFile: what the scene's `robot` is to say.
    ///   - base: how its root is held; a guess if left out.
    public init(_ robot: Robot, robotFile: String, base: Base? = nil) {
        let plan = ScenePlan(robot, base: base)
        (self.base, refusal) = (plan.base, plan.refusal)
        finding = "\(plan.anatomy.kind.words): \(plan.anatomy.grounds)"
        let first = SceneText(plan, robotFile: robotFile, settled: nil)
        let settled = plan.refusal == nil ? Settling(plan, first.text) : nil
        text = settled.map { SceneText(plan, robotFile: robotFile, settled: $0).text } ?? first.text
    }
}
