// SPDX-License-Identifier: MIT

/// Two lanes that work is laid out for: on one thread they run one after the other, on two at the same time.
///
/// The halves are fixed by the work, never by the number of threads, so the bits are the same with one or two.
public final class Lanes {
    /// The number of threads that may run the lanes: 1 or 2.
    public var threads: Int { team.threads }
    private let team: Team

    /// Makes lanes on one thread, or on two where `threads` is 2 or more.
    public init(threads: Int) {
        team = Team(threads: min(threads, 2))
    }

    /// Does `half` of lane 0 and of lane 1, perhaps at the same time, and returns when both are done.
    ///
    /// The halves must not touch each other's memory. A closure that captures one object alone (`[self]`) is no allocation:
    /// the object is its context. `scripts/allocations.py` counts; a closure that is not escaping would take memory here.
    public func run(_ half: @escaping (_ lane: Int) -> Void) {
        team.run(2, half)
    }
}
