// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Synchronization

/// Something that a caller holds by a number, and that one thread at a time may use.
class Held {
    private let isBusy = Atomic<Bool>(false)

    /// Whether nobody else uses it; from now on the caller does.
    fileprivate func begin() -> Bool { !isBusy.exchange(true, ordering: .acquiring) }

    /// Lets others use it.
    fileprivate func end() { isBusy.store(false, ordering: .releasing) }
}

/// The objects that callers hold, by number.
///
/// A number holds the process in its upper half: threads, and the memory that they share, are not there in a forked child, so an
/// object is of use only in the process that made it.
final class Handles: @unchecked Sendable {
    // Sendable: `objects` is touched only while `lock` is held.
    static let all = Handles()
    private let lock = SpinLock()
    private var objects: [Int64: Held] = [:]
    private var count: Int64 = 0

    /// The number of a new object.
    func add(_ object: Held) -> Int64 {
        lock.whileHeld {
            count += 1
            let handle = Int64(getpid()) << 32 | (count & 0x7FFF_FFFF)
            objects[handle] = object
            return handle
        }
    }

    /// Forgets an object of this process, if there is one of this number.
    func remove(_ handle: Int64) {
        guard Self.isOwn(handle) else { return }
        _ = lock.whileHeld { objects.removeValue(forKey: handle) }
    }

    private static func isOwn(_ handle: Int64) -> Bool { handle >> 32 == Int64(getpid()) }

    /// Lets `use` work with the object of a number.
    ///
    /// - Throws: `CallError.use` where there is none of its kind, it belongs to another process, or another thread uses it; what `use`
    ///   throws.
    func with<Object: Held, Result>(
        _ handle: Int64, _ kind: Object.Type, _ use: (Object) throws -> Result
    ) throws -> Result {
        guard Self.isOwn(handle) else {
            throw CallError.use(
                handle > 0
                    ? "it was made in another process: make it again after the fork" : "it is closed")
        }
        guard let object = lock.whileHeld({ objects[handle] }) as? Object else {
            throw CallError.use("it is closed")
        }
        guard object.begin() else {
            throw CallError.use("another thread is using it; give each thread its own")
        }
        defer { object.end() }
        return try use(object)
    }
}

/// Keeps others out for the moment that a look into a dictionary takes.
///
/// A forked child, in which the thread that held it is no more, begins with it free.
final class SpinLock: Sendable {
    private let isHeld = Atomic<Bool>(false)
    private let process = Atomic<Int32>(getpid())

    func whileHeld<Result>(_ body: () -> Result) -> Result {
        let here = getpid()
        if process.exchange(here, ordering: .relaxed) != here { isHeld.store(false, ordering: .relaxed) }
        while isHeld.exchange(true, ordering: .acquiring) { sched_yield() }
        defer { isHeld.store(false, ordering: .releasing) }
        return body()
    }
}
