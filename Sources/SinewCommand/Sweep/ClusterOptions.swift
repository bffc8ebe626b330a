// SPDX-License-Identifier: MIT

import ArgumentParser
import Foundation

/// The flags of `sweep` for machines that a scheduler shares out.
struct ClusterOptions: ParsableArguments {
    @Flag(
        help:
            "Submit the trials to Slurm as a job array and follow it; --jobs is how many work at once. Interrupted, the same command follows it again."
    )
    var slurm = false
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "What sbatch is told beside, such as --sbatch=--partition=long; any number of times.",
            valueName: "option"))
    var sbatch: [String] = []
    @Option(
        help: ArgumentHelp(
            "Write the manifest of an Indexed Job of Kubernetes, a pod for each trial; --jobs is how many work at once.",
            valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
    var kubernetes: String?
    @Option(help: "The image that has sinew, for --kubernetes.")
    var image: String?
    @Option(help: "The PersistentVolumeClaim that all pods may write, for --kubernetes.")
    var volumeClaim: String?
    @Flag(help: "Replace a manifest that is there.")
    var force = false

    func validate() throws {
        if slurm, kubernetes != nil {
            throw ValidationError("--slurm and --kubernetes are mutually exclusive")
        }
        if !sbatch.isEmpty, !slurm { throw ValidationError("--sbatch goes with --slurm") }
        if kubernetes != nil, image == nil || volumeClaim == nil {
            throw ValidationError("--kubernetes needs --image and --volume-claim")
        }
        if kubernetes == nil, image != nil || volumeClaim != nil || force {
            throw ValidationError("--image, --volume-claim and --force go with --kubernetes")
        }
    }
}

/// Which of several tasks this process is.
struct TaskIndex {
    var index: Int
    /// How many there are, where the scheduler says it.
    var count: Int?

    /// What each scheduler calls it, and the number of tasks.
    private static let variables: [(index: String, count: String?)] = [
        ("SLURM_ARRAY_TASK_ID", nil), ("JOB_COMPLETION_INDEX", nil),
        ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ]

    init(_ argument: String) throws {
        guard argument == "auto" else {
            index = try whole(0...100_000)(argument)
            return
        }
        let environment = ProcessInfo.processInfo.environment
        for variable in Self.variables {
            guard let text = environment[variable.index] else { continue }
            guard let found = Int(text), found >= 0 else {
                throw ValidationError("auto: \(variable.index) is '\(text)', which is no number of a task")
            }
            index = found
            count = variable.count.flatMap { environment[$0] }.flatMap { Int($0) }
            return
        }
        throw ValidationError(
            "auto: none of \(Self.variables.map(\.index).joined(separator: ", ")) is set; run it by a scheduler, or give the number"
        )
    }
}
