// SPDX-License-Identifier: MIT

internal import Physics
internal import Robots
internal import Settings

/// Links that should not touch anything, but do after the step.
struct UndesiredContacts: RewardTerm, Quantity {
    static let name = "undesired_contacts"
    static let summary = "How many of the links are touched with more than a force."
    static let synonyms = ["collision"]
    static let keys: [Key<Self>] = [
        .touchingLinks(\.links),
        Key("threshold", \.threshold, .number(.notNegative), "The force in N above which it counts."),
    ]

    var links: [LinkFrame] = []
    var threshold = 1.0

    func value(_ state: SceneState) throws(PhysicsError) -> Double {
        var count = 0.0
        for link in links where try state.contactForce(link) > threshold { count += 1 }
        return count
    }
}
