// SPDX-License-Identifier: MIT

package import Foundation
internal import Yams

/// Reads YAML into a tree of settings with lines and key paths.
///
/// Scalars follow YAML 1.2: `1e-8` is a number, `on` and `y` are words.
package struct YAMLText {
    private let findings: Findings
    /// How many values are left before the file is refused: aliases can make a short file huge.
    private var valuesLeft = 100_000

    package init(findings: Findings) {
        self.findings = findings
    }

    /// The root of the file; nil after an error, which is in `findings` then.
    package mutating func read(_ data: Data) -> Setting? {
        guard data.count <= 4 << 20 else {
            findings.error(nil, "", "the file has \(data.count) bytes; at most 4 MiB are read")
            return nil
        }
        guard let text = String(data: data, encoding: .utf8) else {
            findings.error(nil, "", "the file is not UTF-8 text", "save it as UTF-8")
            return nil
        }
        do {
            guard let root = try Yams.compose(yaml: text) else {
                findings.error(1, "", "the file is empty", "a scene starts with format: 1")
                return nil
            }
            let setting = setting(root, path: "", depth: 0)
            if valuesLeft <= 0 { findings.error(nil, "", "the file holds more than 100000 values") }
            return valuesLeft > 0 ? setting : nil
        } catch let error as YamlError {
            report(error)
            return nil
        } catch {
            findings.error(nil, "", "this is not YAML")
            return nil
        }
    }

    private func report(_ error: YamlError) {
        let remedy = "check the indentation, brackets, and colons there"
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            findings.error(mark.line, "", "this is not YAML: \(problem)", remedy)
        case .duplicatedKeysInMapping(let keys, let context):
            findings.error(
                context.mark.line, "",
                "the key \(keys.map { "'\($0)'" }.joined(separator: ", ")) occurs twice in one mapping",
                "keep one")
        default:
            findings.error(nil, "", "this is not YAML", remedy)
        }
    }

    private mutating func setting(_ node: Node, path: String, depth: Int) -> Setting {
        valuesLeft -= 1
        let line = node.mark?.line
        guard valuesLeft > 0, depth < 64 else {
            if depth >= 64 { findings.error(line, path, "values are nested more than 64 deep") }
            return Setting(.null, path: path, line: line)
        }
        switch node {
        case .scalar(let scalar):
            return Setting(Self.value(of: scalar), path: path, line: line)
        case .sequence(let sequence):
            var items: [Setting] = []
            for (index, item) in sequence.enumerated() where valuesLeft > 0 {
                items.append(setting(item, path: "\(path)[\(index)]", depth: depth + 1))
            }
            return Setting(.list(items), path: path, line: line)
        case .mapping(let mapping):
            var entries: [Setting.Entry] = []
            for (key, value) in mapping where valuesLeft > 0 {
                guard let name = key.scalar?.string else {
                    findings.error(key.mark?.line ?? line, path, "a key must be a word")
                    continue
                }
                var value = setting(value, path: path.isEmpty ? name : "\(path).\(name)", depth: depth + 1)
                // People look for the key, and the value of a block starts a line later.
                value.line = key.mark?.line ?? value.line
                entries.append(.init(key: name, value: value))
            }
            return Setting(.mapping(entries), path: path, line: line)
        case .alias:
            findings.error(line, path, "this alias cannot be read", "write the value out")
            return Setting(.null, path: path, line: line)
        }
    }

    /// What a scalar is: quoted ones are texts.
    private static func value(of scalar: Node.Scalar) -> Setting.Value {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        switch scalar.string {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        if let integer = Int(scalar.string) { return .integer(integer) }
        if let number = Double(plainText: scalar.string) { return .number(number) }
        return .string(scalar.string)
    }
}

extension Setting {
    /// Reads YAML without knowing what it should hold.
    ///
    /// - Parameters:
    ///   - yaml: UTF-8 text.
    ///   - file: the name that messages give.
    /// - Throws: where it is not YAML.
    package init(yaml: Data, file: String) throws(DescriptionError) {
        let findings = Findings(file: file)
        var text = YAMLText(findings: findings)
        guard let root = text.read(yaml), !findings.hasErrors else {
            throw DescriptionError(.invalid, findings.inOrder)
        }
        self = root
    }
}
