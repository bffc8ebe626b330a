// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// Where the root link is: too low, or too far.
struct BaseCoordinate: TerminationTerm, Quantity {
    static let name = "base_position"
    static let summary =
        "A coordinate of the root link's frame in the world; on a terrain x and y count from the tile of the start, z from the ground below."
    static let unit = "m"
    static let needs: [TermNeed] = [.movingBase]
    static let synonyms = ["root_height_below_minimum", "base_height"]
    static let keys: [Key<Self>] = [
        .axis(\.axis)
    ]

    var axis = Axis.z

    var askedAxes: [Axis] { [axis] }

    func value(_ state: SceneState) -> Double { state.overGround(state.after.base.position)[axis] }

    func valueAtStart(of scene: Scene) -> Double? { scene.start.base.position[axis] }
}
