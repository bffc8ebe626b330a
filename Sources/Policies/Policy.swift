// SPDX-License-Identifier: MIT

public import Environments

/// What acts: an observation goes in, an action within [-1, 1] comes out.
///
/// A policy does not learn. It may keep scratch memory, so it is used by one thread at a time.
public protocol Policy: AnyObject {
    /// The numbers of an observation.
    var observationCount: Int { get }
    /// The numbers of an action.
    var actionCount: Int { get }

    /// Writes the deterministic action for `observation`; each number within [-1, 1]. Nothing is allocated.
    ///
    /// - Throws: `PoliciesError.notFinite` where `observation` holds NaN or infinity; `action` is as it was then.
    func act(_ observation: Span<Float>, into action: inout MutableSpan<Float>) throws(PoliciesError)

    /// Writes an action drawn from the policy's distribution by `random`; the deterministic one where it has none.
    ///
    /// - Throws: as the deterministic one.
    func act(
        _ observation: Span<Float>, using random: inout RandomStream, into action: inout MutableSpan<Float>
    ) throws(PoliciesError)
}
