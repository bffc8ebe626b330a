// SPDX-License-Identifier: MIT

package import Policies

/// Where the policy comes from that acts in what is shown.
package protocol PolicyFeed: AnyObject, Sendable {
    /// The newest policy, where there is one that is newer than a version; the first one's is above 0.
    func policy(after version: Int) -> ShownPolicy?
}

/// A policy, and what is said of it.
package struct ShownPolicy: Sendable {
    /// A later policy has a higher one.
    package var version: Int
    /// What it is, in a few words.
    package var label: String
    /// Its numbers.
    package var network: PolicyNetwork

    package init(version: Int, label: String, network: PolicyNetwork) {
        (self.version, self.label, self.network) = (version, label, network)
    }
}

/// The one policy that there is.
package final class SinglePolicy: PolicyFeed {
    private let policy: ShownPolicy

    package init(_ network: PolicyNetwork, label: String) {
        policy = ShownPolicy(version: 1, label: label, network: network)
    }

    package func policy(after version: Int) -> ShownPolicy? { version < 1 ? policy : nil }
}
