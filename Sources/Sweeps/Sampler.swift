// SPDX-License-Identifier: MIT

internal import Environments
package import Settings

/// How the values of trials are chosen.
package enum Sampler: String, Sendable, CaseIterable {
    /// Each combination once.
    case grid
    /// Drawn, each trial by its number alone.
    case random
    /// Optuna's, by the names that it has for them.
    case tpe, gp, qmc
    case evolution = "cma-es"

    /// Whether Optuna samples: it needs Python.
    package var isOptunas: Bool { self != .grid && self != .random }
}

/// One of a sweep's trials: its number, counted from 0, and its settings.
package struct Trial: Sendable, Equatable {
    package var number: Int
    /// A value for each parameter, in the file's order.
    package var settings: [Setting.Entry]

    package init(number: Int, settings: [Setting.Entry]) {
        (self.number, self.settings) = (number, settings)
    }

    /// The settings in words.
    package var words: String { settings.map { "\($0.key)=\($0.value.flowText)" }.joined(separator: " ") }
}

extension SweepFile {
    /// The trial of a number; nil where only Optuna knows it.
    package func trial(_ number: Int) -> Trial? {
        switch sampler {
        case .grid:
            // As the digits of a number: the last parameter changes fastest.
            var rest = number
            let settings = parameters.reversed().map { parameter in
                let values = parameter.gridValues
                defer { rest /= values.count }
                return Setting.Entry(key: parameter.key, value: values[rest % values.count])
            }
            return Trial(number: number, settings: settings.reversed())
        case .random:
            var stream = RandomStream(seed: samplerSeed, name: "sweep", index: UInt64(number))
            return Trial(
                number: number,
                settings: parameters.map { .init(key: $0.key, value: $0.value(at: stream.uniform())) })
        default: return nil
        }
    }

    /// What `sinew train` is told for one seed of a trial, after its name.
    package func arguments(_ settings: [Setting.Entry], seed: UInt64) -> [String] {
        [scene, "--algorithm", algorithm, "--steps", "\(steps)", "--seed", "\(seed)"]
            + (fixed + settings).flatMap { ["--set", "\($0.key)=\($0.value.flowText)"] }
    }
}
