// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// The keys of a scene, format 1: what ``SceneReader`` decodes, the JSON Schema describes and the documentation lists.
public enum SceneKeys {
    /// The keys of the file's own mapping.
    package static let all: [Parameter] = [
        Parameter("format", .integer(1...1), "The format of the file: 1.", isRequired: true),
        Parameter("summary", .text, "One sentence about the task.", isRequired: true),
        Parameter(
            "robot", .text, "The URDF file, looked up beside the scene, then in Robots/.", isRequired: true),
        Parameter(
            "base", .choice(Base.allCases.map(\.rawValue)),
            "How the root link is held: fixed, planar (x, z and the turn about y) or floating; what the robot's file says if left out."
        ),
        Parameter("physics", .block(physics), "The time step and the solver's numbers.", isRequired: true),
        Parameter("ground", .block(ground), "The floor; none if left out."),
        Parameter("obstacles", .blocks(obstacle), "Boxes that do not move."),
        Parameter("contacts", .block(contacts), "What touches what."),
        Parameter(
            "actuators", .variants(key: "kind", actuators), "What the action drives, in its order.",
            isRequired: true),
        Parameter(
            "joints", .blocks([joints] + passive), "The passive side of joints; values win over the URDF's."),
        Parameter("start", .block(start), "Where an episode starts, before noise."),
        Parameter("episode", .block(episode), "The length of an episode.", isRequired: true),
        Parameter("reset", .block(reset), "The noise of the start; none if left out."),
        Parameter("target", .block(target), "The point that the task is about, drawn at each reset."),
        Parameter("commands", .block(commands), "The velocities that the robot is told to follow."),
        Parameter("randomise", .block(randomise), "What differs from episode to episode."),
        Parameter(
            "observation",
            .shaped(.list(of: ObservationEntry.format.shape, count: 0...100_000, areUnique: false)),
            "What the policy sees, in order.", isRequired: true),
        Parameter(
            "reward", .shaped(.list(of: RewardEntry.format.shape, count: 0...100_000, areUnique: false)),
            "What the reward sums, per control step.", isRequired: true),
        Parameter(
            "terminate",
            .shaped(.list(of: TerminationEntry.format.shape, count: 0...100_000, areUnique: false)),
            "What ends an episode as terminated."),
        Parameter("evaluate", .block(evaluate), "How often a run is evaluated."),
        Parameter(
            "train",
            .settings(
                algorithms, [Parameter("evaluate", .block(ownEvaluate), "What differs for this algorithm.")]),
            "The settings of each algorithm, by its name; the double ones take those of the plain one where they have none."
        ),
    ]

    /// The algorithms that a scene may have settings for.
    public static let algorithms = ["q-learning", "double-q-learning", "dqn", "double-dqn", "a2c", "sac"]

    private static let physics = [
        Parameter("time_step", .number(.positive(upTo: 0.1)), "Seconds of a physics step.", isRequired: true),
        Parameter("substeps", .integer(1...1000), "Physics steps of a control step; 1 if left out."),
        Parameter("gravity", .vector(.within(-100, 100)), "Acceleration in m/s²; [0, 0, -9.81] if left out."),
        Parameter(
            "joint_erp", .number(.positive(upTo: 1)),
            "Share of joint error corrected in a step; 0.8 if left out."),
        Parameter(
            "contact_erp", .number(.positive(upTo: 1)),
            "Share of penetration corrected in a step; 0.2 if left out."),
        Parameter("cfm", .number(.positive(upTo: 1)), "Softness of all constraints; 1e-8 if left out."),
        Parameter(
            "solver", .choice(["exact", "quick"]),
            "How a step is solved: exact, or quick, by relaxation, for robots of very many joints; exact if left out."
        ),
        Parameter("iterations", .integer(1...1000), "Rounds of the quick solver; 50 if left out."),
    ]
    private static let friction = Parameter(
        "friction", .number(.within(0, 100)),
        "Coefficient of friction; 1 if left out. A pair takes the greater of two.")
    private static let ground = [
        friction,
        Parameter(
            "slope", .number(.within(-1.2, 1.2)), "Angle in rad by which it rises towards +x; 0 if left out."),
    ]
    private static let obstacle = [
        Parameter(
            "size", .vector(Bounds(low: 1e-4, high: 1e4)), "Full lengths of the sides in m.", isRequired: true
        ),
        Parameter("position", .vector(.within(-1e4, 1e4)), "Centre in the world in m.", isRequired: true),
        Parameter("rpy", .vector(.within(-10, 10)), "Roll, pitch, yaw in rad; 0 if left out."),
        friction,
    ]
    private static let contacts = [
        Parameter("self_collision", .bool, "Whether the robot's links touch each other; false if left out."),
        Parameter(
            "friction", .numberByLink(.within(0, 100)),
            "Coefficients by link; the ground's for those left out."),
        Parameter("ignore", .linkPairs, "Pairs of links that do not touch."),
    ]

