// SPDX-License-Identifier: MIT

internal import CLibrary
public import Files
public import Safetensors

/// The checkpoints of a run: folders `step-000050000`, the newest two of which are kept.
///
/// A checkpoint is written beside, its file synchronised and checksummed, then renamed: whenever a process or a machine stops, the
/// newest complete one is there. A damaged one is skipped, and said. No link is followed, and nothing is removed but folders of such
/// names that hold what is written here and nothing else.
public struct CheckpointStore {
    /// The folder that holds them.
    public let path: String
    /// The run's folder, where it is held open.
    private let run: Folder?
    private static let stateFile = "state.safetensors"
    /// All that a checkpoint's folder holds, whole or when a process was killed in it.
    private static let files = [stateFile, ".\(stateFile).partial"]

    /// Names the folder of checkpoints.
    public init(path: String) {
        self.init(path: path, in: nil)
    }

    /// Names the folder of checkpoints in a run's folder.
    package init(path: String, in run: Folder?) {
        (self.path, self.run) = (path, run)
    }

    /// Writes a checkpoint after `step` steps and removes all but the newest two.
    ///
    /// - Throws: `FileError`, `SafetensorsError`, or what a source throws; the checkpoints that were there are intact then.
    public func write(_ sources: [TensorSource], metadata: [String: String] = [:], step: Int) throws {
        let folder = try madeFolder()
        let name = Self.name(ofStep: step)
        let partial = ".\(name).partial"
        removePartials(in: folder)
        do {
            let unfinished = try folder.madeFolder(partial)
            try TensorFileWriter.write(sources, metadata: metadata, to: Self.stateFile, in: unfinished)
            // One of the same step is damaged or has the same bits.
            try makeRoom(for: name, in: folder)
            try folder.rename(partial, to: name)
        } catch {
            folder.removeFolder(partial, holding: Self.files)
            throw error
        }
        try folder.flush()
        try? removeAllButNewestTwo(after: step, in: folder)
    }

    /// Removes what a killed or disturbed process left, when a run goes on from the checkpoint after `step` steps: unfinished ones,
    /// damaged ones of later steps, which would count as the newest, and all but the newest two.
    ///
    /// - Throws: `FileError` where the system does not tell what is there.
    public func tidy(after step: Int) throws(FileError) {
        guard let folder = try folder() else { return }
        removePartials(in: folder)
        for later in try steps(in: folder) where later > step {
            folder.removeFolder(Self.name(ofStep: later), holding: Self.files)
        }
        try removeAllButNewestTwo(after: step, in: folder)
    }

    /// Reads the newest checkpoint that is sound.
    ///
    /// - Parameter warn: is told about each one that is damaged.
    /// - Returns: nil where there is none.
    /// - Throws: `SafetensorsError.file` where one is there and the system does not let it be read: it may be sound, and a run that
    ///   began anew would lose it.
    public func readNewest(warn: (String) -> Void) throws(SafetensorsError) -> TensorArchive? {
        let folder: Folder
        let names: [String]
        do {
            guard let found = try self.folder() else { return nil }
            try found.checkReadable()
            (folder, names) = (found, try Self.names(in: found))
        } catch {
            throw .file(error)
        }
        for name in names {
            if let kind = folder.kind(of: name), kind != .folder {
                warn("skipping \(path)/\(name): it is \(kind.rawValue), not a checkpoint; remove it")
                continue
            }
            let file = "\(path)/\(name)/\(Self.stateFile)"
            do throws(SafetensorsError) {
                return try TensorArchive(contentsOf: file, checksum: .required)
            } catch {
                if case .file(let cause) = error, cause.systemCode != ENOENT { throw error }
                warn("skipping a damaged checkpoint: \(error)")
            }
        }
        return nil
    }

    /// The steps of the newest checkpoint, sound or not; nil where there is none.
    package var newestStep: Int? {
        guard let folder = try? folder() else { return nil }
        return (try? steps(in: folder))?.first
    }

    /// Removes all checkpoints: a run that starts from zero leaves none of before.
    ///
    /// - Throws: `FileError` where the system does not tell what is there.
    public func removeAll() throws(FileError) {
        guard let folder = try folder() else { return }
        for step in try steps(in: folder) {
            folder.removeFolder(Self.name(ofStep: step), holding: Self.files)
        }
    }

    // MARK: The folder

    /// The folder; nil where there is none.
    private func folder() throws(FileError) -> Folder? {
        do {
            return try parent().folder(path.pathName)
        } catch {
            if case .system(_, _, ENOENT) = error { return nil }
            throw error
        }
    }

    private func madeFolder() throws(FileError) -> Folder {
        let parent = try parent()
        let isNew = parent.kind(of: path.pathName) == nil
        let folder = try parent.madeFolder(path.pathName)
        if isNew { try parent.flush() }
        return folder
    }

    private func parent() throws(FileError) -> Folder {
        if let run { return run }
        return try Folder(path.pathFolder)
    }

    /// Removes what has the name of a checkpoint that is to be written: an older one, or an empty file that a disk's failure left.
    private func makeRoom(for name: String, in folder: Folder) throws(FileError) {
        guard let kind = folder.kind(of: name) else { return }
        if kind == .folder, folder.removeFolder(name, holding: Self.files) { return }
        if kind == .file, FileBytes.end(of: folder.path(of: name), count: 1) == [] {
            return try folder.remove(name)
        }
        throw .refused(
            operation: .write, file: folder.path(of: name),
            problem: "this is \(kind.rawValue) that no checkpoint is, in the place of one; remove it")
    }

    /// What has a later step and could not be removed is none of the two.
    private func removeAllButNewestTwo(after step: Int, in folder: Folder) throws(FileError) {
        for old in try steps(in: folder).filter({ $0 <= step }).dropFirst(2) {
            folder.removeFolder(Self.name(ofStep: old), holding: Self.files)
        }
    }

    /// Removes what killed processes left unfinished.
    private func removePartials(in folder: Folder) {
        for name in (try? folder.names) ?? [] where name.hasPrefix(".") && name.hasSuffix(".partial") {
            guard Self.step(of: name.dropFirst().dropLast(".partial".count)) != nil else { continue }
            folder.removeFolder(name, holding: Self.files)
        }
    }

    /// The steps of complete checkpoints, newest first.
    private func steps(in folder: Folder) throws(FileError) -> [Int] {
        try Self.names(in: folder).filter { folder.kind(of: $0) == .folder }.compactMap { Self.step(of: $0) }
    }

    /// The names that complete checkpoints have, newest first.
    private static func names(in folder: Folder) throws(FileError) -> [String] {
        try folder.names.compactMap { step(of: $0) }.sorted(by: >).map(name(ofStep:))
    }

    /// The steps of a checkpoint of this name; nil where none is called so.
    private static func step(of name: some StringProtocol) -> Int? {
        guard name.hasPrefix("step-"), let step = Int(name.dropFirst(5)), step >= 0,
            name == self.name(ofStep: step)
        else { return nil }
        return step
    }

    private static func name(ofStep step: Int) -> String {
        let digits = String(step)
        return "step-" + String(repeating: "0", count: max(0, 9 - digits.count)) + digits
    }
}
