// SPDX-License-Identifier: MIT

internal import Foundation

/// A Python of this machine that has what it is asked for.
package struct Python: Sendable {
    /// Why there is none.
    package enum Missing: Error, Equatable {
        /// $SINEW_PYTHON names no Python.
        case noPython(String)
        /// The Python that $SINEW_PYTHON names does not have it.
        case notInNamed(String)
        /// None that is looked at has it.
        case nowhere
    }

    package let program: Program
    /// The version of the module that it was asked for.
    package let version: String

    /// The Python that $SINEW_PYTHON names, else the first that has these modules: of the active virtual environment, and of PATH.
    ///
    /// What lies in the folder one stands in is never run: neither a `.venv` nor a module.
    ///
    /// - Parameter modules: their names, of which the last one tells its version.
    /// - Throws: ``Missing``.
    package init(having modules: [String]) throws(Missing) {
        let environment = ProcessInfo.processInfo.environment
        if let name = environment["SINEW_PYTHON"], !name.isEmpty {
            self = try Python(named: name, having: modules)
            return
        }
        let active = environment["VIRTUAL_ENV"].flatMap { $0.hasPrefix("/") ? "\($0)/bin/python" : nil }
        for case let name? in [active, "python3"] {
            guard let program = Program(name), let version = Self.version(of: modules, in: program) else {
                continue
            }
            (self.program, self.version) = (program, version)
            return
        }
        throw .nowhere
    }

    /// The one of this name.
    package init(named name: String, having modules: [String]) throws(Missing) {
        guard let program = Program(name),
            (try? program.run(Self.arguments("print('python')"))) == "python\n"
        else { throw .noPython(name) }
        guard let version = Self.version(of: modules, in: program) else { throw .notInNamed(name) }
        (self.program, self.version) = (program, version)
    }

    private static func version(of modules: [String], in python: Program) -> String? {
        let script =
            "import \(modules.joined(separator: ", ")); print('version', \(modules.last ?? "sys").__version__)"
        let line = try? python.run(arguments(script)).split(separator: "\n").first {
            $0.hasPrefix("version ")
        }
        return line.map { String($0.dropFirst("version ".count)) }
    }

    /// The arguments by which Python runs a script: isolated, so that neither the folder one stands in nor PYTHONPATH is searched for
    /// modules; those that the user installed for themselves are, last of all.
    package static func arguments(_ script: String, _ others: [String] = []) -> [String] {
        ["-I", "-c", "import site, sys; sys.path.append(site.getusersitepackages())\n" + script] + others
    }
}
