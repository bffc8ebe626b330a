// SPDX-License-Identifier: MIT

package import Agents
internal import CLibrary
public import Environments
internal import Files
package import Networks
public import Policies
internal import Safetensors
internal import Settings

/// Trains an agent in its environments, in a run's folder: act, step, learn, evaluate, checkpoint, log.
///
/// An agent that asks for several environments acts in them in turns, or in all of them together; steps, episodes and logs count over all
/// of them. What belongs together is a round, and a run stops, evaluates and ends after whole rounds.
/// Everything that decides the bits is in the recipe and in the checkpoint; time decides only when a checkpoint is written.
public final class Trainer {
    let folder: RunFolder
    let recipe: Recipe
    /// The recipe's steps, in whole rounds; at hand after every step: the agent's settings take a detour and memory to ask.
    private let lastStep: Int
    /// The control steps of a round: one, or one of each environment that the agent acts in together.
    let round: Int
    package let agent: any Agent
    /// Who steps the environments of a round, and learns.
    let team: Team
    /// What the ranks of the run tell each other; nil where there is but one.
    let worlds: WorldExchange?
    /// The environments that have begun an episode in this round, where the ranks must tell each other.
    var begun: [Int] = []
    /// What the agent sees and does in a round, a row for each environment.
    let observations: Matrix
    let actions: Matrix
    let evaluationEnvironment: any Environment
    let makeContract: (Contract.Training) -> Contract
    weak let observer: (any TrainingObserver)?
    let stopSignal: () -> Int32?
    var state = TrainerState()
    /// The control steps that the newest checkpoint holds.
    private var keptSteps = 0
    private var startOfStep: ContinuousClock.Instant
    /// Whether the evaluation after the last step is still to be done.
    var isEvaluationDue = false
    /// The tensor that says so; there where it is.
    static let evaluationDue = "run.evaluation_due"
    /// One for each environment, in the order of their turns.
    var interactions: [Interaction]
    var tables: RunTables?
    private var schedule = CheckpointSchedule()
    let clock = ContinuousClock()
    private var startOfProcess: ContinuousClock.Instant
    var secondsBefore = 0.0
    private var stepsBefore = 0

    /// Makes a trainer for the run in `folder`, which must be made or locked before it runs; nothing is written yet.
    ///
    /// - Parameters:
    ///   - folder: where it is kept.
    ///   - recipe: what it is; as run.yaml has it.
    ///   - threads: so many do the work; the bits are the same.
    ///   - makeEnvironment: makes an environment of the recipe's scene with a stream of its own; called once for the first one, once for
    ///     evaluation, and once for each further environment that the agent asks for.
    ///   - makeContract: makes the deployment contract of the run's policies.
    ///   - observer: who watches.
    ///   - stopSignal: asked after every step; a signal's number makes the run write a checkpoint and stop. A step of many slow updates is
    ///     given up between two of them; the run is then where its newest checkpoint has it.
    /// - Throws: what the environment or the agent throw where the recipe does not fit them.
    public convenience init(
        folder: RunFolder, recipe: Recipe, threads: Int,
        makeEnvironment: (RandomStream) throws -> any Environment,
        makeContract: @escaping (Contract.Training) -> Contract,
        observer: (any TrainingObserver)?, stopSignal: @escaping () -> Int32?
    ) throws {
        try self.init(
            folder: folder, recipe: recipe, team: Team(threads: threads), makeEnvironment: makeEnvironment,
            makeContract: makeContract, observer: observer, stopSignal: stopSignal)
    }

