// SPDX-License-Identifier: MIT

public import Environments
import Safetensors

/// A policy file: a network, its contract, and the bytes that hold both.
///
/// The same network and contract give the same bytes: there is no time, path or host in them.
public struct PolicyFile: Sendable, Equatable {
    /// The file's path, or another name of the source, as it stands in errors.
    public let name: String
    /// The numbers.
    public let network: PolicyNetwork
    /// Their meaning, normalisation and golden pairs included.
    public let contract: Contract
    /// The file's bytes.
    public let bytes: [UInt8]

    /// Makes a file of `network` and `contract`, and computes its golden pairs.
    ///
    /// The golden observations are drawn uniformly from the ranges of `goldenRanges`, or where a range is unbounded, from three standard
    /// deviations about the normaliser's mean.
    ///
    /// - Throws: `PoliciesError.contract` where counts differ or a number is not finite.
    public init(
        network: PolicyNetwork, contract: Contract, goldenRanges: Space? = nil, goldenSeed: UInt64 = 0
    ) throws(PoliciesError) {
        fatalError("not yet")
    }

    /// Reads and checks a policy file.
    ///
    /// - Throws: `PoliciesError.file` where it cannot be read, `.refused` where it is no sound policy.
    public init(contentsOf path: String) throws(PoliciesError) {
        fatalError("not yet")
    }

    /// Reads and checks the bytes of a policy file; `name` names them in errors.
    ///
    /// - Throws: `PoliciesError.refused` where they are no sound policy.
    public init(bytes: [UInt8], name: String) throws(PoliciesError) {
        fatalError("not yet")
    }

    /// Writes the file atomically.
    ///
    /// - Throws: `PoliciesError.file`; what was at `path` is intact then.
    public func write(to path: String) throws(PoliciesError) {
        fatalError("not yet")
    }
}
