// SPDX-License-Identifier: MIT

internal import Environments
internal import Physics

extension SimulatedEnvironment {
    /// Writes what the scene's terms observe: each quantity, then bias and noise, then the clip, then the scale, then delay and history.
    func observe(into observation: inout MutableSpan<Float>) throws(PhysicsError) {
        // Moved out temporarily, so that it is not checked for other accesses term by term.
        var scratch: [Double] = []
        swap(&scratch, &self.scratch)
        defer { swap(&scratch, &self.scratch) }
        scratch.removeAll(keepingCapacity: true)
        let isFirst = state.episode.step == 0
        // By index: taking an entry out of the array would retain all that it holds.
        for index in observed.indices {
            let start = scratch.count
            try observed[index].term.measure(state, into: &scratch)
            guard observed[index].remembers else {
                change(&scratch, from: start, index)
                continue
            }
            state.episode.sensors[index].addBias(to: &scratch, from: start)
            change(&scratch, from: start, index)
            state.episode.sensors[index].follow(&scratch, from: start, isFirst: isFirst)
        }
        precondition(scratch.count == observation.count, "an observation of \(observation.count) numbers")
        for index in scratch.indices { observation[index] = Float(scratch[index]) }
    }

    /// Noise, clip and scale of an entry.
    private func change(_ scratch: inout [Double], from start: Int, _ entry: Int) {
        let (noise, clip) = (observed[entry].noise, observed[entry].clip)
        let scale = observed[entry].scale
        if noise == .none, clip == nil, scale == 1 { return }
        for index in start..<scratch.count {
            var value = scratch[index] + noise.draw(using: &random)
            if let clip { value = max(clip.lowerBound, min(clip.upperBound, value)) }
            scratch[index] = value * scale
        }
    }
}

extension Distribution {
    /// A number of the distribution, to be added to `value`; nothing is drawn for `none`.
    func draw(around value: Double = 0, using random: inout RandomStream) -> Double {
        switch self {
        case .none: 0
        case .uniform(let low, let high): random.uniform(low, high)
        case .normal(let deviation): deviation * random.normal()
        case .scale(let low, let high): value * (random.uniform(low, high) - 1)
        }
    }
}
