// SPDX-License-Identifier: MIT

extension FiniteMDP {
    /// A process drawn at random (a Garnet): each choice leads to a few states, and pays a reward uniform in [-1, 1].
    ///
    /// - Parameters:
    ///   - states: the number of states.
    ///   - choices: the choices of each state.
    ///   - branching: the successors of each choice, drawn with replacement; their probabilities are uniform numbers made to
    ///     sum to 1, so that no episode ends.
    ///   - discount: gamma.
    ///   - random: what it is drawn from.
    /// - Returns: the process.
    public static func random(
        states: Int, choices: Int, branching: Int, discount: Double, using random: inout RandomStream
    ) -> FiniteMDP {
        var table: [[Choice]] = []
        for _ in 0..<states {
            var offered: [Choice] = []
            for _ in 0..<choices {
                let reward = random.uniform(-1, 1)
                let weights = (0..<branching).map { _ in 1 - random.uniform() }
                let sum = weights.reduce(0, +)
                offered.append(
                    Choice(
                        reward: reward,
                        successors: weights.map {
                            Successor(random.index(below: states), probability: $0 / sum)
                        }))
            }
            table.append(offered)
        }
        return FiniteMDP(states: table, discount: discount)
    }

    /// A square of `size` by `size` fields that a walker crosses from one corner, state 0, to the opposite one.
    ///
    ///     action       4   north, east, south, west; with probability `slip` the walker goes to one of the two sides instead
    ///     state            row · size + column; row 0 is south, column 0 west
    ///     reward           -1 a step
    ///     episode          ends on reaching the corner in the north-east; walls hold the walker on its field
    ///
    /// - Parameters:
    ///   - size: fields along a side, at least 2.
    ///   - slip: the probability of going astray, in [0, 1].
    ///   - discount: gamma.
    /// - Returns: the process; the goal has no state of its own.
    public static func gridWorld(size: Int = 8, slip: Double = 0.2, discount: Double = 0.9) -> FiniteMDP {
        precondition(size >= 2 && (0...1).contains(slip), "a grid of side \(size) with slip \(slip)")
        let moves = [(1, 0), (0, 1), (-1, 0), (0, -1)]
        let goal = size * size - 1
        /// The field that a move from `state` leads to; nil for the goal.
        func field(_ state: Int, _ move: (Int, Int)) -> Int? {
            let row = min(max(state / size + move.0, 0), size - 1)
            let column = min(max(state % size + move.1, 0), size - 1)
            let next = row * size + column
            return next == goal ? nil : next
        }
        let states = (0..<goal).map { state in
            moves.indices.map { direction in
                let ways = [
                    (direction, 1 - slip), ((direction + 1) % 4, slip / 2), ((direction + 3) % 4, slip / 2),
                ]
                return Choice(
                    reward: -1,
                    successors: ways.compactMap { way, probability in
                        guard probability > 0 else { return nil }
                        return field(state, moves[way]).map { Successor($0, probability: probability) }
                    })
            }
        }
        return FiniteMDP(states: states, discount: discount)
    }

    /// The two states of Sutton & Barto (2018), example 6.7, in which a maximum over noisy estimates misleads.
    ///
    /// State 0, A, is the start: choice 0, left, leads to B for a reward of 0; choice 1, right, ends the episode for a reward
    /// of 0. State 1, B, offers `choices` actions that all end the episode for a reward drawn from a normal distribution of
    /// mean -0.1 and variance 1. Right is best; its value is 0, that of left -0.1. Rewards are not discounted.
    ///
    /// - Note: The book says "many" choices in B; ten is what its figure's published program uses.
    public static func maximizationBias(choices: Int = 10) -> FiniteMDP {
        let left = Choice(reward: 0, successors: [Successor(1, probability: 1)])
        let right = Choice(reward: 0, successors: [])
        let noisy = Choice(reward: -0.1, rewardDeviation: 1, successors: [])
        return FiniteMDP(
            states: [[left, right], Array(repeating: noisy, count: choices)], discount: 1)
    }
}
