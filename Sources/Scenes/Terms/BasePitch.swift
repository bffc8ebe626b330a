// SPDX-License-Identifier: MIT

internal import Robots
internal import Settings

/// The pitch of the base; of a floating one that of roll, pitch and yaw, within ±pi/2.
struct BasePitch: ObservationTerm, TerminationTerm, Quantity {
    static let name = "base_pitch"
    static let summary = "The rotation of the root link about +y; it counts turns in a planar scene."
    static let unit = "rad"
    static let needs: [TermNeed] = [.movingBase]

    func elements(in scene: Scene) -> [ObservationElement] {
        [.init(name: Self.name, unit: Self.unit, frame: .world, link: scene.robot.root.name)]
    }

    func value(_ state: SceneState) -> Double { state.after.pitch }

    func valueAtStart(of scene: Scene) -> Double? { scene.start.pitch }
}
