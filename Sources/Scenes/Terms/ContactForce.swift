// SPDX-License-Identifier: MIT

internal import Physics
internal import Robots
internal import Settings

/// The length of the sum of the contact forces on each link.
struct ContactForce: ObservationTerm {
    static let name = "contact_force"
    static let summary = "The size of the contact force on the own shapes of a link; one number a link."
    static let unit = "N"
    static let synonyms = ["contact_forces"]
    static let keys: [Key<Self>] = [
        .touchingLinks(\.links)
    ]

    var links: [LinkFrame] = []

    func elements(in scene: Scene) -> [ObservationElement] { elements(of: links) }

    func measure(_ state: SceneState, into numbers: inout [Double]) throws(PhysicsError) {
        for link in links { numbers.append(try state.contactForce(link)) }
    }
}
