// SPDX-License-Identifier: MIT

import Files
import Foundation
import Policies
import Processes

/// Exported C source, compiled with a small program that runs it.
extension RunningEngine {
    /// Compiles `policy.c` and `policy.h` of `path` by the compiler `name`, $CC, or `cc`.
    ///
    /// - Throws: `ExportError.missingProgram` where there is no compiler, `.refused` where the source is none that Sinew
    ///   exported or does not compile.
    init(compiling path: String, by name: String?, options: [String]) throws(ExportError) {
        let headerPath = "\(path)/\(CSource.headerName)"
        let bytes = try ExportError.wrapFile(try FileBytes.readIfThere(headerPath))
        guard let bytes, let header = String(validating: bytes, as: UTF8.self),
            FileManager.default.fileExists(atPath: "\(path)/\(CSource.sourceName)")
        else {
            throw .refused(
                file: path,
                problem: "no exported C source: it needs \(CSource.headerName) and \(CSource.sourceName)")
        }
        guard let prefix = Self.prefix(of: header) else {
            throw .refused(
                file: path, problem: "\(CSource.headerName) is none that `sinew export --format c` wrote")
        }
        let wanted = name ?? ProcessInfo.processInfo.environment["CC"] ?? "cc"
        guard let compiler = Program(wanted) else {
            throw .missingProgram(
                "there is no C compiler '\(wanted)'; install one (Debian: apt install gcc), or name it in CC")
        }
        let folder = try ScratchFolder()
        let driver = try folder.write("driver.c", Array(Self.driver(prefix).utf8))
        let binary = "\(folder.path)/driver"
        do {
            try compiler.run(
                options + ["-I", path, "-o", binary, driver, "\(path)/\(CSource.sourceName)", "-lm"])
        } catch {
            throw .refused(file: path, problem: "the source does not compile: \(error.description)")
        }
        guard let program = Program(binary) else {
            throw .program("\(compiler.path) made no program of \(path)")
        }
        let isSound = try ExportError.wrapProgram(try program.run(["\(folder.path)/contract"])) == "1"
        let contractText = try folder.text("contract")
        let contract = try ExportError.wrapPolicy(try Contract(json: contractText, file: path))
        self.init(
            name: "C compiled by \(compiler.path)", contract: contract,
            problem: isSound ? nil : "its self-test fails; a number was changed, or the compiler is wrong"
        ) { observations throws(ExportError) in
            try folder.actions(observations, width: contract.actions.count) {
                input, output throws(ExportError) in
                _ = try ExportError.wrapProgram(try program.run(["\(folder.path)/contract", input, output]))
            }
        }
    }

    /// The prefix that the header's functions have.
    private static func prefix(of header: String) -> String? {
        let start = "const char *"
        let end = "_contract(void);"
        guard
            let line = header.split(separator: "\n").first(where: { $0.hasPrefix(start) && $0.hasSuffix(end) }
            )
        else { return nil }
        let prefix = String(line.dropFirst(start.count).dropLast(end.count))
        return CSource.isName(prefix) ? prefix : nil
    }

    private static func driver(_ prefix: String) -> String {
        let upper = prefix.uppercased()
        return """
            #include "policy.h"
            #include <math.h>
            #include <stdio.h>
            #include <string.h>
            int main(int count, char **arguments) {
                static \(prefix)_state state;
                float observation[\(upper)_OBSERVATION_COUNT], action[\(upper)_ACTION_COUNT];
                FILE *contract = fopen(arguments[1], "wb");
                if (contract == NULL) return 1;
                fputs(\(prefix)_contract(), contract);
                fclose(contract);
                \(prefix)_init(&state, 0);
                printf("%d", \(prefix)_self_test(&state, NULL));
                if (count < 4) return 0;
                FILE *input = fopen(arguments[2], "rb"), *output = fopen(arguments[3], "wb");
                if (input == NULL || output == NULL) return 1;
                while (fread(observation, sizeof observation, 1, input) == 1) {
                    if (\(prefix)_act(&state, observation, action) & \(upper)_FLAG_NOT_FINITE) {
                        for (int i = 0; i < \(upper)_ACTION_COUNT; i++) action[i] = NAN;
                    }
                    if (fwrite(action, sizeof action, 1, output) != 1) return 1;
                }
                return fclose(output) == 0 ? 0 : 1;
            }

            """
    }
}
