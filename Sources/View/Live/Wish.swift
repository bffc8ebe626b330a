// SPDX-License-Identifier: MIT

package import Geometry
internal import Settings

/// What the page asks for: a word and numbers, such as `joint 3 0.25`.
///
/// Whatever else comes is no wish. Numbers are finite; that they fit the robot is seen where they are used.
package enum Wish: Equatable {
    /// The robot is held in a pose, and physics rests.
    case hold
    /// Physics moves it.
    case move
    /// A joint's position in the pose, rad or m.
    case joint(Int, Double)
    /// How high the base is held in the pose, m.
    case height(Double)
    /// An element of the action that is held where no policy acts, within [-1, 1].
    case action(Int, Double)
    case pause
    case play
    /// One control step.
    case step
    /// How many times as fast as in the world.
    case speed(Double)
    /// A new episode: with the next random numbers, or the first one of a seed.
    case reset(seed: UInt64?)
    /// Whether an episode goes on where the task or the time ends it.
    case endless(Bool)
    /// A link is held by a point of it (in its frame) and pulled to a place (in the world), m.
    case pull(link: Int, by: Vector3, to: Vector3)
    case release
    /// A blow that changes the robot's speed in the plane, m/s.
    case kick(Double, Double)
    /// A command instead of the scene's own; nil for those again.
    case command(Vector3?)

    /// Reads a message; nil where it is none.
    package init?(_ text: String) {
        let words = text.split(separator: " ", maxSplits: 16)
        guard let name = words.first else { return nil }
        let numbers = words.dropFirst().compactMap { Scalar.number($0) }
        guard numbers.count == words.count - 1 else {
            guard words == ["command", "free"] else { return nil }
            self = .command(nil)
            return
        }
        // Beyond this nothing in a scene is; and products of such numbers are still finite.
        guard numbers.allSatisfy({ abs($0) <= 1e6 }) || name == "reset" else { return nil }
        self.init(name, numbers, last: words.last ?? "")
    }

    private init?(_ name: Substring, _ numbers: [Double], last: Substring) {
        func vector(_ start: Int) -> Vector3 {
            Vector3(numbers[start], numbers[start + 1], numbers[start + 2])
        }
        let index = numbers.first.flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil }
        switch (name, numbers.count, index) {
        case ("hold", 0, _): self = .hold
        case ("move", 0, _): self = .move
        case ("pause", 0, _): self = .pause
        case ("play", 0, _): self = .play
        case ("step", 0, _): self = .step
        case ("release", 0, _): self = .release
        case ("reset", 0, _): self = .reset(seed: nil)
        case ("reset", 1, _):
            guard let seed = Scalar(String(last), isQuoted: false).whole(UInt64.self) else { return nil }
            self = .reset(seed: seed)
        case ("speed", 1, _) where (0.01...10).contains(numbers[0]): self = .speed(numbers[0])
        case ("height", 1, _): self = .height(numbers[0])
        case ("endless", 1, 0): self = .endless(false)
        case ("endless", 1, 1): self = .endless(true)
        case ("kick", 2, _) where abs(numbers[0]) <= 10 && abs(numbers[1]) <= 10:
            self = .kick(numbers[0], numbers[1])
        case ("command", 3, _): self = .command(vector(0))
        case ("joint", 2, let index?): self = .joint(index, numbers[1])
        case ("action", 2, let index?) where abs(numbers[1]) <= 1: self = .action(index, numbers[1])
        case ("pull", 7, let index?): self = .pull(link: index, by: vector(1), to: vector(4))
        default: return nil
        }
    }
}
