// SPDX-License-Identifier: MIT

import Agents
import ArgumentParser
import Drawing
import Files
import Foundation
import Training

struct PlotCommand: ParsableCommand {
    /// What lies along the horizontal axis.
    enum Axis: String, ExpressibleByArgument, CaseIterable {
        case steps, seconds

        var column: String { self == .steps ? "step" : "seconds" }
        var label: String { self == .steps ? "control steps" : "seconds of training" }
    }

    /// What the band around a curve shows.
    enum Band: String, ExpressibleByArgument, CaseIterable {
        case range, quartiles, none

        var charted: Series.Band {
            switch self {
            case .range: .range
            case .quartiles: .quartiles
            case .none: .none
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draw the learning curves of runs as an SVG picture.",
        usage: "sinew plot [<runs> ...] [<options>]",
        discussion: """
            Runs that differ only in their seed become one curve: the median over the seeds at every evaluation, with a band from \
            the least to the greatest value. Each scene is a panel. Curves that differ in a setting are named by it.

              sinew plot runs/hopper-sac-*
              sinew plot runs --against seconds --output speed.svg
              sinew plot runs/ant-sac-0 --show mean_return --show temperature --show entropy
              sinew plot runs/ant-sac-0 runs/ant-slow-0 --rewards

            A curve ends where fewer than half of its runs go on. --show takes any column of evaluations.csv or progress.csv; more than a \
            hundred training episodes are drawn as means over hundredths of the axis. --rewards stacks what each term of the reward gave in \
            evaluations, as means over the seeds, a panel for each curve, all on one scale.
            """)

    @Argument(
        help: "Runs' folders, or folders of such folders (default: the newest run).", completion: .runs)
    var runs: [String] = []
    @Option(
        help: "The picture to write (default: SCENE-ALGORITHM-SEEDS.svg, or curves.svg for several of them).",
        completion: .file(extensions: ["svg"]))
    var output: String?
    @Flag(help: "Replace a picture that is there.")
    var force = false
    @Option(help: "The horizontal axis: \(Axis.allCases.map(\.rawValue).joined(separator: ", ")).")
    var against: Axis = .steps
    @Option(help: "The band over the seeds: \(Band.allCases.map(\.rawValue).joined(separator: ", ")).")
    var band: Band = .range
    @Option(help: "The column to draw; again for further panels (default: mean_return).")
    var show: [String] = []
    @Flag(help: "Draw what each term of the reward gave, stacked, with a panel for each curve.")
    var rewards = false
    @Option(help: "The title of the picture.")
    var title = ""
    @Flag(help: "Print one JSON document with the curves, and nothing else, on standard output.")
    var json = false

    func validate() throws {
        if rewards, !show.isEmpty { throw ValidationError("--rewards and --show are mutually exclusive") }
        guard let output, OutputFile.isFile(output) else { return }
        guard output.pathEnding.lowercased() == "svg" else {
            throw ValidationError(
                "--output \(output): the picture is an SVG file; give it a name that ends in .svg")
        }
    }

    func run() throws {
        let columns = show.isEmpty ? ["mean_return"] : show
        let groups = try JoinedRuns.groups(of: folders().map { try LoggedRun(path: $0, columns: columns) })
        try check(columns, in: groups.flatMap(\.runs))
        var scenes: [String] = []
        for group in groups where !scenes.contains(group.scene) { scenes.append(group.scene) }

        var panels: [Panel] = []
        var curves: [DrawnCurve] = []
        for scene in scenes {
            let here = groups.filter { $0.scene == scene }
            if rewards {
                let stacks = try here.map { try RewardStack($0, against: against) }
                panels += RewardStack.panels(stacks, scene, x: against.label)
                curves += stacks.flatMap(\.curves)
                continue
            }
            for column in columns {
                let drawn = here.map { curve(of: column, $0) }
                curves += drawn
                panels.append(panel(of: column, scene, here, drawn))
            }
        }
        guard curves.contains(where: { !$0.points.isEmpty }) else {
            throw Failure(
                .badData,
                "\(groups[0].runs[0].path): nothing to draw yet; train the run up to its first evaluation"
            )
        }
        let output = self.output ?? Self.defaultName(groups)
        try OutputFile(output, replacing: force).write(Array(Chart(title, panels: panels).svg.utf8))
        try report(curves, output)
    }

    /// The runs' folders: those given, and those in folders that are no runs themselves.
    private func folders() throws -> [String] {
        if runs.isEmpty { return [try RunFolder.newest(for: "drawn")] }
        var folders: [String] = []
        for path in runs {
            let found = RunFolder.all(in: path)
            // One folder given twice is one run.
            for folder in found.isEmpty ? [path] : found where !folders.contains(folder) {
                folders.append(folder)
            }
        }
        return folders
    }

    private func check(_ columns: [String], in runs: [LoggedRun]) throws {
        for column in columns {
            guard let run = runs.first(where: { !$0.columns.contains(column) }) else { continue }
            let known = run.columns.filter { $0 != "step" && $0 != "seconds" }
            throw Failure(
                .usage,
                "--show \(column): \(run.path) has no such column; it has \(known.joined(separator: ", "))")
        }
    }

    // MARK: The picture

    /// A curve as `--json` has it.
    struct DrawnCurve: Encodable {
        /// A value over the seeds: their median with its band, or of what is stacked their mean.
        struct Point: Encodable {
            var x: Double
            var median: Double?
            var mean: Double?
            var low: Double?
            var high: Double?
        }

        var scene: String
        var algorithm: String
        var label: String
        var column: String
        var against: String
        var seeds: [UInt64]
        var runs: [String]
        var points: [Point]
        /// The best value of each run, by seed.
        var greatest: [Double]
    }

    private func curve(of column: String, _ group: JoinedRuns) -> DrawnCurve {
        let curves = group.runs.compactMap { $0.curve(column, against: against.column) }
        let series = Series(group.label, joining: curves.filter { !$0.x.isEmpty }, band: band.charted)
        for (run, curve) in zip(group.runs, curves) where curve.x.isEmpty {
            printError("note: \(run.path): no value of \(column) yet; left out")
        }
        return DrawnCurve(
            scene: group.scene, algorithm: group.algorithm.name, label: group.label, column: column,
            against: against.rawValue, seeds: group.seeds, runs: group.runs.map(\.path),
            points: series.points.map {
                .init(x: $0.x, median: $0.y, low: $0.band?.lowerBound, high: $0.band?.upperBound)
            }, greatest: curves.compactMap { $0.y.max() })
    }

    private func panel(
        of column: String, _ scene: String, _ groups: [JoinedRuns], _ curves: [DrawnCurve]
    ) -> Panel {
        // The number of seeds stands in the title where it is the same for all, and at each name otherwise.
        let counts = Set(groups.map(\.runs.count))
        let isShared = counts.count == 1
        let series = curves.map { curve in
            Series(
                isShared ? curve.label : "\(curve.label) (\(counted(curve.seeds.count, "seed")))",
                curve.points.map { point in
                    var band: ClosedRange<Double>?
                    if let low = point.low, let high = point.high { band = low...high }
                    return Series.Point(x: point.x, y: point.median ?? .nan, band: band)
                })
        }
        let many = counts.first.map { isShared && $0 > 1 } ?? false
        return Panel(
            many ? "\(scene), \(counted(counts.first ?? 0, "seed"))" : scene,
            x: Drawing.Axis(against.label, showsZero: true),
            y: Drawing.Axis(column.replacing("_", with: " ")),
            series: series)
    }

    private static func defaultName(_ groups: [JoinedRuns]) -> String {
        guard groups.count == 1, let seeds = groups.first?.seeds, let first = seeds.first,
            let last = seeds.last
        else { return "curves.svg" }
        let name =
            Recipe.usualName(scene: groups[0].scene, algorithm: groups[0].algorithm.name, seed: first)
            + (first == last ? "" : "-\(last)") + ".svg"
        return name.isPlainName ? name : "curves.svg"
    }

    private func report(_ curves: [DrawnCurve], _ output: String) throws {
        if json { return try printJSON(curves) }
        func short(_ value: Double) -> String {
            abs(value) < 10 ? String(format: "%.3f", value) : value.asReturn
        }
        for curve in curves {
            guard let greatest = SeedSummary(curve.greatest), let end = curve.points.last else { continue }
            let isOne = curve.greatest.count == 1
            let range = isOne ? "" : " (\(short(greatest.least)) to \(short(greatest.greatest)))"
            let place = against == .steps ? "\(Int(end.x)) steps" : "\(short(end.x)) s"
            // The picture may have gone where answers go.
            let say = OutputFile.isFile(output) ? { print($0) } : { printError($0) }
            say(
                "\(curve.scene)  \(curve.label)  \(counted(curve.seeds.count, "seed"))  "
                    + "greatest \(curve.column) \(short(greatest.median))\(range)  last \(short(end.median ?? end.mean ?? .nan)) at \(place)"
            )
        }
        printError("drawn: \(output)")
    }
}
