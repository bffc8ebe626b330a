// SPDX-License-Identifier: MIT

import Foundation
import Training

/// Finding runs where a person names none, or not quite.
extension RunFolder {
    /// The runs' folders at a path: itself, or those in it, and those of seeds in them, in the order of their names.
    static func all(in path: String) -> [String] {
        if RunFolder(path).isRun { return [path] }
        let inside = folders(in: path)
        return inside.flatMap { folder in
            RunFolder(folder).isRun ? [folder] : folders(in: folder).filter { RunFolder($0).isRun }
        }
    }

    private static func folders(in path: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted { $0.compare($1, options: .numeric) == .orderedAscending }.map { "\(path)/\($0)" }
    }

    /// The run in runs/ that was begun last, which is said; `what` is done with it.
    static func newest(for what: String) throws -> String {
        let runs = all(in: "runs").map { (path: $0, date: date(of: RunFolder($0).recipe)) }
        guard let newest = runs.max(by: { $0.date < $1.date }) else {
            throw Failure(.missingInput, "there is no run in runs/ to be \(what); name one")
        }
        printError("the newest run is \(what): \(newest.path)")
        return newest.path
    }

    /// `; did you mean runs/NAME?` where there is such a run.
    static func suggestion(for name: String) -> String {
        RunFolder("runs/\(name)").isRun ? "; did you mean runs/\(name)?" : ""
    }

    /// When a file was last written; long ago where it is not there.
    static func date(of path: String) -> Date {
        let date = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate]
        return date as? Date ?? .distantPast
    }
}