    static let passive = [
        Parameter("armature", .number(.notNegative), "Rotor inertia in kg m² (kg); 0 if left out."),
        Parameter(
            "damping", .number(.notNegative), "Viscous damping in N m s/rad (N s/m); the URDF's if left out."),
        Parameter("stiffness", .number(.notNegative), "Spring in N m/rad (N/m); 0 if left out."),
        Parameter(
            "rest", .number(.any), "Position in rad (m) at which the spring is relaxed; 0 if left out."),
        Parameter("friction", .number(.notNegative), "Dry friction in N m (N); the URDF's if left out."),
        Parameter("effort_limit", .number(.positive), "Greatest effort in N m (N); the URDF's if left out."),
        Parameter(
            "velocity_limit", .number(.positive),
            "Speed never exceeded in rad/s (m/s); the URDF's if left out."),
    ]
    private static let joints = Parameter("joints", .joints, "The joints, in this order; all if left out.")
    private static let kp = Parameter(
        "kp", .number(.positive), "Stiffness in N m/rad (N/m).", isRequired: true)
    private static let kd = Parameter(
        "kd", .number(.notNegative), "Damping in N m s/rad (N s/m).", isRequired: true)
    private static func scale(_ unit: String) -> Parameter {
        Parameter("scale", .number(.positive), "What an action of 1 commands, in \(unit).", isRequired: true)
    }
    private static let actuators: [Parameter.Variant] = [
        .init(
            name: "torque", summary: "The effort gear times action.",
            parameters: [
                joints,
                Parameter(
                    "gear", .number(.any), "Effort of an action of 1 in N m (N), not 0.", isRequired: true),
            ]
                + passive, synonyms: ["motor", "effort"]),
        .init(
            name: "position", summary: "A servo to the position offset plus scale times action.",
            parameters: [
                joints, kp, kd, scale("rad (m)"),
                Parameter(
                    "offset", .number(.any), "Position of an action of 0 in rad (m); the start's if left out."
                ),
            ] + passive, synonyms: ["P", "pd", "servo"]),
        .init(
            name: "velocity", summary: "A servo to the velocity scale times action.",
            parameters: [
                joints, Parameter("kd", .number(.positive), "Gain in N m s/rad (N s/m).", isRequired: true),
                scale("rad/s (m/s)"),
            ] + passive, synonyms: ["V"]),
    ]

