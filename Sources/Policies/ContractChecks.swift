// SPDX-License-Identifier: MIT

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Contract {
    /// The contract as JSON: keys sorted, no spaces, each number in the fewest digits that read back as the same number.
    ///
    /// - Throws: `PoliciesError.contract` where a number is not finite.
    public func json() throws(PoliciesError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        } catch {
            throw .contract("it cannot be written as JSON; every number must be finite")
        }
    }

    /// Reads a contract's JSON; `file` names it in errors.
    ///
    /// - Throws: `PoliciesError.refused`.
    public init(json: String, file: String) throws(PoliciesError) {
        do {
            self = try JSONDecoder().decode(Contract.self, from: Data(json.utf8))
        } catch let error as DecodingError {
            throw .refused(file: file, problem: "the contract is not readable: \(Self.text(error))")
        } catch {
            throw .refused(file: file, problem: "the contract is not readable")
        }
        guard format == 1 else {
            throw .refused(
                file: file,
                problem: "the contract has format \(format); this version reads 1, so a newer one is needed")
        }
    }

    private static func text(_ error: DecodingError) -> String {
        let (context, problem): (DecodingError.Context, String) =
            switch error {
            case .keyNotFound(let key, let context): (context, "the key '\(key.stringValue)' is absent")
            case .typeMismatch(_, let context): (context, "a value has the wrong type")
            case .valueNotFound(_, let context): (context, "a value is null")
            case .dataCorrupted(let context): (context, "it is not JSON, or a value is out of range")
            @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "unknown")
            }
        let path = context.codingPath.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
            .joined()
        return path.isEmpty ? problem : "at \(path.drop { $0 == "." }): \(problem)"
    }

    /// Writes what the normaliser and the bins do into the observations.
    mutating func describe(_ network: PolicyNetwork) {
        let normaliser = network.normaliser
        for i in observations.indices where i < normaliser.mean.count && i < normaliser.inverseDeviation.count
        {
            observations[i].mean = normaliser.mean[i]
            observations[i].std = 1 / normaliser.inverseDeviation[i]
            observations[i].clip = normaliser.clip
            observations[i].bins = network.table?.bins[i]
        }
    }

    /// Checks that the contract is complete and describes `network`.
    ///
    /// - Throws: `PoliciesError.contract`.
    func validate(for network: PolicyNetwork) throws(PoliciesError) {
        guard observations.count == network.observationCount else {
            throw .contract(
                "it describes \(observations.count) observations, the network takes \(network.observationCount)"
            )
        }
        guard actions.count == network.actionCount else {
            throw .contract("it describes \(actions.count) actions, the network gives \(network.actionCount)")
        }
        for names in [observations.map(\.name), actions.map(\.name)] {
            if names.contains("") { throw .contract("every observation and action needs a name") }
            guard Set(names).count == names.count else { throw .contract("a name stands twice in \(names)") }
        }
        for action in actions {
            guard [action.low, action.high, action.scale, action.offset].allSatisfy({ Float($0).isFinite }),
                Float(abs(action.scale) + abs(action.offset)).isFinite
            else { throw .contract("the range, scale and offset of action '\(action.name)' must be finite") }
            guard action.low <= action.high else {
                throw .contract(
                    "the range of action '\(action.name)' is empty: \(action.low) is above \(action.high)")
            }
        }
        guard timing.controlPeriod > 0, timing.controlPeriod <= 1e6 else {
            throw .contract(
                "the control period must be above 0 and at most 1e6 s, not \(timing.controlPeriod)")
        }
    }

    /// Where the contract says something else than `tensors` do; nil where it does not.
    func contradiction(to tensors: PolicyTensors) -> String? {
        do {
            try validate(for: tensors.network)
        } catch {
            return error.description
        }
        let normaliser = tensors.network.normaliser
        for (i, observation) in observations.enumerated() {
            guard observation.mean == normaliser.mean[i], observation.clip == normaliser.clip,
                abs(observation.std * normaliser.inverseDeviation[i] - 1) < 1e-5
            else { return "observation '\(observation.name)' is normalised otherwise" }
            guard observation.bins == tensors.network.table?.bins[i] else {
                return "observation '\(observation.name)' is divided into other bins"
            }
        }
        for (i, action) in actions.enumerated() {
            guard Float(action.scale) == tensors.scale[i], Float(action.offset) == tensors.offset[i] else {
                return "action '\(action.name)' is scaled otherwise"
            }
        }
        if let own = tensors.limits, own != limits { return "the actions have other limits" }
        if let period = tensors.controlPeriod, period != timing.controlPeriod {
            return "the control period is \(period) s, not \(timing.controlPeriod) s"
        }
        guard golden.map(\.observation) == tensors.goldenObservations,
            golden.map(\.action) == tensors.goldenActions
        else { return "the golden pairs differ" }
        return nil
    }
}
