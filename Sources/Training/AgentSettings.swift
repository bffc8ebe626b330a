// SPDX-License-Identifier: MIT

package import Agents
package import Settings

extension AgentConfiguration {
    /// The keys of the algorithm's block.
    package var shape: SettingShape { .block(hyperparameters.keyDescriptions) }

    /// The block with all settings.
    package var encoded: Setting {
        Setting(.mapping(settings.map { .init(key: $0.key, value: Setting($0.value)) }))
    }

    /// Takes what a block says over what is there; reports what is wrong with it.
    package mutating func decode(_ setting: Setting, _ decoder: Decoder) {
        guard let entries = setting.entries else { return decoder.report(setting, "not a mapping") }
        do {
            try apply(entries.map { ($0.key, SettingValue($0.value)) })
        } catch {
            let (key, message, remedy) = error.parts
            let name = key.split(separator: ".").last.map(String.init) ?? key
            decoder.report(setting.place(of: name), message, remedy)
        }
    }
}

extension AlgorithmConfiguration {
    fileprivate var keyDescriptions: [SettingShape.KeyDescription] {
        Self.hyperparameters.map {
            .init(name: $0.key, summary: $0.summary, shape: .described($0.allowed, .text))
        }
    }
}

extension AgentsError {
    /// The key, what is wrong, and what to do.
    fileprivate var parts: (key: String, message: String, remedy: String) {
        switch self {
        case .unknownSetting(let key, let known):
            let name = key.split(separator: ".").last.map(String.init) ?? key
            return (key, "there is no such setting", NearestName.remedy(name, in: known))
        case .badSetting(let key, let value, let allowed):
            return (key, "\(value) is not allowed; it must be \(allowed)", "")
        case .badState, .badStart, .notFinite:
            return ("", description, "")
        }
    }
}

extension SettingValue {
    fileprivate init(_ setting: Setting) {
        switch setting.value {
        case .scalar(let scalar):
            self = scalar.isQuoted ? .text(scalar.characters) : SettingValue(parsing: scalar.characters)
        case .list(let items): self = .list(items.map { SettingValue($0) })
        case .mapping(let entries):
            self = .mapping(entries.map { .init(key: $0.key, value: SettingValue($0.value)) })
        }
    }
}

extension Setting {
    fileprivate init(_ value: SettingValue) {
        switch value {
        case .integer(let number): self.init(.scalar(Scalar(number)))
        case .number(let number): self.init(.scalar(Scalar(number)))
        case .boolean(let flag): self.init(.scalar(Scalar(flag)))
        case .text(let text): self.init(.scalar(Scalar(text, isQuoted: false)))
        case .list(let items): self.init(.list(items.map { Setting($0) }))
        case .mapping(let entries):
            self.init(.mapping(entries.map { .init(key: $0.key, value: Setting($0.value)) }))
        }
    }
}
