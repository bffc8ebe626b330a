// SPDX-License-Identifier: MIT

import Settings
import Testing

/// A small configurable type of all kinds of keys, for tests.
struct Oven: Configurable, Equatable {
    enum Fuel: String, CaseIterable, Sendable { case gas, wood }

    struct Rack: Configurable, Equatable {
        var height = 0.1
        var trays = 2

        static let keys: [Key<Rack>] = [
            Key("height", \.height, .number(.positive), "Height in m.", isRequired: true),
            Key("trays", \.trays, .integer(1...10), "Trays on it."),
        ]
    }

    struct Dish: Sendable, Equatable {
        enum Kind: Sendable, Equatable { case bread(salt: Double), pie(layers: Int) }
        var kind: Kind
        var weight = 1.0

        var salt: Double {
            get { if case .bread(let salt) = kind { salt } else { 0 } }
            set { kind = .bread(salt: newValue) }
        }
        var layers: Int {
            get { if case .pie(let layers) = kind { layers } else { 0 } }
            set { kind = .pie(layers: newValue) }
        }

        static let format = Format<Dish>.variant(
            tag: "dish", shared: [Key("weight", \.weight, .number(.any), "Factor.")],
            [
                Variant(
                    "bread", "A loaf.", synonyms: ["loaf"],
                    keys: [Key("salt", \.salt, .number(.within(0, 1)), "Share of salt.")],
                    matches: { if case .bread = $0.kind { true } else { false } },
                    make: { Dish(kind: .bread(salt: 0.02)) }),
                Variant(
                    "pie", "A pie.",
                    keys: [Key("layers", \.layers, .integer(1...9), "Layers.", isRequired: true)],
                    matches: { if case .pie = $0.kind { true } else { false } },
                    make: { Dish(kind: .pie(layers: 1)) }),
            ])
    }

    var degrees = 180.0
    var minutes = 40
    var fuel = Fuel.gas
    var hasFan = false
    var name: String?
    var window: ClosedRange<Double>?
    var sizes: [Int] = []
    var rack = Rack()
    var dishes: [Dish] = []

    static let keys: [Key<Oven>] = [
        Key("degrees", \.degrees, .number(.positive(upTo: 300)), "Heat in degrees Celsius."),
        Key("minutes", \.minutes, .integer(1...1_000_000), "Time in minutes."),
        Key("fuel", \.fuel, .choice, "What burns."),
        Key("fan", \.hasFan, .flag, "Whether a fan turns."),
        Key("name", \.name, .text, "What it is called."),
        Key("window", \.window, .range(.number(.any)), "From when to when it is hot."),
        Key("sizes", \.sizes, .set(of: .integer(1...100)), "Sizes of tins in cm."),
        Key("rack", \.rack, .block, "Where dishes stand."),
        Key("dishes", \.dishes, .list(of: Dish.format), "What is in it."),
    ]

    func check(_ setting: Setting, _ decoder: Decoder) {
        if hasFan, fuel == .wood {
            decoder.report(setting.place(of: "fan"), "wood needs no fan", "leave it out")
        }
    }

    static let shape = SettingShape.block(keyDescriptions)

    /// The oven of a text, or what is wrong with it.
    static func read(_ yaml: String, _ overrides: [String] = []) throws -> Oven {
        var root = try Setting(yaml: Array(yaml.utf8), file: "oven.yaml")
        for text in overrides { try Override(parsing: text).apply(to: &root, of: shape, prefix: "rack") }
        let findings = Findings(file: "oven.yaml")
        let oven = Decoder(findings: findings).decode(root, Oven())
        try findings.throwErrors()
        return try #require(oven)
    }

    /// What is said of a text that is wrong.
    static func complaint(_ yaml: String, _ overrides: [String] = []) -> String {
        do {
            _ = try read(yaml, overrides)
            return ""
        } catch {
            return "\(error)"
        }
    }
}
