// SPDX-License-Identifier: MIT

/// The text of SVG documents: numbers, escaped texts, the ground and its colours.
public enum SVG {
    /// A length as a document writes it: at most two decimals, none that are zero; 0 for what is not a number, and cut at a
    /// million pixels.
    public static func number(_ value: Double) -> String {
        guard !value.isNaN else { return "0" }
        let hundredths = Int((min(max(value, -1e6), 1e6) * 100).rounded())
        let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
        return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// A text as it stands in a document, between tags or in a quoted attribute; ``plain(_:)``.
    public static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in plain(text).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// A text in one line, in which characters that XML does not allow, and those that turn the text around or steer a terminal, became "?".
    package static func plain(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\t", "\n", "\r": plain += " "
            case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}", "\u{61C}",
                "\u{200E}"..."\u{200F}",
                "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
                plain += "?"
            default: plain.unicodeScalars.append(scalar)
            }
        }
        return plain
    }

    /// A line of text with further attributes.
    static func text(_ text: String, at place: (x: Double, y: Double), _ attributes: String) -> String {
        "<text x=\"\(number(place.x))\" y=\"\(number(place.y))\" \(attributes)>\(escaped(text))</text>\n"
    }

    /// A straight line with further attributes.
    static func line(from: (x: Double, y: Double), to: (x: Double, y: Double), _ attributes: String) -> String
    {
        "<line x1=\"\(number(from.x))\" y1=\"\(number(from.y))\" "
            + "x2=\"\(number(to.x))\" y2=\"\(number(to.y))\" \(attributes)/>\n"
    }

    /// The pixels that a text takes in the ground's typeface, about.
    static func width(of text: String, size: Double) -> Double {
        text.reduce(0) { width, character in
            let share: Double =
                switch character {
                case "i", "j", "l", "t", "f", "r", "I", ".", ",", ":", ";", "'", " ", "(", ")", "|": 0.33
                case "m", "w", "M", "W", "×": 0.86
                case _ where character.isUppercase: 0.68
                case _ where character.isASCII: 0.57
                case _ where character.unicodeScalars.allSatisfy { $0.value < 0x2E80 }: 0.6
                default: 1
                }
            return width + share * size
        }
    }

    /// The colours of the ground, light and dark: paper, ink, faint ink, grid.
    package static let lightGround = (paper: "#ffffff", ink: "#24292f", faint: "#57606a", grid: "#e4e7eb")
    package static let darkGround = (paper: "#0d1117", ink: "#e6edf3", faint: "#9aa4af", grid: "#262c35")

    /// A whole document: its style and ground, then the body.
    static func document(width: Double, height: Double, label: String, body: String) -> String {
        let (light, dark) = (lightGround, darkGround)
        let size = "width=\"\(number(width))\" height=\"\(number(height))\""
        return """
            <svg xmlns="http://www.w3.org/2000/svg" \(size) viewBox="0 0 \(number(width)) \(number(height))" role="img" \
            aria-label="\(escaped(label))" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif" font-size="12">
            <style>
            .paper{fill:\(light.paper)}.ink{fill:\(light.ink)}.faint{fill:\(light.faint)}
            .grid{stroke:\(light.grid)}.axis{stroke:\(light.faint)}.halo{stroke:\(light.paper)}.total{stroke:\(light.ink)}
            @media (prefers-color-scheme:dark){
            .paper{fill:\(dark.paper)}.ink{fill:\(dark.ink)}.faint{fill:\(dark.faint)}
            .grid{stroke:\(dark.grid)}.axis{stroke:\(dark.faint)}.halo{stroke:\(dark.paper)}.total{stroke:\(dark.ink)}}
            </style>
            <rect class="paper" \(size) rx="6"/>
            \(body)</svg>

            """
    }
}
