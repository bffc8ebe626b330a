// SPDX-License-Identifier: MIT

internal import Geometry
package import Scenes

/// A strip of an episode as an SVG picture: a robot at some moments, one beside the other, on its ground and with its target.
///
/// Of a robot with a fixed base all of them show the same place; a robot that moves about stays in the middle, and the picture says so.
package struct FigureStrip {
    private let scene: EpisodeScene
    private let moments: [(figure: Figure, time: Double)]
    private let title: String
    private let follows: Bool
    /// The middle of a cell, from the robot's where it is followed, and the size of what a cell shows, m.
    private let middle: SIMD2<Double>
    private let reach: Double
    private static let cell = 96.0
    private static let colours = ["#2a6f97", "#e07a5f", "#3d8b57", "#8d5a97", "#c9a227", "#5c677d"]

    /// Makes a strip of at most `count` moments, between which the robot moves about as much.
    package init(_ scene: EpisodeScene, _ frames: [EpisodeFrame], count: Int = 12, title: String) {
        self.scene = scene
        follows = scene.base != .fixed
        self.title = title + (follows ? "; the view moves along with the robot" : "")
        moments = EpisodeMoments.indices(frames, count: count).map {
            (Figure(scene, frames[$0]), Double($0) * scene.period)
        }
        var (low, high) = (SIMD2<Double>(repeating: .infinity), SIMD2<Double>(repeating: -.infinity))
        for (figure, _) in moments {
            let own = follows ? SIMD2(figure.middle.x, 0) : .zero
            for (place, radius) in figure.corners where place.x.isFinite && place.y.isFinite {
                low = pointwiseMin(low, place - own - radius)
                high = pointwiseMax(high, place - own + radius)
            }
            if let target = figure.target, !follows {
                (low, high) = (pointwiseMin(low, target), pointwiseMax(high, target))
            }
        }
        middle = low.x <= high.x ? (low + high) / 2 : .zero
        reach = low.x <= high.x ? max((high - low).max(), 1e-6) : 1
    }

    /// The picture.
    package var svg: String {
        let width = Self.cell * Double(max(moments.count, 1))
        var body = SVG.text(title, at: (8, 14), "class=\"ink\"")
        for (index, moment) in moments.enumerated() {
            body += draw(moment.figure, moment.time, index)
        }
        return SVG.document(width: width, height: Self.cell + 36, label: title, body: body)
    }

    private func draw(_ figure: Figure, _ time: Double, _ index: Int) -> String {
        let scale = 0.86 * Self.cell / reach
        let seen = middle + (follows ? SIMD2(figure.middle.x, 0) : .zero)
        let centre = SIMD2(Self.cell * (Double(index) + 0.5), 22 + Self.cell / 2)
        func place(_ point: SIMD2<Double>) -> (x: Double, y: Double) {
            let place = centre + SIMD2(scale, -scale) * (point - seen)
            return (place.x, place.y)
        }
        var text = ground(about: seen, place)
        for (link, outline) in figure.outlines {
            let colour = Self.colours[link % Self.colours.count]
            switch outline {
            case .line(let from, let to, let radius):
                let width = SVG.number(max(2, 2 * scale * radius))
                text += SVG.line(
                    from: place(from), to: place(to),
                    "stroke=\"\(colour)\" stroke-width=\"\(width)\" stroke-linecap=\"round\"")
            case .area(let corners):
                let points = corners.map(place).map { "\(SVG.number($0.x)),\(SVG.number($0.y))" }
                text += "<polygon fill=\"\(colour)\" points=\"\(points.joined(separator: " "))\"/>\n"
            }
        }
        for joint in figure.joints { text += circle(place(joint), radius: 2, "class=\"ink\"") }
        if let target = figure.target {
            text += circle(place(target), radius: 4, "fill=\"none\" stroke=\"#d64d5e\" stroke-width=\"2\"")
        }
        return text
            + SVG.text(
                "\(SVG.number(time)) s", at: (centre.x, Self.cell + 32),
                "class=\"faint\" text-anchor=\"middle\"")
    }

    private func circle(_ place: (x: Double, y: Double), radius: Double, _ attributes: String) -> String {
        "<circle \(attributes) cx=\"\(SVG.number(place.x))\" cy=\"\(SVG.number(place.y))\" r=\"\(SVG.number(radius))\"/>\n"
    }

    /// The ground across a cell, with a mark every so many metres: how far the robot came.
    private func ground(
        about seen: SIMD2<Double>, _ place: (SIMD2<Double>) -> (x: Double, y: Double)
    ) -> String {
        guard let normal = scene.groundNormal, normal.z > 0.1, !scene.isFlat else { return "" }
        let tangent = -normal.x / normal.z
        let half = 0.5 * reach / 0.86
        // Where the ground is out of the cell there is none to be drawn.
        guard abs(seen.x * tangent - seen.y) < half else { return "" }
        let (left, right) = (seen.x - half, seen.x + half)
        var text = SVG.line(
            from: place([left, left * tangent]), to: place([right, right * tangent]), "class=\"axis\"")
        let step = (reach / 2).roundedToStep
        var mark = (left / step).rounded(.up) * step
        while mark < right {
            let end = place([mark, mark * tangent])
            text += SVG.line(from: end, to: (end.x - 3, end.y + 4), "class=\"axis\"")
            mark += step
        }
        return text
    }
}
