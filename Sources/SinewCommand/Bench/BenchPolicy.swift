// SPDX-License-Identifier: MIT

import Environments
import Networks
import Policies

extension BenchCommand {
    /// The time of one action, call by call, by the C runtime that also runs on the robot.
    func measurePolicies() throws -> [BenchFigure] {
        guard name == nil || (observations == nil && actions == nil && width == nil) else {
            return [try measurePolicy(observations ?? 11, actions ?? 3, width ?? 256)]
        }
        return [try measurePolicy(11, 3, 256), try measurePolicy(3, 1, 64)]
    }

    private func measurePolicy(_ observations: Int, _ actions: Int, _ width: Int) throws -> BenchFigure {
        var random = RandomStream(seed: 0, .initialisation)
        let network = Perceptron(inputs: observations, hidden: [width, width], outputs: actions)
        let parameters = Parameters(count: network.parameterCount)
        network.initialise(parameters, using: &random)
        let layers = network.layerArrays(parameters).map { DenseLayer(weight: $0.weight, bias: $0.bias) }
        let policy = try NetworkPolicy(PolicyNetwork(layers: layers, actionCount: actions))
        let observation = (0..<observations).map { _ in Float(random.normal()) }
        var action = [Float](repeating: 0, count: actions)
        var best = (median: Double.infinity, p999: Double.infinity)
        let clock = ContinuousClock()
        func timeOfCall() throws -> Double {
            var span = action.mutableSpan
            let start = clock.now
            try policy.act(observation.span, into: &span)
            return start.duration(to: clock.now).inSeconds
        }
        _ = try timeOfCall()
        // Two rounds at least fit into the time, however large the network is.
        let calls = min(5000, max(20, Int(seconds / 2 / max(1e-7, try timeOfCall()))))
        var times = [Double](repeating: 0, count: calls)
        let end = clock.now + .seconds(seconds)
        var rounds = 0
        while rounds < 2 || clock.now < end, rounds < 1000 {
            rounds += 1
            for index in times.indices { times[index] = try timeOfCall() }
            times.sort()
            best.median = min(best.median, times[times.count / 2])
            best.p999 = min(best.p999, times[times.count * 999 / 1000])
        }
        var figure = BenchFigure(name: Name.policy.rawValue)
        (figure.observations, figure.actions, figure.width) = (observations, actions, width)
        (figure.medianUs, figure.p999Us) = (best.median * 1e6, best.p999 * 1e6)
        figure.calls = rounds * calls
        return figure
    }
}
