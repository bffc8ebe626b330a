// SPDX-License-Identifier: MIT

import Drawing
import Foundation
import Geometry
import Scenes
import Testing

/// What a page leaves out changes nothing of what it says, and its places, forces and colours are those of the film.
struct PackedEpisodeTests {
    typealias Page = EpisodePageTests

    /// What the other tests do not look at.
    struct Document: Decodable {
        struct Surface: Decodable {
            var reach: Double
            var points, triangles: Data
        }
        struct Part: Decodable {
            var kind: String
            var colour: [Double]?
            var link, surface: Int?
        }
        struct Terrain: Decodable {
            var origin, cell: [Double]
            var columns: Int
            var heights: Data
        }
        var surfaces: [Surface]
        var parts: [Part]
        var terrain: Terrain?
    }

    static func document(_ html: String) throws -> Document {
        let opening = "<script type=\"application/json\" id=\"episodes\">"
        let start = try #require(html.range(of: opening))
        let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
        return try JSONDecoder().decode(
            Document.self, from: Data(html[start.upperBound..<end.lowerBound].utf8))
    }

    @Test func `frames that are left out count in the return and in the means of the terms`() throws {
        var (scene, films) = try Page.films("quadruped", steps: 61)
        // One of eight is kept.
        scene.period = 0.001
        let film = films[0]
        let packed = try Page.document(EpisodePage(scene, [.init(label: "", films: films)]).html).takes[0]
            .episodes[0]
        let steps = Page.array(packed.steps, of: UInt32.self).map(Int.init)
        #expect(steps.count < 10)
        let values = Page.array(packed.numbers.values, of: Int16.self)
        let (low, high) = (packed.numbers.low, packed.numbers.high)
        func number(_ row: Int, _ column: Int) -> Double {
            (low[column] + high[column]) / 2
                + (high[column] - low[column]) / 2 * Double(values[row * low.count + column]) / 32767
        }
        var next = 0
        for (row, step) in steps.enumerated() {
            let sum = film.frames[...step].reduce(0) { $0 + $1.reward }
            #expect(abs(number(row, 0) - sum) <= (high[0] - low[0]) / 65000 + 1e-12)
            let passed = film.frames[next...step]
            for term in scene.rewardTerms.indices {
                let mean = passed.reduce(0) { $0 + $1.rewardTerms[term] } / Double(passed.count)
                let width = high[1 + term] - low[1 + term]
                #expect(abs(number(row, 1 + term) - mean) <= width / 65000 + 1e-12)
            }
            next = step + 1
        }
    }

    @Test func `contacts are where and as strong as they were`() throws {
        let (scene, films) = try Page.films("quadruped")
        let packed = try Page.document(EpisodePage(scene, [.init(label: "", films: films)]).html).takes[0]
            .episodes[0]
        let values = Page.array(packed.contacts.values, of: Int16.self).map(Double.init)
        let contacts = films[0].frames.flatMap { frame in
            frame.contacts.map { ($0, $0.point - frame.links[0].position) }
        }
        #expect(values.count == 7 * contacts.count && !contacts.isEmpty)
        for (index, (contact, place)) in contacts.enumerated() {
            let own = values[7 * index..<7 * index + 7].map { $0 }
            #expect(Int(own[0]) == contact.link)
            for (part, (at, force)) in zip(place.components, contact.force.components).enumerated() {
                #expect(abs(own[1 + part] / 32767 * packed.reach - at) <= packed.reach / 32767)
                let strongest = packed.contacts.strongest
                #expect(abs(own[4 + part] / 32767 * strongest - force) <= strongest / 32767)
            }
        }
    }

    @Test func `a target that moves is there in each frame`() throws {
        var (scene, films) = try Page.films("reacher", steps: 3)
        for index in films[0].frames.indices {
            films[0].frames[index].target = Pose(position: Vector3(Double(index), 2, 3))
        }
        let packed = try Page.document(EpisodePage(scene, [.init(label: "", films: films)]).html).takes[0]
            .episodes[0]
        let numbers = Page.array(packed.targets, of: Float.self)
        #expect(numbers == (0..<4).flatMap { [Float($0), 2, 3, 1, 0, 0, 0] })
        // No more episodes than a page should hold.
        films = Array(repeating: films[0], count: EpisodePage.mostEpisodes + 3)
        scene.parts = []
        #expect(EpisodePage(scene, [.init(label: "", films: films)]).episodeCount == EpisodePage.mostEpisodes)
    }

    @Test func `a mesh is there once, with its points, and each part has its colour`() throws {
        var (scene, films) = try Page.films("hopper", steps: 1)
        let mesh = RasteriserTests.tetrahedron
        scene.parts = [
            .init(.surface(mesh), link: 0, colour: SIMD4(0.25, 0.5, 0.75, 1)), .init(.surface(mesh), link: 1),
        ]
        films[0].frames.removeLast()
        let document = try Self.document(EpisodePage(scene, [.init(label: "", films: films)]).html)
        #expect(document.surfaces.count == 1)
        #expect(document.parts.map(\.colour) == [[0.25, 0.5, 0.75, 1], nil])
        #expect(document.parts.map(\.link) == [0, 1] && document.parts.map(\.surface) == [0, 0])
        let surface = document.surfaces[0]
        let points = Page.array(surface.points, of: Int16.self).map { surface.reach * Double($0) / 32767 }
        let expected = mesh.points.flatMap(\.components)
        #expect(zip(points, expected).allSatisfy { abs($0 - $1) < 1e-4 } && points.count == 12)
        let triangles = Page.array(surface.triangles, of: UInt16.self)
        #expect(triangles == mesh.triangles.flatMap { [UInt16($0.x), UInt16($0.y), UInt16($0.z)] })
    }

    @Test func `ground that is thinned out is as wide as it was`() throws {
        var (scene, films) = try Page.films("hopper", steps: 1)
        films[0].frames[0].links[0].position = Vector3(-30, -20, 0)
        films[0].frames[1].links[0].position = Vector3(30, 20, 0)
        let (columns, rows) = (1000, 700)
        let heights = (0..<columns * rows).map { Float($0 % columns) + 1000 * Float($0 / columns) }
        scene.terrain = .init(
            origin: Vector3(-50, -35, 0), cell: [0.1, 0.1], columns: columns, heights: heights)
        let seen = try #require(
            try Self.document(EpisodePage(scene, [.init(label: "", films: films)]).html).terrain)
        let kept = Page.array(seen.heights, of: Float.self)
        #expect(kept.count <= 60_000)
        for index in stride(from: 0, to: kept.count, by: 97) {
            // Where the page draws it is where it was.
            let x = seen.origin[0] + Double(index % seen.columns) * seen.cell[0]
            let y = seen.origin[1] + Double(index / seen.columns) * seen.cell[1]
            let (column, row) = (Int(((x + 50) / 0.1).rounded()), Int(((y + 35) / 0.1).rounded()))
            #expect(kept[index] == heights[row * columns + column])
        }
    }
}
