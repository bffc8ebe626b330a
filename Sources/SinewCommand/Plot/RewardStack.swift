// SPDX-License-Identifier: MIT

import Agents
import Drawing
import Training

/// What the terms of the reward gave the runs of a group, term by term and evaluation by evaluation: means over the seeds, which add up
/// to the mean return.
struct RewardStack {
    /// The terms in the order of the scene, and the return last.
    let curves: [PlotCommand.DrawnCurve]
    private let label: String
    private let terms: [(name: String, values: [Double])]
    private let total: [Double]
    private let places: [Double]

    /// Of more terms than there are colours the least are joined under this name.
    private static let rest = "others"

    init(_ group: JoinedRuns, against: PlotCommand.Axis) throws {
        var names: [(name: String, column: String)] = []
        for term in group.runs.flatMap(\.rewardTerms) where !names.contains(where: { $0.name == term.name }) {
            names.append(term)
        }
        if let run = group.runs.first(where: {
            $0.rewardTerms.map(\.name) != names.map(\.name) || names.isEmpty
        }) {
            throw Failure(
                .badData,
                "\(run.path): its evaluations.csv has no columns of the reward's terms, as runs of earlier versions and runs without terms; train it anew"
            )
        }
        let columns = names.map(\.column) + ["mean_return"]
        let runs = group.runs.map { run in
            columns.map { run.curve($0, against: against.column) ?? Curve(x: [], y: []) }
        }.filter { !$0[0].x.isEmpty }
        let series = columns.indices.map { column in Series("", meanOf: runs.map { $0[column] }) }
        // Where one of them has no value, none is drawn.
        let shared = series.map { Set($0.points.map(\.x)) }.reduce(Set(series[0].points.map(\.x))) {
            $0.intersection($1)
        }
        let values = series.map { $0.points.filter { shared.contains($0.x) }.map(\.y) }
        let places = shared.sorted()
        self.places = places
        label = group.label
        terms = zip(names, values).map { ($0.name, $1) }
        total = values[values.count - 1]
        curves = zip(columns, values).map { column, values in
            PlotCommand.DrawnCurve(
                scene: group.scene, algorithm: group.algorithm.name, label: group.label, column: column,
                against: against.rawValue, seeds: group.seeds, runs: group.runs.map(\.path),
                points: zip(places, values).map { .init(x: $0, mean: $1) },
                greatest: values.max().map { [$0] } ?? [])
        }
    }

    /// A panel for each, all with the same axes and one colour for each term.
    static func panels(_ stacks: [RewardStack], _ scene: String, x label: String) -> [Panel] {
        var sizes: [(name: String, size: Double)] = []
        for term in stacks.flatMap(\.terms) {
            let size = term.values.reduce(0) { $0 + abs($1) } / Double(max(term.values.count, 1))
            if let index = sizes.firstIndex(where: { $0.name == term.name }) {
                sizes[index].size = max(sizes[index].size, size)
            } else {
                sizes.append((term.name, size))
            }
        }
        let most = Legend.colours.count
        let named = Set(
            sizes.sorted { $0.size > $1.size }.prefix(sizes.count > most ? most - 1 : most).map(\.name))
        let order = sizes.map(\.name).filter(named.contains) + (sizes.count > most ? [rest] : [])
        let drawn = stacks.map { $0.series(order, named: named) }
        let ends = drawn.flatMap { $0.flatMap(\.points) }.flatMap {
            [$0.y, $0.band?.lowerBound ?? $0.y, $0.band?.upperBound ?? $0.y]
        }
        let scale = Ticks(Axis("", showsZero: true), showing: ends).range
        let across = Ticks(Axis("", showsZero: true), showing: stacks.flatMap(\.places)).range
        return zip(stacks, drawn).map { stack, series in
            Panel(
                stacks.count > 1 ? "\(scene): \(stack.label)" : scene, x: Axis(label, range: across),
                y: Axis("mean return", range: scale), series: series)
        }
    }

    /// What is above 0 stands on what is above 0, what is below hangs from what is below.
    private func series(_ order: [String], named: Set<String>) -> [Series] {
        var (top, bottom) = (places.map { _ in 0.0 }, places.map { _ in 0.0 })
        var series: [Series] = []
        for name in order {
            let shares = terms.filter { name == Self.rest ? !named.contains($0.name) : $0.name == name }
            var (above, below) = ([Series.Point](), [Series.Point]())
            for (index, place) in places.enumerated() {
                let value = shares.reduce(0) { $0 + $1.values[index] }
                let (rise, fall) = (max(value, 0), min(value, 0))
                above.append(.init(x: place, y: top[index] + rise, band: top[index]...top[index] + rise))
                below.append(
                    .init(x: place, y: bottom[index] + fall, band: bottom[index] + fall...bottom[index]))
                top[index] += rise
                bottom[index] += fall
            }
            for points in [above, below]
            where points.contains(where: { $0.band.map { $0.lowerBound < $0.upperBound } ?? false }) {
                series.append(Series(name, points, style: .area))
            }
        }
        return series + [Series("mean return", x: places, y: total, style: .total)]
    }
}
