// SPDX-License-Identifier: MIT

import Drawing
import Environments
import Foundation
import Geometry
import Scenes
import Testing

/// What a page holds is what happened, and nothing that a name says becomes part of the page.
struct EpisodePageTests {
    /// The page's data, read as a browser does.
    struct Document: Decodable {
        struct Part: Decodable {
            var kind: String
            var reach: Double?
            var points, triangles: String?
        }
        struct Link: Decodable {
            var name: String
            var parent: Int?
        }
        struct Take: Decodable {
            var label: String
            var episodes: [Film]
        }
        struct Table: Decodable {
            var low, high: [Double]
            var values: Data
        }
        struct Contacts: Decodable {
            var counts, values: Data
            var strongest: Double
        }
        struct Terrain: Decodable {
            var origin: [Double]
            var columns: Int
            var heights: Data
        }
        struct Film: Decodable {
            var end: String
            var `return`, reach: Double
            var steps, roots, places, turns, targets: Data
            var numbers: Table
            var contacts: Contacts
        }
        var scene: String
        var period: Double
        var links: [Link]
        var parts: [Part]
        var terms: [String]
        var terrain: Terrain?
        var takes: [Take]
    }

    static func document(_ html: String) throws -> Document {
        let opening = "<script type=\"application/json\" id=\"episodes\">"
        let start = try #require(html.range(of: opening))
        let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
        return try JSONDecoder().decode(
            Document.self, from: Data(html[start.upperBound..<end.lowerBound].utf8))
    }

    static func array<Element>(_ data: Data, of type: Element.Type) -> [Element] {
        unsafe data.withUnsafeBytes { unsafe Array($0.bindMemory(to: Element.self)) }
    }

    /// Films of a shipped scene with random actions.
    static func films(_ name: String, episodes: Int = 1, steps: Int = 60) throws -> (
        scene: EpisodeScene, films: [EpisodeFilm]
    ) {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let scene = try Scene.load(named: name, in: SceneCatalog(folders: [folder]))
        let environment = try SimulatedEnvironment(scene, random: RandomStream(seed: 1, .environment))
        var (roll, random) = (RollOut(environment), RandomStream(seed: 2, .exploration))
        let films = try (0..<episodes).map { _ in
            try roll.reset()
            var film = EpisodeFilm(frames: [environment.frame(reward: 0)])
            while film.frames.count <= steps {
                let step = try roll.step { _, action in
                    for index in action.indices { action[index] = Float(random.uniform(-1, 1)) }
                }
                film.frames.append(environment.frame(reward: step.reward))
                guard !step.isLast else { break }
                roll.advance()
            }
            return film
        }
        return (EpisodeScene(scene), films)
    }

    @Test(arguments: ["hopper", "quadruped", "reacher"])
    func `the page has the poses that were filmed`(name: String) throws {
        let (scene, films) = try Self.films(name, episodes: 2)
        let document = try Self.document(
            EpisodePage(scene, [.init(label: "random", films: films)]).html)
        #expect(document.links.map(\.parent) == scene.links.map(\.parent))
        #expect(document.takes.first?.episodes.count == 2)
        for (film, packed) in zip(films, document.takes[0].episodes) {
            let steps = Self.array(packed.steps, of: UInt32.self)
            let roots = Self.array(packed.roots, of: Float.self)
            let places = Self.array(packed.places, of: Int16.self)
            let turns = Self.array(packed.turns, of: Int16.self)
            #expect(steps.last == UInt32(film.frames.count - 1))
            for (row, step) in steps.enumerated() {
                for (link, pose) in film.frames[Int(step)].links.enumerated() {
                    let at = row * scene.links.count + link
                    let place = (0..<3).map {
                        Double(roots[3 * row + $0]) + packed.reach * Double(places[3 * at + $0]) / 32767
                    }
                    let away = zip(place, pose.position.components).map { abs($0 - $1) }.max() ?? 1
                    #expect(away <= packed.reach / 32767 + 1e-6)
                    let turn = (0..<4).map { Double(turns[4 * at + $0]) / 32767 }
                    let q = pose.orientation
                    let apart = zip(turn, [q.w, q.x, q.y, q.z]).map { abs($0 - $1) }.max() ?? 1
                    #expect(apart <= 2e-5)
                }
            }
        }
    }

