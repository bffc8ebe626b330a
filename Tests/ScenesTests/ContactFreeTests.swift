// SPDX-License-Identifier: MIT

import Geometry
import Robots
import Scenes
import Testing

struct ContactFreeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var scene: String
        var reference: String
        /// The largest difference of a velocity at 0.1 ms, rad/s or m/s.
        var velocity = 1e-2
        /// By how much less a tenth of the step is off, at least, by a solver of second order: less where joints meet their stops.
        var order = 30.0

        var testDescription: String { scene }
    }

    static let cases = [
        Case(scene: "acrobot", reference: "acrobot"),
        Case(scene: "inverted-pendulum", reference: "inverted_pendulum"),
        Case(scene: "inverted-double-pendulum", reference: "inverted_double_pendulum"),
        Case(scene: "reacher", reference: "reacher"),
        Case(scene: "hopper", reference: "hopper"),
        Case(scene: "walker", reference: "walker2d"),
        Case(scene: "cheetah", reference: "half_cheetah", velocity: 2e-2),
        Case(scene: "ant", reference: "ant", order: 7),
    ]

    @Test(arguments: cases)
    func `a robot in the air moves as the reference and the more so the shorter the step`(test: Case) throws {
        let reference = try ContactFreeReference(named: test.reference)
        let fine = try ContactFreeFlight(scene: test.scene, reference: reference, timeStep: 1e-4)
        #expect(fine.jointNames == fine.referenceJointNames)
        let coarse = try ContactFreeFlight(scene: test.scene, reference: reference, timeStep: 1e-3)
        for (number, trajectory) in reference.trajectories.enumerated() {
            let small = try fine.deviation(on: trajectory)
            let large = try coarse.deviation(on: trajectory)
            #expect(small.position < 1e-3, "trajectory \(number)")
            #expect(small.velocity < test.velocity, "trajectory \(number)")
            // ODE is of first order: a tenth of the step, a tenth of the error. Springs and dampers are better, and the articulated
            // solver is of second order; what is left of the velocity's error may be the reference's rounding and the actions'.
            let order = large.position / small.position
            #expect(
                fine.isFirstOrder ? (8...12).contains(order) : order > test.order,
                "trajectory \(number): \(order)")
            #expect(
                large.velocity / small.velocity > 8 || small.velocity < 1e-5,
                "trajectory \(number): \(small.velocity) at 0.1 ms, \(large.velocity) at 1 ms")
        }
    }

    // By backward Euler it was 0.34 at half the step; MuJoCo's own Euler is 0.22 off at 10 ms.
    @Test func `the cheetah's springs are right at its own step`() throws {
        let reference = try ContactFreeReference(named: "half_cheetah")
        let flight = try ContactFreeFlight(scene: "cheetah", reference: reference, timeStep: 0.01)
        for trajectory in reference.trajectories {
            let deviation = try flight.deviation(on: trajectory)
            #expect(deviation.velocity < 0.06, "\(deviation)")
        }
    }
}
