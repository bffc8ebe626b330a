// SPDX-License-Identifier: MIT

import Foundation
import PackagePlugin

/// Makes the list of a module's terms of the files in its folder Terms, so that a new term is one new file.
@main
struct TermList: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let module = target as? any SourceModuleTarget else { return [] }
        let files = module.sourceFiles.map(\.url).filter {
            $0.deletingLastPathComponent().lastPathComponent == "Terms"
        }
        let output = context.pluginWorkDirectoryURL.appending(path: "AllTerms.swift")
        return [
            .buildCommand(
                displayName: "Listing \(files.count) terms",
                executable: try context.tool(named: "ListTerms").url,
                arguments: [output.path] + files.map(\.path), inputFiles: files, outputFiles: [output])
        ]
    }
}
