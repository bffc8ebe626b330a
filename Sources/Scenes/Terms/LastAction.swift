// SPDX-License-Identifier: MIT

internal import Robots
internal import Settings

/// The action of the step that led here, one number for each actuator and thruster.
struct LastAction: ObservationTerm {
    static let name = "last_action"
    static let summary = "The action that led to this state, in [-1, 1]; 0 at the start."
    static let synonyms = ["actions"]

    func elements(in scene: Scene) -> [ObservationElement] {
        scene.actuators.map {
            let joint = scene.robot.joints[$0.joint].name
            return ObservationElement(
                name: "\(Self.name).\(joint)", unit: Self.unit, joint: joint, low: -1, high: 1)
        }
            + scene.thrusters.map {
                ObservationElement(
                    name: "\(Self.name).\($0.name)", unit: Self.unit, link: $0.link.name, low: -1, high: 1)
            }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        numbers += state.episode.lastAction
    }
}