    private static let start = [
        Parameter(
            "position", .vector(.within(-1e4, 1e4)),
            "Origin of the root link's frame in the world in m; 0 if left out."),
        Parameter(
            "rpy", .vector(.within(-10, 10)), "Roll, pitch, yaw of the root link in rad; 0 if left out."),
        Parameter("joints", .numberByJoint(.any), "Positions in rad (m) by joint; 0 for those left out."),
    ]
    private static let episode = [
        Parameter(
            "steps", .integer(1...10_000_000), "Control steps after which an episode is cut.",
            isRequired: true)
    ]
    private static func noise(_ name: String, _ summary: String, allowsScale: Bool = false) -> Parameter {
        Parameter(name, .distribution(allowsScale: allowsScale), summary)
    }
    private static let reset = [
        noise(
            "positions", "Noise on every joint position, and on the base's position and orientation.",
            allowsScale: true),
        noise("velocities", "Noise on every joint velocity, and on the base's velocities."),
        Parameter(
            "joints",
            .blockByJoint([
                noise("position", "Noise on the joint's position.", allowsScale: true),
                noise("velocity", "Noise on the joint's velocity."),
            ]), "What differs for single joints."),
        Parameter(
            "base",
            .block([
                noise("position", "Noise on the base's position."),
                noise(
                    "orientation",
                    "Noise on its orientation: pitch, or the rotation vector of a floating base."),
                noise("yaw", "A turn of a floating base about the world's z axis."),
                noise("linear_velocity", "Noise on its linear velocity."),
                noise("angular_velocity", "Noise on its angular velocity."),
            ]), "What differs for the base."),
    ]
    private static let place = Bounds.within(-1e4, 1e4)
    private static let target = [
        Parameter("point", .vector(place), "Always this point in m."),
        Parameter(
            "disc",
            .block([
                Parameter("center", .vector(place), "Its centre in m.", isRequired: true),
                Parameter("radius", .number(.positive(upTo: 1e4)), "Its radius in m.", isRequired: true),
            ]), "Uniform in a disc along x and y."),
        Parameter(
            "box",
            .block([
                Parameter("low", .vector(place), "One corner in m.", isRequired: true),
                Parameter("high", .vector(place), "The opposite corner in m.", isRequired: true),
            ]), "Uniform in a box along the world's axes."),
    ]
    private static let commands = [
        Parameter("lin_vel_x", .range(.within(-100, 100)), "Forward speed in m/s; 0 if left out."),
        Parameter("lin_vel_y", .range(.within(-100, 100)), "Sideways speed in m/s; 0 if left out."),
        Parameter("ang_vel_z", .range(.within(-100, 100)), "Turning rate in rad/s; 0 if left out."),
        Parameter(
            "resample_time", .number(.positive), "Seconds after which a new one is drawn; never if left out."),
        Parameter("standing", .number(.within(0, 1)), "Share of commands to stand still; 0 if left out."),
    ]
    private static let randomise = [
        Parameter("mass", .range(Bounds(low: 0.01, high: 100)), "Factor of each link's mass."),
        Parameter("base_mass", .range(.any), "Kilograms added to the root link."),
        Parameter("friction", .range(.within(0, 100)), "Factor of all coefficients of friction."),
        Parameter("motor_strength", .range(.within(0, 100)), "Factor of each actuator's effort."),
        Parameter("latency", .integerRange(0...1000), "Physics steps by which actions come late."),
        Parameter(
            "push",
            .block([
                Parameter("every", .number(.positive), "Seconds between two pushes.", isRequired: true),
                Parameter(
                    "speed", .number(.positive(upTo: 100)), "Greatest change of velocity in m/s.",
                    isRequired: true),
            ]), "Sudden changes of the base's horizontal velocity."),
    ]
    /// The control steps that may lie between two evaluations.
    public static let evaluationIntervals = 1...1_000_000_000
    /// The episodes that an evaluation may have.
    public static let evaluationEpisodes = 1...100_000

    static let evaluate = evaluate(ifLeftOut: ["10000", "10"])
    private static let ownEvaluate = evaluate(ifLeftOut: ["the scene's", "the scene's"])

    private static func evaluate(ifLeftOut values: [String]) -> [Parameter] {
        [
            Parameter(
                "every", .integer(evaluationIntervals),
                "Environment steps between two evaluations; \(values[0]) if left out."),
            Parameter(
                "episodes", .integer(evaluationEpisodes),
                "Episodes of an evaluation; \(values[1]) if left out."),
        ]
    }
}
