// SPDX-License-Identifier: MIT

import Agents
import ArgumentParser
import Environments
import Foundation
import Networks
import Scenes
import Settings
import Tasks
import Training

/// Reads the name of an algorithm.
func readAlgorithm(_ name: String) throws -> Algorithm {
    guard let algorithm = Algorithm(named: name) else {
        throw ValidationError(
            "there is no such algorithm; \(NearestName.remedy(name, in: Algorithm.all.map(\.name)))")
    }
    return algorithm
}

/// Reads who does the updates of several ranks.
func readUpdates(_ name: String) throws -> RankedWork.Updates {
    guard let updates = RankedWork.Updates(rawValue: name) else {
        let names = RankedWork.Updates.allCases.map(\.rawValue)
        throw ValidationError("there is no such way; \(NearestName.remedy(name, in: names))")
    }
    return updates
}

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Learn a controller for a scene.",
        usage: "sinew train <scene> [<options>]",
        discussion: """
            The run's folder holds run.yaml (everything to run it again), scene/ (its own copy of scene and robot), \
            progress.csv, evaluations.csv, checkpoints, and the policies best.safetensors and last.safetensors. Ctrl-C writes \
            a checkpoint; --resume continues from there, bit for bit as if it had never stopped.

              sinew train hopper --steps 500000
              sinew train runs/hopper-sac-0 --resume
              sinew train runs/hopper-sac-0/run.yaml --seed 1

            The last one trains on that run's own scene, with its settings, in a new folder.

            --seeds 0-4 trains five runs side by side, one per core, each the same run that its seed alone gives; if one of them \
            fails, the others go on. `sinew plot` joins them in one curve.
            """)

    @Argument(
        help:
            "A scene by name or path (`sinew scenes` lists them), a run's run.yaml, or with --resume its folder.",
        completion: .scenesAndRuns)
    var scene: String
    @Option(
        help: "The algorithm: \(Algorithm.all.map(\.name).joined(separator: ", ")) (default: sac).",
        completion: .list(Algorithm.all.map(\.name)), transform: readAlgorithm)
    var algorithm: Algorithm?
    @Option(
        parsing: .unconditional, help: "Control steps to train for, such as 2e5 (default: the scene's).",
        transform: whole(1...Int.max))
    var steps: Int?
    @Option(
        parsing: .unconditional, help: "The seed of all random streams (default: 0).",
        transform: whole(0...UInt64.max))
    var seed: UInt64?
    @Option(
        help: "Several seeds, a run for each, as many at once as there are cores: 0-4, or 0,3,7.",
        transform: SeedList.init)
    var seeds: SeedList?
    @Option(
        help:
            "The run's folder (default: runs/SCENE-ALGORITHM-SEED); with --seeds, of folders seed-0 and so on.",
        completion: .directory)
    var output: String?
    @Flag(help: "Continue the run in the folder; begin it where there is none.")
    var resume = false
    @Option(help: "Begin with the network of this policy file.", completion: .policies)
    var from: String?
    @Option(
        parsing: .unconditional, help: "Stop as soon as an evaluation's mean return reaches this.",
        transform: number())
    var untilReturn: Double?
    @Option(
        name: .customLong("set"),
        help:
            "Set any key of the scene or the algorithm, such as sac.batch=128, evaluate.every=5000 or physics.substeps=8."
    )
    var settings: [String] = []
    @OptionGroup var packages: PackageOptions
    @Flag(
        help:
            "Write the logs for TensorBoard too, with the run's settings and a film at its end, to its folder `tensorboard`."
    )
    var tensorboard = false
    @Flag(help: "Show the run in a browser while it learns: its curves, and its newest policy in 3D.")
    var view = false
    @OptionGroup var viewing: ViewOptions
    @Option(
        parsing: .unconditional,
        help: "Threads, 1 to 16; the result is the same (default: as many as pay).",
        transform: whole(1...16))
    var threads: Int?
    @Flag(
        help:
            "Share the run with the other processes that mpirun started: mpirun -n 4 sinew train SCENE --mpi."
    )
    var mpi = false
    @Option(
        help: "With --mpi, who does the updates: auto, spread or repeat; the result is the same.",
        completion: .list(RankedWork.Updates.allCases.map(\.rawValue)), transform: readUpdates)
    var mpiUpdates: RankedWork.Updates?
    @Flag(
        help:
            "Print one JSON document at the end, with --seeds a list, and nothing else, on standard output.")
    var json = false
    /// The process that trains several seeds and started this one, and the one of its seeds that this one trains.
    @Option(help: .hidden)
    var watchedBy: Int32?
    @Option(help: .hidden)
    var ofSeeds: UInt64?

    func validate() throws {
        if seeds != nil, seed != nil {
            throw ValidationError("--seed and --seeds are mutually exclusive")
        }
        if seeds != nil, view {
            throw ValidationError("--view shows one run: look at each of --seeds by `sinew view RUN`")
        }
        if !view, viewing.isGiven { throw ValidationError("--host and --port need --view") }
        if seeds != nil, let threads, threads > 1 {
            throw ValidationError("--seeds gives each run one core; leave --threads out")
        }
        if seeds != nil, mpi {
            throw ValidationError("--mpi shares one run, --seeds trains several; leave one of them out")
        }
        if mpiUpdates != nil, !mpi { throw ValidationError("--mpi-updates is for --mpi alone") }
    }

    func run() throws {
        if let ofSeeds { return try one(of: ofSeeds).trainWatched() }
        if let seeds { return try train(seeds.seeds) }
        if mpi { return try trainRanked() }
        try train()
    }

    /// As one of several ranks: what one cannot do ends all, and no process leaves before all are done.
    private func trainRanked() throws {
        let ranks = try CommandRanks()
        do {
            try train(ranks)
        } catch let code as ExitCode {
            ranks.finish()
            throw code
        } catch {
            ranks.fail(error)
        }
        ranks.finish()
    }

    /// As the process of one of several seeds: what goes wrong is told to the one that watches, which says whose it is.
    private func trainWatched() throws {
        do {
            try train()
        } catch {
            guard let failure = Failure(error) else { throw error }
            printError(failure.text)
            throw ExitCode(failure.code.rawValue)
        }
    }

    private func train(_ ranks: CommandRanks? = nil) throws {
        if watchedBy != nil { SeedWorker.outliveWatcher() }
        let isFirst = ranks?.isFirst ?? true
        let run = try PlannedRun(self, writes: isFirst)
        try ranks?.check(run)
        StopSignal.listen(asRank: ranks != nil)
        let display = TrainingDisplay(opening: run.opening, isWatched: watchedBy != nil)
        let watch = view && isFirst ? try TrainingView(run, display, viewing) : nil
        let observer: any TrainingObserver = watch ?? display
        let trainer = try makeTrainer(run, isFirst ? observer : nil, ranks)
        if watchedBy == nil, isFirst { run.printNotes() }
        trainer.makeFilm = BestFilm(run: run).make
        // Only now: what is refused above leaves nothing behind.
        if isFirst {
            try run.write()
            if tensorboard { try run.folder.makeEvents() }
        }
        watch?.start()
        defer { watch?.end() }
        let end = try trainer.run(isResumed: resume)
        guard isFirst else {
            if case .interrupted(let signal) = end { throw ExitCode(128 + signal) }
            return
        }
        display.finishLine()
        try report(end, trainer, run)
    }

    /// Says of a run what the flags say: a flag that decides bits is an option above and its line here.
    func apply(to recipe: inout Recipe) throws {
        if let seed { recipe.seed = seed }
        if let from { recipe.startPolicy = from }
        if let untilReturn { recipe.untilReturn = untilReturn }
        try recipe.apply(settings, steps: steps)
    }

    /// Makes the trainer of a run, which writes nothing yet.
    func makeTrainer(
        _ run: PlannedRun, _ observer: (any TrainingObserver)?, _ ranks: CommandRanks? = nil
    ) throws -> Trainer {
        let (recipe, scene) = (run.recipe, run.scene)
        let probe = try scene.makeEnvironment(.init(seed: 0, .environment))
        let team =
            ranks?.team(recipe, threads: threads, updates: mpiUpdates ?? .measured)
            ?? Team(
                threads: threads
                    ?? recipe.agent.threads(cores: ProcessInfo.processInfo.activeProcessorCount))
        let parent = watchedBy
        do {
            return try Trainer(
                folder: run.folder, recipe: recipe, team: team,
                makeEnvironment: { try scene.makeEnvironment($0) },
                makeContract: scene.makeContract(probe, version: sinewVersion), observer: observer,
                stopSignal: { StopSignal.current ?? parent.flatMap { getppid() == $0 ? nil : SIGTERM } })
        } catch let error as AgentsError {
            let block = scene.block(for: recipe.agent.algorithm)?.settings
            throw error.refusal(in: block, file: scene.scene.file, flags: settings) ?? error
        }
    }

    // MARK: How it ended

    /// What `--json` says of a run.
    struct Report: Codable {
        var scene: String
        var algorithm: String
        var seed: UInt64
        var steps: Int
        var seconds: Double
        var bestMeanReturn: Double?
        var run: String
        var policy: String
    }

    private func report(_ end: TrainingEnd, _ trainer: Trainer, _ run: PlannedRun) throws {
        let (folder, recipe) = (run.folder, run.recipe)
        let seconds = trainer.seconds.asDuration
        switch end {
        case .interrupted(let signal):
            let remedy = "; continue with: sinew train \(folder.path.shellQuoted) --resume"
            printError("stopped at step \(trainer.steps)\(watchedBy == nil ? remedy : "")")
            throw ExitCode(128 + signal)
        case .wasFinished: printError("\(folder.path) is finished; nothing was changed")
        case .finished: printError("trained \(trainer.steps) steps in \(seconds)")
        case .reachedReturn:
            printError("reached the return after \(trainer.steps) steps in \(seconds)")
        }
        if json {
            try printJSON(
                Report(
                    scene: recipe.scene, algorithm: recipe.agent.algorithm.name, seed: recipe.seed,
                    steps: trainer.steps, seconds: trainer.seconds, bestMeanReturn: trainer.bestReturn,
                    run: folder.path, policy: folder.bestPolicy))
        } else if let best = trainer.bestReturn {
            print("best mean return \(best.asReturn): \(folder.bestPolicy)")
        }
    }
}
