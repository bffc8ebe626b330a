// SPDX-License-Identifier: MIT

internal import Foundation

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

    /// Makes a strip of at most `count` moments, evenly taken from all.
    public init(_ moments: [Moment], count: Int = 12, title: String) {
        let wanted = min(count, moments.count)
        self.moments = (0..<wanted).map { index in
            moments[wanted == 1 ? 0 : index * (moments.count - 1) / (wanted - 1)]
        }
        self.title = title
    }

    /// The picture.
    public var svg: String {
        let scale = 0.42 * Self.cell / max(reach, 1e-6)
        let width = Self.cell * Double(max(moments.count, 1))
        let height = Self.cell + 36
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.short(width))" height="\(Self.short(height))" \
            viewBox="0 0 \(Self.short(width)) \(Self.short(height))" font-family="sans-serif" font-size="11">
            <rect width="100%" height="100%" fill="#ffffff"/>
            <text x="8" y="14" fill="#333333">\(Self.escaped(title))</text>

            """
        for (index, moment) in moments.enumerated() {
            let middle = SIMD2(Self.cell * (Double(index) + 0.5), 22 + Self.cell / 2)
            text += draw(moment, around: middle, scale)
        }
        return text + "</svg>\n"
    }

    private func draw(_ moment: Moment, around middle: SIMD2<Double>, _ scale: Double) -> String {
        let centre = Self.centre(of: moment.figure)
        func place(_ point: SIMD2<Double>) -> SIMD2<Double> {
            middle + SIMD2(scale, -scale) * (point - centre)
        }
        var text = ""
        for stroke in moment.figure.strokes {
            let (from, to) = (place(stroke.from), place(stroke.to))
            let colour = Self.colours[stroke.link % Self.colours.count]
            text += """
                <line x1="\(Self.short(from.x))" y1="\(Self.short(from.y))" x2="\(Self.short(to.x))" \
                y2="\(Self.short(to.y))" stroke="\(colour)" stroke-width="\(Self.short(max(2, 2 * scale * stroke.radius)))" \
                stroke-linecap="round"/>

                """
        }
        for joint in moment.figure.joints {
            let point = place(joint)
            text +=
                "<circle cx=\"\(Self.short(point.x))\" cy=\"\(Self.short(point.y))\" r=\"2\" fill=\"#222222\"/>\n"
        }
        let label = "\(Self.short(moment.time)) s"
        return text
            + "<text x=\"\(Self.short(middle.x))\" y=\"\(Self.short(Self.cell + 32))\" text-anchor=\"middle\" "
            + "fill=\"#777777\">\(label)</text>\n"
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

    private static func short(_ value: Double) -> String {
        let text = String(format: "%.2f", value)
        return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
    }

    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    }
}
