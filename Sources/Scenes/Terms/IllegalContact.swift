// SPDX-License-Identifier: MIT

internal import Physics
internal import Robots
internal import Settings

/// Links that must not touch anything.
struct IllegalContact: TerminationTerm, Quantity {
    static let name = "illegal_contact"
    static let summary = "The greatest contact force on the own shapes of any of the links."
    static let unit = "N"
    static let keys: [Key<Self>] = [
        .touchingLinks(\.links)
    ]

    var links: [LinkFrame] = []

    func value(_ state: SceneState) throws(PhysicsError) -> Double {
        var largest = 0.0
        for link in links { largest = max(largest, try state.contactForce(link)) }
        return largest
    }
}
