// SPDX-License-Identifier: MIT

internal import CLibrary
import Files
public import Policies

/// A policy as C source: `policy.h` and `policy.c`, which need a C99 compiler (or C++11), `libm` and nothing else.
///
/// The code is the runtime's own, so that it gives the runtime's bits where compilers keep the order of sums and do not fuse
/// multiplications with additions; the weights are constant data. Names begin with a prefix, so that several policies link
/// together. There is no allocation, no input or output, and no memory but the caller's.
///
/// The same policy and prefix give the same text.
public struct CSource: Sendable, Equatable {
    /// The names of the files.
    public static let headerName = "policy.h"
    /// The name of the source file.
    public static let sourceName = "policy.c"

    /// What every name begins with.
    public let prefix: String
    /// The text of `policy.h`.
    public let header: String
    /// The text of `policy.c`.
    public let source: String

    /// Makes the source of `policy`; without a prefix, one of its scene's name.
    ///
    /// - Throws: `ExportError.option` where the prefix is no name in C, or a stochastic source is asked of a deterministic policy.
    public init(
        _ policy: PolicyFile, prefix: String? = nil, isStochastic: Bool = false
    ) throws(ExportError) {
        let prefix = prefix ?? Self.defaultPrefix(for: policy.contract.scene)
        guard Self.isName(prefix) else {
            throw .option(
                "--prefix: '\(prefix)' cannot begin a name in C: use letters, digits and '_', a letter first, at most 40"
            )
        }
        let policy = try policy.leaving(isStochastic: isStochastic)
        let text = CSourceText(policy, prefix: prefix)
        self.prefix = prefix
        header = text.header
        source = text.source(contract: try ExportError.wrapPolicy(try policy.contract.json()))
    }

    /// Writes both files into `folder`, which is made where it is absent; the folder above it must be there.
    ///
    /// A file of theirs that is there is in the way unless it is to be replaced.
    ///
    /// - Throws: `ExportError.file`.
    public func write(to folder: String, replacing: Bool = true) throws(ExportError) {
        guard unsafe mkdir(folder, 0o777) == 0 || errno == EEXIST else {
            throw .file(.system(operation: .makeFolder, file: folder, code: errno))
        }
        let files = [(Self.headerName, header), (Self.sourceName, source)]
        try ExportError.wrapFile(try Self.write(files, to: Folder(folder), isReplaced: replacing))
    }

    private static func write(
        _ files: [(name: String, text: String)], to folder: Folder, isReplaced: Bool
    ) throws(FileError) {
        if !isReplaced {
            for file in files { _ = try OutputFile(folder.path(of: file.name), replacing: false) }
        }
        for file in files { try AtomicFile.write(Array(file.text.utf8), to: file.name, in: folder) }
    }

    /// Whether names may begin with `text`.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 40 else { return false }
        return isLetter(first)
            && text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    private static func defaultPrefix(for scene: String) -> String {
        var name = String(
            decoding: scene.utf8.map { isLetter($0) || isDigit($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        if !(name.utf8.first.map(isLetter) ?? false) { name = "policy_" + name }
        return String(name.prefix(40))
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
