// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
internal import Robots
internal import Settings

/// What a scene's keys cannot mean, though each of them is allowed: a case that is an error, or warned of.
///
/// Declared once here: the reader and the reference of scenes take it from the list.
struct SceneMeaning: Sendable {
    /// What is said of a case that holds: what is the matter, and what to do.
    typealias Finding = (message: String, remedy: String)

    /// The key path that it is said of.
    let path: [String]
    /// The case, for the reference.
    let summary: String
    /// Whether it is an error; otherwise a person is warned.
    let isRefused: Bool
    private let find: @Sendable (Scene) -> Finding?

    private init(
        _ path: String, _ isRefused: Bool, _ summary: String, _ find: @escaping @Sendable (Scene) -> Finding?
    ) {
        self.path = path.split(separator: ".").map(String.init)
        self.isRefused = isRefused
        self.summary = summary
        self.find = find
    }

    static func refuse(
        _ path: String, where summary: String, _ find: @escaping @Sendable (Scene) -> Finding?
    ) -> SceneMeaning {
        SceneMeaning(path, true, summary, find)
    }

    static func warn(
        _ path: String, where summary: String, _ find: @escaping @Sendable (Scene) -> Finding?
    ) -> SceneMeaning {
        SceneMeaning(path, false, summary, find)
    }

    /// Reports every case that holds in a scene; `root` is what it was decoded from.
    static func check(_ scene: Scene, _ root: Setting, _ decoder: Decoder) {
        for meaning in all {
            guard let finding = meaning.find(scene) else { continue }
            let place = meaning.path.reduce(root) { $0.place(of: $1) }
            if meaning.isRefused {
                decoder.report(place, finding.message, finding.remedy)
            } else {
                decoder.warn(place, finding.message, finding.remedy)
            }
        }
    }

    /// The list as the reference of scenes shows it.
    static var table: String {
        "| key | what it cannot mean | then |\n|---|---|---|\n"
            + all.map {
                "| `\($0.path.joined(separator: "."))` | \($0.summary) | \($0.isRefused ? "refused" : "warned") |\n"
            }.joined()
    }

    private static var all: [SceneMeaning] { surroundings + joints + episode + curriculum + terms }

    // MARK: The cases

    private static let surroundings: [SceneMeaning] = [
        .refuse("contact.law", where: "it is convex, and the solver ODE, whose friction is its own") {
            scene in
            guard scene.contactMaterial.softness.law == .convex, scene.physics.solver == .ode else {
                return nil
            }
            return (
                "ODE has no convex law of contacts: its friction is its own",
                "set physics.solver: articulated"
            )
        },
        .refuse("stops.law", where: "it is convex, and the solver ODE") { scene in
            guard scene.stopSoftness.law == .convex, scene.physics.solver == .ode else { return nil }
            return ("ODE has no convex law of stops", "set physics.solver: articulated")
        },
        .refuse("contact.restitution", where: "the law is convex, which has none") { scene in
            guard scene.contactMaterial.softness.law == .convex, scene.contactMaterial.restitution > 0 else {
                return nil
            }
            return ("the convex law of contacts has no restitution", "remove it, or set contact.law: exact")
        },
        .warn("physics.gravity", where: "it points up where there is ground") { scene in
            guard scene.physics.gravity.z > 0, scene.hasGround else { return nil }
            return (
                "gravity points up, away from the ground: z is \(scene.physics.gravity.z.digits)",
                "write [0, 0, -9.81]"
            )
        },
        .refuse("objects", where: "two have one name, or one has that of a link") { scene in
            var names = Set(scene.robot.frames.keys)
            guard let twice = scene.objects.first(where: { !names.insert($0.name).inserted }) else {
                return nil
            }
            return ("'\(twice.name)' is the name of another object or link", "give it a name of its own")
        },
        .warn("objects", where: "there is nothing for them to lie on") { scene in
            guard let object = scene.objects.first, !scene.hasGround, scene.obstacles.isEmpty,
                scene.physics.gravity.length > 0
            else { return nil }
            return ("object '\(object.name)' falls for ever", "add ground: {friction: 1}, or an obstacle")
        },
        .warn("contacts.friction", where: "a coefficient is below the ground's, which wins") { scene in
            guard let ground = scene.ground?.friction,
                let link = scene.contacts.friction.filter({ $0.value < ground }).keys.min(),
                let own = scene.contacts.friction[link]
            else { return nil }
            return (
                "link '\(link)' has a friction of \(own.digits), but a pair takes the greater of two, and the ground has \(ground.digits)",
                "lower ground.friction too"
            )
        },
        .warn("contacts.ignore", where: "links do not touch each other anyway") { scene in
            guard !scene.contacts.selfCollision, !scene.contacts.ignored.isEmpty else { return nil }
            return (
                "pairs are left out, but links do not touch each other at all",
                "set contacts.self_collision: true, or remove it"
            )
        },
    ]

