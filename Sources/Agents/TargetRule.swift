// SPDX-License-Identifier: MIT

/// How the value of the next state is estimated: the one thing that tells Double Q-learning from Q-learning, and Double DQN from DQN.
public enum TargetRule: String, Sendable, CaseIterable {
    /// The estimate of the action that it ranks highest: Q-learning (Watkins 1989), DQN. Biased upwards where estimates err, because
    /// the errors choose too.
    case maximum
    /// One estimate chooses the action, another one values it: Double Q-learning (van Hasselt 2010), Double DQN
    /// (arXiv:1509.06461).
    case double
}
