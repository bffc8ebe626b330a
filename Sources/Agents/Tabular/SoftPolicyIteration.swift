// SPDX-License-Identifier: MIT

public import Environments
public import Networks

extension FiniteMDP {
    /// Q of a policy, exactly: the fixed point of the article's (4.17), by solving V = r_pi + alpha H_pi + gamma P_pi V.
    ///
    /// - Parameters:
    ///   - policy: pi(a|s).
    ///   - temperature: alpha, the weight of the entropy (nats); 0 for the ordinary Q.
    /// - Returns: Q(s, a).
    /// - Throws: `LinearEquationsError` where the equations have no unique solution: without discount, under a policy whose
    ///   episodes need not end.
    public func evaluate(
        _ policy: ActionTable, temperature: Double = 0
    ) throws(LinearEquationsError) -> ActionTable {
        let count = states.count
        var matrix = [Double](repeating: 0, count: count * count)
        // The expectation of one step's reward and entropy is the expectation of what looking ahead to nothing gives.
        let nothing = lookAhead(to: Array(repeating: 0, count: count))
        let right = nothing.expectations(under: policy, temperature: temperature)
        for (state, choices) in states.enumerated() {
            matrix[state * count + state] += 1
            for (index, choice) in choices.enumerated() {
                for successor in choice.successors {
                    matrix[state * count + successor.state] -=
                        discount * policy[state, index] * successor.probability
                }
            }
        }
        return lookAhead(to: try LinearEquations.solve(matrix, right))
    }
}

/// Soft policy iteration: evaluate a policy exactly, take the Boltzmann policy of its soft Q, and again.
///
/// Q never falls, and converges to the soft optimum (arXiv:1812.05905, section 4.1; the article's lemmas 1 and 2, theorem 1).
public struct SoftPolicyIteration: Sendable {
    /// The policy, pi(a|s).
    public private(set) var policy: ActionTable
    /// The soft Q of the policy.
    public private(set) var values: ActionTable
    /// The improvements done.
    public private(set) var improvements = 0

    private let process: FiniteMDP
    private let temperature: Double

    /// Starts with a policy, the uniform one unless said otherwise, and evaluates it.
    ///
    /// - Throws: `LinearEquationsError` where a policy cannot be evaluated; never with a discount below 1.
    /// - Precondition: the temperature is positive.
    public init(
        _ process: FiniteMDP, temperature: Double, startingWith policy: ActionTable? = nil
    ) throws(LinearEquationsError) {
        precondition(temperature > 0, "a temperature of \(temperature)")
        self.process = process
        self.temperature = temperature
        self.policy = policy ?? .uniform(for: process)
        values = try process.evaluate(self.policy, temperature: temperature)
    }

    /// Improves the policy (the article's 4.18) and evaluates the new one; returns the largest change of Q.
    ///
    /// - Throws: `LinearEquationsError` where the new policy cannot be evaluated.
    @discardableResult
    public mutating func improve() throws(LinearEquationsError) -> Double {
        policy = values.softmax(temperature: temperature)
        let next = try process.evaluate(policy, temperature: temperature)
        let change = next.distance(to: values)
        values = next
        improvements += 1
        return change
    }

    /// Improves until Q changes by no more than `tolerance`, at most a thousand times.
    ///
    /// - Throws: `LinearEquationsError` where a policy cannot be evaluated.
    public static func solve(
        _ process: FiniteMDP, temperature: Double, tolerance: Double = 1e-12
    ) throws(LinearEquationsError) -> SoftPolicyIteration {
        var iteration = try SoftPolicyIteration(process, temperature: temperature)
        while try iteration.improve() > tolerance, iteration.improvements < 1000 {}
        return iteration
    }
}
