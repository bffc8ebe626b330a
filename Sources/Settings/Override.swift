// SPDX-License-Identifier: MIT

/// What `--set KEY=VALUE` says: a key path, and the value that it gets.
///
/// A path goes through mappings by key, through lists of terms by the term's name (`reward.alive.weight`), and through any list by
/// number (`reward[0].weight`).
package struct Override: Sendable, Equatable {
    package let path: String
    package let value: Setting

    /// Reads `KEY=VALUE`; the value is YAML.
    ///
    /// - Throws: ``DescriptionError`` where it is neither.
    package init(parsing text: String) throws(DescriptionError) {
        let source = "--set \(text.shortened)"
        func refusal(_ message: String, _ remedy: String = "") -> DescriptionError {
            .flag(source, message, remedy)
        }
        guard text.utf8.count <= 1000 else { throw refusal("longer than any setting") }
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw refusal("write it as KEY=VALUE, such as sac.batch=128")
        }
        path = String(text[..<equals])
        var value = Setting(.null)
        let written = text[text.index(after: equals)...]
        if !written.allSatisfy(\.isWhitespace) {
            do {
                value = try Setting(yaml: Array(written.utf8), file: source)
            } catch {
                throw refusal(error.errors.first?.message ?? "\(error)", error.errors.first?.remedy ?? "")
            }
        }
        value.line = nil
        self.value = value.from(source)
    }

    package init(path: String, value: Setting) {
        self.path = path
        self.value = value
    }

    /// Puts the value into `root`, a mapping of this shape; what leads to it is made where it is not there.
    ///
    /// The keys of `prefix` may stand first in the path: with `train`, `sac.batch` means `train.sac.batch`.
    ///
    /// - Throws: ``DescriptionError`` where the path leads nowhere.
    package func apply(
        to root: inout Setting, of shape: SettingShape, prefix: String? = nil
    ) throws(DescriptionError) {
        var steps = Self.steps(of: path)
        let keys = shape.keys ?? []
        if let prefix, let first = steps.first, !keys.contains(where: { $0.name == first }),
            keys.first(where: { $0.name == prefix })?.shape.keys?.contains(where: { $0.name == first })
                ?? false
        {
            steps.insert(prefix, at: 0)
        }
        try put(steps[...], into: &root, of: shape)
    }

    /// `reward[0].weight` as `reward`, `0`, `weight`.
    private static func steps(of path: String) -> [String] {
        path.split(separator: ".", omittingEmptySubsequences: false).flatMap { part in
            part.split(separator: "[").map { $0.hasSuffix("]") ? String($0.dropLast()) : String($0) }
        }
    }

    private func put(
        _ steps: ArraySlice<String>, into setting: inout Setting, of shape: SettingShape
    ) throws(DescriptionError) {
        guard let step = steps.first else {
            setting = value.moved(to: setting.path)
            return
        }
        if case .list(var items) = setting.value {
            let index = try index(of: step, in: items, shape)
            try put(steps.dropFirst(), into: &items[index], of: Self.item(of: shape, like: items[index]))
            setting.value = .list(items)
            return
        }
        let inner = try inner(step, of: shape, at: setting.path)
        guard var entries = setting.entries else {
            throw refusal("'\(setting.path)' is \(setting.shown) there, which has no keys")
        }
        let place = entries.firstIndex { $0.key == step } ?? entries.endIndex
        if place == entries.endIndex {
            let new = Setting(.null, path: setting.path(of: step), source: value.source)
            entries.append(.init(key: step, value: new))
        }
        try put(steps.dropFirst(), into: &entries[place].value, of: inner)
        setting.value = .mapping(entries)
    }

    /// The shape of a key; what is not described may hold anything.
    private func inner(_ step: String, of shape: SettingShape, at path: String) throws(DescriptionError)
        -> SettingShape
    {
        if case .mapping(_, let value) = shape { return value }
        if case .any = shape { return .any }
        if let variants = shape.variants {
            throw refusal(
                "the list '\(path)' is empty there",
                "name one of its items by \(variants.tag), or by its number such as \(path)[0]")
        }
        guard let keys = shape.keys else {
            throw refusal("'\(path)' has no keys: it is \(shape.words)")
        }
        guard let key = keys.first(where: { $0.name == step }) else {
            let place = path.isEmpty ? "" : " in '\(path)'"
            throw refusal(
                "there is no key '\(step.shortened)'\(place)", NearestName.remedy(step, in: keys.map(\.name)))
        }
        return key.shape
    }

    /// The item that a step means: by the value of its tag, or by its number.
    private func index(
        of step: String, in items: [Setting], _ shape: SettingShape
    ) throws(DescriptionError) -> Int {
        if let number = Int(step), items.indices.contains(number) { return number }
        guard let tag = shape.variants?.tag else {
            throw refusal("the list has \(items.count) items, and none of number '\(step.shortened)'")
        }
        let names = items.map { $0[tag]?.text ?? "" }
        let found = names.indices.filter { names[$0] == step }
        guard let first = found.first else {
            throw refusal(
                "the list has no \(tag) '\(step.shortened)'", NearestName.remedy(step, in: names))
        }
        guard found.count == 1 else {
            throw refusal(
                "the list has \(found.count) items of \(tag) '\(step)'",
                "give the number of one, counted from 0: \(found.map { "[\($0)]" }.joined(separator: " or "))"
            )
        }
        return first
    }

    /// The shape of one item of a list.
    private static func item(of shape: SettingShape, like item: Setting) -> SettingShape {
        if let variants = shape.variants {
            let name = item[variants.tag]?.text
            return .block(
                variants.variants.first { $0.name == name }.map(variants.keys(of:)) ?? variants.shared)
        }
        if case .list(let shape, _, _) = shape { return shape }
        return shape.keys.map { .block($0) } ?? shape
    }

    private func refusal(_ message: String, _ remedy: String = "") -> DescriptionError {
        .flag(value.source ?? "--set \(path)", message, remedy)
    }
}

extension DescriptionError {
    /// What is wrong with a flag.
    package static func flag(_ flag: String, _ message: String, _ remedy: String = "") -> DescriptionError {
        var diagnostic = Diagnostic(.error, file: flag, message: message, remedy: remedy)
        diagnostic.isOfFlag = true
        return DescriptionError(.invalid, [diagnostic])
    }
}

extension Setting {
    /// The same, given by `source` and not by a line of a file.
    package func from(_ source: String) -> Setting {
        var copy = self
        (copy.source, copy.line) = (source, nil)
        switch value {
        case .scalar: break
        case .list(let items): copy.value = .list(items.map { $0.from(source) })
        case .mapping(let entries):
            copy.value = .mapping(entries.map { Entry(key: $0.key, value: $0.value.from(source)) })
        }
        return copy
    }
}
