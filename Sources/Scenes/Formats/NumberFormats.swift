// SPDX-License-Identifier: MIT

internal import Geometry
package import Settings

extension Format<Vector3> {
    /// `[x, y, z]`, each within bounds.
    package static func vector(_ bounds: Bounds) -> Format {
        let number = Format<Double>.number(bounds)
        let shape = SettingShape.described(
            "a list of 3 numbers [x, y, z]", .list(of: number.shape, count: 3...3, areUnique: false))
        return Format(
            shape, encode: { .list($0.components.map { Setting(.scalar(Scalar($0))) }) },
            decode: { setting, decoder in
                guard let items = setting.items, items.count == 3 else {
                    return decoder.refuse(setting, shape)
                }
                let numbers = items.compactMap { number.decode($0, decoder) }
                return numbers.count == 3 ? Vector3(numbers[0], numbers[1], numbers[2]) : nil
            })
    }
}

extension Format<ClosedRange<Double>> {
    /// A number b for -b to b, or `[low, high]`.
    package static var interval: Format {
        let range = Format.range(.number(.any))
        let bound = Format<Double>.number(.positive)
        let shape = SettingShape.described(
            "a number greater than 0 (for plus and minus it) or [low, high]",
            .either([bound.shape, range.shape]))
        return Format(
            shape,
            encode: { value in
                value.lowerBound == -value.upperBound && value.upperBound > 0
                    ? bound.encode(value.upperBound) : range.encode(value)
            },
            decode: { setting, decoder in
                if case .list = setting.value { return range.decode(setting, decoder) }
                guard let bound = setting.number, bound > 0 else { return decoder.refuse(setting, shape) }
                return -bound...bound
            })
    }
}

extension Format<Distribution> {
    /// `{uniform: b or [low, high]}`, `{normal: deviation}`, or, where allowed, `{scale: [low, high]}`; nothing is written for none.
    package static func distribution(allowsScale: Bool = false) -> Format {
        let range = Format<ClosedRange<Double>>.range(.number(.any))
        let normal = Format<Double>.number(.notNegative)
        func block(_ name: String, _ shape: SettingShape, _ summary: String) -> SettingShape {
            .block([.init(name: name, summary: summary, shape: shape, isRequired: true)])
        }
        let kinds = [
            block(
                "uniform", Format<ClosedRange<Double>>.interval.shape,
                "From the lower number to the higher one."),
            block("normal", normal.shape, "Around 0, with this standard deviation."),
            block("scale", range.shape, "Uniform, as a factor of the start's value."),
        ]
        let allowed = ["uniform", "normal", "scale"].prefix(allowsScale ? 3 : 2)
        let shape = SettingShape.described(
            "{uniform: b or [low, high]} or {normal: deviation}"
                + (allowsScale ? " or {scale: [low, high]}" : ""),
            .either(Array(kinds.prefix(allowed.count))))
        return Format(shape, encode: { $0.written }) { setting, decoder in
            guard case .mapping(let entries) = setting.value, entries.count == 1, let entry = entries.first
            else {
                let words = allowed.dropLast().joined(separator: ", ") + " or " + (allowed.last ?? "")
                decoder.report(
                    setting, "\(setting.shown) is not a mapping with one of \(words)",
                    "write {uniform: 0.1} or {normal: 0.1}")
                return nil
            }
            switch entry.key {
            case "uniform":
                return Format<ClosedRange<Double>>.interval.decode(entry.value, decoder).map {
                    .uniform(low: $0.lowerBound, high: $0.upperBound)
                }
            case "normal": return normal.decode(entry.value, decoder).map { .normal(deviation: $0) }
            case "scale" where allowsScale:
                return range.decode(entry.value, decoder).map {
                    .scale(low: $0.lowerBound, high: $0.upperBound)
                }
            default:
                decoder.report(entry.value, "unknown key", NearestName.remedy(entry.key, in: Array(allowed)))
                return nil
            }
        }
    }
}

extension Distribution {
    /// What a file says of it.
    fileprivate var written: Setting.Value? {
        func entry(_ key: String, _ value: Setting.Value?) -> Setting.Value? {
            value.map { .mapping([.init(key: key, value: Setting($0))]) }
        }
        switch self {
        case .none: return nil
        case .uniform(let low, let high):
            return entry("uniform", Format<ClosedRange<Double>>.interval.encode(low...high))
        case .normal(let deviation): return entry("normal", .scalar(Scalar(deviation)))
        case .scale(let low, let high):
            return entry("scale", Format<ClosedRange<Double>>.range(.number(.any)).encode(low...high))
        }
    }
}
