// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Networks

extension AlgorithmConfiguration {
    /// Refuses what this machine's memory cannot hold: a replay buffer of more than half of it, or that and the networks together.
    ///
    /// - Parameters:
    ///   - replay: the shape of the replay buffer; nil where there is none.
    ///   - floats: what networks, optimisers and scratch buffers take, in single-precision numbers.
    ///   - key: the setting to blame for them.
    ///   - value: what it is, in words.
    /// - Throws: ``AgentsError/badSetting(key:value:allowed:)``.
    func checkMemory(
        replay: (capacity: Int, observations: Int, actions: Int)? = nil, networks floats: Int, key: String,
        value: String
    ) throws(AgentsError) {
        let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        var bytes = 0
        if let (capacity, observations, actions) = replay {
            bytes = ReplayBuffer.byteCount(capacity: capacity, observations: observations, actions: actions)
            guard bytes <= memory / 2, Parameters.fit(bytes: bytes) else {
                let size = bytes >> 30 > 0 ? "\(bytes >> 30) GiB" : "\(bytes >> 20) MiB"
                throw bad(
                    "replay_capacity", "\(capacity)",
                    "small enough for this machine's memory; that many transitions take \(size), and as much again when a run is resumed"
                )
            }
        }
        bytes += 4 * floats
        guard bytes <= memory, Parameters.fit(bytes: bytes) else {
            throw bad(
                key, value, "small enough for this machine's memory; these take \(bytes >> 30) GiB")
        }
    }
}
