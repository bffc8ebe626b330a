// SPDX-License-Identifier: MIT

internal import Drawing
internal import Geometry
internal import Robots
internal import Scenes
internal import Settings
internal import Tasks

extension Exhibit {
    /// What the page is told first: the scene with its ground around a place, and what hands may do in it.
    func hello(around place: Vector3, height: Double) -> String {
        let scene = task.scene
        let commands = scene.commands.map { commands in
            [commands.linearVelocityX, commands.linearVelocityY, commands.angularVelocityZ].map {
                JSONValue.array([.number($0.lowerBound), .number($0.upperBound)])
            }
        }
        let followers = scene.robot.joints.indices.filter { scene.robot.joints[$0].mimic != nil }
        return LivePage.scene(
            look, around: place,
            [
                ("kind", .text("scene")), ("label", .text(label)), ("hasPolicy", .flag(feed != nil)),
                ("start", .array(scene.start.joints.map { .number($0) })),
                ("startHeight", .number(height)),
                ("followers", .array(followers.map { .number(Double($0)) })),
                ("fixedLinks", .number(scene.base == .fixed ? 1 : 0)), ("commands", .array(commands ?? [])),
            ])
    }
}

extension LiveSimulation {
    /// What the page is told of the simulation beside its moments.
    func state(at clock: StepClock) -> String {
        func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }
        return JSONValue.object([
            ("kind", .text("state")), ("paused", .flag(clock.isPaused)), ("moving", .flag(isMoving)),
            ("endless", .flag(isEndless)), ("told", .flag(isTold)), ("speed", .number(clock.speed)),
            ("seed", .text("\(seed)")), ("end", .text(end.rawValue)),
            ("policy", .text(policyLabel ?? "")), ("problem", .text(problem ?? "")),
            ("pose", numbers(pose)), ("height", .number(height)), ("held", numbers(heldActions)),
        ]).json
    }
}
