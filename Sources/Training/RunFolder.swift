// SPDX-License-Identifier: MIT

internal import CLibrary
package import Files
internal import Settings

/// The folder of a run, `runs/hopper-sac-0`: where each of its files stands, and who may write to it.
public final class RunFolder {
    /// The path of the folder.
    public let path: String
    /// The folder as it was locked; nil before.
    ///
    /// The lock goes with it.
    package private(set) var held: Folder?

    /// Names a folder; nothing is made or opened.
    public init(_ path: String) {
        self.path = path
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

    /// The folder of what TensorBoard reads; a run in whose folder it is writes there.
    static let events = "tensorboard"

    /// The folder of the run's own scene and robot.
    package static let scene = "scene"

    /// Whether it holds what a run has learned.
    var hasPolicy: Bool {
        [bestPolicy, lastPolicy].contains { FileKind(at: $0) != nil }
    }

    /// Whether `path` is one of a run's own files or in a folder of them, which nothing but its training may write; links are followed.
    public static func holds(_ path: String) -> Bool {
        let folder = path.pathFolder.isEmpty ? "." : path.pathFolder
        var rest = path.realPath ?? folder.realPath.map { "\($0)/\(path.pathName)" } ?? path
        let run = RunFolder("")
        let own = [
            run.recipe, run.progress, run.evaluations, run.checkpoints, run.bestPolicy, run.lastPolicy,
            Self.scene, Self.events,
        ]
        .map(\.pathName)
        while rest.contains("/"), rest != "/" {
            if own.contains(rest.pathName), RunFolder(rest.pathFolder).isRun { return true }
            rest = rest.pathFolder
        }
        return false
    }

    /// Lets the run that is trained next write for TensorBoard too.
    package func makeEvents() throws(FileError) { _ = try opened().madeFolder(Self.events) }

    /// Whether there is a run in it.
    public var isRun: Bool { FileKind(at: recipe) != nil }

    /// Makes the folder for a new run, and keeps other processes from training in it until this object goes.
    ///
    /// A folder that is empty, or in which a process was killed before it had written run.yaml, will do.
    ///
    /// - Throws: ``TrainingError/runExists(path:)`` where something is there already, ``TrainingError/cannotCreate(path:reason:)``,
    ///   ``TrainingError/runIsBusy(path:)``.
    public func create() throws(TrainingError) {
        try checkFree()
        do {
            try Folder.make(path)
        } catch {
            throw .cannotCreate(path: path, reason: systemReason(error.systemCode))
        }
        try lockForWriting()
        // Another process may have begun and left before this one got the lock.
        try checkFree()
    }

    /// Checks that a new run may be made here; nothing is made or locked.
    ///
    /// - Throws: ``TrainingError/runExists(path:)``, ``TrainingError/cannotCreate(path:reason:)`` where something is there that
    ///   cannot be looked into.
    public func checkFree() throws(TrainingError) {
        let contents: [String]
        do {
            contents = try Folder(path).names
        } catch {
            // What is not there is free; of a file in the way making the folder tells.
            if error.systemCode == ENOENT || error.systemCode == ENOTDIR { return }
            throw .cannotCreate(path: path, reason: systemReason(error.systemCode))
        }
        // The copies are those of a killed process where run.yaml is not finished: a person's own have no such file beside them.
        let left = contents.contains(Self.partialRecipe) ? [Self.partialRecipe, Self.scene] : []
        if !contents.allSatisfy(left.contains) { throw .runExists(path: path) }
    }

    private static let partialRecipe = ".run.yaml.partial"

    /// Writes the run's own scene and robot, by the names of their copies, and then run.yaml.
    ///
    /// - Throws: `FileError` where a file cannot be written.
    package func write(_ recipe: Recipe, copies: [(name: String, bytes: [UInt8])]) throws {
        let folder = try opened()
        removeLeftCopies(in: folder)
        let yaml = try AtomicFile(in: folder, self.recipe.pathName)
        do {
            try write(copies, in: folder)
            try unsafe yaml.write(Array(recipe.yaml.utf8).span.bytes, at: 0)
            try yaml.commit()
        } catch {
            // Where the disk was full, the run can begin here once there is room. Where only the folder could not be flushed, the run
            // is there.
            if !isRun { remove(copies, in: folder) }
            throw error
        }
    }

    /// Removes the copies of a killed process while its unfinished run.yaml still says whose they are: without it they would be taken
    /// for a person's own.
    private func removeLeftCopies(in folder: Folder) {
        guard folder.kind(of: Self.partialRecipe) == .file,
            let left = try? folder.folder(Self.scene).names
        else { return }
        folder.removeFolder(Self.scene, holding: left)
    }

    private func write(_ copies: [(name: String, bytes: [UInt8])], in folder: Folder) throws(FileError) {
        for copy in copies {
            var inner = folder
            for name in copy.name.split(separator: "/").dropLast() {
                inner = try inner.madeFolder(String(name))
            }
            try AtomicFile.write(copy.bytes, to: copy.name.pathName, in: inner)
        }
    }

    /// Removes copies with the folders that hold nothing else, the inner ones first.
    private func remove(_ copies: [(name: String, bytes: [UInt8])], in folder: Folder) {
        let paths = copies.map { $0.name.split(separator: "/").map(String.init) }
        let folders = Set(paths.flatMap { path in path.indices.dropFirst().map { Array(path[..<$0]) } })
        for path in folders.sorted(by: { ($0.count, $0.last ?? "") > ($1.count, $1.last ?? "") }) {
            var above: Folder? = folder
            for name in path.dropLast() { above = try? above?.folder(name) }
            let files = paths.filter { Array($0.dropLast()) == path }.compactMap(\.last)
            above?.removeFolder(path.last ?? Self.scene, holding: files)
        }
    }

    /// Writes a file of the run, atomically.
    ///
    /// - Throws: `FileError`; what it held before is intact then.
    package func write(_ bytes: [UInt8], to file: String) throws(FileError) {
        try AtomicFile.write(bytes, to: file.pathName, in: opened())
    }

    /// The folder as it is locked, or by its path.
    package func opened() throws(FileError) -> Folder {
        if let held { return held }
        return try Folder(path)
    }

    /// Keeps other processes from training here until this object goes.
    ///
    /// - Throws: ``TrainingError/runIsBusy(path:)``.
    public func lockForWriting() throws(TrainingError) {
        guard held == nil else { return }
        // The folder itself is locked: files in it are replaced by renaming, which would leave the lock behind.
        let folder: Folder
        do {
            folder = try Folder(path)
        } catch {
            throw .unreadable(error)
        }
        // Who only asks whether a run is under way holds the lock for a moment: so it is tried again before it counts as taken. Where
        // a file system cannot lock, the run goes on without.
        var patience = 5
        while flock(folder.descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            guard patience > 0 else { throw .runIsBusy(path: path) }
            patience -= 1
            usleep(10_000)
        }
        held = folder
    }

    /// Whether another process trains here.
    public var isBusy: Bool {
        guard held == nil, let asked = try? Folder(path) else { return false }
        return flock(asked.descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// Reads run.yaml.
    ///
    /// - Throws: ``TrainingError``, or `DescriptionError` with the line of what is wrong.
    public func readRecipe() throws -> Recipe {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(recipe)
        } catch {
            throw TrainingError.unreadable(error)
        }
        return try Recipe(yaml: bytes, file: recipe)
    }

    /// Writes run.yaml, atomically.
    ///
    /// - Throws: `FileError` where the file cannot be written.
    public func write(_ recipe: Recipe) throws {
        try write(Array(recipe.yaml.utf8), to: self.recipe)
    }
}
