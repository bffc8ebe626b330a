// SPDX-License-Identifier: MIT

import Foundation

/// Prints a line on standard error.
func printError(_ text: String) { writeError(text + "\n") }

/// Writes on standard error, without ending the line; where nobody can be told, work goes on.
///
/// A reader that is slow is waited for, but not by a run that was asked to stop.
func writeError(_ text: String) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
        var ready = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        if unsafe poll(&ready, 1, 100) <= 0 {
            guard StopSignal.current == nil else { return }
            continue
        }
        // A pipe that is ready takes this much without waiting.
        let part = bytes[written...].prefix(Int(PIPE_BUF))
        let count = unsafe part.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        guard count >= 0 || errno == EINTR || errno == EAGAIN else { return }
        written += max(count, 0)
    }
}

/// Prints one JSON document on standard output: keys in the order of the alphabet, numbers in full precision.
func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// A standard file that is closed gets /dev/null, so that no file of a run takes its number and is written to by messages.
func openStandardFiles() {
    for number in 0...2 where fcntl(Int32(number), F_GETFD) < 0 {
        _ = unsafe open("/dev/null", O_RDWR)
    }
}
