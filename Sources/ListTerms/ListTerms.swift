// SPDX-License-Identifier: MIT

import Foundation

// Writes the list of terms: a Swift file with the types that the files of Scenes/Terms are named after.
//
//     ListTerms OUTPUT FILE.swift ...
@main
struct ListTerms {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst().map { URL(fileURLWithPath: $0) }
        guard let output = arguments.first else { return }
        let types = arguments.dropFirst().map { $0.deletingPathExtension().lastPathComponent }.sorted()
        let text = """
            // Made by the build of the files in Scenes/Terms.
            package let allTerms: [any Term.Type] = [
                \(types.map { "\($0).self" }.joined(separator: ", "))
            ]

            """
        try text.write(to: output, atomically: true, encoding: .utf8)
    }
}
