// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Settings

/// The actions that an algorithm with discrete choices takes of each element of an action, numbers in [-1, 1].
public enum ActionLevels: Sendable, Equatable {
    /// This many, evenly from -1 to 1; at least 2.
    case even(Int)
    /// These, for every element.
    case same([Double])
    /// These, a list for each element.
    case each([[Double]])
}

/// A finite set of actions, the product of a few numbers for each element: what DQN and Q-learning choose from.
///
/// Choice c has the digits of a number whose last digit belongs to the last element: with 3 levels for each of two elements,
/// choice 5 takes the second of the first and the third of the second.
public struct ActionGrid: Sendable, Equatable {
    /// The most choices that a grid may have.
    public static let limit = 1024

    /// The numbers of each element of the action, each within [-1, 1].
    public let levels: [[Float]]
    /// The number of choices.
    public let count: Int

    /// The length of an action.
    public var actionCount: Int { levels.count }

    /// Makes the grid of an action of `actionCount` elements.
    ///
    /// - Throws: ``GridError``: a wrong number of lists, or more than ``limit`` combinations.
    public init(_ levels: ActionLevels, actionCount: Int) throws(GridError) {
        let lists =
            switch levels {
            case .even(let count): Array(repeating: Self.evenly(count), count: actionCount)
            case .same(let list): Array(repeating: list, count: actionCount)
            case .each(let lists): lists
            }
        guard lists.count == actionCount else {
            throw .lists(lists.count, elements: actionCount)
        }
        // In floating point, where no count of combinations overflows.
        let combinations = lists.reduce(1.0) { $0 * Double($1.count) }
        guard combinations <= Double(Self.limit) else {
            throw .tooMany(combinations, elements: actionCount)
        }
        self.levels = lists.map { $0.map { Float($0) } }
        count = Int(combinations)
    }

    /// `count` numbers from -1 to 1, the same distance apart.
    private static func evenly(_ count: Int) -> [Double] {
        (0..<count).map { (2 * Double($0) - Double(count - 1)) / Double(count - 1) }
    }

    /// Writes the action of a choice.
    ///
    /// - Precondition: `choice` is one of the grid's, and `action` of its length.
    public func write(_ choice: Int, into action: inout MutableSpan<Float>) {
        precondition((0..<count).contains(choice), "choice \(choice) of \(count)")
        precondition(action.count == actionCount, "an action of \(action.count), not \(actionCount) numbers")
        var rest = choice
        for element in levels.indices.reversed() {
            let list = levels[element]
            action[element] = list[rest % list.count]
            rest /= list.count
        }
    }

    /// The choice whose action is nearest to `action`, element by element; the lower number of two that are as near.
    public func choice(nearest action: Span<Float>) -> Int {
        precondition(action.count == actionCount, "an action of \(action.count), not \(actionCount) numbers")
        var choice = 0
        for element in levels.indices {
            let list = levels[element]
            var nearest = 0
            for digit in list.indices
            where abs(list[digit] - action[element]) < abs(list[nearest] - action[element]) {
                nearest = digit
            }
            choice = choice * list.count + nearest
        }
        return choice
    }

    /// All actions one after another, (count, actionCount), as a greedy policy has them.
    public var actions: [Float] {
        var actions = [Float](repeating: 0, count: count * actionCount)
        for choice in 0..<count {
            var rest = choice
            for element in levels.indices.reversed() {
                let list = levels[element]
                actions[choice * actionCount + element] = list[rest % list.count]
                rest /= list.count
            }
        }
        return actions
    }
}

/// Why levels make no grid.
public enum GridError: Error, Equatable {
    /// This many lists were given for an action of `elements` elements.
    case lists(Int, elements: Int)
    /// There would be this many combinations.
    case tooMany(Double, elements: Int)

    /// What is allowed, for a person who set `torques`.
    public var allowed: String {
        switch self {
        case .lists(let count, let elements):
            return "a list for each of the \(elements) actuators, not \(count)"
        case .tooMany(let combinations, let elements):
            let most = Int(exp2(10 / Double(elements)) + 1e-9)
            let many = combinations < 1e15 ? "\(Int(combinations))" : "\(combinations)"
            let remedy =
                most >= 2
                ? "\(most) torques for each would fit"
                : "give most of them a list of one, or learn with --algorithm sac, which needs no grid"
            return "at most \(ActionGrid.limit) combinations over the \(elements) actuators; these would be "
                + "\(many), \(remedy)"
        }
    }
}

extension Format<ActionLevels> {
    /// A number of torques, a list of them, or a list for each element of the action.
    static var torques: Format {
        let count = Format<Int>.integer(2...ActionGrid.limit)
        let list = Format<[Double]>.list(of: .number(.within(-1, 1)), count: 1...ActionGrid.limit).map(
            // A policy holds single precision.
            to: { Set($0.map { Float($0) }).count == $0.count ? $0 : nil }, from: { $0 })
        let lists = Format<[[Double]]>.list(of: list)
        let shape = SettingShape.described(
            "a whole number from 2 to \(ActionGrid.limit), a list of different numbers from -1 to 1, or a list of such lists",
            .either([count.shape, list.shape, lists.shape]))
        return Format(
            shape,
            encode: { torques in
                switch torques {
                case .even(let number): count.encode(number)
                case .same(let numbers): list.encode(numbers)
                case .each(let elements): lists.encode(elements)
                }
            },
            decode: { setting, decoder in
                guard case .list(let items) = setting.value, let first = items.first else {
                    guard let number = setting.scalar?.whole(Int.self),
                        (2...ActionGrid.limit).contains(number)
                    else { return decoder.refuse(setting, shape) }
                    return .even(number)
                }
                guard case .list = first.value else { return list.decode(setting, decoder).map { .same($0) } }
                return lists.decode(setting, decoder).map { .each($0) }
            })
    }

    /// What the key `torques` means.
    static var torquesSummary: String {
        "the actions that each actuator may take: so many evenly from -1 to 1, a list, or a list for each actuator"
    }
}

extension ActionLevels: CustomStringConvertible {
    /// The torques as a file has them.
    public var description: String { Format.torques.encode(self).map { Setting($0).flowText } ?? "" }
}
