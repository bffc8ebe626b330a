// SPDX-License-Identifier: MIT

internal import Settings

/// How much of the difference between trials a parameter tells.
///
/// The trials are grouped by its value (values of a range by quarters, as many trials in each), and the share of the values' variance that
/// lies between the groups is taken, less what groups made by chance would have (the one-way analysis's epsilon squared, Kelley 1935):
/// 0 for none, 1 for all. What two parameters do only together is not seen. Trials that were given up do not count: what they had
/// reached until then is no value beside those of whole runs.
package struct Importance: Sendable, Equatable {
    package var key: String
    package var share: Double

    /// The importance of each parameter, the greatest first; none where fewer than eight trials are finished.
    package static func all(_ file: SweepFile, _ results: [TrialResult]) -> [Importance] {
        let finished = results.filter { $0.state == .finished }
        let valued = finished.compactMap { result in result.value(file.objective).map { (result, $0) } }
        guard valued.count >= 8 else { return [] }
        return file.parameters.map { parameter in
            let settings = valued.map { result, _ in result.settings.first { $0.key == parameter.key }?.value
            }
            return Importance(
                key: parameter.key, share: share(of: groups(parameter, settings), valued.map(\.1)))
        }.sorted { ($1.share, $0.key) < ($0.share, $1.key) }
    }

    /// The group of each trial.
    private static func groups(_ parameter: Parameter, _ settings: [Setting?]) -> [Int] {
        switch parameter.values {
        case .list(let values):
            return settings.map { setting in setting.flatMap { values.firstIndex(where: $0.means) } ?? -1 }
        case .range:
            let numbers = settings.map { $0?.number ?? 0 }
            return numbers.map { number in numbers.count { $0 < number } * 4 / numbers.count }
        }
    }

    static func share(of groups: [Int], _ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        let total = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        var within = 0.0
        let kinds = Set(groups)
        for kind in kinds {
            let own = zip(groups, values).filter { $0.0 == kind }.map(\.1)
            let middle = own.reduce(0, +) / Double(own.count)
            within += own.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
        }
        let (free, between) = (Double(values.count - kinds.count), Double(kinds.count - 1))
        guard free > 0, total > 0 else { return 0 }
        return max(0, (total - within - between * within / free) / total)
    }
}
