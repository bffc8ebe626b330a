// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Files
internal import Processes
internal import Settings

/// A study of Optuna's: what a sweep's trials came to, and its sampler's answer to what is to be tried next.
///
/// Trial k of the sweep is trial k of the study. Optuna's command line has `ask` and `tell` too, but takes no curves, cannot go on with a
/// trial that was asked for when a process was killed, and starts twice for each trial; the same two calls are made by a script.
package struct OptunaStudy: Sendable {
    static let remedy =
        "install it by `python3 -m pip install optuna`, or name a Python that has it in SINEW_PYTHON"

    private let python: Program
    private let folder: SweepFolder
    private let file: SweepFile
    private let name: String

    /// The study of a sweep; `name` is what Optuna calls it.
    ///
    /// - Throws: `SweepError` where no Python here has Optuna.
    package init(_ file: SweepFile, _ folder: SweepFolder, name: String) throws(SweepError) {
        // What Optuna takes for these samplers, and does not bring.
        let needed: [Sampler: [String]] = [
            .evolution: ["cmaes"], .gp: ["scipy", "torch"], .qmc: ["scipy"],
        ]
        let others = needed[file.sampler] ?? []
        do {
            python = try Python(having: others + ["optuna"]).program
        } catch {
            let module = others.isEmpty ? "" : " with \(others.joined(separator: " and "))"
            switch error {
            case .noPython(let name):
                throw SweepError(
                    .usage, "SINEW_PYTHON: '\(name)' is no Python that runs here; name one, or unset it")
            case .notInNamed(let name):
                throw SweepError(
                    .missingProgram, "SINEW_PYTHON: \(name) has no Optuna\(module); \(Self.remedy)")
            case .nowhere:
                throw SweepError(.missingProgram, "no Python here has Optuna\(module); \(Self.remedy)")
            }
        }
        (self.file, self.folder, self.name) = (file, folder, name)
    }

    /// Tells the study the results that it does not have yet, and asks for the settings of a trial; the same ones each time.
    ///
    /// One process at a time: the others wait.
    ///
    /// - Parameters:
    ///   - number: the trial; nil where there is only something to be told.
    ///   - results: all that there are.
    ///   - isWanted: called several times a second meanwhile; while others have their turn, false ends the waiting.
    /// - Returns: the trial of that number; nil where it is not wanted any more.
    /// - Throws: `SweepError`, `FileError`.
    @discardableResult
    package func ask(
        _ number: Int?, telling results: [TrialResult], while isWanted: () -> Bool
    ) throws -> Trial? {
        guard let turn = try turn(while: isWanted) else { return nil }
        defer { try? turn.release() }
        var refreshed = ContinuousClock.now
        let answer = try answer(to: request(number, results)) {
            _ = isWanted()
            guard .now - refreshed > .seconds(Claim.interval) else { return }
            refreshed = .now
            try? turn.refresh()
        }
        guard let number else { return nil }
        let settings = try file.parameters.map { parameter in
            guard let told = answer[parameter.key], let value = parameter.value(told) else {
                throw SweepError(.program, "\(python.path): Optuna's answer has no \(parameter.key)")
            }
            return Setting.Entry(key: parameter.key, value: value)
        }
        return Trial(number: number, settings: settings)
    }

    private func turn(while isWanted: () -> Bool) throws -> Claim? {
        let path = "\(folder.path)/optuna"
        try Folder.make(path)
        let claims = try Folder(path)
        // Each turn takes a second or two; of a hundred processes the last waits for all of them.
        for _ in 0..<12_000 {
            if let claim = try Claim(claims) { return claim }
            guard isWanted() else { return nil }
            usleep(50_000)
        }
        throw SweepError(
            .program, "\(path): another process has asked Optuna for ten minutes; end it, then try again")
    }

    private func answer(to request: JSONValue, meanwhile: () -> Void) throws -> Setting {
        do {
            let process = try python.start(Python.arguments(Self.script), hasInput: true, errors: .withOutput)
            // One that reads no more has ended with an error, which is read below.
            try? process.write(Array(request.json.utf8))
            process.closeInput()
            var said: [UInt8] = []
            while !process.descriptors.isEmpty {
                var ready = [pollfd(fd: process.output, events: Int16(POLLIN), revents: 0)]
                if unsafe poll(&ready, nfds_t(ready.count), 200) > 0 { said += process.read(process.output) }
                meanwhile()
            }
            let end = process.wait()
            let text = String(decoding: said, as: UTF8.self)
            let lines = text.split(separator: "\n")
            guard end.number == 0, !end.isSignal, let last = lines.last, last.hasPrefix(Self.mark) else {
                throw SweepError(
                    .program,
                    "\(python.path): Optuna failed: \((lines.last ?? "it says nothing").suffix(600))")
            }
            return try Setting(yaml: Array(last.dropFirst(Self.mark.count).utf8), file: "Optuna's answer")
        } catch let error as ProgramError {
            throw SweepError(.program, error.description)
        }
    }

    private static let mark = "@answer "

    private func request(_ number: Int?, _ results: [TrialResult]) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("name", .text(name)), ("parent", .number(Double(getpid()))),
            ("storage", .text(file.storage ?? folder.journal)), ("is_journal", .flag(file.storage == nil)),
            ("sampler", .text(file.sampler.rawValue)), ("seed", .number(Double(file.samplerSeed))),
            ("space", .object(file.parameters.map { ($0.key, $0.space) })),
            ("results", .array(results.map { $0.told(file) })),
        ]
        if let number { members.append(("ask", .number(Double(number)))) }
        return .object(members)
    }
}

extension Parameter {
    /// What Optuna draws from: choices by their texts, since it knows no lists.
    fileprivate var space: JSONValue {
        switch values {
        case .list(let values): .array(values.map { .text($0.flowText) })
        case .range(let range):
            .object([
                ("low", .number(range.from)), ("high", .number(range.to)),
                ("log", .flag(range.isLogarithmic)),
                ("whole", .flag(range.isWhole)),
            ])
        }
    }

    /// The value that Optuna's answer means.
    fileprivate func value(_ told: Setting) -> Setting? {
        switch values {
        case .list(let values): values.first { $0.flowText == told.text }
        case .range: told.number.map { _ in Setting(told.value) }
        }
    }
}

extension TrialResult {
    /// The result as the study has it: the runs of several seeds one after the other as one curve.
    fileprivate func told(_ file: SweepFile) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("number", .number(Double(trial))), ("state", .text(state.rawValue)),
            (
                "curve",
                .array(
                    runs.enumerated().flatMap { index, run in
                        run.evaluations.map {
                            .array([.number(Double(index * file.steps + $0.step)), .number($0.meanReturn)])
                        }
                    })
            ),
        ]
        if let value = value(file.objective) { members.append(("value", .number(value))) }
        return .object(members)
    }
}
