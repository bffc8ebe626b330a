// SPDX-License-Identifier: MIT

internal import Drawing
internal import Settings

/// The page of a sweep: its best settings, curves, what mattered, and all trials; one HTML file that asks for nothing else.
package struct SweepReport {
    private let name: String
    private let file: SweepFile
    private let results: [TrialResult]
    /// The command line that trains with the settings of a trial.
    private let command: (TrialResult) -> String
    /// As many rows as one looks at.
    private static let mostRows = 500

    package init(
        name: String, _ file: SweepFile, _ results: [TrialResult], command: @escaping (TrialResult) -> String
    ) {
        (self.name, self.file, self.command) = (name, file, command)
        self.results = results.sorted { $0.trial < $1.trial }
    }

    /// The page.
    package var html: String {
        let best = file.ranked(results).first
        let charts = ReportCharts(file, results, best: best)
        let title = SVG.escaped("\(name): sweep of \(file.scene)")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <link rel="icon" href="data:,">
            <title>\(title)</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <header><h1>\(title)</h1><p>\(SVG.escaped(counts))</p></header>
            <main>
            \(best.map(section) ?? "<p>No trial has a value yet.</p>")
            <figure>\(charts.overview)</figure>
            \(importance)
            <figure>\(charts.parameters)</figure>
            \(table)
            </main>
            </body>
            </html>

            """
    }

    private var counts: String {
        let states = TrialResult.State.allCases.compactMap { state in
            let count = results.count { $0.state == state }
            return count > 0 ? "\(count) \(state == .pruned ? "given up" : state.rawValue)" : nil
        }
        let left = file.trialCount - results.count
        return "\(file.algorithm), \(file.sampler.rawValue), \(file.steps) steps, "
            + "\(file.seeds.count) seed\(file.seeds.count == 1 ? "" : "s"): \(file.trialCount) trials, "
            + (states + (left > 0 ? ["\(left) not done"] : [])).joined(separator: ", ")
    }

    private func section(_ best: TrialResult) -> String {
        let value = best.value(file.objective).map(\.digits) ?? ""
        return """
            <section><h2>Best settings</h2>
            <p>Trial \(best.trial), \(file.objective.rawValue) return <b>\(SVG.escaped(value))</b>. The best of many is partly lucky: \
            train it with seeds of its own before you believe its figure.</p>
            <pre>\(SVG.escaped(command(best)))</pre></section>
            """
    }

    private var importance: String {
        let all = Importance.all(file, results)
        guard !all.isEmpty else { return "" }
        let rows = all.map { importance in
            let percent = (100 * importance.share).formatted("%.0f")
            return """
                <tr><th>\(SVG.escaped(importance.key))</th><td class="bar"><i style="width:\(percent)%"></i></td>\
                <td class="number">\(percent) %</td></tr>
                """
        }
        return """
            <section><h2>What mattered</h2>
            <p>The share of the differences between finished trials that a parameter tells by itself (one-way analysis of variance, a range by \
            quarters, less what chance would give). What two do only together is not seen.</p>
            <table class="bars">\(rows.joined(separator: "\n"))</table></section>
            """
    }

    private var table: String {
        let names = file.parameters.map { "<th>\(SVG.escaped($0.key))</th>" }.joined()
        let ranked = file.ranked(results)
        let rest = results.filter { result in !ranked.contains { $0.trial == result.trial } }
        let rows = (ranked + rest).prefix(Self.mostRows).map { result in
            let value = result.value(file.objective).map(\.digits) ?? "–"
            let state = result.state == .pruned ? "given up" : result.state.rawValue
            let problem = result.problem.map { " title=\"\(SVG.escaped($0))\"" } ?? ""
            let cells = file.parameters.map { parameter in
                let setting = result.settings.first { $0.key == parameter.key }?.value
                let text = setting.map { $0.number.map(\.digits) ?? $0.flowText } ?? ""
                return "<td class=\"number\">\(SVG.escaped(text))</td>"
            }
            return """
                <tr><td class="number">\(result.trial)</td><td class="number">\(value)</td><td\(problem)>\(state)</td>\
                <td class="number">\(result.steps)</td><td class="number">\(result.seconds.formatted("%.0f"))</td>\(cells.joined())</tr>
                """
        }
        return """
            <section><h2>Trials</h2><div class="wide"><table>
            <tr><th>trial</th><th>\(file.objective.rawValue) return</th><th>state</th><th>steps</th><th>seconds</th>\(names)</tr>
            \(rows.joined(separator: "\n"))
            </table></div></section>
            """
    }

    /// The colours are those of the page of `replay --html`.
    private static let style = """
        :root { color-scheme: light dark; --paper: #f5f6f8; --panel: #ffffff; --ink: #1f2730; --faint: #5d6977; --line: #e6e9ee; --accent: #2a6f97; }
        @media (prefers-color-scheme: dark) { :root { --paper: #0e1217; --panel: #151a21; --ink: #e6ebf1; --faint: #97a3b1; --line: #262d37; --accent: #6db3dc; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 14px/1.45 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
        header { padding: 18px 24px 0; max-width: 1060px; margin: auto; }
        h1 { margin: 0; font-size: 20px; font-weight: 650; letter-spacing: -0.01em; }
        header p, section p { margin: 2px 0 8px; color: var(--faint); }
        main { display: grid; gap: 16px; padding: 16px 24px 32px; max-width: 1060px; margin: auto; grid-template-columns: minmax(0, 1fr); }
        section { background: var(--panel); border-radius: 12px; box-shadow: 0 0 0 1px var(--line); padding: 14px 18px; }
        figure { margin: 0; overflow-x: auto; border-radius: 12px; box-shadow: 0 0 0 1px var(--line); background: var(--panel); }
        figure svg { display: block; width: 100%; min-width: 640px; height: auto; }
        h2 { margin: 0 0 4px; font-size: 15px; font-weight: 650; }
        b { color: var(--ink); }
        pre { margin: 0; padding: 10px 12px; border-radius: 8px; background: var(--paper); white-space: pre-wrap; overflow-wrap: anywhere;
          font: 12.5px/1.5 ui-monospace, "Liberation Mono", Menlo, monospace; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; }
        th, td { padding: 4px 10px 4px 0; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; }
        th { font-weight: 600; color: var(--faint); }
        .number, .wide th { text-align: right; font-variant-numeric: tabular-nums; }
        .wide th:nth-child(3), .wide td:nth-child(3) { text-align: left; padding-left: 10px; }
        tr:last-child > * { border-bottom: 0; }
        .bars th { width: 1px; padding-right: 18px; color: var(--ink); font-weight: 400; }
        .bars .number { width: 60px; }
        .bar i { display: block; height: 12px; min-width: 1px; border-radius: 3px; background: var(--accent); }
        """
}

extension SweepFile {
    /// The trials that ran to their end, the best first; of equal ones the earlier.
    package func ranked(_ results: [TrialResult]) -> [TrialResult] {
        results.filter { $0.state == .finished }.compactMap { result in
            result.value(objective).map { (result, $0) }
        }
        .sorted { ($1.1, $0.0.trial) < ($0.1, $1.0.trial) }.map(\.0)
    }
}
