// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// The target point, without the z of a disc, which is always the same.
struct TargetPosition: ObservationTerm {
    static let name = "target_position"
    static let summary = "The target point of the episode in the world."
    static let unit = "m"
    static let needs: [TermNeed] = [.target]
    static let keys: [Key<Self>] = [
        .axes(\.axes)
    ]

    var axes: [Axis]?

    var askedAxes: [Axis] { axes ?? [] }

    func elements(in scene: Scene) -> [ObservationElement] {
        let isFlat = if case .disc = scene.target { axes == nil } else { false }
        return scene.axes(axes).filter { !isFlat || $0 != .z }.map {
            ObservationElement(name: "\(Self.name).\($0.rawValue)", unit: Self.unit, frame: .world)
        }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let isFlat = if case .disc = state.scene.target { axes == nil } else { false }
        for axis in state.axes(axes) where !isFlat || axis != .z {
            numbers.append(state.episode.target[axis])
        }
    }
}
