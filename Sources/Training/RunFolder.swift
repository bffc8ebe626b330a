// SPDX-License-Identifier: MIT

internal import Files
internal import Foundation
internal import Safetensors

/// The folder of a run, `runs/hopper-sac-0`: where each of its files stands, and who may write to it.
public final class RunFolder {
    /// The path of the folder.
    public let path: String
    private var lock: Int32 = -1

    /// Names a folder; nothing is made or opened.
    public init(_ path: String) {
        self.path = path
    }

    deinit {
        if lock >= 0 { close(lock) }
    }

    /// The resolved configuration.
    public var recipe: String { path + "/run.yaml" }
    /// A row per training episode.
    public var progress: String { path + "/progress.csv" }
    /// A row per evaluation.
    public var evaluations: String { path + "/evaluations.csv" }
    /// The folder of checkpoints.
    public var checkpoints: String { path + "/checkpoints" }
    /// The policy of the best evaluation.
    public var bestPolicy: String { path + "/best.safetensors" }
    /// The policy at the end.
    public var lastPolicy: String { path + "/last.safetensors" }

    /// Whether it holds what a run has learned.
    var hasPolicy: Bool {
        [bestPolicy, lastPolicy].contains { FileManager.default.fileExists(atPath: $0) }
    }

    /// Whether `path` is one of a run's own files, which nothing but its training may write.
    public static func holds(_ path: String) -> Bool {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        let own = RunFolder(url.deletingLastPathComponent().path)
        return own.isRun
            && [own.recipe, own.progress, own.evaluations, own.checkpoints, own.bestPolicy, own.lastPolicy]
                .contains { URL(fileURLWithPath: $0).lastPathComponent == url.lastPathComponent }
    }

    /// Whether there is a run in it.
    public var isRun: Bool { FileManager.default.fileExists(atPath: recipe) }

    /// Makes the folder for a new run, and keeps other processes from training in it until this object goes.
    ///
    /// A folder that is empty, or in which a process was killed before it had written run.yaml, will do.
    ///
    /// - Throws: ``TrainingError/runExists(path:)`` where something is there already, ``TrainingError/cannotCreate(path:reason:)``,
    ///   ``TrainingError/runIsBusy(path:)``.
    public func create() throws(TrainingError) {
        try checkFree()
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .cannotCreate(path: path, reason: error.reason)
        }
        try lockForWriting()
        // Another process may have begun and left before this one got the lock.
        try checkFree()
    }

    /// Checks that a new run may be made here; nothing is made or locked.
    ///
    /// - Throws: ``TrainingError/runExists(path:)``.
    public func checkFree() throws(TrainingError) {
        let contents = try? FileManager.default.contentsOfDirectory(atPath: path)
        if contents?.contains(where: { $0 != Self.partialRecipe }) ?? false { throw .runExists(path: path) }
    }

    private static let partialRecipe = ".run.yaml.partial"

    /// Keeps other processes from training here until this object goes.
    ///
    /// - Throws: ``TrainingError/runIsBusy(path:)``.
    public func lockForWriting() throws(TrainingError) {
        guard lock < 0 else { return }
        // The folder itself is locked: files in it are replaced by renaming, which would leave the lock behind.
        lock = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw .fileUnreadable(path: path, reason: systemReason(errno)) }
        // Where a file system cannot lock, the run goes on without.
        if flock(lock, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(lock)
            lock = -1
            throw .runIsBusy(path: path)
        }
    }

    /// Reads run.yaml.
    ///
    /// - Throws: ``TrainingError``.
    public func readRecipe() throws(TrainingError) -> Recipe {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: recipe))
        } catch {
            throw .fileUnreadable(path: recipe, reason: error.reason)
        }
        guard let yaml = String(data: data, encoding: .utf8) else {
            throw .badRecipe(file: recipe, problem: "it is not UTF-8 text")
        }
        return try Recipe(yaml: yaml, file: recipe)
    }

    /// Writes run.yaml, atomically.
    ///
    /// - Throws: ``TrainingError``, or where the file cannot be written.
    public func write(_ recipe: Recipe) throws {
        try AtomicFile.write(Array(recipe.yaml.utf8), to: self.recipe)
    }
}

extension Error {
    /// What the system says, without Foundation's wrapping.
    var reason: String {
        let underlying = (self as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if let posix = underlying ?? (self as NSError).domainIsPOSIX {
            return systemReason(Int32(posix.code))
        }
        if (self as? CocoaError)?.code == .fileWriteVolumeReadOnly { return systemReason(EROFS) }
        if (self as? CocoaError)?.code == .fileWriteOutOfSpace { return systemReason(ENOSPC) }
        if (self as? CocoaError)?.code == .fileWriteNoPermission { return systemReason(EACCES) }
        return (self as NSError).localizedDescription
    }
}

extension NSError {
    fileprivate var domainIsPOSIX: NSError? { domain == NSPOSIXErrorDomain ? self : nil }
}
