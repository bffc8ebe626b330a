// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// The values of a mapping's keys, decoded and checked against a list of parameters.
struct Arguments: Sendable {
    /// A decoded value.
    indirect enum Value: Sendable {
        case number(Double)
        case integer(Int)
        case bool(Bool)
        case text(String)
        case vector(Vector3)
        case range(ClosedRange<Double>)
        case integerRange(ClosedRange<Int>)
        case distribution(Distribution)
        case axes([Axis])
        case joints([Int])
        case links([LinkFrame])
        case pairs([LinkPair])
        case numbersByName([Named<Double>])
        case blocksByJoint([Named<Arguments>])
        case block(Arguments)
        case blocks([Arguments])
        case setting(Setting)
    }

    /// A value under a name that was resolved.
    struct Named<Element: Sendable>: Sendable {
        var name: String
        /// The index of the joint, or of the link that holds the frame.
        var index: Int
        var element: Element
        var path: String
        var line: Int?
    }

    var path: String
    var line: Int?
    /// The value of the key that tells variants apart.
    var variant: String?
    var values: [String: Value] = [:]
    /// The lines of the keys that are there, right or wrong.
    var lines: [String: Int] = [:]

    func isGiven(_ key: String) -> Bool { lines[key] != nil }

    /// The path of a key, for messages.
    func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func line(of key: String) -> Int? { lines[key] ?? line }

    func number(_ key: String) -> Double? {
        switch values[key] {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    func integer(_ key: String) -> Int? {
        if case .integer(let value) = values[key] { value } else { nil }
    }

    func bool(_ key: String) -> Bool? {
        if case .bool(let value) = values[key] { value } else { nil }
    }

    func text(_ key: String) -> String? {
        if case .text(let value) = values[key] { value } else { nil }
    }

    func choice<Choice: RawRepresentable<String>>(_ key: String, _: Choice.Type) -> Choice? {
        text(key).flatMap(Choice.init(rawValue:))
    }

    func vector(_ key: String) -> Vector3? {
        if case .vector(let value) = values[key] { value } else { nil }
    }

    func range(_ key: String) -> ClosedRange<Double>? {
        if case .range(let value) = values[key] { value } else { nil }
    }

    func integerRange(_ key: String) -> ClosedRange<Int>? {
        if case .integerRange(let value) = values[key] { value } else { nil }
    }

    func distribution(_ key: String) -> Distribution? {
        if case .distribution(let value) = values[key] { value } else { nil }
    }

    func axes(_ key: String) -> [Axis]? {
        if case .axes(let value) = values[key] { value } else { nil }
    }

    func joints(_ key: String) -> [Int]? {
        if case .joints(let value) = values[key] { value } else { nil }
    }

    func links(_ key: String) -> [LinkFrame]? {
        if case .links(let value) = values[key] { value } else { nil }
    }

    func pairs(_ key: String) -> [LinkPair] {
        if case .pairs(let value) = values[key] { value } else { [] }
    }

    func numbersByName(_ key: String) -> [Named<Double>] {
        if case .numbersByName(let value) = values[key] { value } else { [] }
    }

    func blocksByJoint(_ key: String) -> [Named<Arguments>] {
        if case .blocksByJoint(let value) = values[key] { value } else { [] }
    }

    func block(_ key: String) -> Arguments? {
        if case .block(let value) = values[key] { value } else { nil }
    }

    func blocks(_ key: String) -> [Arguments] {
        if case .blocks(let value) = values[key] { value } else { [] }
    }

    func setting(_ key: String) -> Setting? {
        if case .setting(let value) = values[key] { value } else { nil }
    }
}
