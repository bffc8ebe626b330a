// SPDX-License-Identifier: MIT

internal import Settings

/// What Slurm is given: a job array with a task for each trial, or for several.
package struct SlurmScript: Sendable {
    /// The numbers of the tasks.
    package var tasks: [Int]
    /// How many of them work at once; nil for as many as Slurm likes.
    package var atOnce: Int?
    package var name: String
    /// The folder that the tasks' messages go to, a file each.
    package var logs: String
    package var threads: Int
    /// The command line of every task, as a shell takes it.
    package var command: String

    package init(tasks: [Int], atOnce: Int?, name: String, logs: String, threads: Int, command: String) {
        (self.tasks, self.atOnce, self.name, self.logs) = (tasks, atOnce, name, logs)
        (self.threads, self.command) = (threads, command)
    }

    /// What sbatch is told beside the script: what people name may have spaces, quotes and more, which a line of the script cannot have.
    package var options: [String] {
        // `%A` and the like are replaced, and `%%` is the character.
        ["--job-name=\(name)", "--output=\(logs.replacing("%", with: "%%"))/%A_%a.log"]
    }

    /// The script.
    ///
    /// The command takes the shell's place: Slurm signals the process of the script alone, 90 s before its time is over (it has 30 s
    /// between SIGTERM and SIGKILL otherwise). A task that is put back into the queue continues from its checkpoint.
    package var text: String {
        """
        #!/bin/sh
        #SBATCH --array=\(Self.list(tasks))\(atOnce.map { "%\($0)" } ?? "")
        #SBATCH --open-mode=append
        #SBATCH --requeue
        #SBATCH --signal=B:TERM@90
        #SBATCH --cpus-per-task=\(threads)
        exec \(command)

        """
    }

    /// Numbers as Slurm lists them: `0-3,7`.
    static func list(_ numbers: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for number in numbers.sorted() {
            if let last = ranges.last, last.upperBound + 1 == number {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}
