// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Physics
internal import Robots
internal import Settings

/// Steps in the time of a clock, the one that the observation `gait_phase` of the same period shows.
struct FeetGait: RewardTerm, Quantity {
    static let name = "feet_gait"
    static let summary =
        "The share of links that are touched with more than 1 N in the stance part of their turn and not in the rest; 0 while told to stand."
    static let synonyms = ["gait"]
    static let keys: [Key<Self>] = [
        .touchingLinks(\.links),
        Key("period", \.period, .number(.positive), "The seconds of a turn.", isRequired: true),
        Key(
            "offsets", \.offsets, .list(of: .number(.within(0, 1))),
            "How far each link is ahead of the clock, in turns; of a trot [0, 0.5, 0.5, 0].", isRequired: true
        ),
        Key("stance", \.stance, .number(.within(0, 1)), "The first part of a turn, in which a link stands."),
    ]

    var links: [LinkFrame] = []
    var period = 1.0
    var offsets: [Double] = []
    var stance = 0.5

    func check(_ setting: Setting, _ decoder: Decoder) {
        guard links.count != offsets.count, setting["links"] != nil, setting["offsets"] != nil else { return }
        decoder.report(
            setting.place(of: "offsets"), "there are \(offsets.count) of them, and \(links.count) links",
            "write one for each")
    }

    func value(_ state: SceneState) throws(PhysicsError) -> Double {
        guard !state.isToldToStand else { return 0 }
        let turns = state.episodeTime / period
        var right = 0.0
        for index in links.indices {
            let phase = turns + offsets[index]
            let stands = phase - phase.rounded(.down) < stance
            if try (state.contactForce(links[index]) > 1) == stands { right += 1 }
        }
        return right / Double(links.count)
    }
}

extension SceneState {
    /// The seconds of the episode.
    var episodeTime: Double { Double(episode.step) * period }
}
