// SPDX-License-Identifier: MIT

public import Agents
public import Drawing
public import Environments
internal import Files

/// An experiment that ends with claims.
public struct Study: Sendable {
    /// The name, as `sinew study` takes it.
    public var name: String
    /// What it shows, one sentence.
    public var summary: String
    /// What one of its seeds is, in the plural: "runs", "random processes".
    public var sample: String
    /// How many seeds it takes unless told.
    public var seeds: Int
    /// Whether a claim must hold for each seed, so that one against it refutes it; otherwise fewer seeds than `seeds` refute nothing.
    public var isRefutedByOne: Bool
    let conduct: @Sendable (StudySetting) throws -> Findings

    /// Makes a study.
    ///
    /// - Parameters:
    ///   - name: the name, as `sinew study` takes it.
    ///   - summary: what it shows, one sentence.
    ///   - seeds: how many seeds it takes unless told.
    ///   - sample: what one of them is, in the plural.
    ///   - isRefutedByOne: whether a claim must hold for each seed.
    ///   - conduct: does it. The same setting must give the same findings, whatever its threads; columns of seconds excepted.
    public init(
        name: String, summary: String, seeds: Int, of sample: String, isRefutedByOne: Bool = false,
        conduct: @escaping @Sendable (StudySetting) throws -> Findings
    ) {
        self.name = name
        self.summary = summary
        self.seeds = seeds
        self.sample = sample
        self.isRefutedByOne = isRefutedByOne
        self.conduct = conduct
    }

    /// Conducts the study.
    ///
    /// - Throws: what its runs throw.
    public func findings(_ setting: StudySetting) throws -> Findings {
        try conduct(setting)
    }

    /// All studies, in the order in which the article's rungs come.
    public static let all: [Study] = [
        contraction, qLearning, maximizationBias, dqnStability, overestimation, softPolicyIteration,
        twinCritics, temperature, robustness, ladder,
    ]
}

/// What a study is conducted with.
public struct StudySetting: Sendable {
    /// The seeds are 0..<seeds.
    public var seeds: Int
    /// The threads that runs are spread over; the findings do not depend on it.
    public var threads: Int
    /// Makes an environment of the shipped scene of this name, with a stream of its own.
    public var makeEnvironment: @Sendable (String, RandomStream) throws -> any Environment

    /// Makes the same where each link's mass and inertia is multiplied by a factor.
    public var makeEnvironmentOfMass: @Sendable (String, Double, RandomStream) throws -> any Environment
    /// The settings of an algorithm in the shipped scene of this name.
    public var configuration: @Sendable (String, Algorithm) throws -> AgentConfiguration

    /// Makes a setting.
    public init(
        seeds: Int, threads: Int = 1,
        configuration: @escaping @Sendable (String, Algorithm) throws -> AgentConfiguration = {
            AgentConfiguration($1)
        },
        makeEnvironmentOfMass: (@Sendable (String, Double, RandomStream) throws -> any Environment)? = nil,
        makeEnvironment: @escaping @Sendable (String, RandomStream) throws -> any Environment
    ) {
        self.seeds = seeds
        self.threads = threads
        self.configuration = configuration
        self.makeEnvironmentOfMass =
            makeEnvironmentOfMass ?? { name, _, random in try makeEnvironment(name, random) }
        self.makeEnvironment = makeEnvironment
    }
}

/// What a study found.
public struct Findings: Sendable, Equatable {
    /// The figures, a file each.
    public var tables: [Table]
    /// The picture.
    public var chart: Chart
    /// What it claims, with the figure that decides each.
    public var claims: [Claim]

    /// Makes findings.
    public init(tables: [Table], chart: Chart, claims: [Claim]) {
        self.tables = tables
        self.chart = chart
        self.claims = claims
    }

    /// Whether all claims held; none is no proof.
    public var hold: Bool { !claims.isEmpty && claims.allSatisfy(\.holds) }
}

/// Figures in rows, as a CSV file has them.
public struct Table: Sendable, Equatable {
    /// What it is of, as part of the file's name; empty for the study's main table.
    public var name: String
    /// The names of the columns.
    public var columns: [String]
    /// The rows, each of as many cells as there are columns.
    public private(set) var rows: [[String]] = []

    /// Makes a table without rows.
    public init(_ name: String = "", columns: [String]) {
        self.name = name
        self.columns = columns
    }

    /// Adds a row: numbers in full precision, NaN as an empty cell.
    public mutating func append(_ cells: any CustomStringConvertible...) {
        append(cells)
    }

    /// Adds a row of as many cells as there are columns.
    public mutating func append(_ cells: [any CustomStringConvertible]) {
        precondition(cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
        rows.append(
            cells.map { cell in
                (cell as? Double).map(CSV.cell) ?? cell.description
            })
    }

    /// The text of the file.
    public var csv: String {
        ([columns] + rows).map(CSV.row).joined()
    }
}

extension Findings {
    /// The claims as people read them, a line each, and their sum; `seeds` is what the study was conducted with.
    public func text(of study: Study, seeds: Int) -> String {
        let verdicts = claims.map { $0.verdict(of: study, seeds: seeds) }
        let lines = zip(claims, verdicts).map { claim, verdict in "  " + claim.line(verdict) }
        return
            (["\(study.name), \(seeds) \(study.sample)"] + lines
            + Self.sums(verdicts, of: study, seeds: seeds))
            .joined(separator: "\n") + "\n"
    }

    /// How many claims held, did not hold, and need more seeds.
    private static func sums(_ verdicts: [Claim.Verdict], of study: Study, seeds: Int) -> [String] {
        guard !verdicts.isEmpty else { return ["nothing was claimed"] }
        let failed = verdicts.count { $0 == .fails }
        let undecided = verdicts.count { $0 == .undecided }
        guard failed + undecided > 0 else { return ["all \(verdicts.count) claims held"] }
        return
            (undecided > 0
            ? [
                "\(undecided) of \(verdicts.count) claims are undecided: \(seeds) seeds are too few to decide, the study takes \(study.seeds)"
            ] : [])
            + (failed > 0 ? ["\(failed) of \(verdicts.count) claims did not hold"] : [])
    }

    /// Whether a claim is refuted.
    public func isRefuted(of study: Study, seeds: Int) -> Bool {
        claims.contains { $0.verdict(of: study, seeds: seeds) == .fails }
    }
}
