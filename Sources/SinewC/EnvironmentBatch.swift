// SPDX-License-Identifier: MIT

internal import Drawing
internal import Environments
internal import Networks
internal import Scenes
internal import Settings
internal import Tasks

/// Environments of one scene, side by side, that step in one call on several threads.
///
/// Each has its own stream of random numbers, so the bits do not depend on the number of threads.
final class EnvironmentBatch: Held {
    /// What is done with an environment whose episode is over, as Gymnasium's vector environments call it.
    enum AutoReset: Int32 {
        /// Nothing: the caller resets it.
        case disabled = 0
        /// The next step resets it instead of moving it.
        case nextStep = 1
        /// The step that ends the episode resets it too; what was seen last is kept beside.
        case sameStep = 2
    }

    /// What a step says about an environment, bit by bit.
    struct Flags: OptionSet {
        let rawValue: UInt8
        static let terminated = Flags(rawValue: 1)
        static let truncated = Flags(rawValue: 2)
        static let diverged = Flags(rawValue: 4)
        /// The observation is the first one of a new episode.
        static let reset = Flags(rawValue: 8)
    }

    /// The caller's memory, (environments, elements) each, row by row.
    @safe struct Memory {
        var actions: UnsafePointer<Float>
        var observations: UnsafeMutablePointer<Float>
        /// What was seen last in the episodes that ended, with ``AutoReset/sameStep``.
        var lastObservations: UnsafeMutablePointer<Float>
        /// (environments).
        var rewards: UnsafeMutablePointer<Double>
        /// (environments, reward terms): weight times quantity.
        var rewardTerms: UnsafeMutablePointer<Double>
        /// (environments): ``Flags``.
        var flags: UnsafeMutablePointer<UInt8>
    }

    /// One environment, and where its episode is.
    final class Slot {
        let environment: SimulatedEnvironment
        var isOver = true
        var isStarted = false
        var problem: (any Error)?
        private var camera: (pictures: LivePictures, width: Int, height: Int)?

        init(_ environment: SimulatedEnvironment) { self.environment = environment }

        /// Red, green and blue of each pixel of the environment as it stands.
        func picture(of task: LoadedScene, width: Int, height: Int) -> [UInt8] {
            let frame = environment.frame(reward: 0)
            if camera.map({ $0.width != width || $0.height != height }) ?? true {
                let pictures = LivePictures(task.shown(), first: frame, width: width, height: height)
                camera = (pictures, width, height)
            }
            return camera?.pictures.picture(frame).bytes ?? []
        }
    }

    let task: LoadedScene
    let slots: [Slot]
    let team: Team
    var memory: Memory?

    var observationCount: Int { slots[0].environment.observationSpace.count }
    var actionCount: Int { slots[0].environment.actuators.count }

    /// Makes `count` environments of a scene, with the seeds from 0 on until `reset` says otherwise.
    init(_ task: LoadedScene, count: Int, threads: Int) throws {
        self.task = task
        slots = try (0..<count).map {
            Slot(try task.makeEnvironment(RandomStream(seed: UInt64($0), .evaluation)))
        }
        team = Team(threads: min(threads, count))
    }

    /// Starts an episode in each environment that `isChosen`, with its seed where it has one.
    func reset(seed: (Int) -> UInt64?, isChosen: (Int) -> Bool) throws {
        let chosen = slots.indices.filter(isChosen)
        for index in chosen {
            if let seed = seed(index) {
                slots[index].environment.random = RandomStream(seed: seed, .evaluation)
            }
        }
        let memory = try boundMemory
        team.run(chosen.count) { [self] job in
            let index = chosen[job]
            do {
                try start(index, memory)
            } catch {
                slots[index].problem = error
            }
        }
        try throwProblem()
    }

