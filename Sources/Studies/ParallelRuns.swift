// SPDX-License-Identifier: MIT

internal import Dispatch
internal import Synchronization

/// Independent runs, spread over threads.
package enum ParallelRuns {
    /// What `run` gives for each number of 0..<count, in their order.
    ///
    /// Each run must draw from streams of its own number alone; then the result does not depend on the threads.
    ///
    /// - Throws: the error of the lowest number that failed.
    package static func map<Result: Sendable>(
        _ count: Int, threads: Int, _ run: @Sendable (Int) throws -> Result
    ) throws -> [Result] {
        let state = Mutex(State<Result>(count: count))
        DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
            while let number = state.withLock({ $0.takeNumber() }) {
                let result = Swift.Result { try run(number) }
                state.withLock { $0.take(result, of: number) }
            }
        }
        return try state.withLock { state in
            try state.results.compactMap { try $0?.get() }
        }
    }

    private struct State<Result: Sendable> {
        var results: [Swift.Result<Result, any Error>?]
        private var next = 0
        private var hasFailed = false

        init(count: Int) {
            results = Array(repeating: nil, count: count)
        }

        /// The next number to do; nil when all are taken, or one failed.
        mutating func takeNumber() -> Int? {
            guard next < results.count, !hasFailed else { return nil }
            next += 1
            return next - 1
        }

        mutating func take(_ result: Swift.Result<Result, any Error>, of number: Int) {
            results[number] = result
            if case .failure = result { hasFailed = true }
        }
    }
}
