// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// How far a link is from the target after the step.
struct TargetDistance: RewardTerm, TerminationTerm, Quantity {
    static let name = "target_distance"
    static let summary = "The distance from a link's frame to the target."
    static let unit = "m"
    static let needs: [TermNeed] = [.target]
    static let synonyms = ["position_command_error"]
    static let keys: [Key<Self>] = [
        .link(\.link)
    ]

    var link = LinkFrame.unnamed

    func value(_ state: SceneState) -> Double {
        (state.after.pose(of: link).position - state.episode.target).length
    }
}
