// SPDX-License-Identifier: MIT

internal import Agents
internal import Ranks
internal import Safetensors

// What a run does otherwise where it is one of several ranks: the first one reads, evaluates and writes, and all agree where that decides
// how they go on.
extension Trainer {
    /// Whether this process writes the run's folder.
    var writes: Bool { worlds?.writes ?? true }

    /// The signal that stops the run; of several ranks one that all know of.
    var agreedSignal: Int32? { worlds.map(\.signal) ?? stopSignal() }

    /// The newest sound checkpoint, which the first rank finds.
    func newestCheckpoint() throws -> TensorArchive? {
        guard let worlds else { return try store.readNewest { warn($0) } }
        let transport = worlds.transport
        let archive = writes ? try store.readNewest { warn($0) } : nil
        let file = transport.gathered(Array((archive?.file ?? "").utf8))[0]
        guard !writes, !file.isEmpty else {
            transport.meet()
            return archive
        }
        let found = try TensorArchive(
            contentsOf: String(decoding: file, as: UTF8.self), checksum: .required)
        // Before the first one removes what is older.
        transport.meet()
        return found
    }

    /// Evaluates the policy, on the first rank while the others wait; false where a signal came meanwhile.
    func evaluateOnce() throws -> Bool {
        guard let worlds else { return try evaluate() }
        let isDone = writes ? try evaluate() : true
        let shared = worlds.shareEvaluation(
            isDone: isDone, mean: state.evaluatedReturn, signal: stopSignal())
        state.evaluatedReturn = shared.mean
        return shared.isDone
    }
}
