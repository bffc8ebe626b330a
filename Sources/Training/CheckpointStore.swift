// SPDX-License-Identifier: MIT

internal import Files
internal import Foundation
public import Safetensors

/// The checkpoints of a run: folders `step-000050000`, the newest two of which are kept.
///
/// A checkpoint is written beside, its file synchronised and checksummed, then renamed: whenever a process or a machine stops, the
/// newest complete one is there. A damaged one is skipped, and said.
public struct CheckpointStore {
    /// The folder that holds them.
    public let path: String
    private static let stateFile = "state.safetensors"

    /// Names the folder of checkpoints.
    public init(path: String) {
        self.path = path
    }

    /// Writes a checkpoint after `step` steps and removes all but the newest two.
    ///
    /// - Throws: `SafetensorsError` or ``TrainingError``; the checkpoints that were there are intact then.
    public func write(_ sources: [TensorSource], step: Int) throws {
        let manager = FileManager.default
        let name = Self.name(ofStep: step)
        let partial = "\(path)/.\(name).partial"
        removePartials()
        do {
            try manager.createDirectory(atPath: partial, withIntermediateDirectories: true)
        } catch {
            throw TrainingError.fileFailed(path: partial, reason: error.reason)
        }
        do {
            try TensorFileWriter.write(sources, to: "\(partial)/\(Self.stateFile)")
            // One of the same step is damaged or has the same bits.
            try? manager.removeItem(atPath: "\(path)/\(name)")
            guard unsafe rename(partial, "\(path)/\(name)") == 0 else {
                throw TrainingError.fileFailed(
                    path: "\(path)/\(name)", reason: systemReason(errno))
            }
        } catch {
            try? manager.removeItem(atPath: partial)
            throw error
        }
        // Where the folder cannot be flushed, the checkpoint is there all the same.
        try? AtomicFile.flushFolder(of: "\(path)/\(name)")
        removeAllButNewestTwo()
    }

    /// Removes what a killed or disturbed process left, when a run goes on from the checkpoint after `step` steps: unfinished ones,
    /// damaged ones of later steps, which would count as the newest, and all but the newest two.
    public func tidy(after step: Int) {
        removePartials()
        for name in names() where Self.step(of: name) > step {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
        removeAllButNewestTwo()
    }

    /// Reads the newest checkpoint that is sound.
    ///
    /// - Parameter warn: is told about each one that is damaged.
    /// - Returns: nil where there is none.
    /// - Throws: `SafetensorsError.file` where one is there and the system does not let it be read: it may be sound, and a run that
    ///   began anew would lose it.
    public func readNewest(warn: (String) -> Void) throws(SafetensorsError) -> TensorArchive? {
        guard unsafe access(path, R_OK | X_OK) == 0 || errno == ENOENT else {
            throw .file(.system(operation: .read, file: path, code: errno))
        }
        for name in names() {
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
    package var newestStep: Int? { names().first.map { Self.step(of: $0) } }

    /// Removes all checkpoints: a run that starts from zero leaves none of before.
    public func removeAll() {
        for name in names() { try? FileManager.default.removeItem(atPath: "\(path)/\(name)") }
    }

    private func removeAllButNewestTwo() {
        for old in names().dropFirst(2) { try? FileManager.default.removeItem(atPath: "\(path)/\(old)") }
    }

    /// Removes what killed processes left unfinished.
    private func removePartials() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        where name.hasPrefix(".step-") && name.hasSuffix(".partial") {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }

    /// The folders of complete checkpoints, newest first.
    private func names() -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return all.filter { $0.hasPrefix("step-") && Int($0.dropFirst(5)) != nil }
            .sorted { Self.step(of: $0) > Self.step(of: $1) }
    }

    private static func step(of name: String) -> Int { Int(name.dropFirst(5)) ?? 0 }

    private static func name(ofStep step: Int) -> String {
        let digits = String(step)
        return "step-" + String(repeating: "0", count: max(0, 9 - digits.count)) + digits
    }
}