    /// The same on a team, which may be one of a rank among several: rank 0 writes, the others write nothing.
    package init(
        folder: RunFolder, recipe: Recipe, team: Team,
        makeEnvironment: (RandomStream) throws -> any Environment,
        makeContract: @escaping (Contract.Training) -> Contract,
        observer: (any TrainingObserver)?, stopSignal: @escaping () -> Int32?
    ) throws {
        self.folder = folder
        self.recipe = recipe
        self.makeContract = makeContract
        self.observer = observer
        self.stopSignal = stopSignal
        let environment = try makeEnvironment(RandomStream(seed: recipe.seed, .environment))
        evaluationEnvironment = try makeEnvironment(RandomStream(seed: recipe.seed, .evaluation))
        self.team = team
        agent = try recipe.agent.makeAgent(
            observationSpace: environment.observationSpace, criticSpace: environment.criticSpace,
            actuators: environment.actuators, seed: recipe.seed, team: team)
        let forCritic = agent.criticObservationCount > 0
        round = agent.actsTogether ? agent.environmentCount : 1
        lastStep = (recipe.agent.steps + round - 1) / round * round
        observations = Matrix(rows: round, columns: environment.observationSpace.count)
        actions = Matrix(rows: round, columns: environment.actuators.count)
        interactions = [Interaction(environment, forCritic: forCritic)]
        for number in 1..<max(agent.environmentCount, 1) {
            let random = RandomStream(seed: recipe.seed, .environment, index: UInt64(number))
            interactions.append(Interaction(try makeEnvironment(random), forCritic: forCritic))
        }
        worlds = team.ranks.map { [count = interactions.count] in WorldExchange($0.transport, count: count) }
        for interaction in interactions { interaction.followCurriculum(among: interactions.count) }
        startOfProcess = clock.now
        startOfStep = startOfProcess
        agent.isGivenUp = { [weak self] in
            guard let self else { return false }
            if let worlds { return worlds.isGivenUp(stopSignal) }
            return isStepSlow(.seconds(5)) && stopSignal() != nil
        }
        // A policy that does not fit is refused before a folder is made for the run.
        if !folder.isRun { try takeStartPolicy() }
    }

    /// Makes a film of the best policy for TensorBoard, where the run writes for it, at the end of the run; nil where it cannot.
    package var makeFilm: () -> RunFilm? = { nil }

    /// The best mean return of an evaluation so far.
    public var bestReturn: Double? { state.bestReturn }
    /// Control steps done.
    public var steps: Int { state.steps }
    /// Seconds of training, those before a resume included.
    public var seconds: Double { secondsBefore + (clock.now - startOfProcess).inSeconds }

    /// Trains to the end, from the newest checkpoint where `isResumed`.
    ///
    /// - Throws: ``TrainingError`` where simulation or learning diverge or a file cannot be written; a checkpoint is kept.
    public func run(isResumed: Bool) throws -> TrainingEnd {
        do {
            try begin(isResumed: isResumed)
            if isFinished, !isEvaluationDue { return .wasFinished }
            while true {
                if !isEvaluationDue {
                    if round == 1, worlds == nil { try takeTurn() } else { try doRound() }
                    isEvaluationDue = evaluatesHere
                }
                if isEvaluationDue { isEvaluationDue = try !evaluateOnce() }
                // Before the signal and the clock: a checkpoint of a finished run says that its last policy is there.
                if isFinished, !isEvaluationDue { return try finish() }
                if let signal = agreedSignal {
                    try writeCheckpoint()
                    return .interrupted(signal: signal)
                }
                try lookAtClock()
            }
        } catch AgentsError.givenUp {
            state.steps = keptSteps
            return .interrupted(signal: agreedSignal ?? SIGTERM)
        } catch let error as AgentsError {
            guard case .notFinite = error else { throw error }
            throw diverged(error.description)
        } catch let step as Interaction.BadStep {
            throw diverged(step.problem)
        } catch let cause as FileError {
            throw TrainingError.fileFailed(cause, hasCheckpoint: store.newestStep != nil)
        } catch SafetensorsError.file(let cause) {
            throw TrainingError.fileFailed(cause, hasCheckpoint: store.newestStep != nil)
        }
    }

    /// The run's checkpoints, in the folder as it is held.
    var store: CheckpointStore { CheckpointStore(path: folder.checkpoints, in: folder.held) }

    /// Tells the observer how far it is, and writes a checkpoint where it is time for one.
    private func lookAtClock() throws {
        let isSlow = isStepSlow(.milliseconds(500))
        startOfStep = clock.now
        if let worlds, worlds.isCheckpointDue { try writeCheckpoint() }
        guard hasPassed(32) || isSlow else { return }
        observer?.progressed(progress)
        if worlds == nil, isCheckpointDue { try writeCheckpoint() }
    }

    /// Whether it is time for a checkpoint; of several ranks the first one's clock counts.
    var isCheckpointDue: Bool { schedule.isDue(at: clock.now) }