    @Test func `the page has returns, terms, contacts and targets`() throws {
        let (scene, films) = try Self.films("quadruped")
        let film = try #require(films.first)
        let packed = try #require(
            try Self.document(EpisodePage(scene, [.init(label: "", films: films)]).html).takes.first?.episodes
                .first)
        #expect(abs(packed.return - film.episodeReturn) < 1e-9)
        let values = Self.array(packed.numbers.values, of: Int16.self)
        let columns = packed.numbers.low.count
        #expect(columns == 1 + scene.rewardTerms.count + scene.joints.count + scene.actions.count + 6)
        func number(_ row: Int, _ column: Int) -> Double {
            let (low, high) = (packed.numbers.low[column], packed.numbers.high[column])
            return (low + high) / 2 + (high - low) / 2 * Double(values[row * columns + column]) / 32767
        }
        var sum = 0.0
        for (row, frame) in film.frames.enumerated() {
            sum += frame.reward
            let expected =
                [sum] + frame.rewardTerms + frame.jointPositions + frame.action + frame.velocity.components
                + (frame.command?.components ?? [])
            for (column, value) in expected.enumerated() {
                let width = packed.numbers.high[column] - packed.numbers.low[column]
                #expect(abs(number(row, column) - value) <= width / 65000 + 1e-12)
            }
        }
        let counts = Self.array(packed.contacts.counts, of: Int16.self)
        #expect(counts.map(Int.init) == film.frames.map(\.contacts.count))
        #expect(counts.contains { $0 > 0 })
        #expect(
            Self.array(packed.contacts.values, of: Int16.self).count == 7 * counts.reduce(0) { $0 + Int($1) })
        #expect(packed.targets.isEmpty)
        let reacher = try Self.films("reacher")
        let aimed = try Self.document(
            EpisodePage(reacher.scene, [.init(label: "", films: reacher.films)]).html)
        // It stays, so that it is there once.
        #expect(aimed.takes[0].episodes[0].targets.count == 7 * 4)
    }

    @Test func `a name that looks like markup stays a name`() throws {
        var (scene, films) = try Self.films("hopper", steps: 3)
        let evil = "</script><script>alert(1)</script><!--\u{202E}"
        scene.links[1].name = evil
        scene.name = evil
        scene.rewardTerms[0] = evil
        let plain = EpisodePage(scene, [.init(label: "p", films: films)]).html
        let html = EpisodePage(scene, [.init(label: evil, films: films)]).html
        for page in [plain, html] {
            // The page's own two scripts and two comments, and nothing in them ends before its time.
            #expect(page.components(separatedBy: "<script").count == 3)
            #expect(page.components(separatedBy: "</script>").count == 3)
            #expect(page.components(separatedBy: "<!--").count == 3)
            #expect(!page.contains("\u{202E}"))
        }
        let document = try Self.document(html)
        let shown = evil.replacingOccurrences(of: "\u{202E}", with: "?")
        #expect(document.links[1].name == shown)
        #expect(document.takes[0].label == shown && document.terms[0] == shown)
        films = []
        #expect(
            try Self.document(EpisodePage(scene, [.init(label: "", films: films)]).html).takes[0].episodes
                .isEmpty)
    }

    @Test func `20 s of a robot without meshes take far less than 3 MB`() throws {
        var (scene, films) = try Self.films("quadruped", steps: 60)
        while films[0].frames.count <= 1000 { films[0].frames += films[0].frames.dropFirst() }
        let size = EpisodePage(scene, [.init(label: "long", films: films)]).html.utf8.count
        #expect(size < 1_000_000)
        // Faster than anybody sees: no more frames than of one with 125 in a second.
        scene.period = 0.001
        let packed = try Self.document(EpisodePage(scene, [.init(label: "fast", films: films)]).html)
        let steps = Self.array(packed.takes[0].episodes[0].steps, of: UInt32.self)
        #expect(steps.first == 0 && steps.last == UInt32(films[0].frames.count - 1))
        #expect(steps.count < films[0].frames.count / 7)
    }

    @Test func `of uneven ground the page has what is near the robot's way`() throws {
        var (scene, films) = try Self.films("hopper", steps: 3)
        let (columns, rows) = (1000, 700)
        let heights = (0..<columns * rows).map { Float($0 % columns) + 1000 * Float($0 / columns) }
        scene.terrain = .init(
            origin: Vector3(-50, -35, 0), cell: [0.1, 0.1], columns: columns, heights: heights)
        let document = try Self.document(EpisodePage(scene, [.init(label: "", films: films)]).html)
        let seen = try #require(document.terrain)
        let kept = Self.array(seen.heights, of: Float.self)
        #expect(kept.count <= 60_000 && kept.count > 50_000)
        let across = Int(((seen.origin[0] + 50) / 0.1).rounded())
        let along = Int(((seen.origin[1] + 35) / 0.1).rounded())
        #expect(abs(seen.origin[0] + 12) < 0.2 && abs(seen.origin[1] + 12) < 0.2)
        for index in stride(from: 0, to: kept.count, by: 997) {
            let (x, y) = (across + index % seen.columns, along + index / seen.columns)
            #expect(kept[index] == heights[y * columns + x])
        }
        films[0].frames.removeAll()
        _ = EpisodePage(scene, [.init(label: "", films: films)]).html
    }

    @Test func `nothing is asked of a network`() throws {
        let (scene, films) = try Self.films("hopper", steps: 3)
        let html = EpisodePage(scene, [.init(label: "p", films: films)]).html
        #expect(!html.contains("http:") && !html.contains("https:"))
        #expect(html.contains("default-src 'none'"))
    }
}
