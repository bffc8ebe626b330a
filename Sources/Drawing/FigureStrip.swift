// SPDX-License-Identifier: MIT

/// A strip of stick figures as an SVG picture: a robot at some moments of an episode, one beside the other.
public struct FigureStrip {
    /// A moment: the robot, and the time in the episode.
    public struct Moment: Sendable {
        /// The robot.
        public var figure: Figure
        /// Seconds since the episode's start.
        public var time: Double

        /// Makes a moment.
        public init(figure: Figure, time: Double) {
            self.figure = figure
            self.time = time
        }
    }

    private let moments: [Moment]
    private let title: String
    private static let cell = 96.0
    private static let colours = ["#2a6f97", "#e07a5f", "#3d8b57", "#8d5a97", "#c9a227", "#5c677d"]

    /// Makes a strip of at most `count` moments, taken so that the robot moves about as much between any two: a robot that has
    /// come to rest does not fill the picture.
    public init(_ moments: [Moment], count: Int = 12, title: String) {
        self.title = title
        var travelled = [0.0]
        for (earlier, later) in zip(moments, moments.dropFirst()) {
            // A little for the time alone, so that rest is shown too.
            let motion = Self.motion(from: earlier.figure, to: later.figure)
            travelled.append((travelled.last ?? 0) + motion + 0.002)
        }
        let end = travelled.last ?? 0
        var chosen: [Moment] = []
        for (moment, way) in zip(moments, travelled)
        where way >= end * Double(chosen.count) / Double(max(count - 1, 1)) && chosen.count < count {
            chosen.append(moment)
        }
        self.moments = chosen
    }

    /// How far the ends of the lines went, beside the robot's way as a whole, m.
    private static func motion(from earlier: Figure, to later: Figure) -> Double {
        let shift = centre(of: later) - centre(of: earlier)
        return zip(earlier.strokes, later.strokes).reduce(0) { sum, pair in
            let way = pair.1.to - pair.0.to - shift
            return sum + (way * way).sum().squareRoot()
        }
    }

    /// The picture.
    public var svg: String {
        let scale = 0.42 * Self.cell / max(reach, 1e-6)
        let width = Self.cell * Double(max(moments.count, 1))
        let height = Self.cell + 36
        var body = SVG.text(title, at: (8, 14), "class=\"ink\"")
        for (index, moment) in moments.enumerated() {
            let middle = SIMD2(Self.cell * (Double(index) + 0.5), 22 + Self.cell / 2)
            body += draw(moment, around: middle, scale)
        }
        return SVG.document(width: width, height: height, label: title, body: body)
    }

    private func draw(_ moment: Moment, around middle: SIMD2<Double>, _ scale: Double) -> String {
        let centre = Self.centre(of: moment.figure)
        func place(_ point: SIMD2<Double>) -> (x: Double, y: Double) {
            let place = middle + SIMD2(scale, -scale) * (point - centre)
            return (place.x, place.y)
        }
        var text = ""
        for stroke in moment.figure.strokes {
            let colour = Self.colours[stroke.link % Self.colours.count]
            let width = SVG.number(max(2, 2 * scale * stroke.radius))
            text += SVG.line(
                from: place(stroke.from), to: place(stroke.to),
                "stroke=\"\(colour)\" stroke-width=\"\(width)\" stroke-linecap=\"round\"")
        }
        for joint in moment.figure.joints {
            let point = place(joint)
            text +=
                "<circle class=\"ink\" cx=\"\(SVG.number(point.x))\" cy=\"\(SVG.number(point.y))\" r=\"2\"/>\n"
        }
        return text
            + SVG.text(
                "\(SVG.number(moment.time)) s", at: (middle.x, Self.cell + 32),
                "class=\"faint\" text-anchor=\"middle\"")
    }

    /// The robot's place: its first joint.
    private static func centre(of figure: Figure) -> SIMD2<Double> {
        figure.joints.first ?? figure.strokes.first?.from ?? .zero
    }

    /// The largest distance of a line's end from its robot's centre, m.
    private var reach: Double {
        moments.flatMap { moment in
            let centre = Self.centre(of: moment.figure)
            return moment.figure.strokes.flatMap { stroke in
                [stroke.from - centre, stroke.to - centre].map {
                    ($0 * $0).sum().squareRoot() + stroke.radius
                }
            }
        }.max() ?? 1
    }
}
