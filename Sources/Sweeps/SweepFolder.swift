// SPDX-License-Identifier: MIT

internal import CLibrary
package import Files
internal import Settings

/// Why a sweep does not go on, in words for people.
package struct SweepError: Error, Equatable, CustomStringConvertible {
    package enum Kind: Sendable {
        case usage
        case missingProgram
        case program
    }

    package var kind: Kind
    package var description: String

    package init(_ kind: Kind, _ description: String) { (self.kind, self.description) = (kind, description) }
}

/// Where a sweep is: sweep.yaml, and a folder for each trial.
package struct SweepFolder: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    /// The sweep with all that holds where its file says nothing.
    package var sweep: String { "\(path)/sweep.yaml" }
    package var report: String { "\(path)/report.html" }
    /// Optuna's journal.
    package var journal: String { "\(path)/optuna.log" }

    /// The folder of a trial.
    package func trial(_ number: Int) -> String {
        let digits = "\(number)"
        return "\(path)/trial-\(String(repeating: "0", count: max(4 - digits.count, 0)))\(digits)"
    }

    /// The folder of one of its runs.
    package func run(_ number: Int, seed: UInt64) -> String { "\(trial(number))/seed-\(seed)" }

    /// Makes the folder of a new sweep, or finds out that it is the one of this sweep, to which trials may be added.
    ///
    /// - Throws: `SweepError` where it is another's; `FileError`, `DescriptionError`.
    package func begin(_ file: SweepFile) throws {
        var own = try begun()
        if own == nil, let names = try? Folder(path).names, !names.allSatisfy({ $0.hasPrefix(".") }) {
            // What is there may be of another process of this sweep, which began it since.
            own = try begun()
            guard own != nil else {
                throw SweepError(
                    .usage,
                    "\(path): not the folder of a sweep (no sweep.yaml), and not empty; choose another by --output"
                )
            }
        }
        if let own {
            try check(file, against: own)
            guard file.yaml != own.yaml else { return }
        }
        try Folder.make(path)
        try write(file.yaml, to: sweep)
    }

    /// The sweep whose folder it is; nil where it is none's yet.
    package func begun() throws -> SweepFile? {
        try FileBytes.readIfThere(sweep).map { try SweepFile(yaml: $0, file: sweep) }
    }

    /// Writes a file that other processes of the sweep write too, with the same content.
    package func write(_ text: String, to file: String) throws(FileError) {
        do {
            try AtomicFile.write(Array(text.utf8), to: file)
        } catch {
            guard error.systemCode == EBUSY else { throw error }
            // Another is about to give it its name.
            for _ in 0..<100 where FileKind(at: file) == nil { usleep(20_000) }
        }
    }

    private func check(_ file: SweepFile, against own: SweepFile) throws(SweepError) {
        let differences = Setting(encoding: file).moved(to: "").differences(
            from: Setting(encoding: own).moved(to: ""))
        for difference in differences {
            let (was, now) = (difference.old ?? "nothing", difference.new ?? "nothing")
            if difference.path == "trials", own.trialCount < file.trialCount { continue }
            let what =
                switch difference.path {
                case "trials": "trials cannot be reduced below \(was)"
                case "scene_checksum": "the scene \(file.scene) or its robot has changed since"
                default: "\(difference.path) was \(was), and is \(now) now"
                }
            throw SweepError(
                .usage,
                "\(path): the sweep began otherwise: \(what); undo that, or choose another folder by --output"
            )
        }
    }

    /// The result of a trial; nil where it is not at its end.
    ///
    /// - Throws: `FileError`, `DescriptionError` where result.json is damaged.
    package func result(_ number: Int) throws -> TrialResult? {
        let file = "\(trial(number))/result.json"
        guard let bytes = try FileBytes.readIfThere(file) else { return nil }
        return try TrialResult(json: bytes, file: file)
    }

    /// Writes the result of a trial, atomically.
    package func write(_ result: TrialResult) throws(FileError) {
        try AtomicFile.write(Array(result.json.utf8), to: "\(trial(result.trial))/result.json")
    }
}
