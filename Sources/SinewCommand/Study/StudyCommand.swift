// SPDX-License-Identifier: MIT

import ArgumentParser
import Drawing
import Environments
import Files
import Foundation
import Settings
import Studies
import Tasks

struct StudyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study",
        abstract: "Test a claim of the article by a small experiment (without a name: list them).",
        usage: "sinew study [<name>] [<options>]",
        discussion: """
            A study writes NAME.csv (and NAME-PART.csv), a picture NAME.svg and its claims NAME.txt; those of an earlier time stay \
            without --force. The same seeds give the same figures, whatever the threads; times alone differ.

            Exit codes: 0 all claims held; 1 the study was conducted and a claim did not hold; 2 none is refuted, and the seeds \
            are too few to decide all; others as for every command.

            \(list)
            """)

    private static var list: String {
        Layout.lines(of: Study.all.map { [$0.name, $0.summary] }).joined(separator: "\n")
    }

    @Argument(help: "The study.")
    var name: String?
    @Option(
        parsing: .unconditional, help: "How many seeds, counted from 0 (default: the study's).",
        transform: whole(1...1_000_000))
    var seeds: Int?
    @Option(help: "The folder to write to.", completion: .directory)
    var output = "studies"
    @Flag(help: "Replace the files of an earlier time.")
    var force = false
    @Option(
        parsing: .unconditional,
        help: "Threads for the runs; the figures are the same (default: the number of cores).",
        transform: whole(1...64))
    var threads: Int?
    @Flag(help: "Print one JSON document, and nothing else, on standard output.")
    var json = false

    private struct Listed: Encodable {
        var name: String
        var summary: String
        var seeds: Int
    }

    private struct Report: Encodable {
        struct Claimed: Encodable {
            var claim: String
            var figure: Double?
            var demand: String
            var holds: Bool
            var verdict: String
        }

        var study: String
        var seeds: Int
        var seconds: Double
        var files: [String]
        var claims: [Claimed]
        var holds: Bool
    }

    func run() throws {
        guard let name else {
            if json {
                try printJSON(Study.all.map { Listed(name: $0.name, summary: $0.summary, seeds: $0.seeds) })
            } else {
                print(Self.list)
            }
            return
        }
        guard let study = Study.all.first(where: { $0.name == name }) else {
            let remedy = NearestName.remedy(name, in: Study.all.map(\.name))
            throw Failure(.usage, "there is no study '\(name)'; \(remedy)")
        }
        try conduct(study)
    }

    private func conduct(_ study: Study) throws {
        let folder = try StudyFolder(path: output, replacing: force)
        try folder.check(study)
        let setting = StudySetting(
            seeds: seeds ?? study.seeds, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
            configuration: { try LoadedScene(named: $0).configuration(for: $1) },
            makeEnvironmentOfMass: { try LoadedScene(named: $0).makeEnvironment(ofMass: $1, $2) },
            makeEnvironment: { try LoadedScene(named: $0).makeEnvironment($1) })
        if !json { printError("\(study.name): \(setting.seeds) \(study.sample)") }
        let start = ContinuousClock.now
        let findings = try study.findings(setting)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        // Said before it is written: a file in the way must not cost what minutes have found.
        if !json { print(findings.text(of: study, seeds: setting.seeds), terminator: "") }
        let files = try folder.write(findings, of: study, seeds: setting.seeds)
        if json {
            try printJSON(report(findings, study, setting, seconds, files))
        } else {
            printError(
                "\(files.joined(separator: ", ")) after \(seconds.asDuration)")
        }
        // The study itself went well: 1 says that what it found is not what was claimed, 2 that it cannot tell.
        guard !findings.hold else { return }
        throw ExitCode(findings.isRefuted(of: study, seeds: setting.seeds) || findings.claims.isEmpty ? 1 : 2)
    }

    private func report(
        _ findings: Studies.Findings, _ study: Study, _ setting: StudySetting, _ seconds: Double,
        _ files: [String]
    ) -> Report {
        Report(
            study: study.name, seeds: setting.seeds, seconds: seconds, files: files,
            claims: findings.claims.map { claim in
                .init(
                    claim: claim.text, figure: claim.figure.isFinite ? claim.figure : nil,
                    demand: claim.demand.text, holds: claim.holds,
                    verdict: claim.verdict(of: study, seeds: setting.seeds).rawValue.lowercased())
            }, holds: findings.hold)
    }
}

/// Where a study's files go.
private struct StudyFolder {
    let path: String
    private let isReplaced: Bool

    /// Makes the folder where it is not there, so that a place that cannot be written to is refused before the study.
    init(path: String, replacing: Bool) throws {
        (self.path, isReplaced) = (path, replacing)
        do {
            try Folder.make(path)
        } catch {
            let reason = systemReason(error.systemCode).lowercased()
            throw Failure(
                .cannotCreate, "\(path): the folder cannot be made: \(reason); choose another with --output")
        }
        guard FileManager.default.isWritableFile(atPath: path) else {
            throw Failure(
                .cannotCreate, "\(path): the folder cannot be written to; choose another with --output")
        }
    }

    /// Refuses, before the study, what every one of them writes and is there; a table of a part only writing it can tell.
    func check(_ study: Study) throws {
        for ending in ["csv", "svg", "txt"] {
            _ = try OutputFile("\(path)/\(study.name).\(ending)", replacing: isReplaced)
        }
    }

    /// Writes tables, picture and claims; returns the files.
    func write(_ findings: Studies.Findings, of study: Study, seeds: Int) throws -> [String] {
        var files: [String] = []
        func write(_ text: String, _ name: String) throws {
            let file = "\(path)/\(name)"
            try OutputFile(file, replacing: isReplaced).write(Array(text.utf8))
            files.append(file)
        }
        for table in findings.tables {
            try write(table.csv, table.name.isEmpty ? "\(study.name).csv" : "\(study.name)-\(table.name).csv")
        }
        try write(findings.chart.svg, "\(study.name).svg")
        try write(findings.text(of: study, seeds: seeds), "\(study.name).txt")
        return files
    }
}
