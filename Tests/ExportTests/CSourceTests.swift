// SPDX-License-Identifier: MIT

import Environments
import Export
import Foundation
import Policies
import Testing

struct CSourceTests {
    static func path(of program: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static func run(_ path: String, _ arguments: [String]) throws -> (code: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    static let strict = ["-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"]

    @Test(arguments: ["gcc", "clang"])
    func `the source is clean under all warnings as C and as C++, and gives the engine's actions`(
        compiler: String
    ) throws {
        guard let path = Self.path(of: compiler) else { return }
        try withTemporaryFolder { folder in
            var random = RandomStream(seed: 1, name: compiler)
            for (round, level) in ["-O0", "-O2", "-Os", "-O3"].enumerated() {
                let policy = try randomPolicy(
                    &random, observations: random.integer(1...64), actions: random.integer(1...32),
                    widths: (0..<round).map { _ in random.integer(1...100) }, isStochastic: round == 2,
                    choices: round == 3 ? 5 : 0)
                try CSource(policy, prefix: "hopper", isStochastic: round == 2).write(to: folder)
                let source = "\(folder)/policy.c"
                let asC = try Self.run(
                    path, ["-std=c99", level] + Self.strict + ["-c", source, "-o", "\(folder)/c.o"])
                #expect(asC.code == 0, "\(asC.output)")
                let asCxx = try Self.run(
                    path,
                    ["-x", "c++", "-std=c++11", level] + Self.strict + [
                        "-c", source, "-o", "\(folder)/cxx.o",
                    ])
                #expect(asCxx.code == 0, "\(asCxx.output)")
                let file = ExportedFile(compiling: folder, by: path, options: ["-std=c99", level])
                let results = try Verification.verify(file, against: policy).results
                #expect(results.count == 1 && results[0].agrees, "\(results)")
                #expect(results.first?.observationCount == 10_019)
                #if arch(x86_64)
                    // The same order of sums, nothing fused, the same tanhf.
                    #expect(results.first?.largestDifference == 0)
                #endif
            }
        }
    }

    @Test(arguments: ["MYPOLICY", "POLICY_A", "policy"])
    func `a prefix that holds the runtime's own is taken as it is`(prefix: String) throws {
        try withTemporaryFolder { folder in
            var random = RandomStream(seed: 2, name: "c")
            let policy = try randomPolicy(&random, observations: 3, actions: 2, widths: [8])
            try CSource(policy, prefix: prefix).write(to: "\(folder)/c")
            let header = try String(contentsOfFile: "\(folder)/c/policy.h", encoding: .utf8)
            #expect(header.contains("int \(prefix)_act(") || header.contains(" \(prefix)_act("))
            #expect(header.contains("#define \(prefix.uppercased())_OBSERVATION_COUNT"))
        }
    }

    @Test func `two policies link into one program`() throws {
        guard let cc = Self.path(of: "cc") else { return }
        try withTemporaryFolder { folder in
            var random = RandomStream(seed: 2, name: "c")
            var objects: [String] = []
            for prefix in ["left", "right"] {
                let policy = try randomPolicy(&random, observations: 3, actions: 2, widths: [8])
                try CSource(policy, prefix: prefix).write(to: "\(folder)/\(prefix)")
                objects.append("\(folder)/\(prefix)/policy.c")
            }
            let main = """
                #include "left/policy.h"
                #include "right/policy.h"
                int main(void) {
                    static left_state l;
                    static right_state r;
                    left_init(&l, 0);
                    right_init(&r, 0);
                    return left_self_test(&l, 0) && right_self_test(&r, 0) ? 0 : 1;
                }
                """
            try Data(main.utf8).write(to: URL(fileURLWithPath: "\(folder)/main.c"))
            let built = try Self.run(
                cc, ["-I", folder, "-o", "\(folder)/both", "\(folder)/main.c"] + objects + ["-lm"])
            #expect(built.code == 0, "\(built.output)")
            #expect(try Self.run("\(folder)/both", []).code == 0)
        }
    }

    @Test func `the self-test fails when one weight is changed in its last digit`() throws {
        guard Self.path(of: "cc") != nil else { return }
        try withTemporaryFolder { folder in
            var random = RandomStream(seed: 3, name: "c")
            let policy = try randomPolicy(&random, observations: 3, actions: 1, widths: [8])
            try CSource(policy).write(to: folder)
            let weight = policy.network.layers[0].weight[5]
            let text = try String(contentsOfFile: "\(folder)/policy.c", encoding: .utf8)
            try #require(text.contains("\(weight)f"))
            let changed = text.replacing("\(weight)f", with: "\(weight.nextUp)f")
            try Data(changed.utf8).write(to: URL(fileURLWithPath: "\(folder)/policy.c"))
            let results = try Verification.verify(ExportedFile(path: folder)).results
            #expect(results.first?.agrees == false)
            #expect(results.first?.problem?.contains("self-test") == true)
        }
    }

    @Test func `the same policy gives the same text, and odd names stay in comments`() throws {
        var random = RandomStream(seed: 4, name: "c")
        let policy = try randomPolicy(&random, observations: 3, actions: 1, widths: [8])
        #expect(try CSource(policy) == CSource(policy))
        #expect(try CSource(policy).prefix == "sample_scene")
        var contract = policy.contract
        contract.scene = "*/ int évil; /*"
        contract.observations[0].name = "*/ \"\\ ' ☃"
        let odd = try PolicyFile(
            network: policy.network, describedBy: contract, limits: policy.limits, name: "odd")
        let source = try CSource(odd)
        #expect(!source.header.contains("int évil") && !source.source.contains("int évil"))
        guard Self.path(of: "cc") != nil else { return }
        try withTemporaryFolder { folder in
            try source.write(to: folder)
            // The contract comes back as it was: names are compared.
            let results = try Verification.verify(ExportedFile(path: folder), against: odd).results
            #expect(results.first?.agrees == true, "\(results)")
            let others = try Verification.verify(ExportedFile(path: folder), against: policy).results
            #expect(others.first?.problem?.contains("observations differ: number 0") == true)
        }
    }

    @Test(arguments: ["", "1st", "a-b", "_x", "é", "x;", String(repeating: "a", count: 41)])
    func `a prefix that is no name is refused`(prefix: String) throws {
        var random = RandomStream(seed: 5, name: "c")
        let policy = try randomPolicy(&random, observations: 1, actions: 1, widths: [])
        #expect(throws: ExportError.self) { try CSource(policy, prefix: prefix) }
    }
}
