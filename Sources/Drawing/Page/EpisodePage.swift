// SPDX-License-Identifier: MIT

package import Scenes
internal import Settings

/// A page that shows episodes in 3D, with their numbers as curves: one HTML file that asks for nothing else, for any browser.
package struct EpisodePage {
    /// The episodes of one policy.
    package struct Take {
        /// What the policy is called.
        package var label: String
        /// Its episodes.
        package var films: [EpisodeFilm]

        package init(label: String, films: [EpisodeFilm]) {
            (self.label, self.films) = (label, films)
        }
    }

    private let labels: [String]
    private let scene: EpisodeScene
    /// The packed episodes of each take.
    private let episodes: [[JSONValue]]
    /// The most episodes of a take that a page has.
    package static let mostEpisodes = 20
    /// The most bytes of packed episodes of a take; the first episode is always there.
    private static let mostBytes = 8 << 20

    /// Makes a page of what policies did in one scene: of the first episodes of each take, as many as a page should hold.
    package init(_ scene: EpisodeScene, _ takes: [Take]) {
        var scene = scene
        scene.terrain = scene.terrain?.seen(in: takes.flatMap(\.films))
        self.scene = scene
        labels = takes.map { SVG.plain($0.label) }
        episodes = takes.map { [scene] in Self.packed($0.films, scene) }
    }

    /// The episodes that one can choose from.
    package var episodeCount: Int { episodes.map(\.count).max() ?? 0 }

    /// The page.
    package var html: String {
        let title = SVG.escaped(
            "\(scene.name): \(labels.joined(separator: ", "))")
        let policy = """
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">

            """
        let body = PageSource.body + "\n<script type=\"application/json\" id=\"episodes\">\(data)</script>"
        return PageSource.document(
            title: title, policy: policy, style: PageSource.style, body: body, script: PageSource.script)
    }

    /// What is shown, as JSON in which no tag can begin.
    private var data: String {
        let takes = zip(labels, episodes).map { label, episodes in
            JSONValue.object([("label", .text(label)), ("episodes", .array(episodes))])
        }
        let document = JSONValue.object(
            [("period", .number(scene.period))] + scene.packed + [("takes", .array(takes))])
        return document.json.replacing("<", with: "\\u003c")
    }

    private static func packed(_ films: [EpisodeFilm], _ scene: EpisodeScene) -> [JSONValue] {
        var (packed, size) = ([JSONValue](), 0)
        for film in films.prefix(mostEpisodes) {
            let json = PackedFilm(film, of: scene).json
            size += json.json.utf8.count
            if size > mostBytes, !packed.isEmpty { break }
            packed.append(json)
        }
        return packed
    }
}
