// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// What a link is off its target by, as Gymnasium's Reacher has it.
struct TargetOffset: ObservationTerm {
    static let name = "target_offset"
    static let summary = "The position of a link's frame minus the target, in the world's axes."
    static let unit = "m"
    static let needs: [TermNeed] = [.target]
    static let keys: [Key<Self>] = [
        .link(\.link),
        .axes(\.axes),
    ]

    var link = LinkFrame.unnamed
    var axes: [Axis]?

    var askedAxes: [Axis] { axes ?? [] }

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(along: scene.axes(axes), in: scene, of: link)
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let vector = state.after.pose(of: link).position - state.episode.target
        for axis in state.axes(axes) { numbers.append(vector[axis]) }
    }
}
