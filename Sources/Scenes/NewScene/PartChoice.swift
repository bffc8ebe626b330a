// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Robots
internal import Settings

/// Chooses what moves each joint of a robot.
struct PartChoice {
    private let plan: ScenePlan
    private let poses: [Pose]
    /// The greatest effort that any of the joints needs.
    private var most = 0.0
    private var robot: Robot { plan.robot }

    init(_ plan: ScenePlan) {
        self.plan = plan
        poses = plan.robot.linkPoses(positions: plan.pose)
        most =
            plan.robot.joints.indices.filter { !plan.robot.joints[$0].isPassive }.map { useful($0) }.max()
            ?? 0
    }

    var parts: [ScenePlan.Part] { robot.joints.indices.map(part) }

    private func part(_ index: Int) -> ScenePlan.Part {
        if let lead = robot.lead(of: index) { return .free("which follows \(Scalar(lead.leader).yaml)") }
        guard !robot.joints[index].isPassive else { return .free("whose effort is 0 in the robot's file") }
        if plan.anatomy.casters.contains(index) { return .free("a caster") }
        switch plan.task {
        case .walk, .stand:
            if plan.anatomy.wheels.contains(index) { return wheel(index) }
            return plan.anatomy.legs.contains { $0.joints.contains(index) } ? leg(index) : hold(index)
        case .drive: return plan.anatomy.wheels.contains(index) ? wheel(index) : hold(index)
        case .forward: return forward(index)
        case .hover:
            return plan.rotors.joints.contains(index)
                ? .free("a rotor, for which its thruster stands") : hold(index)
        case .reach:
            guard plan.anatomy.kind == .arm || plan.anatomy.kind == .hand else { return torque(index) }
            let path = plan.tip.map { robot.joints(to: $0.link) } ?? []
            return path.contains(index) ? reach(index) : hold(index)
        }
    }

    private func inertia(_ index: Int) -> Double { robot.inertia(movedBy: index, poses) }

    /// What lifts what hangs on a joint twice over, and is not slow.
    private func useful(_ index: Int) -> Double {
        let acceleration = robot.joints[index].kind == .hinge ? 50.0 : 20
        return max(2 * robot.weight(on: index, poses), acceleration * inertia(index))
    }

    private func leg(_ index: Int) -> ScenePlan.Part {
        let count = Double(max(plan.anatomy.legs.count, 1))
        let load = 9.81 * robot.totalMass * plan.height
        let strength = ServoChoice.strength(
            of: robot.joints[index], enough: max(useful(index), 1.5 * load / count), most: most)
        // A robot on two feet falls over where its ankles give way more than its weight leans on them; knees and hips give way too.
        let stiffness = plan.anatomy.kind == .biped ? 1.5 * load : 0
        let choice = ServoChoice(
            carrying: strength, inertia: inertia(index),
            carried: robot.totalMass * plan.height * plan.height / count, atLeast: stiffness)
        let axis = poses[robot.joints[index].child].orientation.rotate(robot.joints[index].axis)
        let lateral: Axis = plan.forward == .x ? .y : .x
        // Hips that turn sideways need less than knees.
        let wished =
            robot.joints[index].kind == .slider ? 0.1 * plan.height : abs(axis[lateral]) > 0.5 ? 0.4 : 0.2
        return .servo(choice, scale: within(index, wished))
    }

    /// As far as the stops leave on the wider side.
    private func within(_ index: Int, _ wished: Double) -> Double {
        let (joint, position) = (robot.joints[index], plan.pose[index])
        let room = max((joint.upper ?? .infinity) - position, position - (joint.lower ?? -.infinity))
        return max(min(wished, room), 0.01).twoDigits
    }

    private func wheel(_ index: Int) -> ScenePlan.Part {
        let speeds = WheelSpeeds(robot, plan.anatomy, plan.pose)
        let count = Double(max(plan.anatomy.wheels.count, 1))
        // It accelerates the robot by 2 m/s², five times over.
        let strength = ServoChoice.strength(
            of: robot.joints[index], enough: max(10 * robot.totalMass * speeds.radius / count, 1e-4), most: 0)
        let effort = min(strength.effort, max(10 * robot.totalMass * speeds.radius / count, 1e-4))
        var choice = ServoChoice(holding: strength, inertia: inertia(index), weight: 0)
        choice.armature = max(0.1 * inertia(index), 1e-5).twoDigits
        return .wheel(kd: (effort / (0.1 * speeds.wheelSpeed)).twoDigits, scale: speeds.wheelSpeed, choice)
    }

    private func reach(_ index: Int) -> ScenePlan.Part {
        let joint = robot.joints[index]
        let strength = ServoChoice.strength(of: joint, enough: useful(index), most: most)
        let choice = ServoChoice(
            holding: strength, inertia: inertia(index), weight: robot.weight(on: index, poses))
        let range = joint.range(about: plan.pose[index], within: ReachingPose.reach)
        let scale = max(range.upperBound - plan.pose[index], plan.pose[index] - range.lowerBound)
        return .servo(choice, scale: max(scale, 0.01).twoDigits)
    }

    private func hold(_ index: Int) -> ScenePlan.Part {
        let strength = ServoChoice.strength(of: robot.joints[index], enough: useful(index), most: most)
        return .held(
            ServoChoice(holding: strength, inertia: inertia(index), weight: robot.weight(on: index, poses)))
    }

    /// Servos for what moves on in ways that are not known.
    private func forward(_ index: Int) -> ScenePlan.Part {
        let enough = max(useful(index), 9.81 * robot.totalMass * plan.height / 2)
        let strength = ServoChoice.strength(of: robot.joints[index], enough: enough, most: most)
        let choice = ServoChoice(
            carrying: strength, inertia: inertia(index), carried: inertia(index), atLeast: 0)
        return .servo(choice, scale: within(index, robot.joints[index].kind == .hinge ? 0.4 : 0.1))
    }

    private func torque(_ index: Int) -> ScenePlan.Part {
        let strength = ServoChoice.strength(of: robot.joints[index], enough: useful(index), most: most)
        // Without damping a joint that is pushed one way for long gets faster and faster.
        let damping = robot.joints[index].damping > 0 ? nil : (strength.effort / 20).twoDigits
        return .torque(strength.effort.twoDigits, damping: damping, remark: strength.remark)
    }
}
