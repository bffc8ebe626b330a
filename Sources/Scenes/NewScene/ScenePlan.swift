// SPDX-License-Identifier: MIT

internal import Geometry
internal import Robots
internal import Settings

/// What a new scene is to be, before it is text: the base, the pose, what drives each joint, and the task.
struct ScenePlan {
    /// What a robot can be asked for that it can learn.
    enum Task {
        /// Legs follow a commanded velocity.
        case walk
        /// Two legs keep their balance.
        case stand
        /// Wheels follow a commanded velocity.
        case drive
        /// A link goes to a target.
        case reach
        /// It gets ahead, however it does.
        case forward
        /// Rotors hold it in the air.
        case hover
    }

    /// What moves a joint.
    enum Part {
        /// A servo of the policy, and the scale of its action.
        case servo(ServoChoice, scale: Double)
        /// A velocity servo.
        case wheel(kd: Double, scale: Double, ServoChoice)
        /// A motor that the policy gives efforts to, as they are.
        case torque(Double, damping: Double?, remark: String)
        /// A spring that holds it where it starts: it is not what the task is about.
        case held(ServoChoice)
        /// Nothing.
        case free(String)
    }

    let robot: Robot
    let anatomy: RobotAnatomy
    let base: Base
    /// Why the base is what it is, for a comment.
    let reason: String
    let task: Task
    /// What pushes it, where it flies.
    let rotors: RotorChoice
    /// The positions of all joints that actions of 0 command.
    private(set) var pose: [Double]
    /// The direction that the robot moves in when it moves ahead.
    private(set) var forward = Axis.x
    /// The height of the root's frame in that pose, with the lowest shape on the ground.
    private(set) var height = 0.0
    /// The link that reaches, and the joints that carry it.
    let tip: LinkFrame?
    private(set) var parts: [Part] = []
    /// The commanded speed (m/s) and turning rate (rad/s) that suit the robot.
    private(set) var speed = 0.0
    private(set) var turning = 0.0

    init(_ robot: Robot, base asked: Base?) {
        self.robot = robot
        // As the robot's file has it; else zero where the limits allow it, else the middle of the range.
        let zero = robot.following(
            robot.joints.enumerated().map { index, joint in
                let (low, high) = (joint.lower ?? -.infinity, joint.upper ?? .infinity)
                if let home = robot.home?.joints[index] {
                    return min(max((1000 * home).rounded() / 1000, low), high)
                }
                guard low > 0 || high < 0, low.isFinite, high.isFinite else { return 0.0 }
                return (1000 * (low + high) / 2).rounded() / 1000
            })
        let anatomy = RobotAnatomy(robot, at: zero)
        self.anatomy = anatomy
        (base, reason) = asked.map { ($0, "It was asked for.") } ?? Self.guess(robot, anatomy, zero)
        rotors = RotorChoice(robot, at: zero)
        task = Self.task(of: anatomy.kind, base)
        tip = ReachingPose.tip(of: robot, anatomy)
        pose = zero
        switch task {
        case .walk, .stand:
            let standing = StandingPose(robot, anatomy.legs, from: zero)
            (pose, forward) = (
                robot.home == nil ? standing.positions : zero, standing.lateral == .x ? .y : .x
            )
        case .reach:
            if anatomy.kind == .arm, let tip { pose = ReachingPose.find(robot, tip, from: zero) }
        case .drive: forward = WheelSpeeds(robot, anatomy, zero).forward
        case .forward, .hover: break
        }
        pose = robot.following(pose)
        let lowest = zip(robot.links, robot.linkPoses(positions: pose)).compactMap {
            robot.lowest(of: $0, at: $1)
        }
        height =
            base == .fixed
            ? 0 : task == .hover ? 1 : max(0, (1000 * -(lowest.min() ?? 0)).rounded(.up) / 1000)
        if task == .drive {
            let speeds = WheelSpeeds(robot, anatomy, pose)
            (speed, turning) = (speeds.speed, speeds.turning)
        } else {
            // Dynamically alike robots walk at speeds that go with the root of their height (Froude's number 0.09).
            speed = max(0.05, (20 * 0.3 * (9.81 * height).squareRoot()).rounded() / 20)
        }
        parts = PartChoice(self).parts
    }

    private static func task(of kind: RobotKind, _ base: Base) -> Task {
        switch (base, kind) {
        case (.fixed, _): .reach
        case (.floating, .legged(let count)) where count > 2: .walk
        case (.floating, .biped): .stand
        case (.floating, .wheeled): .drive
        case (.floating, .flyer): .hover
        case (.floating, _), (.planar, _): .forward
        }
    }

    /// How the root of a robot is probably held, and why.
    private static func guess(_ robot: Robot, _ anatomy: RobotAnatomy, _ start: [Double]) -> (Base, String) {
        let root = robot.root
        guard root.properties.mass > 0, root.properties.inertia.isPositiveDefinite else {
            return (.fixed, "A guess: the root link has no mass.")
        }
        if let declared = robot.declaredBase { return (declared, "A guess: the robot's file says so.") }
        switch anatomy.kind {
        case .legged, .biped: return (.floating, "A guess: what walks is free.")
        case .wheeled: return (.floating, "A guess: what drives is free.")
        case .flyer: return (.floating, "A guess: what flies is free.")
        case .arm, .hand:
            return (.fixed, "A guess: it has nothing to stand on, so it is taken as bolted down.")
        case .other: break
        }
        let lows = zip(robot.links, robot.linkPoses(positions: start)).map { robot.lowest(of: $0, at: $1) }
        guard let feet = lows.dropFirst().compactMap(\.self).min() else {
            return (.fixed, "A guess: no link that moves has a shape to stand on.")
        }
        if feet < (lows[0] ?? root.properties.centerOfMass.z) - 1e-3 {
            return (.floating, "A guess: links reach below the root, as legs and wheels do.")
        }
        return (.fixed, "A guess: no link reaches below the root, so it is taken as bolted down.")
    }

    /// Why there can be no scene for the robot; nil where there can.
    var refusal: String? {
        if task == .hover {
            guard !rotors.canHover else { return nil }
            return
                "it flies (\(anatomy.grounds)), but \(rotors.rotors.count) of its links are called rotors or propellers, and fewer than three cannot hold it level: write a scene with thrusters: [{link: ..., range: [0, ...]}] yourself; --base fixed writes a task for its joints alone"
        }
        let isDriven = parts.contains { part in
            switch part {
            case .servo, .wheel, .torque: true
            case .held, .free: false
            }
        }
        if !isDriven {
            return
                "no joint of it has a motor: those that move are casters, passive, or follow others; check which joints of the file are fixed"
        }
        guard base != .fixed else { return nil }
        let remedy = "give its feet or wheels <collision> shapes, or pass --base fixed"
        if robot.links.allSatisfy({ $0.shapes.isEmpty }) {
            return
                "no link of it has a collision shape that is read, so it cannot touch the ground and would fall for ever; \(remedy)"
        }
        let legs = anatomy.legs
        if !legs.isEmpty,
            legs.allSatisfy({ $0.joints.allSatisfy { robot.links[robot.joints[$0].child].shapes.isEmpty } })
        {
            let ends = legs.map { "'\(robot.links[$0.end].name)'" }.joined(separator: ", ")
            return
                "its legs, ending in \(ends), have no collision shape that is read, so it cannot stand on them; \(remedy)"
        }
        return nil
    }
}
