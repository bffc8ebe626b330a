// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// Decodes mappings against lists of parameters, and reports what is wrong with each key.
struct ParameterDecoder {
    let findings: Findings
    /// Names are looked up here; without a robot, because it could not be read, they are taken as they are.
    let robot: Robot?

    // MARK: Mappings

    /// The decoded keys of a mapping; `null` is an empty one.
    func arguments(
        _ setting: Setting, _ parameters: [Parameter], besides known: [String] = []
    ) -> Arguments {
        var arguments = Arguments(path: setting.path, line: setting.line)
        guard let entries = entries(of: setting, allowed: parameters.map(\.name)) else { return arguments }
        let names = parameters.map(\.name)
        var meant: Set<String> = []
        for entry in entries where !known.contains(entry.key) {
            arguments.lines[entry.key] = entry.value.line
            guard let parameter = parameters.first(where: { $0.name == entry.key }) else {
                let remedy = NearestName.remedy(entry.key, in: names)
                findings.error(entry.value.line, entry.value.path, "unknown key", remedy)
                if let name = NearestName.of(entry.key, in: names) { meant.insert(name) }
                continue
            }
            arguments.values[entry.key] = value(entry.value, parameter.kind)
        }
        for parameter in parameters where parameter.isRequired && !arguments.isGiven(parameter.name) {
            // A misspelt key is one mistake, not two.
            if meant.contains(parameter.name) { continue }
            findings.error(
                setting.line, arguments.path(of: parameter.name), "is missing",
                "it is needed: \(parameter.summary)")
        }
        return arguments
    }

    /// The decoded keys of a mapping in which one key tells what the others may be.
    func variant(_ setting: Setting, key: String, _ variants: [Parameter.Variant]) -> Arguments? {
        guard let entries = entries(of: setting, allowed: [key]) else { return nil }
        guard let word = entries.first(where: { $0.key == key })?.value else {
            findings.error(
                setting.line, "\(setting.path).\(key)", "is missing",
                "allowed: \(variants.map(\.name).joined(separator: ", "))")
            return nil
        }
        guard let name = word.text else {
            wrong(word, "a name")
            return nil
        }
        guard let variant = variants.first(where: { $0.name == name }) else {
            let known = variants.first { $0.synonyms.contains(name) }
            findings.error(
                word.line, word.path, "there is no \(key) '\(name.shortened)'",
                known.map { "here it is called '\($0.name)'" }
                    ?? NearestName.remedy(name, in: variants.map(\.name)))
            return nil
        }
        var arguments = arguments(setting, variant.parameters, besides: [key])
        arguments.variant = name
        return arguments
    }

    private func entries(of setting: Setting, allowed: [String]) -> [Setting.Entry]? {
        if let entries = setting.entries { return entries }
        wrong(setting, "a mapping with the keys \(allowed.joined(separator: ", "))")
        return nil
    }

    func list(_ setting: Setting, of what: String) -> [Setting]? {
        if let items = setting.items { return items }
        wrong(setting, "a list of \(what)")
        return nil
    }

    func wrong(_ setting: Setting, _ expected: String) {
        findings.error(setting.line, setting.path, "\(setting.shown) is not \(expected)")
    }

    // MARK: Values

    private func value(_ setting: Setting, _ kind: Parameter.Kind) -> Arguments.Value? {
        switch kind {
        case .number(let bounds): return number(setting, bounds).map { .number($0) }
        case .integer(let range): return integer(setting, range).map { .integer($0) }
        case .bool:
            if let value = setting.scalar?.flag { return .bool(value) }
            wrong(setting, "true or false")
            return nil
        case .text: return text(setting).map { .text($0) }
        case .choice(let words): return choice(setting, words).map { .text($0) }
        case .vector(let bounds):
            guard let numbers = numbers(setting, bounds, count: 3) else { return nil }
            return .vector(Vector3(numbers[0], numbers[1], numbers[2]))
        case .range(let bounds): return range(setting, bounds).map { .range($0) }
        case .integerRange(let bounds): return integerRange(setting, bounds).map { .integerRange($0) }
        case .interval: return interval(setting).map { .range($0) }
        case .distribution(let allowsScale):
            return distribution(setting, allowsScale: allowsScale).map { .distribution($0) }
        case .axis:
            return choice(setting, Axis.allCases.map(\.rawValue)).flatMap(Axis.init).map { .axes([$0]) }
        case .axes: return names(setting, of: "axes", axis).map { .axes($0) }
        case .joint: return joint(setting).map { .joints([$0]) }
        case .joints: return names(setting, of: "joints", joint).map { .joints($0) }
        case .link: return link(setting).map { .links([$0]) }
        case .links: return names(setting, of: "links", link).map { .links($0) }
        case .linkPairs: return pairs(setting).map { .pairs($0) }
        case .block(let parameters): return .block(arguments(setting, parameters))
        case .blocks(let parameters):
            return list(setting, of: "mappings").map { .blocks($0.map { arguments($0, parameters) }) }
        case .variants(let key, let variants):
            return list(setting, of: "mappings with the key \(key)").map { list in
                .blocks(list.compactMap { variant($0, key: key, variants) })
            }
        case .numberByLink(let bounds):
            return byName(setting, "link", { link($0)?.link }, { number($0, bounds) }).map {
                .numbersByName($0)
            }
        case .numberByJoint(let bounds):
            return byName(setting, "joint", joint, { number($0, bounds) }).map { .numbersByName($0) }
        case .blockByJoint(let parameters):
            return byName(setting, "joint", joint, { arguments($0, parameters) }).map { .blocksByJoint($0) }
        case .settings, .shaped: return .setting(setting)
        }
    }