    /// Writes the last policy and the last checkpoint.
    private func finish() throws -> TrainingEnd {
        if writes {
            let policy = try policyFile(nil)
            for text in policy.contract.warnings { observer?.warned(text) }
            try folder.write(policy.bytes, to: folder.lastPolicy)
            // Before the checkpoint that says that the run is over: one that is killed here shows its film when it goes on.
            try tables?.appendEnd(makeFilm, step: state.steps)
        }
        try writeCheckpoint()
        if writes { try checkBestPolicy() }
        return recipe.hasReachedReturn(state.evaluatedReturn) ? .reachedReturn : .finished
    }

    private func isStepSlow(_ limit: Duration) -> Bool { clock.now - startOfStep > limit }

    var evaluatesHere: Bool {
        hasPassed(recipe.evaluation.every) || state.steps == lastStep
    }

    /// Whether the last round came to a multiple of `interval`, or passed one.
    private func hasPassed(_ interval: Int) -> Bool {
        state.steps / interval != max(0, state.steps - round) / interval
    }

    private var isFinished: Bool {
        state.steps >= lastStep || recipe.hasReachedReturn(state.evaluatedReturn)
    }

    // MARK: Beginning

    private func begin(isResumed: Bool) throws {
        let archive = isResumed ? try newestCheckpoint() : nil
        if let archive {
            try checkOrigin(of: archive)
            try restore(archive)
        }
        if writes { try beginFolder(archive, isResumed: isResumed) }
        startOfProcess = clock.now
        startOfStep = startOfProcess
        (stepsBefore, keptSteps) = (state.steps, state.steps)
        if archive == nil { try startFromZero() }
        schedule.begin(at: clock.now)
    }

    /// Brings the run's folder to where the run begins.
    private func beginFolder(_ archive: TensorArchive?, isResumed: Bool) throws {
        if archive != nil {
            try checkBestPolicy()
            try store.tidy(after: state.steps)
        } else {
            // What was learned is not given up for a run that begins anew.
            guard !folder.hasPolicy else { throw TrainingError.noCheckpoint(path: folder.path) }
            try store.removeAll()
        }
        if archive != nil, isFinished, !isEvaluationDue {
            return try RunTables.check(folder, state).forEach(warn)
        }
        let tables = try RunTables(
            folder, recipe, terms: interactions[0].termNames, curriculum: interactions[0].curriculum,
            metrics: agent.metrics, state: state)
        tables.losses.forEach { observer?.warned($0) }
        // Only now: what is refused above leaves run.yaml as it was.
        if isResumed, try folder.readRecipe() != recipe { try folder.write(recipe) }
        self.tables = tables
    }

    /// The first checkpoint is written at once: it shows that the disk takes one, and whatever stops the run, one is kept.
    private func startFromZero() throws {
        try takeStartPolicy()
        for number in interactions.indices { try interactions[number].reset() }
        try writeCheckpoint()
    }

    func warn(_ text: String) { observer?.warned(text) }

    private func takeStartPolicy() throws {
        guard let path = recipe.startPolicy else { return }
        let policy = try PolicyFile(contentsOf: path)
        let constants = policy.contract.observations.indices.filter {
            policy.contract.observations[$0].constant == true
        }
        do throws(AgentsError) {
            try agent.start(from: policy.network, constants: constants)
        } catch {
            guard case .badStart(let reason) = error else { throw error }
            throw TrainingError.badStart(path: path, reason: reason)
        }
    }

    // MARK: Checkpoints and logs

    func writeCheckpoint() throws {
        let begin = clock.now
        try tables?.synchronise(&state)
        let states = try worlds.map { try $0.states(interactions) } ?? interactions.map { try $0.state }
        keptSteps = state.steps
        guard writes else { return }
        var sources = state.sources + agent.state
        for (number, state) in states.enumerated() { sources += interactions[number].sources(number, state) }
        sources.append(TensorSource("seconds", [seconds]))
        if isEvaluationDue { sources.append(TensorSource(Self.evaluationDue, [UInt8(1)])) }
        try store.write(sources, metadata: origin, step: state.steps)
        schedule.wrote(from: begin, to: clock.now)
    }

    private var progress: TrainingProgress {
        let elapsed = (clock.now - startOfProcess).inSeconds
        return TrainingProgress(
            steps: state.steps, totalSteps: lastStep, episodes: state.episodes,
            recentReturn: state.recentReturn, bestReturn: state.bestReturn,
            stepsPerSecond: elapsed > 0 ? Double(state.steps - stepsBefore) / elapsed : 0,
            seconds: secondsBefore + elapsed)
    }
}
