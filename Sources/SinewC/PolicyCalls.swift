// SPDX-License-Identifier: MIT

internal import Environments
internal import Policies
internal import Scenes
internal import Settings
internal import Tasks
internal import Training

/// A policy that a caller holds, with what it draws random actions from.
final class HeldPolicy: Held {
    let file: PolicyFile
    let policy: NetworkPolicy
    var random = RandomStream(seed: 0, .exploration)

    init(_ file: PolicyFile) throws {
        self.file = file
        policy = try NetworkPolicy(file)
    }
}

/// Opens a policy file, or the best policy of a run's folder.
///
/// - Returns: the number of the policy; negative where it is refused.
@c(sinew_policy_open) public func policyOpen(_ path: UnsafePointer<CChar>?) -> Int64 {
    let path = unsafe text(path)
    return call {
        let folder = RunFolder(path)
        let file = try PolicyFile(contentsOf: folder.isRun ? folder.bestPolicy : path)
        return Handles.all.add(try HeldPolicy(file))
    }
}

/// Leaves the policy's contract as JSON.
///
/// - Returns: the bytes of the text; negative where it is refused.
@c(sinew_policy_contract) public func policyContract(_ handle: Int64) -> Int64 {
    call {
        try Handles.all.with(handle, HeldPolicy.self) { Texts.all.leave(try $0.file.contract.json()) }
    }
}

/// Acts on `count` observations.
///
/// - Parameters:
///   - handle: the number of the policy.
///   - count: how many.
///   - observations: (count, observations), in the contract's units.
///   - output: (count, actions).
///   - kind: 0 the deterministic action within [-1, 1], 1 the command in the actuators' units, 2 an action drawn from the policy's
///     distribution.
/// - Returns: 0; negative where an observation is not finite: rows before it are written.
@c(sinew_policy_act) public func policyAct(
    _ handle: Int64, _ count: Int64, _ observations: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>?, _ kind: Int32
) -> Int64 {
    call {
        guard let observations = unsafe observations, let output = unsafe output, count >= 0 else {
            throw CallError.value("memory is missing")
        }
        return try Handles.all.with(handle, HeldPolicy.self) { held in
            let policy = held.policy
            for row in 0..<Int(count) {
                let observation = unsafe Span(
                    _unsafeStart: observations + row * policy.observationCount, count: policy.observationCount
                )
                var action = unsafe MutableSpan(
                    _unsafeStart: output + row * policy.actionCount, count: policy.actionCount)
                switch kind {
                case 0: try policy.act(observation, into: &action)
                case 1: try policy.command(for: observation, into: &action)
                case 2: try policy.act(observation, using: &held.random, into: &action)
                default: throw CallError.value("kind \(kind); allowed: 0 to 2")
                }
            }
            return 0
        }
    }
}

/// Seeds what random actions are drawn from.
@c(sinew_policy_seed) public func policySeed(_ handle: Int64, _ seed: UInt64) -> Int64 {
    call {
        try Handles.all.with(handle, HeldPolicy.self) {
            $0.random = RandomStream(seed: seed, .exploration)
            return 0
        }
    }
}

/// Runs a policy for whole episodes in the first of the environments, as `sinew replay` does, and leaves returns and lengths as JSON.
///
/// - Parameters:
///   - policy: the number of the policy.
///   - environments: the number of the environments.
///   - episodes: 1...1,000,000,000.
///   - seed: of the episodes' starts.
///   - isStochastic: other than 0 where actions are drawn from the policy's distribution.
/// - Returns: the bytes of the text; negative where the policy does not fit the scene.
@c(sinew_evaluate) public func evaluate(
    _ policy: Int64, _ environments: Int64, _ episodes: Int64, _ seed: UInt64, _ isStochastic: Int32
) -> Int64 {
    call {
        guard (1...1_000_000_000).contains(episodes) else {
            throw CallError.value("\(episodes) episodes; allowed: 1 to 1,000,000,000")
        }
        return try Handles.all.with(policy, HeldPolicy.self) { held in
            try Handles.all.with(environments, EnvironmentBatch.self) { batch in
                guard isStochastic == 0 || held.file.network.isStochastic else {
                    throw CallError.value("the policy is deterministic")
                }
                let slot = batch.slots[0]
                if let problem = batch.task.misfit(of: held.file.contract, in: slot.environment) {
                    throw CallError.value(problem)
                }
                slot.environment.random = RandomStream(seed: seed, .evaluation)
                (slot.isOver, slot.isStarted) = (true, false)
                let evaluation = try Evaluation(
                    of: held.policy, in: slot.environment, episodes: Int(episodes),
                    exploration: isStochastic == 0 ? nil : RandomStream(seed: seed, .exploration))
                return Texts.all.leave(evaluation.description(scene: batch.task.scene.name).json)
            }
        }
    }
}

extension Evaluation {
    fileprivate func description(scene: String) -> JSONValue {
        .object([
            ("scene", .text(scene)), ("mean_return", .number(meanReturn)),
            ("std_return", .number(returnDeviation)), ("mean_length", .number(meanLength)),
            ("terminated", .number(Double(terminated))), ("truncated", .number(Double(truncated))),
            ("diverged", .number(Double(diverged))),
            ("returns", .array(returns.map { .number($0) })),
            ("lengths", .array(lengths.map { .number(Double($0)) })),
        ])
    }
}
