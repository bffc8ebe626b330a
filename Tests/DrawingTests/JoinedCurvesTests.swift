// SPDX-License-Identifier: MIT

import Drawing
import Testing

struct JoinedCurvesTests {
    @Test func `the median and the band of runs at the same places`() {
        let runs = [[1.0, 10], [5, 20], [2, 60]].map { Curve(x: [0, 100], y: $0) }
        let series = Series("s", joining: runs)
        #expect(series.points == [.init(x: 0, y: 2, band: 1...5), .init(x: 100, y: 20, band: 10...60)])
    }

    @Test func `quartiles are between the runs`() {
        let runs = [0.0, 1, 2, 3, 4].map { Curve(x: [0], y: [$0]) }
        #expect(Series("s", joining: runs, band: .quartiles).points == [.init(x: 0, y: 2, band: 1...3)])
        let four = [4.0, 1, 3, 2].map { Curve(x: [0], y: [$0]) }
        #expect(
            Series("s", joining: four, band: .quartiles).points == [.init(x: 0, y: 2.5, band: 1.75...3.25)])
    }

    @Test func `runs with places of their own are interpolated`() {
        let runs = [Curve(x: [0, 10], y: [0, 10]), Curve(x: [0, 5, 10], y: [0, 0, 20])]
        let series = Series("s", joining: runs)
        #expect(series.points.map(\.x) == [0, 5, 10])
        #expect(series.points.dropFirst().first == .init(x: 5, y: 2.5, band: 0...5))
    }

    @Test func `the curve goes as far as half of the runs do`() {
        let runs = [10.0, 20, 30, 40].map { Curve(x: [0, $0], y: [$0, $0]) }
        let series = Series("s", joining: runs)
        #expect(series.points.map(\.x) == [0, 10, 20, 30])
        #expect(series.points.last == .init(x: 30, y: 35, band: 30...40))
    }

    @Test func `a single run has no band, and values that are not finite count for nothing`() {
        let one = Series("s", joining: [Curve(x: [0, 1, 2], y: [1, .nan, 3])])
        #expect(one.points == [.init(x: 0, y: 1), .init(x: 2, y: 3)])
        #expect(Series("s", joining: []).points.isEmpty)
    }
}
