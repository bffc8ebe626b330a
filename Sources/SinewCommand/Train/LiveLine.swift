// SPDX-License-Identifier: MIT

/// A line that fits, such as the one that is written again and again on a terminal: parts in their order, of which the least important
/// go where it is narrow.
struct LiveLine {
    private struct Part {
        var gap, text: String
        var importance: Int
        var style: Terminal.Style?
    }

    private var parts: [Part] = []

    /// Adds a part, nothing for nil; of those that do not fit, the one of the greatest `importance` stays longest.
    mutating func add(
        _ text: String?, _ importance: Int, _ style: Terminal.Style? = nil, after gap: String = "  "
    ) {
        guard let text else { return }
        parts.append(Part(gap: parts.isEmpty ? "" : gap, text: text, importance: importance, style: style))
    }

    /// The line in fewer than `columns`, so that the cursor stays on it; its last part is cut where even that is too long.
    func text(columns: Int) -> String {
        var parts = parts
        var text: String { parts.map { $0.gap + $0.text }.joined() }
        while parts.count > 1, text.count >= columns,
            let least = parts.indices.min(by: { parts[$0].importance < parts[$1].importance })
        {
            parts.remove(at: least)
        }
        guard text.count < columns else { return String(text.prefix(max(columns - 1, 1))) }
        return parts.map { $0.gap + Terminal.error.styled($0.text, $0.style) }.joined()
    }
}

extension LiveLine {
    /// Where one run is.
    init(_ progress: SeedProgress, name: String? = nil, speed: Double? = nil) {
        add(name, 10)
        add("\(100 * progress.steps / max(progress.totalSteps, 1)) %", 9)
        add("\(progress.steps) of \(progress.totalSteps) steps", 2)
        add(progress.recentReturn.map { "training return \($0.asReturn)" }, 6)
        add(progress.bestReturn.map { "best evaluation \($0.asReturn)" }, 4)
        add(speed.map(\.asSpeed), 3)
        add(speed.flatMap { Self.left(progress.totalSteps - progress.steps, at: $0) }, 5)
    }

    /// The time that some steps take.
    static func left(_ steps: Int, at speed: Double) -> String? {
        speed > 0 ? "\((Double(steps) / speed).asDuration) left" : nil
    }
}
