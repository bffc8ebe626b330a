// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// How a link would have to turn to be as its target is.
struct TargetRotation: ObservationTerm {
    static let name = "target_rotation"
    static let summary =
        "The rotation that brings a link to the target's orientation, as its axis times its angle, in the world's axes."
    static let unit = "rad"
    static let needs: [TermNeed] = [.targetOrientation]
    static let keys: [Key<Self>] = [
        .link(\.link)
    ]

    var link = LinkFrame.unnamed

    func elements(in scene: Scene) -> [ObservationElement] {
        elements(along: Axis.allCases, in: scene, of: link).map { element in
            var element = element
            (element.low, element.high) = (-.pi, .pi)
            return element
        }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let vector = state.rotationToTarget(of: link)
        numbers.append(vector.x)
        numbers.append(vector.y)
        numbers.append(vector.z)
    }
}
