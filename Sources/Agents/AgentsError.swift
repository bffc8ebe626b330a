// SPDX-License-Identifier: MIT

package import Settings

/// Why an agent cannot be made or restored, or cannot go on.
public enum AgentsError: Error, Equatable, CustomStringConvertible {
    /// A setting does not fit the environment or this machine; the key is such as `sac.replay_capacity`.
    case badSetting(key: String, value: String, allowed: String)
    /// Saved state does not fit this agent.
    case badState(String)
    /// A saved policy cannot be trained on by this agent.
    case badStart(String)
    /// The numbers left the finite range while learning.
    case notFinite(String)
    /// Learning from the last step was given up where ``Agent/isGivenUp`` said so.
    case givenUp

    /// The error as a person reads it.
    public var description: String {
        switch self {
        case .badSetting(let key, let value, let allowed):
            "\(key): \(value) is not allowed; it must be \(allowed)"
        case .badState(let reason):
            "the saved state does not fit: \(reason)"
        case .badStart(let reason):
            "the policy cannot be trained on: \(reason)"
        case .notFinite(let reason):
            "learning diverged: \(reason); lower the learning rate or scale the reward"
        case .givenUp:
            "learning from the last step was given up"
        }
    }

    /// The same where a person said it: with the last of `flags` (such as `sac.batch=128`) that gave the setting, else with its place in
    /// `block`, the algorithm's settings in a file that `file` names; nil where it is about something else.
    package func refusal(in block: Setting?, file: String, flags: [String] = []) -> DescriptionError? {
        guard case .badSetting(let key, let value, let allowed) = self else { return nil }
        let message = "\(value) is not allowed; it must be \(allowed)"
        for flag in flags.reversed() {
            guard let path = try? Override(parsing: flag).path, [key, "train.\(key)"].contains(path) else {
                continue
            }
            return .flag("--set \(flag.shortened)", "\(key): \(message)")
        }
        let name = key.split(separator: ".").last.map(String.init) ?? key
        let findings = Findings(file: file)
        findings.error(block?[name]?.line, "train.\(key)", message)
        return DescriptionError(.invalid, findings.inOrder)
    }
}
