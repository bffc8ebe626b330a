// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
internal import Robots
internal import Settings

/// Feet that slide over what they stand on.
struct FootSlip: RewardTerm, Quantity {
    static let name = "foot_slip"
    static let summary =
        "The sum of squared horizontal velocities of the frames of those links that are touched with more than 1 N."
    static let unit = "(m/s)²"
    static let synonyms = ["feet_slip", "feet_slide"]
    static let keys: [Key<Self>] = [
        .touchingLinks(\.links)
    ]

    var links: [LinkFrame] = []

    func value(_ state: SceneState) throws(PhysicsError) -> Double {
        var sum = 0.0
        for link in links where try state.contactForce(link) > 1 {
            let velocity = state.after.velocity(of: link)
            sum += velocity.x * velocity.x + velocity.y * velocity.y
        }
        return sum
    }
}
