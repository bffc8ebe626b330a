// SPDX-License-Identifier: MIT

internal import Physics
internal import Robots
internal import Settings

/// Whether links touch something.
struct Contact: ObservationTerm {
    static let name = "contact"
    static let summary =
        "1 where the own shapes of a link are touched with more than 1 N, else 0; one number a link."
    static let synonyms = ["feet_contact", "foot_contact", "foot_contacts"]
    static let keys: [Key<Self>] = [
        .touchingLinks(\.links)
    ]

    var links: [LinkFrame] = []

    func elements(in scene: Scene) -> [ObservationElement] { elements(of: links, upTo: 1) }

    func measure(_ state: SceneState, into numbers: inout [Double]) throws(PhysicsError) {
        for link in links { numbers.append(try state.contactForce(link) > 1 ? 1 : 0) }
    }
}
