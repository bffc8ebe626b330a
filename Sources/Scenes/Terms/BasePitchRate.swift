// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// The turning rate that goes with the pitch of the base.
struct BasePitchRate: ObservationTerm, Quantity {
    static let name = "base_pitch_rate"
    static let summary = "The angular velocity of the root link about the world's +y."
    static let unit = "rad/s"
    static let needs: [TermNeed] = [.movingBase]

    func elements(in scene: Scene) -> [ObservationElement] {
        [.init(name: Self.name, unit: Self.unit, frame: .world, link: scene.robot.root.name)]
    }

    func value(_ state: SceneState) -> Double { state.after.baseAngularVelocity.y }
}
