// SPDX-License-Identifier: MIT

import Foundation

/// Prints a line on standard error.
func printError(_ text: String) { writeError(text + "\n") }

/// Writes on standard error, without ending the line; where nobody can be told, work goes on.
func writeError(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
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
