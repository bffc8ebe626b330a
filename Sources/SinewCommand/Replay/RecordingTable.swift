// SPDX-License-Identifier: MIT

import Environments
import Files
import Scenes
import Training

/// The first episode as a table: a row for each control step, with what was observed before it, done in it, and earned by it.
struct RecordingTable {
    let recording: Recording
    let film: EpisodeFilm
    let scene: EpisodeScene
    let environment: any Environment

    /// The rows as CSV, below the names with their units where they have one: time after the step, observations in the units of the
    /// scene, actions within [-1, 1], the reward and its terms.
    var csv: String {
        let observed = environment.observationSpace.elements.map {
            $0.unit == "1" ? $0.name : "\($0.name) (\($0.unit))"
        }
        let acted = environment.actionSpace.elements.map { "action.\($0.name)" }
        var text = CSV.row(
            ["step", "time (s)"] + observed + acted + ["reward"] + scene.rewardTerms.map { "reward.\($0)" })
        for (index, reward) in recording.rewards.enumerated() {
            func numbers(_ all: [Float], _ count: Int) -> [String] {
                all[index * count..<(index + 1) * count].map { CSV.cell(Double($0)) }
            }
            let terms = film.frames.indices.contains(index + 1) ? film.frames[index + 1].rewardTerms : []
            text += CSV.row(
                ["\(index + 1)", CSV.cell(Double(index + 1) * scene.period)]
                    + numbers(recording.observations, observed.count)
                    + numbers(recording.actions, acted.count) + [CSV.cell(reward)] + terms.map(CSV.cell))
        }
        return text
    }
}
