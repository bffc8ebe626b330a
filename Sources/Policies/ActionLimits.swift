// SPDX-License-Identifier: MIT

/// The lowest and the highest command of each action, in single precision: what cut commands off in training.
///
/// A policy file has them where `offset + scale · u` alone can leave the contract's range, and every engine keeps to them.
public struct ActionLimits: Sendable, Equatable {
    /// The lowest commands.
    public var low: [Float]
    /// The highest commands; none below its `low`.
    public var high: [Float]

    /// Makes limits; they are checked where a policy file is made of them.
    public init(low: [Float], high: [Float]) {
        (self.low, self.high) = (low, high)
    }

    /// The nearest command within the limits of action `index`.
    public func clamp(_ command: Float, _ index: Int) -> Float {
        command < low[index] ? low[index] : command > high[index] ? high[index] : command
    }
}

extension Contract {
    /// The ranges of the actions, in single precision.
    public var limits: ActionLimits {
        ActionLimits(low: actions.map { Float($0.low) }, high: actions.map { Float($0.high) })
    }

    /// Whether `offset + scale · u`, u within [-1, 1], can leave an action's range.
    ///
    /// The sum rises or falls with u, its rounding included, so that the ends tell.
    public var needsLimits: Bool {
        zip(actions, limits.low.indices).contains { action, i in
            ([-1, 1] as [Float]).contains { u in
                let command = Float(action.offset) + Float(action.scale) * u
                return limits.clamp(command, i) != command
            }
        }
    }
}

extension PolicyFile {
    /// The policy with the limits that its contract promises: itself where it has them, or never leaves its range.
    ///
    /// Files of version 0.1.0 have no limits; in training the same commands were cut off.
    ///
    /// - Throws: nothing for a policy that was made or read; `PoliciesError` otherwise.
    public func limited() throws(PoliciesError) -> PolicyFile {
        guard limits == nil, contract.needsLimits else { return self }
        var contract = contract
        for pair in contract.golden.indices {
            for i in contract.golden[pair].action.indices {
                contract.golden[pair].action[i] = contract.limits.clamp(contract.golden[pair].action[i], i)
            }
        }
        return try PolicyFile(network: network, describedBy: contract, limits: contract.limits, name: name)
    }
}
