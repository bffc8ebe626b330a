// SPDX-License-Identifier: MIT

internal import Agents
internal import CLibrary
internal import Environments
internal import Files

/// The two tables of a run: progress.csv, a row for each episode, and evaluations.csv, a row for each evaluation.
///
/// A column is declared once: its name and how its cell follows from what the row is about.
struct RunTables {
    typealias Column<Row> = (name: String, cell: @Sendable (Row) -> String)

    /// What a row of progress.csv is about; `terms` are what the reward's terms gave, `curriculum` the task's figures and `metrics` the
    /// agent's, with columns of their own names.
    struct Episode {
        var step: Int
        var number: Int
        var episodeReturn: Double
        var length: Int
        var ending: String
        var terms: [Double]
        var curriculum: [CurriculumFigure]
        var metrics: [Metric]
        var seconds: Double
    }

    /// What a row of evaluations.csv is about.
    typealias Evaluated = (step: Int, evaluation: Evaluation, seconds: Double)

    private static let episodeColumns: [Column<Episode>] = [
        ("step", { "\($0.step)" }),
        ("episode", { "\($0.number)" }),
        ("return", { $0.episodeReturn.cell }),
        ("length", { "\($0.length)" }),
        ("ending", \.ending),
    ]

    private static let evaluationColumns: [Column<Evaluated>] = [
        ("step", { "\($0.step)" }),
        ("mean_return", { $0.evaluation.meanReturn.cell }),
        ("std_return", { $0.evaluation.returnDeviation.cell }),
        ("min_return", { $0.evaluation.minimumReturn.cell }),
        ("max_return", { $0.evaluation.maximumReturn.cell }),
        ("mean_length", { $0.evaluation.meanLength.cell }),
        ("terminated", { "\($0.evaluation.terminated)" }),
        ("truncated", { "\($0.evaluation.truncated)" }),
        ("diverged", { "\($0.evaluation.diverged)" }),
    ]

    /// What the columns of the reward's terms begin with.
    static let (termOfEpisode, termOfEvaluation) = ("return_", "mean_return_")

    private let progress: Log
    private let evaluations: Log
    /// The columns of the reward's terms in either table.
    private let (episodeTerms, evaluationTerms): ([String], [String])
    /// The same numbers for TensorBoard; nil where nobody asked for them.
    private let events: EventLog?

    /// Opens both, cut to the lengths that belong to `state`; `terms`, `curriculum` and `metrics` name the columns of the reward, the task
    /// and the agent.
    init(
        _ folder: RunFolder, _ recipe: Recipe, terms: [String], curriculum: [CurriculumFigure],
        metrics: [Metric], state: TrainerState
    ) throws {
        episodeTerms = terms.map { Self.termOfEpisode + $0 }
        evaluationTerms = terms.map { Self.termOfEvaluation + $0 }
        let names =
            Self.episodeColumns.map(\.name) + episodeTerms + curriculum.map(\.name) + metrics.map(\.name)
        let opened = try folder.opened()
        progress = try Log(
            folder.progress.pathName, in: opened, columns: names + ["seconds"], later: episodeTerms,
            keeping: state.progress)
        evaluations = try Log(
            folder.evaluations.pathName, in: opened,
            columns: Self.evaluationColumns.map(\.name) + evaluationTerms + ["seconds"],
            later: evaluationTerms, keeping: state.evaluations)
        events = try EventLog(in: opened, after: state.steps, settings: recipe.hyperparameters)
    }

    /// Checks the rows of a finished run, which is not opened for writing: those that `state` counts are what a run wrote. What is to be
    /// said of rows that are gone.
    ///
    /// - Throws: as ``RunLog``.
    static func check(_ folder: RunFolder, _ state: TrainerState) throws(TrainingError) -> [String] {
        var losses: [String] = []
        for (path, extent) in [(folder.progress, state.progress), (folder.evaluations, state.evaluations)] {
            var bytes: [UInt8] = []
            do {
                bytes = try FileBytes.read(path, atMost: FileLimit.log)
            } catch {
                guard error.systemCode == ENOENT else { throw .unreadable(error) }
            }
            let wanted = Int(clamping: extent.length)
            if bytes.count < wanted {
                losses.append(loss(of: wanted - bytes.count, in: path, "run ended; "))
            } else if wanted > 0 {
                _ = try RunLog(whole: Array(bytes.prefix(wanted)), extent, file: path)
            }
        }
        return losses
    }

    /// What is to be said of rows that were to be kept and are not there.
    var losses: [String] {
        [progress, evaluations].filter { $0.missing > 0 }.map {
            Self.loss(of: $0.missing, in: $0.path, "checkpoint; the run goes on, ")
        }
    }

    private static func loss(of bytes: Int, in path: String, _ since: String) -> String {
        "\(path) lost \(bytes) bytes since the \(since)those rows stay missing"
    }

    func append(_ episode: Episode) throws(FileError) {
        let measured =
            zip(episodeTerms, episode.terms).map { ($0, $1) }
            + episode.curriculum.map { ($0.name, $0.value) } + episode.metrics.map { ($0.name, $0.value) }
        let cells = Self.episodeColumns.map { $0.cell(episode) } + measured.map(\.1.cell)
        try progress.append(cells + [episode.seconds.secondsCell])
        let first = [("return", episode.episodeReturn), ("length", Double(episode.length))]
        try events?.append((first + measured).map { ("train/\($0)", $1) }, step: episode.step)
    }

    func append(_ row: Evaluated) throws(FileError) {
        let terms = row.evaluation.meanTermReturns.map(\.value)
        let cells =
            Self.evaluationColumns.map { $0.cell(row) } + terms.map(\.cell) + [row.seconds.secondsCell]
        try evaluations.append(cells)
        try events?.append(
            zip(evaluations.columns, cells).dropFirst().compactMap { name, cell in
                CSV.number(Substring(cell)).map { ("evaluation/\(name)", $0) }
            }, step: row.step)
    }

    /// Adds what TensorBoard shows of a run at its end; `film` is asked for only where there is a place for it.
    func appendEnd(_ film: () -> RunFilm?, step: Int) throws(FileError) {
        guard let events else { return }
        try events.appendEnd(film(), step: step)
    }

    /// Waits until all rows are on the disk, and notes in `state` how far they go.
    func synchronise(_ state: inout TrainerState) throws(FileError) {
        try progress.synchronise()
        try evaluations.synchronise()
        state.progress = progress.extent
        state.evaluations = evaluations.extent
    }
}