    private static let joints: [SceneMeaning] = [
        .refuse("thrusters", where: "two push at one link, or one pushes what stands still") { scene in
            var names: Set<String> = []
            if let twice = scene.thrusters.first(where: { !names.insert($0.name).inserted }) {
                return (
                    "two thrusters push '\(twice.link.name)'",
                    "give the second a link of its own: a fixed joint makes one"
                )
            }
            guard scene.base == .fixed, let still = scene.thrusters.first(where: { $0.link.link == 0 }) else {
                return nil
            }
            return ("link '\(still.link.name)' stands still: base is fixed", "set base: floating")
        },
        .warn("joints", where: "an effort limit is given to a joint that nothing drives") { scene in
            let driven = Set(scene.actuators.map(\.joint))
            for block in scene.unresolved.joints where block.properties["effort_limit"] != nil {
                guard let joints = block.joints,
                    let joint = joints.first(where: { !driven.contains($0.index) })
                else { continue }
                return (
                    "joint '\(joint.name)' has an effort_limit, but no actuator drives it",
                    "remove it, or add an actuator"
                )
            }
            return nil
        },
        .warn("joints", where: "a spring has a rest and no stiffness") { scene in
            guard let joint = scene.joints.firstIndex(where: { $0.rest != 0 && $0.stiffness == 0 }) else {
                return nil
            }
            return (
                "joint '\(scene.robot.joints[joint].name)' has a rest of \(scene.joints[joint].rest.digits), but no spring: its stiffness is 0",
                "give it stiffness, or remove rest"
            )
        },
    ]

    private static let episode: [SceneMeaning] = [
        .warn("reset.positions", where: "a factor of starts that are all 0") { scene in
            guard case .scale = scene.unresolved.reset.positions, !scene.start.joints.isEmpty,
                scene.start.joints.allSatisfy({ $0 == 0 })
            else { return nil }
            return (
                "a factor changes nothing where every joint starts at 0",
                "write {uniform: 0.1}, or give start.joints"
            )
        },
        .warn("target", where: "no term tells of it") { scene in
            guard scene.target != nil, !scene.needs(.target) else { return nil }
            return ("no term observes or rewards it", "add a term such as target_distance, or remove it")
        },
        .warn("commands", where: "no term tells of them") { scene in
            guard scene.commands != nil, !scene.needs(.commands) else { return nil }
            return ("no term observes or rewards them", "add the term velocity_commands, or remove them")
        },
        .warn("commands", where: "all of them are to stand") { scene in
            guard let commands = scene.commands else { return nil }
            let speeds = [commands.linearVelocityX, commands.linearVelocityY, commands.angularVelocityZ]
            guard commands.standingFraction == 1 || speeds.allSatisfy({ $0 == 0...0 }) else { return nil }
            return ("every command is to stand still", "give lin_vel_x a range, and standing below 1")
        },
        .warn("commands.resample_time", where: "an episode is over before") { scene in
            guard let time = scene.commands?.resampleTime, time >= scene.episodeSeconds else { return nil }
            return (
                "an episode of \(scene.episodeSeconds.digits) s is over before \(time.digits) s: no new command is drawn",
                "lower it"
            )
        },
        .refuse("randomise.latency", where: "no action arrives within an episode") { scene in
            guard let latency = scene.randomisation.latency?.lowerBound,
                latency >= scene.episodeSteps * scene.physics.substeps
            else { return nil }
            return (
                "no action arrives within an episode of \(scene.episodeSteps * scene.physics.substeps) physics steps",
                "lower it"
            )
        },
        .refuse("randomise.motor_strength", where: "it is always 0") { scene in
            guard scene.randomisation.motorStrength?.upperBound == 0 else { return nil }
            return ("no actuator has any effort", "use a range about 1, such as [0.9, 1.1]")
        },
        .warn("randomise.push.every", where: "an episode is over before") { scene in
            guard let every = scene.randomisation.push?.every, every >= scene.episodeSeconds else {
                return nil
            }
            return (
                "an episode of \(scene.episodeSeconds.digits) s is over before the first push after \(every.digits) s",
                "lower it"
            )
        },
    ]

    private static let terms: [SceneMeaning] = [
        .warn("observation", where: "target_position of a target that is always the same point") { scene in
            guard case .point = scene.target,
                scene.observation.contains(where: { type(of: $0.anyTerm).name == "target_position" })
            else { return nil }
            return (
                "'target_position' is the same in every episode, since the target is a point",
                "leave it out, or give the target a disc or a box"
            )
        },
        .refuse("observation", where: "a term's scale is 0") { scene in
            guard let entry = scene.observation.first(where: { $0.scale == 0 }) else { return nil }
            return (
                "'\(type(of: entry.anyTerm).name)' has a scale of 0: it is always 0 to the policy",
                "remove the term, or use another scale"
            )
        },
        .refuse("critic_observation", where: "a term's scale is 0") { scene in
            guard let entry = scene.criticObservation.first(where: { $0.scale == 0 }) else { return nil }
            return (
                "'\(type(of: entry.anyTerm).name)' has a scale of 0: it is always 0 to the critic",
                "remove the term, or use another scale"
            )
        },
        .refuse("reward", where: "every weight is 0") { scene in
            guard !scene.reward.isEmpty, scene.reward.allSatisfy({ $0.weight == 0 }) else { return nil }
            return ("every weight is 0: all actions are worth the same", "give a term a weight")
        },
        .warn("reward", where: "is_terminated or alive is rewarded and nothing ends an episode") { scene in
            let rewarded = scene.reward.filter { $0.weight != 0 }.map { type(of: $0.anyTerm).name }
            guard scene.termination.isEmpty,
                let name = rewarded.first(where: { ["is_terminated", "alive"].contains($0) })
            else { return nil }
            return (
                "'\(name)' is the same in every step: nothing ends an episode", "add terminate, or remove it"
            )
        },
    ]
}

extension Scene {
    /// The seconds of a whole episode.
    fileprivate var episodeSeconds: Double { Double(episodeSteps) * physics.controlPeriod }

    /// Whether a term needs this of the scene.
    fileprivate func needs(_ need: TermNeed) -> Bool {
        let entries =
            observation as [any TermEntry] + criticObservation as [any TermEntry]
            + reward as [any TermEntry] + termination as [any TermEntry]
        return entries.contains { type(of: $0.anyTerm).needs.contains(need) }
    }
}
