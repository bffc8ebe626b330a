// SPDX-License-Identifier: MIT

import Drawing
import Environments
import Foundation
import Testing

struct ChartTests {
    /// A chart with two panels, bands, gaps, thresholds, both scales and every style.
    static var sample: Chart {
        let steps = stride(from: 0.0, through: 10_000, by: 500).map { $0 }
        func run(_ seed: Double) -> Curve {
            Curve(
                x: steps,
                y: steps.map { -1500 * exp(-$0 / 2500) - 150 + 60 * sin($0 / 900 + 3 * seed) })
        }
        let returns = Panel(
            "pendulum", x: Axis("steps"), y: Axis("mean return"),
            series: [
                Series("SAC, 5 seeds", joining: (0..<5).map { run(Double($0)) }),
                Series("DQN", x: steps, y: steps.map { -1600 + 0.1 * $0 }),
                Series("random", x: steps, y: steps.map { 40 * cos($0) - 1250 }, style: .points),
            ], thresholds: [Threshold("solved", at: -160), Threshold("warm-up", at: 1000, isUpright: true)])
        let errors = Panel(
            "contraction", x: Axis("sweep"), y: Axis("largest error", .logarithmic),
            series: [
                Series("measured", x: (0..<60).map(Double.init), y: (0..<60).map { pow(0.8, Double($0)) }),
                Series(
                    "bound", x: (0..<60).map(Double.init), y: (0..<60).map { 2 * pow(0.85, Double($0)) },
                    style: .dashed),
            ])
        return Chart("What the ladder bought", panels: [returns, errors])
    }

    @Test func `a picture is well-formed XML and the same bytes each time`() throws {
        let svg = Self.sample.svg
        let elements = try SVGElement.all(in: svg)
        #expect(elements.first?.name == "svg")
        #expect(elements.count > 50)
        #expect(svg == Self.sample.svg)
        if let folder = ProcessInfo.processInfo.environment["SINEW_KEEP_PICTURES"] {
            try svg.write(toFile: folder + "/chart.svg", atomically: true, encoding: .utf8)
        }
    }

    @Test func `points lie where axis and ticks say`() throws {
        let chart = Chart(
            x: Axis("x"), y: Axis("y"), series: [Series("line", x: [0, 5, 10], y: [0, 100, 50])])
        let elements = try SVGElement.all(in: chart.svg)
        let points = try #require(elements.first { $0.name == "path" }).points
        let x0 = try elements.place(ofTick: "0", "middle").x
        let x10 = try elements.place(ofTick: "10", "middle").x
        // A tick's text stands four pixels below its line.
        let y0 = try elements.place(ofTick: "0", "end").y - 4
        let y100 = try elements.place(ofTick: "100", "end").y - 4
        let wanted = [(x0, y0), ((x0 + x10) / 2, y100), (x10, (y0 + y100) / 2)]
        #expect(points.count == 3)
        for (point, (x, y)) in zip(points, wanted) {
            #expect(abs(point.x - x) < 0.02)
            #expect(abs(point.y - y) < 0.02)
        }
        #expect(y100 < y0)
    }

    @Test func `on a logarithmic axis equal factors are equal lengths`() throws {
        let series = Series("decay", x: [0, 1, 2, 3], y: [1, 0.1, 0.01, 0.001])
        let chart = Chart(x: Axis("x"), y: Axis("y", .logarithmic), series: [series])
        let points = try #require(try SVGElement.all(in: chart.svg).first { $0.name == "path" }).points
        let drops = zip(points, points.dropFirst()).map { $1.y - $0.y }
        #expect(drops.count == 3)
        #expect(drops.allSatisfy { abs($0 - drops[0]) < 0.02 && $0 > 10 })
    }

    @Test func `a band goes along its upper ends and back along its lower ends`() throws {
        let points = [(0.0, 2.0...6), (10, 0...10)].map { Series.Point(x: $0, y: 5, band: $1) }
        let chart = Chart(x: Axis("x"), y: Axis("y"), series: [Series("s", points)])
        let elements = try SVGElement.all(in: chart.svg)
        let band = try #require(elements.first { $0.name == "path" && $0["fill-opacity"] != nil }).points
        let bottom = try elements.place(ofTick: "0", "end").y - 4
        let top = try elements.place(ofTick: "10", "end").y - 4
        let heights = band.map { (bottom - $0.y) / (bottom - top) * 10 }
        #expect(zip(heights, [6, 10, 0, 2]).allSatisfy { abs($0 - $1) < 0.01 })
        #expect(band.count == 4)
        #expect(band[0].x == band[3].x && band[1].x == band[2].x && band[0].x < band[1].x)
    }

    @Test func `parts of a sum are areas on each other, and the sum is a line in ink`() throws {
        let parts = [0.0...2, 2...3].enumerated().map { index, band in
            Series("part \(index)", [0.0, 10].map { Series.Point(x: $0, y: 1, band: band) }, style: .area)
        }
        let total = Series("total", x: [0, 10], y: [3, 3], style: .total)
        let elements = try SVGElement.all(in: Chart(x: Axis("x"), y: Axis("y"), series: [total] + parts).svg)
        let paths = elements.filter { $0.name == "path" }
        #expect(paths.map { $0["fill"] } == [Legend.colours[0], Legend.colours[1], "none"])
        #expect(paths[2]["class"] == "total" && paths[2]["stroke"] == nil)
        let (low, high) = (paths[0].points, paths[1].points)
        #expect(low.count == 4 && low[0].y == high[2].y && low[1].y == high[3].y)
        // The sum is named last, and takes no colour from the parts.
        let names = elements.filter {
            $0.name == "text" && ($0.text.contains("part") || $0.text == "total")
        }
        #expect(names.map(\.text) == ["part 0", "part 1", "total"])
    }

