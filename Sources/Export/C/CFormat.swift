// SPDX-License-Identifier: MIT

import Files
import Policies

extension ExportFormat {
    /// C source, in a folder.
    public static let c = ExportFormat(
        name: "c",
        summary:
            "a folder with \(CSource.headerName) and \(CSource.sourceName), which need a C99 compiler and libm: the "
            + "runtime's own code, the weights as constants, the contract as a string, and a self-test.",
        engines: "the C compiler ($CC, or cc)", ending: "-c", options: [.prefix, .stochastic],
        writer: { policy, options, path, isReplaced throws(ExportError) in
            try CSource(policy, prefix: options[.prefix], isStochastic: options[.stochastic] != nil).write(
                to: path, replacing: isReplaced)
        },
        isContent: { path, bytes in
            let names = [CSource.headerName, CSource.sourceName]
            return bytes == nil
                ? names.allSatisfy { FileKind(at: "\(path)/\($0)") != nil } : names.contains(path.pathName)
        },
        reader: { path, bytes throws(ExportError) in
            // One of its files stands for the folder.
            guard bytes != nil else { return ExportedFile(compiling: path) }
            guard [CSource.headerName, CSource.sourceName].contains(path.pathName) else {
                throw .refused(file: path, problem: "no exported C source, which is a folder")
            }
            return ExportedFile(compiling: path.pathFolder.isEmpty ? "." : path.pathFolder)
        })
}

extension ExportOption {
    package static let prefix = ExportOption(
        name: "prefix", help: "what every name begins with (default: the scene's name)")
}

extension ExportedFile {
    /// C source that is compiled by the compiler `name`, $CC, or `cc`.
    package init(compiling folder: String, by name: String? = nil, options: [String] = ["-O2"]) {
        let engine = ExportEngine { () throws(ExportError) in
            try RunningEngine(compiling: folder, by: name, options: options)
        }
        self.init(readBy: engine)
    }
}
