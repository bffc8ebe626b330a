// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Settings

/// A clock for a gait: whoever runs the policy starts it at 0 and lets it run.
struct GaitPhase: ObservationTerm {
    static let name = "gait_phase"
    static let summary = "Sine and cosine of a clock that starts with the episode."
    static let synonyms = ["phase", "gait_clock"]
    static let keys: [Key<Self>] = [
        Key("period", \.period, .number(.positive), "The seconds of a turn.", isRequired: true)
    ]

    var period = 1.0

    func elements(in scene: Scene) -> [ObservationElement] {
        ["sin", "cos"].map {
            ObservationElement(name: "\(Self.name).\($0)", unit: Self.unit, low: -1, high: 1)
        }
    }

    func measure(_ state: SceneState, into numbers: inout [Double]) {
        let angle = 2 * Double.pi * state.episodeTime / period
        numbers.append(sin(angle))
        numbers.append(cos(angle))
    }
}
