// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
internal import Robots
internal import Settings

/// Long steps: it remembers the seconds that each link has been in the air.
///
/// Without `most`, a leg that is held up pays for it when it comes down.
struct FeetAirTime: RewardTerm {
    static let name = "feet_air_time"
    static let summary =
        "The sum, over links that touch down in the step, of their seconds in the air minus a threshold; 0 while told to stand."
    static let unit = "s"
    static let needs: [TermNeed] = [.movingBase]
    static let keys: [Key<Self>] = [
        .touchingLinks(\.links),
        Key(
            "threshold", \.threshold, .number(.notNegative), "The seconds in the air that earn nothing.",
            isRequired: true),
        Key(
            "most", \.most, .number(.positive), "Seconds in the air beyond these count no more.",
            absent: "all count"),
    ]

    var links: [LinkFrame] = []
    var threshold = 0.0
    var most: Double?

    func memorySize(in scene: Scene) -> Int { links.count }

    func value(_ state: SceneState, memory: inout [Double]) throws(PhysicsError) -> Double {
        var sum = 0.0
        let (counts, period) = (!state.isToldToStand, state.period)
        for index in links.indices {
            memory[index] += period
            guard try state.contactForce(links[index]) > 1 else { continue }
            // A foot that stood through the step has been in the air for one period at most.
            if counts, memory[index] > 1.5 * period {
                sum += min(memory[index], most ?? .infinity) - threshold
            }
            memory[index] = 0
        }
        return sum
    }
}
