// SPDX-License-Identifier: MIT

internal import Environments
internal import Files
package import Policies
internal import Synchronization
package import Training

/// The best policy in a run's folder, whoever writes it there: each time that it is another file, it is another policy.
package final class FolderPolicy: PolicyFeed {
    private let file: String
    private let last = Mutex<(date: Double, version: Int)>((0, 0))

    package init(_ run: RunFolder) { file = run.bestPolicy }

    package func policy(after version: Int) -> ShownPolicy? {
        last.withLock { last in
            guard let date = FileKind.changed(at: file) else { return nil }
            guard date != last.date || version < last.version else { return nil }
            // It is replaced as a whole; one that cannot be read is no newer one.
            guard let policy = try? PolicyFile(contentsOf: file) else { return nil }
            last = (date, last.version + 1)
            return ShownPolicy(version: last.version, label: policy.origin, network: policy.network)
        }
    }
}

/// The policy of the newest evaluation of a run that this process trains: the run leaves a reference here, and reads nothing.
package final class NewestPolicy: PolicyFeed {
    private let newest: Mutex<ShownPolicy?>

    /// Begins with the best policy of a run that goes on, where it has one.
    package init(of run: RunFolder) {
        let best = try? PolicyFile(contentsOf: run.bestPolicy)
        newest = Mutex(best.map { ShownPolicy(version: 1, label: $0.origin, network: $0.network) })
    }

    /// Takes the network that was evaluated at a step.
    package func take(_ network: PolicyNetwork, step: Int, mean: Double) {
        newest.withLock {
            $0 = ShownPolicy(
                version: ($0?.version ?? 0) + 1,
                label: "policy of step \(step), mean return \(mean.short)", network: network)
        }
    }

    package func policy(after version: Int) -> ShownPolicy? {
        newest.withLock { $0.flatMap { $0.version > version ? $0 : nil } }
    }
}

extension PolicyFile {
    /// When it was learned, and how good it is.
    package var origin: String {
        let training = contract.training
        let mean = training.meanReturn.map { ", mean return \($0.short)" } ?? ""
        return "policy of step \(training.steps)\(mean)"
    }
}

extension Double {
    /// With one digit behind the point below a thousand.
    fileprivate var short: String {
        guard isFinite, abs(self) < 1e12 else { return "\(self)" }
        guard abs(self) < 1000 else { return "\(Int(rounded()))" }
        let tenths = Int((self * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
