// SPDX-License-Identifier: MIT
import Foundation
import Geometry
import Physics
import Testing

/// The pendulum against its closed forms.
///
/// Each check is a function that is also given a rod whose inertia about its centre is 2 %
/// wrong (0.5 % about the hinge), and must refuse that.
struct PendulumTests {
    static let amplitudes = [0.1, 1.57, 2.64]
    /// m g l and the inertia about the hinge, of the right rod.
    let weight = 10.0, inertia = 1.0 / 3

    /// Position and velocity after each of `count` steps of 1 ms from rest at `amplitude`.
    func swing(_ definition: WorldDefinition, from amplitude: Double, steps count: Int) throws -> [(
        Double, Double
    )] {
        let world = try World(definition)
        try world.place(positions: [amplitude])
        var reading = world.makeReading()
        return try (0..<count).map { _ in
            try world.step()
            try world.read(into: &reading)
            return (reading.jointPositions[0], reading.jointVelocities[0])
        }
    }

    /// The period from the zero crossings, interpolated.
    func period(of swing: [(Double, Double)]) -> Double {
        var crossings: [Double] = []
        for i in 1..<swing.count where (swing[i - 1].0 > 0) != (swing[i].0 > 0) {
            crossings.append((Double(i) + swing[i - 1].0 / (swing[i - 1].0 - swing[i].0)) * 1e-3)
        }
        return 2 * (crossings[crossings.count - 1] - crossings[0]) / Double(crossings.count - 1)
    }

    /// T = 2π √(I / m g l_c) / agm(1, cos(amplitude / 2)): the complete elliptic integral of the first kind.
    func exactPeriod(_ amplitude: Double) -> Double {
        var (a, g) = (1.0, cos(amplitude / 2))
        for _ in 0..<10 { (a, g) = ((a + g) / 2, (a * g).squareRoot()) }
        return 2 * .pi * (inertia / (weight / 2)).squareRoot() / a
    }

    func periodError(_ definition: WorldDefinition, _ amplitude: Double) throws -> Double {
        abs(period(of: try swing(definition, from: amplitude, steps: 10_000)) / exactPeriod(amplitude) - 1)
    }

    @Test(arguments: amplitudes)
    func `the period is the elliptic integral's within two parts in ten thousand`(amplitude: Double) throws {
        #expect(try periodError(.pendulum(), amplitude) < 2e-4)
        #expect(try periodError(.pendulum(inertiaFactor: 1.02), amplitude) > 2e-4)
        #expect(try periodError(.pendulum(inertiaFactor: 0.98), amplitude) > 2e-4)
    }

    /// The largest departure of the energy, by the right rod's formula, from that of the start.
    func energyError(_ definition: WorldDefinition, _ amplitude: Double) throws -> Double {
        let start = -weight / 2 * cos(amplitude)
        return try swing(definition, from: amplitude, steps: 10_000)
            .map { abs(inertia / 2 * $0.1 * $0.1 - weight / 2 * cos($0.0) - start) }.max() ?? .infinity
    }

    @Test(arguments: amplitudes)
    func `energy stays within two thousandths of m g l over ten seconds`(amplitude: Double) throws {
        // A small swing has less energy than 0.2 % of m g l: there 0.4 % of its own is asked for.
        let tolerance = min(2e-3 * weight, 4e-3 * weight / 2 * (1 - cos(amplitude)))
        #expect(try energyError(.pendulum(), amplitude) < tolerance)
        #expect(try energyError(.pendulum(inertiaFactor: 1.02), amplitude) > tolerance)
        #expect(try energyError(.pendulum(inertiaFactor: 0.98), amplitude) > tolerance)
    }

    @Test func `the world's own energy agrees with the formula`() throws {
        let world = try World(.pendulum())
        try world.place(positions: [0.7], velocities: [-2])
        let energy = try world.energy()
        #expect(abs(energy.kinetic - inertia / 2 * 4) < 1e-12)
        #expect(abs(energy.potential + weight / 2 * cos(0.7)) < 1e-12)
    }

