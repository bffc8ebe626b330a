// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// The target point, without the z of a disc, which is always the same.
struct TargetPosition: ObservationTerm {
    static let name = "target_position"
    static let summary =
        "The target point of the episode in the world; on a terrain from the middle of the tile of the start."
    static let unit = "m"
    static let needs: [TermNeed] = [.target]
    static let keys: [Key<Self>] = [
        .axes(\.axes)
    ]

    var axes: [Axis]?

    var askedAxes: [Axis] { axes ?? [] }

    func elements(in scene: Scene) -> [ObservationElement] {
        scene.axes(axes).filter { $0 != .z || !isFlat(scene.target) }.map {
            ObservationElement(name: "\(Self.name).\($0.rawValue)", unit: Self.unit, frame: .world)
        }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        for axis in state.axes(axes) where axis != .z || !isFlat(state.scene.target) {
            numbers.append(state.episode.target[axis] - state.origin[axis])
        }
    }

    /// Whether z is left out: of a disc, unless it was asked for.
    private func isFlat(_ target: TargetRegion?) -> Bool {
        if case .disc = target { axes == nil } else { false }
    }
}
