// SPDX-License-Identifier: MIT

import Foundation
import PackagePlugin

/// Writes a source file with the texts of a module's folder Page/Viewer, so that they become part of the program.
///
/// As literals of strings, which compile at once; SwiftPM's own `.embedInCode` writes arrays of bytes, for which the compiler takes a
/// fifth of a millisecond each. The file is written only where it says something else.
@main
struct PageTexts: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let files = try FileManager.default.contentsOfDirectory(
            at: target.directoryURL.appending(path: "Page/Viewer"), includingPropertiesForKeys: nil
        ).filter { ["css", "html", "js"].contains($0.pathExtension) }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        let texts = try files.map { file in
            let name = file.lastPathComponent.replacing(".", with: "_")
            let text = try String(contentsOf: file, encoding: .utf8)
            return "    static let \(name) = ####\"\"\"\n\(text)\n\"\"\"####\n"
        }
        let source = """
            /// The files of Page/Viewer.
            enum PageTexts {
            \(texts.joined(separator: "\n"))}

            """
        let folder = context.pluginWorkDirectoryURL.appending(path: "Sources")
        let output = folder.appending(path: "PageTexts.swift")
        if (try? String(contentsOf: output, encoding: .utf8)) != source {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try source.write(to: output, atomically: true, encoding: .utf8)
        }
        return [
            .prebuildCommand(
                displayName: "Taking in the page's files", executable: URL(filePath: "/usr/bin/true"),
                arguments: [], outputFilesDirectory: folder)
        ]
    }
}
