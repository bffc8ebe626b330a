// SPDX-License-Identifier: MIT

import ArgumentParser
import Files
import Foundation
import Processes

/// Trains several seeds side by side: a process for each, as many at once as there are cores.
///
/// Processes, not threads: where one of them ends badly, the others go on, and each is exactly the run that its seed alone
/// would be.
final class SeedTraining {
    private var waiting: [SeedWorker]
    private var working: [SeedWorker] = []
    private(set) var ended: [(worker: SeedWorker, code: Int32)] = []
    private var slots: Int
    private let steps: Int
    private let display = SeedsDisplay()
    private var signal: Int32?

    /// Makes the processes, each of `steps` control steps; none is started yet.
    init(_ workers: [SeedWorker], slots: Int, steps: Int) {
        waiting = workers
        self.slots = max(slots, 1)
        self.steps = steps
    }

    /// Runs all of them to their ends, or until a signal asks to stop; returns the signal.
    func run() -> Int32? {
        while true {
            forwardSignal()
            while signal == nil, working.count < slots, !waiting.isEmpty { startNext() }
            if working.isEmpty { break }
            takeIn()
            for worker in working where worker.hasEnded { end(worker) }
            working.removeAll(where: \.hasEnded)
            show()
        }
        display.clear()
        return signal
    }

    /// The worst of the exit codes: the greatest, 0 where all went well.
    var exitCode: Int32 { ended.map(\.code).max() ?? 0 }

    private func startNext() {
        let worker = waiting.removeFirst()
        do throws(SystemRefusal) {
            try worker.start()
            working.append(worker)
        } catch  where [EMFILE, ENFILE, EAGAIN, ENOMEM].contains(error.code) && !working.isEmpty {
            // There are more cores than the system lets processes be: fewer at once will do.
            waiting.insert(worker, at: 0)
            slots = working.count
        } catch {
            display.print("cannot be started: \(systemReason(error.code))", seed: worker.seed)
            ended.append((worker, Failure.Code.inputOutput.rawValue))
        }
    }

    /// Passes a signal on, once: the processes are in groups of their own, so a Ctrl-C reaches this one alone.
    private func forwardSignal() {
        guard signal == nil, let received = StopSignal.current else { return }
        signal = received
        // What these processes say has its reader, this one: they ignore SIGPIPE.
        for worker in working { worker.send(received == SIGPIPE ? SIGTERM : received) }
    }

    /// Waits a moment for what the processes write, and takes it in.
    private func takeIn() {
        var descriptors = working.flatMap(\.descriptors).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        guard unsafe poll(&descriptors, nfds_t(descriptors.count), 100) > 0 else { return }
        for descriptor in descriptors where descriptor.revents != 0 {
            for worker in working {
                for line in worker.read(from: descriptor.fd) { display.print(line, seed: worker.seed) }
            }
        }
    }

    private func end(_ worker: SeedWorker) {
        let code = worker.wait()
        ended.append((worker, code))
        guard worker.wasKilled else { return }
        let name = unsafe String(cString: strsignal(code - 128))
        display.print(
            "its process was ended by signal \(code - 128) (\(name)); --resume continues from its last checkpoint",
            seed: worker.seed)
    }

    private func show() {
        let done = ended.count * steps + working.reduce(0) { $0 + ($1.progress?.steps ?? 0) }
        let total = (ended.count + working.count + waiting.count) * steps
        display.show(
            working.map { .init(seed: $0.seed, progress: $0.progress) }, waiting: waiting.count, done: done,
            of: total)
    }
}