    /// The largest relative error of ω = τ/d (1 - exp(-d t / I)) and of its integral, over a second without gravity.
    func stepResponseError(_ inertiaFactor: Double, damping d: Double) throws -> Double {
        var definition = WorldDefinition.pendulum(inertiaFactor: inertiaFactor)
        definition.gravity = .zero
        definition.joints[0].drive = .torque
        definition.joints[0].properties.damping = d
        let world = try World(definition)
        let torque = 1.5
        var worst = 0.0
        for i in 1...1000 {
            try world.step([torque])
            guard i >= 100 else { continue }
            let t = Double(i) * 1e-3
            let omega = d > 0 ? torque / d * (1 - exp(-d * t / inertia)) : torque / inertia * t
            let angle = d > 0 ? torque / d * t - omega * inertia / d : torque / inertia * t * t / 2
            let (q, v) = try world.joints()
            // positions of semi-implicit Euler are half a step ahead
            worst = max(worst, abs(v[0] / omega - 1), abs((q[0] - v[0] * 5e-4) / angle - 1))
        }
        return worst
    }

    @Test(arguments: [0, 0.8])
    func `a torque step is answered by the closed form`(damping: Double) throws {
        #expect(try stepResponseError(1, damping: damping) < 2e-3)
        #expect(try stepResponseError(1.02, damping: damping) > 2e-3)
        #expect(try stepResponseError(0.98, damping: damping) > 2e-3)
    }

    @Test func `one step is Gymnasium's step`() throws {
        var definition = WorldDefinition.pendulum()
        definition.timeStep = 0.05
        definition.joints[0].drive = .torque
        definition.joints[0].properties.velocityLimit = 8
        let world = try World(definition)
        var random = Numbers(state: 7)
        for _ in 0..<200 {
            // Pendulum-v1 counts its angle from upright: sin turns its sign.
            let (q, v) = (random.uniform(-10, 10), random.uniform(-8, 8))
            let torque = random.uniform(-2, 2)
            try world.place(positions: [q], velocities: [v])
            try world.step([torque])
            let speed = min(max(v + (-15 * sin(q) + 3 * torque) * 0.05, -8), 8)
            let (q1, v1) = try world.joints()
            #expect(abs(v1[0] - speed) < 1e-6 && abs(q1[0] - (q + 0.05 * speed)) < 1e-6)
        }
    }

    @Test func `angles count turns and speeds keep to the limit`() throws {
        var definition = WorldDefinition.pendulum()
        definition.joints[0].drive = .torque
        definition.joints[0].properties.velocityLimit = 8
        definition.timeStep = 0.005
        let world = try World(definition)
        try world.place(velocities: [8])
        for _ in 0..<400 {
            try world.step([20], substeps: 10)
            #expect(abs(try world.joints().velocities[0]) <= 8 + 1e-12)
        }
        // twenty seconds at the limit, with a little slack for the first second
        let angle = try world.joints().positions[0]
        #expect(angle > 8 * 20 - 8 && angle < 8 * 20 + 0.01)
    }

    @Test func `a clipped joint leaves the other joints' speeds alone`() throws {
        var definition = WorldDefinition.chain(base: .fixed, links: 3)
        let free = try World(definition)
        definition.joints[1].properties.velocityLimit = 1
        let limited = try World(definition)
        try free.place(velocities: [1, 1.999, -3])
        try limited.place(velocities: [1, 1.999, -3])
        try free.step()
        try limited.step()
        let (a, b) = (try free.joints().velocities, try limited.joints().velocities)
        #expect(a[1] > 1.5 && abs(b[1] - 1) < 1e-12)
        #expect(abs(a[0] - b[0]) < 1e-9 && abs(a[2] - b[2]) < 1e-9)
        let (p, q) = (try free.joints().positions, try limited.joints().positions)
        #expect(abs(p[1] - q[1] - (a[1] - 1) * 1e-3) < 1e-12 && abs(p[0] - q[0]) + abs(p[2] - q[2]) < 1e-12)
    }
}
