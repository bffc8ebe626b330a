// SPDX-License-Identifier: MIT

import CPolicyRuntime
import Environments

/// The C runtime with the bytes that it runs, and its scratch memory: the only owner of CPolicyRuntime.
///
/// One thread at a time: acting writes the scratch memory.
@safe final class PolicyEngine {
    /// More than a shift of the file.
    private static let room = 64

    let observationCount: Int
    let actionCount: Int
    private let bytes: UnsafeMutableRawPointer
    private let scratch: UnsafeMutablePointer<Float>
    private let noise: UnsafeMutablePointer<Float>
    private let policy: UnsafeMutablePointer<policy>

    /// Loads a copy of `file`, the bytes of a policy file; `name` names it in errors.
    ///
    /// - Throws: `PoliciesError.refused`.
    init(_ file: [UInt8], name: String) throws(PoliciesError) {
        unsafe bytes = .allocate(byteCount: file.count + Self.room, alignment: 64)
        let bytes = unsafe bytes
        var loaded = unsafe CPolicyRuntime.policy()
        var status = unsafe Self.load(file, at: bytes, &loaded)
        if status == .POLICY_STATUS_OK, case let shift = unsafe policy_shift(&loaded), shift > 0 {
            status = unsafe Self.load(file, at: bytes + shift, &loaded)
        }
        guard status == .POLICY_STATUS_OK else {
            unsafe bytes.deallocate()
            throw .refused(file: name, problem: Self.text(status))
        }
        unsafe policy = .allocate(capacity: 1)
        unsafe policy.initialize(to: loaded)
        observationCount = unsafe Int(loaded.observation_count)
        actionCount = unsafe Int(loaded.action_count)
        unsafe scratch = .allocate(capacity: policy_self_test_count(policy))
        unsafe noise = .allocate(capacity: actionCount)
        unsafe noise.initialize(repeating: 0, count: actionCount)
    }

    deinit {
        unsafe noise.deallocate()
        unsafe scratch.deallocate()
        unsafe policy.deallocate()
        unsafe bytes.deallocate()
    }

    /// Copies `file` to `place` and loads it there.
    private static func load(
        _ file: [UInt8], at place: UnsafeMutableRawPointer, _ loaded: inout policy
    ) -> policy_status {
        unsafe file.withUnsafeBytes { source in
            unsafe UnsafeMutableRawBufferPointer(start: place, count: source.count).copyMemory(from: source)
        }
        return unsafe policy_load(place, file.count, &loaded)
    }

    static func text(_ status: policy_status) -> String {
        unsafe String(cString: policy_status_text(status))
    }

    /// Writes the deterministic u within [-1, 1].
    func actUnit(
        _ observation: Span<Float>, into action: inout MutableSpan<Float>
    ) throws(PoliciesError) {
        try unsafe actUnit(observation, noise: nil, into: &action)
    }

    /// Writes u drawn with noise from `random`.
    func actUnit(
        _ observation: Span<Float>, using random: inout RandomStream, into action: inout MutableSpan<Float>
    ) throws(PoliciesError) {
        for i in 0..<actionCount {
            unsafe noise[i] = Float(random.normal())
        }
        try unsafe actUnit(observation, noise: UnsafePointer(noise), into: &action)
    }

    private func actUnit(
        _ observation: Span<Float>, noise: UnsafePointer<Float>?, into action: inout MutableSpan<Float>
    ) throws(PoliciesError) {
        check(observation.count, action.count)
        let flags = unsafe observation.withUnsafeBufferPointer { source in
            unsafe action.withUnsafeMutableBufferPointer { target in
                unsafe policy_act_unit(policy, source.baseAddress, noise, target.baseAddress, scratch)
            }
        }
        if flags & UInt32(POLICY_FLAG_NOT_FINITE) != 0 { throw .notFinite }
    }

    /// Writes the command in the units of the actuators.
    func act(_ observation: Span<Float>, into action: inout MutableSpan<Float>) throws(PoliciesError) {
        check(observation.count, action.count)
        let flags = unsafe observation.withUnsafeBufferPointer { source in
            unsafe action.withUnsafeMutableBufferPointer { target in
                unsafe policy_act(policy, source.baseAddress, target.baseAddress, scratch)
            }
        }
        if flags & UInt32(POLICY_FLAG_NOT_FINITE) != 0 { throw .notFinite }
    }

    /// Runs the golden pairs; the largest difference per unit of an action's range, or nil where it is too large.
    func selfTest() -> Float? {
        var largest: Float = 0
        let status = unsafe policy_self_test(policy, scratch, &largest)
        return status == .POLICY_STATUS_OK ? largest : nil
    }

    private func check(_ observations: Int, _ actions: Int) {
        precondition(
            observations == observationCount && actions == actionCount,
            "a policy of \(observationCount) observations and \(actionCount) actions got \(observations) and \(actions)"
        )
    }
}
