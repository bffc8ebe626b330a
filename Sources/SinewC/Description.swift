// SPDX-License-Identifier: MIT

internal import Environments
internal import Networks
internal import Robots
internal import Scenes
internal import Settings
internal import Tasks

/// The scenes that can be found.
var sceneList: JSONValue {
    .array(
        SceneCatalog.standard.scenes().map {
            .object([("name", .text($0.name)), ("summary", .text($0.summary)), ("file", .text($0.file))])
        })
}

extension EnvironmentBatch {
    /// The scene as a caller needs to know it; what has no value is absent.
    var description: JSONValue {
        let environment = slots[0].environment
        let (scene, timing) = (task.scene, environment.timing)
        return .object([
            ("scene", .text(scene.name)), ("file", .text(scene.file)), ("robot", .text(scene.robot.name)),
            ("robot_file", .text(scene.robot.file)), ("environments", .number(Double(slots.count))),
            ("threads", .number(Double(team.threads))),
            ("observations", .array(environment.observationSpace.elements.map(\.description))),
            ("actions", .array(environment.actuators.map(\.description))),
            (
                "rewards",
                .array(
                    zip(environment.rewardTermNames, scene.reward).map {
                        .object([("name", .text($0)), ("weight", .number($1.weight))])
                    })
            ),
            ("control_period", .number(timing.controlPeriod)),
            ("physics_step", .number(timing.physicsStep)),
            ("substeps", .number(Double(timing.substeps))),
            ("episode_steps", .number(Double(scene.episodeSteps))),
        ])
    }
}

extension Space.Element {
    fileprivate var description: JSONValue {
        .object(
            [("name", .text(name)), ("unit", .text(unit))]
                + numbers([("low", low), ("high", high)])
                + texts([("frame", frame), ("joint", joint), ("body", body)]))
    }
}

extension Environments.Actuator {
    fileprivate var description: JSONValue {
        .object(
            [("name", .text(name)), ("kind", .text(kind.rawValue)), ("unit", .text(unit))]
                + numbers([
                    ("low", low), ("high", high), ("scale", scale), ("offset", offset), ("kp", kp),
                    ("kd", kd),
                    ("effort_limit", effortLimit), ("velocity_limit", velocityLimit), ("lower", lower),
                    ("upper", upper),
                ]) + texts([("joint", joint)]))
    }
}

private func numbers(_ members: [(String, Double?)]) -> [(String, JSONValue)] {
    members.compactMap { name, value in
        value.flatMap { $0.isFinite ? (name, .number($0)) : nil }
    }
}

private func texts(_ members: [(String, String?)]) -> [(String, JSONValue)] {
    members.compactMap { name, value in value.map { (name, .text($0)) } }
}
