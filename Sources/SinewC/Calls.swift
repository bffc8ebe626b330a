// SPDX-License-Identifier: MIT

internal import CLibrary

/// Why a call is refused; what a caller gets is the number, with the text left for `sinew_text`.
enum CallError: Error, CustomStringConvertible {
    /// What was given cannot be: -1.
    case value(String)
    /// It is not to be used so, or not now: -2.
    case use(String)

    var code: Int64 {
        switch self {
        case .value: -1
        case .use: -2
        }
    }

    var description: String {
        switch self {
        case .value(let text), .use(let text): text
        }
    }
}

/// The text that the last call of each thread left.
final class Texts: @unchecked Sendable {
    // Sendable: `texts` is touched only while `lock` is held.
    static let all = Texts()
    private let lock = SpinLock()
    private var texts: [pthread_t: [UInt8]] = [:]

    private static var thread: pthread_t { pthread_self() }

    func leave(_ text: String) -> Int64 {
        let bytes = Array(text.utf8)
        let thread = Self.thread
        lock.whileHeld { texts[thread] = bytes }
        return Int64(bytes.count)
    }

    func take() -> [UInt8] {
        let thread = Self.thread
        return lock.whileHeld { texts.removeValue(forKey: thread) } ?? []
    }
}

/// Does a call: what `body` returns, or the number of the error with its text left behind.
func call(_ body: () throws -> Int64) -> Int64 {
    do {
        return try body()
    } catch {
        _ = Texts.all.leave("\(error)")
        return (error as? CallError)?.code ?? CallError.value("").code
    }
}

/// The text at a C string; empty for none.
func text(_ pointer: UnsafePointer<CChar>?) -> String {
    unsafe pointer.map { unsafe String(cString: $0) } ?? ""
}

/// Copies the text that this thread's last call left, without a zero at its end, and forgets it.
///
/// - Returns: its bytes, at most `capacity`; the text is cut there.
@c(sinew_text) public func text(_ buffer: UnsafeMutablePointer<UInt8>?, _ capacity: Int64) -> Int64 {
    let bytes = Texts.all.take()
    guard let buffer = unsafe buffer, capacity > 0 else { return 0 }
    let count = min(bytes.count, Int(capacity))
    for index in 0..<count { unsafe buffer[index] = bytes[index] }
    return Int64(count)
}

/// Lets go of what a number stands for; twice does no harm.
@c(sinew_close) public func close(_ handle: Int64) {
    Handles.all.remove(handle)
}

/// The number of what these functions take and give; it changes where one of them does.
@c(sinew_interface) public func interface() -> Int64 { 1 }
