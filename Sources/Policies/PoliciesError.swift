// SPDX-License-Identifier: MIT

public import Files
public import Safetensors

/// Why there is no policy or no action, in words for people.
public enum PoliciesError: Error, Equatable, CustomStringConvertible {
    /// The system refused to read or write the file.
    case file(FileError)
    /// The file of tensors is damaged, or has not the tensors of a policy.
    case tensors(SafetensorsError)
    /// `file` is no policy that can be run: `problem` says why.
    case refused(file: String, problem: String)
    /// The numbers given do not make a network.
    case network(String)
    /// The contract is incomplete or contradicts the network.
    case contract(String)
    /// An observation, or the action for it, is not finite.
    case notFinite

    /// One or two sentences: where, what, and what to do.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .tensors(let error): error.description
        case .refused(let file, let problem): "\(file): not a policy that can be run: \(problem)"
        case .network(let problem): "the policy's network does not fit together: \(problem)"
        case .contract(let problem): "the policy's contract is wrong: \(problem)"
        case .notFinite:
            "an observation or the action for it is NaN or infinite; check the sensors or the simulation"
        }
    }
}
