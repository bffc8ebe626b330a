// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// How far a link, such as a hand, is from an object after the step.
struct ObjectDistance: RewardTerm, TerminationTerm, Quantity {
    static let name = "object_distance"
    static let summary =
        "The distance from a link's frame to an object's centre; that of the object to the target is `target_distance` with its name as `link`."
    static let unit = "m"
    static let synonyms = ["hand_to_object", "object_ee_distance"]
    static let keys: [Key<Self>] = [
        .object(\.object),
        .link(\.link),
    ]

    var object = LinkFrame.unnamed
    var link = LinkFrame.unnamed

    func value(_ state: SceneState) -> Double {
        (state.after.pose(of: link).position - state.after.pose(of: object).position).length
    }

    func valueAtStart(of scene: Scene) -> Double? {
        (scene.poseAtStart(of: link).position - scene.poseAtStart(of: object).position).length
    }
}
