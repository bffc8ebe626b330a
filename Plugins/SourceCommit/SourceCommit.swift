// SPDX-License-Identifier: MIT

import Foundation
import PackagePlugin

/// Writes a source file that names the commit which the package is built from; nil outside a checkout.
///
/// The commit is read from `.git` itself, so that no program needs to be there. The file is written only where it says something
/// else, so that a build of the same commit compiles nothing again.
@main
struct SourceCommit: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.pluginWorkDirectoryURL.appending(path: "Sources")
        let file = folder.appending(path: "SourceCommit.swift")
        let commit = commit(in: context.package.directoryURL).map { "\"\($0)\"" } ?? "nil"
        let text = """
            /// The commit that this Sinew was built from; nil where it was not built in a checkout.
            let sinewCommit: String? = \(commit)

            """
        if (try? String(contentsOf: file, encoding: .utf8)) != text {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        return [
            .prebuildCommand(
                displayName: "Naming the commit", executable: URL(filePath: "/usr/bin/true"), arguments: [],
                outputFilesDirectory: folder)
        ]
    }

    private func commit(in package: URL) -> String? {
        guard let git = gitFolder(of: package), let head = line(of: git.appending(path: "HEAD")) else {
            return nil
        }
        guard head.hasPrefix("ref: ") else { return head }
        let reference = String(head.dropFirst(5))
        // A worktree's branches stand in the folder that it shares.
        let shared = line(of: git.appending(path: "commondir")).map { git.appending(path: $0) } ?? git
        if let commit = line(of: shared.appending(path: reference)) { return commit }
        let packed = (try? String(contentsOf: shared.appending(path: "packed-refs"), encoding: .utf8)) ?? ""
        return packed.split(separator: "\n").first { $0.hasSuffix(" " + reference) }?
            .split(separator: " ").first.map(String.init)
    }

    /// The folder `.git`, or the one that a file of this name in a worktree points to.
    private func gitFolder(of package: URL) -> URL? {
        let git = package.appending(path: ".git")
        guard let text = line(of: git) else { return git }
        guard text.hasPrefix("gitdir: ") else { return nil }
        return URL(filePath: String(text.dropFirst(8)), relativeTo: package)
    }

    private func line(of file: URL) -> String? {
        (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n").first.map(String.init)
    }
}
