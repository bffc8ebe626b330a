// SPDX-License-Identifier: MIT

import Agents
import ArgumentParser
import Foundation
import Networks
import Ranks
import Training

/// This process as one of the ranks that `mpirun` started: `sinew train --mpi`.
final class CommandRanks {
    private let transport: OpenMPI
    /// The machine of each rank.
    private let hosts: [String]

    /// Loads Open MPI and meets the other ranks.
    init() throws {
        transport = try OpenMPI()
        guard transport.count <= Shards.count else {
            let count = transport.count
            let failure = Failure(
                .usage,
                "these are \(count) ranks, and the work of an update has \(Shards.count) parts to share; start at most so many: mpirun -n \(Shards.count)"
            )
            hosts = Array(repeating: "", count: count)
            fail(failure)
        }
        hosts = transport.gathered(Array(ProcessInfo.processInfo.hostName.utf8)).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Whether this rank writes the run and speaks to people.
    var isFirst: Bool { transport.rank == 0 }

    /// Checks that all ranks are about to do the same run.
    func check(_ run: PlannedRun) throws {
        let algorithm = run.recipe.agent.algorithm
        guard algorithm == .sac else {
            throw Failure(
                .usage,
                "--mpi is for soft actor-critic, whose work can be shared; for \(algorithm.name) leave it out, or choose --algorithm sac"
            )
        }
        let lines =
            run.recipe.yaml.split(separator: "\n").map(String.init) + [
                "instructions: \(CoreSpeed.instructionSet)",
                "the run: \(run.isNew ? "new" : "there already") in \(run.folder.path)",
            ]
        let all = transport.gathered(Array(lines.joined(separator: "\n").utf8)).map {
            String(decoding: $0, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        }
        for (rank, other) in all.enumerated() where other != all[0] {
            let place = zip(all[0], other).enumerated().first { $1.0 != $1.1 }?.offset
            let place0 = place ?? min(all[0].count, other.count)
            func line(_ lines: [Substring]) -> String {
                place0 < lines.count ? lines[place0].trimmingCharacters(in: .whitespaces) : "nothing"
            }
            throw Failure(
                .badData,
                "the ranks are not about to do the same run: rank 0 (\(hosts[0])) has `\(line(all[0]))`, rank \(rank) (\(hosts[rank])) has "
                    + "`\(line(other))`; give all of them the same Sinew, scene, robot and folder, and where their processors differ SINEW_ISA"
            )
        }
    }

    /// The team of this rank, with as many threads for each as pay and as the narrowest machine has cores for.
    func team(_ recipe: Recipe, threads wanted: Int?, updates: RankedWork.Updates) -> Team {
        let here = hosts.count { $0 == hosts[transport.rank] }
        let (mine, all) = (
            ProcessInfo.processInfo.activeProcessorCount, ProcessInfo.processInfo.processorCount
        )
        // A rank that mpirun has bound has its cores alone.
        let cores = max(1, mine < all ? mine : all / here)
        let own = wanted ?? recipe.agent.threads(cores: cores)
        let threads = transport.gathered(own).min() ?? own
        transport.setCores(areEnough: mine < all ? threads <= mine : threads * here <= all)
        let ranks = transport.count > 1 ? RankedWork(transport, updates: updates) : nil
        return Team(threads: threads, ranks: ranks)
    }

    /// Takes leave of the others, which do the same.
    func finish() { transport.finish() }

    /// Ends all ranks with what went wrong.
    ///
    /// What all ranks have met the first one says, which ends the others while they wait.
    func fail(_ error: any Error) -> Never {
        let failure = Sinew.failure(error) ?? Failure(.inputOutput, error.reason)
        if !isFirst { sleep(2) }
        let place = isFirst ? "" : "rank \(transport.rank) on \(hosts[transport.rank]): "
        printError(place + failure.text, "sinew:", .red)
        transport.abort(code: failure.code.rawValue)
    }
}
