// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// How far a link is from a place along an axis, squared, after the step.
struct LinkPositionL2: RewardTerm, Quantity {
    static let name = "link_position_l2"
    static let summary =
        "The squared difference of a link's frame from a place, along one axis of the world; on a terrain as `link_position` ends episodes."
    static let unit = "m²"
    static let keys: [Key<Self>] = [
        .link(\.link),
        .axis(\.axis),
        Key("target", \.target, .number(.any), "The place along the axis, in m."),
    ]

    var link = LinkFrame.unnamed
    var axis = Axis.x
    var target = 0.0
    var askedAxes: [Axis] { [axis] }

    func value(_ state: SceneState) -> Double {
        let difference = state.overGround(state.after.pose(of: link).position)[axis] - target
        return difference * difference
    }
}
