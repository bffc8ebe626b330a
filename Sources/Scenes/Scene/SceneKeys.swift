// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
package import Settings

extension Scene: Configurable {
    package init() {
        self.init(
            name: "", file: "", robot: Robot(name: "", links: [Link(name: "")], joints: [], frames: [:]))
    }

    package static var keys: [Key<Scene>] { keys(algorithms: []) }

    /// The keys of a scene's file, format 1, which may have settings for these algorithms.
    package static func keys(algorithms: [AlgorithmKeys]) -> [Key<Scene>] {
        head + surroundings + robotKeys + episode + terms + [
            Key("evaluate", \.evaluation, .block, "How often a run is evaluated."),
            trainKey(algorithms),
        ]
    }

    private static let head: [Key<Scene>] = [
        formatKey,
        Key("summary", \.summary, .text, "One sentence about the task.", isRequired: true),
        Key(
            "robot", \.unresolved.robot, .text,
            "The URDF or MuJoCo (MJCF) file, looked up beside the scene, then in Robots/.", isRequired: true),
        Key(
            "base", \.unresolved.base, .choice,
            "How the root link is held: fixed, planar (x, z and the turn about y) or floating.",
            absent: "what the robot's file says"),
    ]

    private static var formatKey: Key<Scene> {
        let format = Format<Int>.integer(1...1)
        return Key(
            "format", format.shape, "The format of the file.", isRequired: true,
            encode: { _ in format.encode(1) },
            decode: { _, setting, decoder in _ = format.decode(setting, decoder) })
    }

    private static let surroundings: [Key<Scene>] = [
        Key(
            "physics", \.physics, .block, "The time step, gravity and the solver.", isRequired: true),
        Key("contact", \.contactMaterial, .block, "How contacts give way and bounce."),
        Key("stops", \.stopSoftness, .block, "How the joints' stops give way."),
        Key("ground", \.ground, .block, "The floor.", absent: "none"),
        Key("terrain", \.terrain, .block, "Uneven ground in place of the floor.", absent: "none"),
        Key("obstacles", \.obstacles, .list(of: .block), "Boxes that do not move."),
        Key(
            "objects", \.objects, .list(of: .block, count: 0...32).unlessEmpty(),
            "Bodies beside the robot that can be pushed and lifted.", absent: "none"),
        Key("contacts", \.contacts, .block, "What touches what."),
    ]

    private static let robotKeys: [Key<Scene>] = [
        Key("collision", \.collision, .block, "What the robot's meshes touch with."),
        Key(
            "actuators", \.unresolved.actuators, .list(of: ActuatorBlock.format),
            "The joints that the action drives, in its order.", isRequired: true),
        Key(
            "thrusters", \.thrusters, .list(of: .block, count: 0...64).unlessEmpty(),
            "What pushes links, as rotors and jets do: the last elements of the action.", absent: "none"),
        Key(
            "joints", \.unresolved.joints, .list(of: .block),
            "What joints have of their own; values win over those of the robot's file."),
    ]

    private static let episode: [Key<Scene>] = [
        Key("start", \.unresolved.start, .block, "Where an episode starts, before noise."),
        episodeKey,
        Key("reset", \.unresolved.reset, .block, "The noise of the start."),
        Key(
            "target", \.target, .block, "The point that the task is about, drawn at each reset.",
            absent: "none"),
        Key(
            "commands", \.commands, .block, "The velocities that the robot is told to follow.",
            absent: "none"),
        Key("randomise", \.randomisation, .block, "What differs from episode to episode."),
        Key(
            "curriculum", \.curriculum, .block,
            "How the task begins easier than it is, in training alone: evaluations and replays are of the whole task.",
            absent: "none"),
    ]

    private struct Episode: Configurable {
        var steps = 1

        static let keys: [Key<Episode>] = [
            Key(
                "steps", \.steps, .integer(1...10_000_000),
                "Control steps after which an episode is cut.", isRequired: true)
        ]
    }

    private static var episodeKey: Key<Scene> {
        Key(
            "episode", \.episodeSteps, Format<Episode>.block.map(to: \.steps, from: { Episode(steps: $0) }),
            "The length of an episode.", isRequired: true)
    }

    private static let terms: [Key<Scene>] = [
        Key(
            "observation", \.observation, .list(of: ObservationEntry.format),
            "What the policy sees, in order.", isRequired: true),
        Key(
            "critic_observation", \.criticObservation, .list(of: ObservationEntry.format).unlessEmpty(),
            "What the critic of soft actor-critic sees besides, in training alone: what a simulation can tell and no robot.",
            absent: "none"),
        Key(
            "reward", \.reward, .list(of: RewardEntry.format), "What the reward sums, per control step.",
            isRequired: true),
        Key(
            "only_positive_rewards", \.onlyPositiveRewards, .flag,
            "Whether a step's reward is 0 where the sum is below that, so that no costs make an early end pay."
        ),
        Key(
            "terminate", \.termination, .list(of: TerminationEntry.format),
            "What ends an episode as terminated."),
    ]
}