    @Test func `values that are not numbers leave a gap and trap nowhere`() throws {
        let y = [1, 2, .nan, 3, .infinity, 1e300, -.infinity, 2, 1]
        let series = Series("gaps", x: y.indices.map(Double.init), y: y)
        for scale in [Axis.Scale.linear, .logarithmic] {
            let svg = Chart(x: Axis("x", scale), y: Axis("y", scale), series: [series]).svg
            let elements = try SVGElement.all(in: svg)
            let path = try #require(elements.first { $0.name == "path" }?["d"])
            #expect(path.count { $0 == "M" } == 3)
            #expect(!svg.contains("nan") && !svg.contains("inf"))
        }
        let hopeless = Series("nothing", x: [.nan, 1], y: [1, .nan])
        _ = try SVGElement.all(in: Chart(x: Axis("x"), y: Axis("y"), series: [hopeless]).svg)
        _ = try SVGElement.all(in: Chart(width: .nan, panels: []).svg)
    }

    @Test func `no numbers whatever trap, alone or joined, on either axis`() throws {
        var random = RandomStream(seed: 1, name: "bits")
        let extremes = [
            .leastNonzeroMagnitude, 3 * .leastNonzeroMagnitude, 1e-200, 1e-100, 1e19, 0x1p1000, 1e100, 9e99,
            1.7e308, .infinity, .nan, 0, 1,
        ]
        func number() -> Double {
            let value =
                random.index(below: 3) == 0
                ? Double(bitPattern: random.next()) : extremes[random.index(below: extremes.count)]
            return random.index(below: 2) == 0 ? value : -value
        }
        for round in 0..<3000 {
            let runs = (0...round % 3).map { _ in
                let x = (0..<random.index(below: 5)).map { _ in number() }.sorted { $0 < $1 }
                return Curve(x: x, y: x.map { _ in number() })
            }
            let scale: Drawing.Axis.Scale = round % 2 == 0 ? .linear : .logarithmic
            let (low, high) = (number(), number())
            let range = low < high ? low...high : nil
            let chart = Chart(
                x: Axis("x", scale, range: round % 5 == 0 ? range : nil, showsZero: round % 7 == 0),
                y: Axis("y", scale),
                series: [
                    Series("joined", joining: runs, band: round % 4 == 0 ? .quartiles : .range),
                    Series("alone", x: [number(), number()], y: [number(), number()]),
                ], thresholds: [Threshold("t", at: number())])
            #expect(!chart.svg.contains("nan") && !chart.svg.contains("inf"))
        }
    }

    @Test func `texts are escaped wherever they stand`() throws {
        let name = "a<b & \"c\" > 'd' \u{1}\u{FFFE} – α \u{202E}\u{90}\u{2066}"
        let panel = Panel(
            name, x: Axis(name), y: Axis(name), series: [Series(name, x: [0, 1], y: [0, 1])],
            thresholds: [Threshold(name, at: 0.5)])
        let svg = Chart(name, panels: [panel]).svg
        let texts = try SVGElement.all(in: svg).filter { $0.name == "text" }.map(\.text)
        let shown = "a<b & \"c\" > 'd' ?? – α ???"
        #expect(texts.count { $0 == shown } == 6)
    }

    @Test func `the legend names every curve once, in its colour, above the panels`() throws {
        let elements = try SVGElement.all(in: Self.sample.svg)
        for name in ["SAC, 5 seeds", "DQN", "random", "measured", "bound"] {
            #expect(elements.count { $0.name == "text" && $0.text == name } == 1)
        }
        let legend = try #require(elements.first { $0.text == "DQN" && $0.name == "text" })
        let curve = try #require(elements.first { $0.name == "path" && $0.title == "DQN" })
        let sample = try #require(
            elements.first { $0.name == "line" && $0["stroke"] == curve["stroke"] })
        #expect(abs((Double(sample["y1"] ?? "") ?? 0) + 4 - legend.place.y) < 0.01)
        #expect(curve.points.allSatisfy { $0.y > legend.place.y })
    }

    @Test func `a threshold is a dashed line at its value, which the axis shows`() throws {
        let chart = Chart(
            x: Axis("x"), y: Axis("y"), series: [Series("s", x: [0, 1], y: [0, 1])],
            thresholds: [Threshold("goal", at: 8)])
        let elements = try SVGElement.all(in: chart.svg)
        let line = try #require(elements.first { $0["stroke-dasharray"] != nil })
        let (bottom, top) = try (elements.place(ofTick: "0", "end").y, elements.place(ofTick: "8", "end").y)
        #expect(top < bottom)
        #expect(Double(line["y1"] ?? "") == top - 4)
        #expect(line["y1"] == line["y2"])
    }

    @Test func `every colour stands out from the light and the dark ground`() {
        for colour in Legend.colours {
            #expect(contrast(colour, SVG.lightGround.paper) >= 3, "\(colour) on light")
            #expect(contrast(colour, SVG.darkGround.paper) >= 3, "\(colour) on dark")
        }
        #expect(contrast(SVG.lightGround.faint, SVG.lightGround.paper) >= 4.5)
        #expect(contrast(SVG.darkGround.faint, SVG.darkGround.paper) >= 4.5)
    }

    /// The ratio of luminances as the Web Content Accessibility Guidelines 2.1 define it.
    private func contrast(_ first: String, _ second: String) -> Double {
        func luminance(_ colour: String) -> Double {
            let value = Int(colour.dropFirst(), radix: 16) ?? 0
            let parts = [value >> 16, value >> 8 & 255, value & 255].map { part in
                let share = Double(part) / 255
                return share <= 0.03928 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        }
        let both = [luminance(first), luminance(second)].sorted()
        return (both[1] + 0.05) / (both[0] + 0.05)
    }
}
