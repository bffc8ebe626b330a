// SPDX-License-Identifier: MIT

internal import Environments

/// The standard normal noise of exploring actions, of each environment: new in each step, or carried on from step to step.
struct SACExploration {
    private var random: RandomStream
    /// The noise of this step, environment after environment.
    private(set) var noise: [Double]
    /// The further steps that each environment's noise is held for.
    private var held: [Int]
    private let actions: Int
    private let correlation: Double
    /// Where the share of each count of steps ends, of one step first: that of k is proportional to 1 / k².
    private let ends: [Double]

    init(_ configuration: SACConfiguration, actions: Int, seed: UInt64) {
        let environments = configuration.environments
        (self.actions, correlation) = (actions, configuration.noiseCorrelation)
        random = RandomStream(seed: seed, .exploration)
        noise = Array(repeating: 0, count: environments * actions)
        held = Array(repeating: 0, count: environments)
        var (sum, ends) = (0.0, [Double]())
        for steps in 1...configuration.noiseHold {
            sum += 1 / Double(steps * steps)
            ends.append(sum)
        }
        self.ends = ends.map { $0 / sum }
        if correlation > 0 {
            // The first step's noise follows one of the same distribution, so that all have it.
            for i in noise.indices { noise[i] = random.normal() }
        }
    }

    /// Makes the noise of the next step.
    mutating func advance() {
        let fresh = (1 - correlation * correlation).squareRoot()
        for environment in held.indices {
            guard held[environment] == 0 else {
                held[environment] -= 1
                continue
            }
            if ends.count > 1 {
                let draw = random.uniform()
                held[environment] = ends.firstIndex { draw < $0 } ?? 0
            }
            for i in environment * actions..<(environment + 1) * actions {
                noise[i] = correlation * noise[i] + fresh * random.normal()
            }
        }
    }
}

extension SACExploration: Checkpointed {
    var entries: [CheckpointEntry<SACExploration>] {
        var entries: [CheckpointEntry<SACExploration>] = [
            .init("stream.exploration", \.random), .init("exploration.noise", \.noise),
        ]
        if ends.count > 1 { entries.append(.init("exploration.held", \.held)) }
        return entries
    }

    /// Refuses noise that would be held for longer than any is.
    func restored() throws {
        guard held.allSatisfy({ $0 < ends.count }) else {
            throw AgentsError.badState("noise is held for \(held.max() ?? 0) more steps")
        }
    }
}