    /// Does one step of every environment with the actions in the caller's memory.
    ///
    /// - Throws: `CallError.use` before a reset or after an episode's end; `CallError.value` for an action that is no number; nothing has
    ///   moved then. Where a new start cannot be simulated, the other environments have moved.
    func step(_ mode: AutoReset) throws {
        let memory = try boundMemory
        for index in slots.indices {
            guard slots[index].isStarted else { throw CallError.use("reset must be called before step") }
            guard !slots[index].isOver || mode != .disabled else {
                throw CallError.use("the episode is over: reset must be called before the next step")
            }
        }
        for index in 0..<slots.count * actionCount where unsafe !memory.actions[index].isFinite {
            throw CallError.value(
                "action \(index % actionCount)\(slots.count > 1 ? " of environment \(index / actionCount)" : "") is not a finite number"
            )
        }
        team.run(slots.count) { [self] index in
            do {
                try stepOne(index, mode, memory)
            } catch {
                slots[index].problem = error
            }
        }
        try throwProblem()
    }

    private func stepOne(_ index: Int, _ mode: AutoReset, _ memory: Memory) throws {
        let slot = slots[index]
        if slot.isOver {
            unsafe memory.rewards[index] = 0
            for term in slot.environment.rewardTerms.indices {
                unsafe memory.rewardTerms[index * slot.environment.rewardTerms.count + term] = 0
            }
            return try start(index, memory)
        }
        var observation = unsafe MutableSpan(
            _unsafeStart: memory.observations + index * observationCount, count: observationCount)
        let actions = unsafe Span(
            _unsafeStart: memory.actions + index * actionCount, count: actionCount)
        let step = try slot.environment.step(actions, into: &observation)
        note(step, of: index, memory)
        if step.isLast, mode == .sameStep {
            for element in 0..<observationCount {
                unsafe memory.lastObservations[index * observationCount + element] = observation[element]
            }
            let flags = unsafe memory.flags[index]
            try start(index, memory)
            unsafe memory.flags[index] |= flags
        }
    }

    /// Writes what became of a step, but for what was seen.
    func note(_ step: Step, of index: Int, _ memory: Memory) {
        let slot = slots[index]
        unsafe memory.rewards[index] = step.reward
        let terms = slot.environment.rewardTerms
        for term in terms.indices { unsafe memory.rewardTerms[index * terms.count + term] = terms[term] }
        slot.isOver = step.isLast
        var flags: Flags = []
        if step.isTerminated { flags.insert(.terminated) }
        if step.isTruncated { flags.insert(.truncated) }
        if step.isDiverged { flags.insert(.diverged) }
        unsafe memory.flags[index] = flags.rawValue
    }

    private func start(_ index: Int, _ memory: Memory) throws {
        let slot = slots[index]
        var observation = unsafe MutableSpan(
            _unsafeStart: memory.observations + index * observationCount, count: observationCount)
        slot.isOver = true
        try slot.environment.reset(into: &observation)
        (slot.isOver, slot.isStarted) = (false, true)
        unsafe memory.flags[index] = Flags.reset.rawValue
    }

    /// The state of an environment with what it saw last, to be taken by ``restore(_:_:)``.
    func save(_ index: Int) throws -> [UInt8] {
        let slot = slots[index]
        guard slot.isStarted else { throw CallError.use("reset must be called before its state is saved") }
        let memory = try boundMemory
        var bytes: [UInt8] = [slot.isOver ? 1 : 0]
        for element in 0..<observationCount {
            let bits = unsafe memory.observations[index * observationCount + element].bitPattern
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
        }
        return bytes + (try slot.environment.saveState())
    }

    /// Goes on where an environment of the same scene was saved; what it saw then is in the caller's memory.
    func restore(_ index: Int, _ bytes: [UInt8]) throws {
        let head = 1 + 4 * observationCount
        guard bytes.count > head, bytes[0] <= 1 else {
            throw CallError.value("these bytes are no state of this scene")
        }
        let memory = try boundMemory
        try slots[index].environment.restoreState(Array(bytes[head...]))
        for element in 0..<observationCount {
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[1 + 4 * element + $1]) << (8 * $1) }
            unsafe memory.observations[index * observationCount + element] = Float(bitPattern: bits)
        }
        (slots[index].isOver, slots[index].isStarted) = (bytes[0] == 1, true)
    }

    var boundMemory: Memory {
        get throws {
            guard let memory = memory else { throw CallError.use("no memory is bound") }
            return memory
        }
    }

    private func throwProblem() throws {
        let problem = slots.lazy.compactMap(\.problem).first
        for slot in slots { slot.problem = nil }
        if let problem { throw problem }
    }
}
