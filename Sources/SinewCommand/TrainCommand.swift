// SPDX-License-Identifier: MIT

public import Agents
public import ArgumentParser
import Environments
import Foundation
import Policies
import Scenes
import Settings
import Training

extension Algorithm: ExpressibleByArgument {}

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Learn a controller for a scene.",
        discussion: """
            The run's folder holds run.yaml (everything to run it again), progress.csv, evaluations.csv, checkpoints, and \
            the policies best.safetensors and last.safetensors. Ctrl-C writes a checkpoint; --resume goes on from there with \
            the same bits as if it had never stopped.

            --seeds 0-4 trains five runs side by side, one per core, each with the bits that its seed alone gives; where one of \
            them fails the others go on. `sinew plot` joins them to one curve.
            """)

    @Argument(help: "A scene by name or path (`sinew scenes` lists them).")
    var scene: String
    @Option(help: "The algorithm (default: sac).")
    var algorithm: Algorithm?
    @Option(parsing: .unconditional, help: "Control steps to learn for (default: the scene's).")
    var steps: Int?
    @Option(
        parsing: .unconditional, help: "The seed of all random streams (default: 0).", transform: readSeed)
    var seed: UInt64?
    @Option(
        help: "Several seeds, a run for each, as many at once as there are cores: 0-4, or 0,3,7.",
        transform: SeedList.init)
    var seeds: SeedList?
    @Option(
        help:
            "The run's folder (default: runs/SCENE-ALGORITHM-SEED); with --seeds, of folders seed-0 and so on."
    )
    var output: String?
    @Flag(help: "Go on with the run in the folder; begin it where there is none.")
    var resume = false
    @Option(help: "Begin with the network of this policy file.")
    var from: String?
    @Option(parsing: .unconditional, help: "Stop as soon as an evaluation's mean return reaches this.")
    var untilReturn: Double?
    @Option(
        name: .customLong("set"), help: "Set a hyperparameter, such as sac.batch=128 or evaluate.every=5000.")
    var settings: [String] = []
    @Option(
        parsing: .unconditional,
        help: "Threads for learning, 1 or 2; the result is the same (default: what pays).")
    var threads: Int?
    @Flag(
        help:
            "Print one JSON document at the end, with --seeds a list, and nothing else, on standard output.")
    var json = false
    /// The process that trains several seeds and started this one for one of them.
    @Option(help: .hidden)
    var watchedBy: Int32?

    func validate() throws {
        if let threads, !(1...2).contains(threads) { throw ValidationError("--threads must be 1 or 2") }
        if seeds != nil, seed != nil {
            throw ValidationError("--seed and --seeds exclude each other")
        }
        if seeds != nil, threads == 2 {
            throw ValidationError("--seeds gives each run one core; leave --threads out")
        }
        if let untilReturn, !untilReturn.isFinite {
            throw ValidationError("--until-return must be a finite number")
        }
    }

    func run() throws {
        let task = try TaskFile(named: scene)
        if watchedBy == nil { task.printNotes() }
        if let seeds { return try train(seeds.seeds, in: task) }
        if watchedBy != nil { SeedWorker.leaveGroup() }
        let (folder, recipe, isNew) = try prepared(for: task)
        StopSignal.listen()
        let display = TrainingDisplay(isWatched: watchedBy != nil)
        let trainer = try makeTrainer(folder, recipe, task, display)
        // Only now: what is refused above leaves nothing behind.
        if isNew { try folder.create() }
        if try isNew || recipe != folder.readRecipe() { try folder.write(recipe) }
        let end = try trainer.run(isResumed: resume)
        display.finishLine()
        try report(end, trainer, recipe, folder)
    }

    /// The run's folder, its recipe, and whether it is to be made; one that goes on is locked.
    func prepared(for task: TaskFile) throws -> (folder: RunFolder, recipe: Recipe, isNew: Bool) {
        let folder = RunFolder(
            output ?? "runs/\(task.scene.name)-\((algorithm ?? .sac).rawValue)-\(seed ?? 0)")
        let isNew = !(resume && folder.isRun)
        if resume, isNew {
            do {
                try folder.checkFree()
            } catch {
                throw Failure(
                    .cannotCreate,
                    "\(folder.path): there is something in it but no run.yaml, so no run can go on there; choose another folder by --output"
                )
            }
        }
        // A run that goes on has its algorithm.
        let wanted = try recipe(
            for: task, algorithm ?? (isNew ? .sac : folder.readRecipe().agent.algorithm))
        return (folder, try isNew ? wanted : resumedRecipe(folder, wanted), isNew)
    }

    /// Makes the trainer of a run, which writes nothing yet.
    func makeTrainer(
        _ folder: RunFolder, _ recipe: Recipe, _ task: TaskFile, _ observer: (any TrainingObserver)?
    ) throws -> Trainer {
        let probe = try task.makeEnvironment(RandomStream(seed: 0, .environment))
        let threads = threads ?? recipe.agent.threads(cores: ProcessInfo.processInfo.activeProcessorCount)
        let parent = watchedBy
        do {
            return try Trainer(
                folder: folder, recipe: recipe, threads: threads,
                makeEnvironment: { try task.makeEnvironment($0) }, makeContract: task.makeContract(probe),
                observer: observer,
                stopSignal: { StopSignal.current ?? parent.flatMap { getppid() == $0 ? nil : SIGTERM } })
        } catch let error as AgentsError {
            throw Failure(settings.isEmpty ? .badData : .usage, "\(error)")
        }
    }

    // MARK: What the run is

    /// The recipe that the scene and the flags ask for.
    private func recipe(for task: TaskFile, _ algorithm: Algorithm) throws -> Recipe {
        var agent = try task.configuration(for: algorithm)
        var wanted = try readSettings(algorithm)
        if let steps { wanted.hyperparameters.append(("steps", .integer(steps))) }
        do {
            try agent.apply(wanted.hyperparameters)
        } catch {
            let (key, message, remedy) = error.parts
            let flag = key == "\(algorithm.rawValue).steps" && steps != nil ? "--steps" : "--set \(key)"
            throw Failure(.usage, "\(flag): \(message)" + (remedy.isEmpty ? "" : "; \(remedy)"))
        }
        let evaluation = task.evaluation(for: algorithm)
        return Recipe(
            scene: scene, sceneChecksum: task.checksum, seed: seed ?? 0, agent: agent,
            evaluationInterval: wanted.every ?? evaluation.every,
            evaluationEpisodes: wanted.episodes ?? evaluation.episodes, untilReturn: untilReturn,
            startPolicy: from, version: sinewVersion, commit: Self.commit)
    }

    /// What the `--set` flags say.
    private struct Settings {
        var hyperparameters: [(key: String, value: SettingValue)] = []
        var every: Int?
        var episodes: Int?
    }

    private func readSettings(_ algorithm: Algorithm) throws -> Settings {
        var wanted = Settings()
        for setting in settings {
            guard setting.utf8.count <= 1000 else {
                throw Failure(.usage, "--set \(setting.prefix(40))...: longer than any setting")
            }
            guard let equals = setting.firstIndex(of: "=") else {
                throw Failure(.usage, "--set \(setting): write it as KEY=VALUE, such as sac.batch=128")
            }
            let key = String(setting[..<equals])
            let value = try Self.value(String(setting[setting.index(after: equals)...]), of: setting)
            let prefix = algorithm.rawValue + "."
            switch key {
            case "evaluate.every":
                wanted.every = try Self.count(value, in: EvaluationSettings.intervals, of: setting)
            case "evaluate.episodes":
                wanted.episodes = try Self.count(value, in: EvaluationSettings.counts, of: setting)
            case _ where key.hasPrefix(prefix):
                wanted.hyperparameters.append((String(key.dropFirst(prefix.count)), value))
            default:
                throw Failure(
                    .usage, "--set \(setting): there is no such key; keys begin with \(prefix) or evaluate.")
            }
        }
        return wanted
    }

    private static func count(
        _ value: SettingValue, in range: ClosedRange<Int>, of setting: String
    ) throws -> Int {
        guard case .integer(let count) = value, range.contains(count) else {
            throw Failure(
                .usage,
                "--set \(setting): it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return count
    }

    /// What stands after `--set KEY=`: brackets and braces as in a scene's file.
    private static func value(_ text: String, of setting: String) throws -> SettingValue {
        guard let first = text.first, "[{".contains(first) else { return SettingValue(parsing: text) }
        do {
            return SettingValue(try Setting(yaml: Array(text.utf8), file: "--set"))
        } catch {
            throw Failure(.usage, "--set \(setting): the brackets do not hold a list or mapping")
        }
    }

    /// Takes up the run that is there; returns the recipe that counts.
    private func resumedRecipe(_ folder: RunFolder, _ wanted: Recipe) throws -> Recipe {
        try folder.lockForWriting()
        var recipe = try folder.readRecipe()
        guard recipe.sceneChecksum == wanted.sceneChecksum else {
            throw recipe.scene == wanted.scene
                ? TrainingError.sceneChanged(scene: recipe.scene, path: folder.path)
                : TrainingError.otherScene(scene: recipe.scene, path: folder.path)
        }
        try checkUnchanged(recipe, folder)
        if let steps, steps > recipe.agent.steps {
            try recipe.agent.apply([("steps", .integer(steps))])
        }
        return recipe
    }

    /// What was given as a flag must be what the run began with; only the steps may grow.
    private func checkUnchanged(_ recipe: Recipe, _ folder: RunFolder) throws {
        func refuse(_ setting: String) -> TrainingError { .cannotChange(setting: setting, path: folder.path) }
        let algorithm = recipe.agent.algorithm
        if let given = self.algorithm, given != algorithm { throw refuse("--algorithm") }
        if let seed, seed != recipe.seed { throw refuse("--seed") }
        if let from, from != recipe.startPolicy { throw refuse("--from") }
        if let untilReturn, untilReturn != recipe.untilReturn { throw refuse("--until-return") }
        if let steps, steps < recipe.agent.steps { throw refuse("--steps below \(recipe.agent.steps)") }
        let given = try readSettings(algorithm)
        for setting in given.hyperparameters {
            var agent = recipe.agent
            try agent.apply([setting])
            if agent != recipe.agent { throw refuse("--set \(algorithm.rawValue).\(setting.key)") }
        }
        if let every = given.every, every != recipe.evaluationInterval {
            throw refuse("--set evaluate.every")
        }
        if let episodes = given.episodes, episodes != recipe.evaluationEpisodes {
            throw refuse("--set evaluate.episodes")
        }
    }

    /// The commit of the repository that the command runs in; nil outside of one.
    private static let commit: String? = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "rev-parse", "HEAD"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? text.trimmingCharacters(in: .whitespacesAndNewlines) : nil
    }()

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

    private func report(
        _ end: TrainingEnd, _ trainer: Trainer, _ recipe: Recipe, _ folder: RunFolder
    ) throws {
        let seconds = TrainingDisplay.duration(trainer.seconds)
        switch end {
        case .interrupted(let signal):
            let words = [recipe.scene, "--output", folder.path].map(\.shellQuoted).joined(separator: " ")
            let remedy = "; go on with: sinew train \(words) --resume"
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
                    scene: recipe.scene, algorithm: recipe.agent.algorithm.rawValue, seed: recipe.seed,
                    steps: trainer.steps, seconds: trainer.seconds, bestMeanReturn: trainer.bestReturn,
                    run: folder.path, policy: folder.bestPolicy))
        } else if let best = trainer.bestReturn {
            print("best mean return \(TrainingDisplay.short(best)): \(folder.bestPolicy)")
        }
    }
}
