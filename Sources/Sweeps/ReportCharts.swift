// SPDX-License-Identifier: MIT

internal import Drawing
internal import Settings

/// The pictures of a sweep's report.
struct ReportCharts {
    private let file: SweepFile
    /// The trials that have a value, by number.
    private let valued: [(result: TrialResult, value: Double)]
    private let best: TrialResult?

    init(_ file: SweepFile, _ results: [TrialResult], best: TrialResult?) {
        self.file = file
        valued = results.compactMap { result in result.value(file.objective).map { (result, $0) } }
        self.best = best
    }

    /// The trials that ran to their end, and those that were given up: these have the value of an earlier step.
    private var states: [(name: String, trials: [(result: TrialResult, value: Double)])] {
        [("finished", TrialResult.State.finished), ("given up", .pruned)].map { name, state in
            (name, valued.filter { $0.result.state == state })
        }.filter { !$0.trials.isEmpty }
    }

    private var axis: Axis { Axis("\(file.objective.rawValue) return") }

    /// What each trial came to, and the best up to it; beside it the returns of all on their way.
    var overview: String {
        let finished = valued.filter { $0.result.state == .finished }
        var highest = -Double.infinity
        let record = finished.map { result, value in
            highest = max(highest, value)
            return Series.Point(x: Double(result.trial), y: highest)
        }
        let trials = Panel(
            "Trials in their order", x: Axis("trial"), y: axis,
            series: (states.map { name, trials in
                Series(name, points(trials) { Double($0.trial) }, style: .points)
            } + [Series("the best so far", record)]).filter { !$0.points.isEmpty })
        let others = valued.map(\.result).filter { $0 != best }.map { Series("other trials", curve(of: $0)) }
        let own = best.map { [Series("trial \($0.trial), the best", curve(of: $0))] } ?? []
        let curves = Panel(
            "Returns of evaluations", x: Axis("control steps", showsZero: true), y: Axis("mean return"),
            series: others + own)
        return Chart(width: 960, columns: 2, panels: [trials, curves]).svg
    }

    /// The value of each trial against each parameter.
    var parameters: String {
        let panels = file.parameters.map { parameter in
            let (label, isLogarithmic, place) = places(of: parameter)
            let series = states.map { name, trials in
                let points = trials.compactMap { result, value in
                    result.settings.first { $0.key == parameter.key }.flatMap { place($0.value) }.map {
                        Series.Point(x: $0, y: value)
                    }
                }
                return Series(name, points.sorted { $0.x < $1.x }, style: .points)
            }
            return Panel(
                parameter.key, x: Axis(label, isLogarithmic ? .logarithmic : .linear), y: axis, series: series
            )
        }
        return Chart(width: 960, columns: 3, panels: panels).svg
    }

    /// The axis of a parameter, and where a value lies on it: a list that holds other things than numbers by their order.
    private func places(
        of parameter: Parameter
    ) -> (label: String, isLogarithmic: Bool, place: (Setting) -> Double?) {
        switch parameter.values {
        case .range(let range): return ("", range.isLogarithmic, \.number)
        case .list(let values):
            if values.allSatisfy({ $0.number != nil }) { return ("", false, \.number) }
            let names = values.enumerated().map { "\($0 + 1): \($1.flowText)" }.joined(separator: ", ")
            return (
                names.shortened, false,
                { setting in values.firstIndex(where: setting.means).map { Double($0 + 1) } }
            )
        }
    }

    private func points(
        _ trials: [(result: TrialResult, value: Double)], at place: (TrialResult) -> Double
    ) -> [Series.Point] { trials.map { .init(x: place($0.result), y: $0.value) } }

    /// The mean over a trial's seeds at each step that all of them were evaluated at.
    private func curve(of result: TrialResult) -> [Series.Point] {
        guard let first = result.runs.first else { return [] }
        return first.evaluations.compactMap { evaluation in
            let returns = result.runs.compactMap { run in
                run.evaluations.first { $0.step == evaluation.step }?.meanReturn
            }
            guard returns.count == result.runs.count else { return nil }
            return .init(x: Double(evaluation.step), y: returns.reduce(0, +) / Double(returns.count))
        }
    }
}
