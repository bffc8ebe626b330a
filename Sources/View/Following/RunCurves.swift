// SPDX-License-Identifier: MIT

internal import Drawing
internal import Files
internal import Settings
internal import Training

/// The returns of a run against its steps, read from its own two tables: of its training episodes and of its evaluations.
struct RunCurves: Sendable {
    /// The files of the tables.
    private let progress, evaluations: String
    /// The control steps of the whole run.
    private let total: Int
    /// When the tables were written that were read last.
    private var dates: [Double?] = []

    /// So many points of a curve are enough for a page.
    private static let parts = 300

    init(_ run: RunFolder, total: Int) {
        (progress, evaluations, self.total) = (run.progress, run.evaluations, total)
    }

    /// What is new, as the page is told of it; nil where nothing is, or a table is being made.
    mutating func news() -> String? {
        let now = [progress, evaluations].map { FileKind.changed(at: $0) }
        guard now != dates else { return nil }
        dates = now
        guard let episodes = try? RunLog(contentsOf: progress),
            let tests = try? RunLog(contentsOf: evaluations)
        else { return nil }
        let training = Curve(x: episodes["step"] ?? [], y: episodes["return"] ?? []).averaged(
            parts: Self.parts)
        let tested = Curve(x: tests["step"] ?? [], y: tests["mean_return"] ?? [])
        return JSONValue.object([
            ("kind", .text("curves")), ("total", .number(Double(total))), ("training", json(training)),
            ("evaluations", json(tested)),
        ]).json
    }

    private func json(_ curve: Curve) -> JSONValue {
        .object([
            ("steps", .array(curve.x.map { .number($0) })), ("returns", .array(curve.y.map { .number($0) })),
        ])
    }
}
