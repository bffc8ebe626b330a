// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// Feet that move too low or too high: the faster a foot moves over the ground, the more its height counts, so that standing feet are free.
struct FootClearance: RewardTerm, Quantity {
    static let name = "foot_clearance"
    static let summary =
        "The sum, over links, of the distance of the frame's height from one wanted times its horizontal speed."
    static let unit = "m²/s"
    static let synonyms = ["feet_clearance"]
    static let keys: [Key<Self>] = [
        Key("links", \.links, .set(of: .link), "The links.", isRequired: true),
        Key("height", \.height, .number(.any), "The wanted z in m of a foot that swings.", isRequired: true),
    ]

    var links: [LinkFrame] = []
    var height = 0.0

    func value(_ state: SceneState) -> Double {
        var sum = 0.0
        for link in links {
            let velocity = state.after.velocity(of: link)
            let speed = (velocity.x * velocity.x + velocity.y * velocity.y).squareRoot()
            sum += abs(state.after.pose(of: link).position.z - height) * speed
        }
        return sum
    }
}
