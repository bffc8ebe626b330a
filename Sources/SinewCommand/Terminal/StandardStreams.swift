// SPDX-License-Identifier: MIT

import Files
import Foundation

/// Prints a line on standard output; what it quotes of files cannot move the cursor or turn the text around.
func print(_ text: String, terminator: String = "\n") { Swift.print(text.shown, terminator: terminator) }

/// Prints a line on standard error, as harmless; what it begins with can have a style.
func printError(_ text: String, _ head: String = "", _ style: Terminal.Style = .bold) {
    let head = head.isEmpty ? "" : Terminal.error.styled(head, style) + " "
    writeError("\(head)\(text.shown)\n")
}

extension String {
    /// The text with what is not seen, but obeyed by a terminal, as its number: `\u{1B}`.
    var shown: String {
        guard unicodeScalars.contains(where: { $0.isUnseen && !"\n\t".unicodeScalars.contains($0) }) else {
            return self
        }
        return unicodeScalars.map { scalar in
            scalar.isUnseen && !"\n\t".unicodeScalars.contains(scalar)
                ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
        }.joined()
    }
}

/// Writes on standard error as it is, without ending the line; where nobody can be told, work goes on.
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
    let document = String(decoding: try encoder.encode(value), as: UTF8.self)
    // JSON's own way to write such a character, which means the same: only texts have one.
    let shown = document.unicodeScalars.map { scalar in
        guard scalar.isUnseen, scalar != "\n" else { return String(scalar) }
        return "\(scalar)".utf16.map { String(format: "\\u%04x", $0) }.joined()
    }
    Swift.print(shown.joined())
}

/// A standard file that is closed gets /dev/null, so that no file of a run takes its number and is written to by messages.
func openStandardFiles() {
    for number in 0...2 where fcntl(Int32(number), F_GETFD) < 0 {
        _ = unsafe open("/dev/null", O_RDWR)
    }
}