    func number(_ setting: Setting, _ bounds: Bounds) -> Double? {
        guard let value = setting.number, bounds.contains(value) else {
            wrong(setting, bounds.words)
            return nil
        }
        return value
    }

    private func integer(_ setting: Setting, _ range: ClosedRange<Int>) -> Int? {
        guard let value = setting.scalar?.whole(Int.self), range.contains(value) else {
            if range.lowerBound == range.upperBound {
                wrong(setting, "\(range.lowerBound), the only one that is known")
            } else {
                wrong(setting, "a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return nil
        }
        return value
    }

    private func text(_ setting: Setting) -> String? {
        guard let text = setting.text, !text.allSatisfy(\.isWhitespace) else {
            wrong(setting, "a text")
            return nil
        }
        return text
    }

    private func choice(_ setting: Setting, _ words: [String]) -> String? {
        guard let word = setting.text, words.contains(word) else {
            let remedy: String
            if let word = setting.text {
                remedy = NearestName.remedy(word, in: words)
            } else {
                remedy = ""
            }
            findings.error(
                setting.line, setting.path, "\(setting.shown) is not one of \(words.joined(separator: ", "))",
                remedy)
            return nil
        }
        return word
    }

    private func numbers(_ setting: Setting, _ bounds: Bounds, count: Int) -> [Double]? {
        guard case .list(let items) = setting.value, items.count == count else {
            wrong(setting, "a list of \(count) numbers")
            return nil
        }
        let numbers = items.compactMap { number($0, bounds) }
        return numbers.count == count ? numbers : nil
    }

    private func range(_ setting: Setting, _ bounds: Bounds) -> ClosedRange<Double>? {
        guard let ends = numbers(setting, bounds, count: 2) else { return nil }
        guard ends[0] <= ends[1] else {
            findings.error(
                setting.line, setting.path, "\(ends[0]) must not be above \(ends[1])", "write [low, high]")
            return nil
        }
        return ends[0]...ends[1]
    }

    private func integerRange(_ setting: Setting, _ bounds: ClosedRange<Int>) -> ClosedRange<Int>? {
        guard case .list(let items) = setting.value, items.count == 2 else {
            wrong(setting, "a list of 2 whole numbers")
            return nil
        }
        let ends = items.compactMap { integer($0, bounds) }
        guard ends.count == 2 else { return nil }
        guard ends[0] <= ends[1] else {
            findings.error(
                setting.line, setting.path, "\(ends[0]) must not be above \(ends[1])", "write [low, high]")
            return nil
        }
        return ends[0]...ends[1]
    }

    private func interval(_ setting: Setting) -> ClosedRange<Double>? {
        if case .list = setting.value { return range(setting, .any) }
        guard let bound = setting.number, bound > 0, bound.isFinite else {
            wrong(setting, "a number greater than 0 (for plus and minus it) or [low, high]")
            return nil
        }
        return -bound...bound
    }

    private func distribution(_ setting: Setting, allowsScale: Bool) -> Distribution? {
        let allowed = allowsScale ? "uniform, normal or scale" : "uniform or normal"
        guard case .mapping(let entries) = setting.value, entries.count == 1, let entry = entries.first else {
            findings.error(
                setting.line, setting.path, "\(setting.shown) is not a mapping with one of \(allowed)",
                "write {uniform: 0.1} or {normal: 0.1}")
            return nil
        }
        switch entry.key {
        case "uniform": return interval(entry.value).map { .uniform(low: $0.lowerBound, high: $0.upperBound) }
        case "normal": return number(entry.value, .notNegative).map { .normal(deviation: $0) }
        case "scale" where allowsScale:
            return range(entry.value, .any).map { .scale(low: $0.lowerBound, high: $0.upperBound) }
        default:
            findings.error(
                entry.value.line, entry.value.path, "unknown key",
                NearestName.remedy(entry.key, in: ["uniform", "normal"] + (allowsScale ? ["scale"] : [])))
            return nil
        }
    }
}
