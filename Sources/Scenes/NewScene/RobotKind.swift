// SPDX-License-Identifier: MIT

internal import Geometry
package import Robots

/// What a robot is, as far as its structure, its shapes and its names tell.
package enum RobotKind: Sendable, Equatable {
    /// It stands on this many legs, which are not two.
    case legged(Int)
    /// It stands on two legs, with or without arms.
    case biped
    /// It drives on this many wheels with motors.
    case wheeled(Int)
    /// It reaches with one arm or several.
    case arm
    /// It has fingers on a palm.
    case hand
    /// It flies.
    case flyer
    /// Nothing of these: a pendulum, a cart.
    case other

    /// As `--new` prints it.
    package var words: String {
        switch self {
        case .legged(let count): "a robot on \(count) leg\(count == 1 ? "" : "s")"
        case .biped: "a biped"
        case .wheeled(let count): "a robot on \(count) driven wheel\(count == 1 ? "" : "s")"
        case .arm: "an arm"
        case .hand: "a hand"
        case .flyer: "a flyer"
        case .other: "none of legged, wheeled, arm, hand or flyer"
        }
    }
}

/// The parts of a robot by what they are for, and what it is because of them.
package struct RobotAnatomy: Sendable, Equatable {
    package private(set) var kind = RobotKind.other
    /// Why it is that, in words.
    package private(set) var grounds = "no part of it is known by structure, shape or name"
    /// What it stands on.
    package private(set) var legs: [Limb] = []
    /// The limbs that are no legs and have at least two joints.
    package private(set) var arms: [Limb] = []
    /// The joints of wheels with motors.
    package private(set) var wheels: [Int] = []
    /// The joints of casters: wheels without motors, and what lets them swivel.
    package private(set) var casters: [Int] = []

    /// Looks at a robot with its joints at `positions`.
    package init(_ robot: Robot, at positions: [Double]) {
        let limbs = LimbFinder(robot).limbs
        let poses = robot.linkPoses(positions: positions)
        let finder = WheelFinder(robot, poses)
        (wheels, casters) = (finder.driven, finder.casters)
        let turning = Set(wheels + casters)
        let walking = limbs.filter { !turning.contains($0.joints[0]) }
        let low = LowLimbs(robot, walking, poses)
        legs = walking.filter { low.isLeg($0) }
        arms = walking.filter { limb in !legs.contains(limb) && limb.joints.count > 1 }
        decide(robot, low, finder)
    }

    private mutating func decide(_ robot: Robot, _ low: LowLimbs, _ finder: WheelFinder) {
        let wheelsOnLegs = wheels.filter { wheel in legs.contains { $0.joints.contains(wheel) } }
        if !legs.isEmpty, wheels.isEmpty || !wheelsOnLegs.isEmpty {
            kind = legs.count == 2 ? .biped : .legged(legs.count)
            grounds = low.grounds(legs, robot)
        } else if !wheels.isEmpty {
            kind = .wheeled(wheels.count)
            grounds = finder.grounds
            // What looked like a leg on a cart is not stood on.
            (arms, legs) = (arms + legs.filter { $0.joints.count > 1 }, [])
        } else if let word = NameHints.flight(in: robot) {
            kind = .flyer
            grounds = "'\(word)' flies by its name, and it has neither legs nor wheels"
        } else if isHand(robot) {
            kind = .hand
            grounds =
                "\(arms.count) limbs of up to \(arms.map(\.joints.count).max() ?? 0) joints that do not stand on the ground"
        } else if let longest = arms.filter({ $0.isDriven(robot) }).map(\.joints.count).max(),
            longest > 2 || NameHints.count(of: .arm, in: arms, robot) > 0
        {
            kind = .arm
            grounds =
                (arms.count == 1 ? "a chain" : "\(arms.count) chains")
                + " of \(longest) joints from '\(robot.root.name)', "
                + "which is no leg by place or name"
                + (robot.glides ? ", on a planar base: its first joints slide along x and y and turn" : "")
        }
    }
}

extension Robot {
    /// Whether two sliders and a hinge carry all of it over the ground, as files write a base that moves in a plane.
    fileprivate var glides: Bool {
        guard joints.count > 2, joints[0].parent == 0, joints[1].parent == joints[0].child,
            joints[2].parent == joints[1].child
        else { return false }
        let axes = linkPoses(positions: joints.map { _ in 0 })
        let turned = joints.prefix(3).map { axes[$0.child].orientation.rotate($0.axis) }
        return joints.prefix(3).map(\.kind) == [.slider, .slider, .hinge] && abs(turned[0].z) < 0.1
            && abs(turned[1].z) < 0.1 && abs(turned[0].dot(turned[1])) < 0.1 && abs(turned[2].z) > 0.9
    }
}

extension RobotAnatomy {
    /// Fingers hang side by side on a palm, each as long as the others.
    fileprivate func isHand(_ robot: Robot) -> Bool {
        let isPalm = ([robot.root.name] + robot.root.merged).contains { NameHints.has(.finger, $0) }
        let areAlike = arms.count > 2 && Set(arms.map(\.joints.count)).count == 1
        let names = (
            NameHints.count(of: .finger, in: arms, robot), NameHints.count(of: .arm, in: arms, robot)
        )
        return arms.count > 1
            && (isPalm || areAlike && names.0 == names.1 || names.0 > 0 && names.0 == names.1)
    }
}

/// Joints one after the other, from where they hang on the body to what they end in.
package struct Limb: Sendable, Equatable {
    /// Their indices, from the body out.
    package var joints: [Int]
    /// The link that the last one moves.
    package var end: Int
    /// The joints behind that: fingers and what else a hand has.
    package var hand: [Int] = []

    /// Whether each of its joints has a motor.
    func isDriven(_ robot: Robot) -> Bool { joints.allSatisfy { !robot.joints[$0].isPassive } }
}

/// Splits the tree of a robot into limbs and what carries them.
struct LimbFinder {
    private let robot: Robot
    /// The joints that hang on each link, and how many joints follow one another behind it.
    private let joints: [[Int]]
    private let depths: [Int]
    private(set) var limbs: [Limb] = []

    init(_ robot: Robot) {
        self.robot = robot
        var (joints, depths) = (
            [[Int]](repeating: [], count: robot.links.count), [Int](repeating: 0, count: robot.links.count)
        )
        for (index, joint) in robot.joints.enumerated() { joints[joint.parent].append(index) }
        for joint in robot.joints.reversed() {
            depths[joint.parent] = max(depths[joint.parent], depths[joint.child] + 1)
        }
        (self.joints, self.depths) = (joints, depths)
        for joint in joints[0] { follow(joint) }
    }

    private mutating func follow(_ first: Int) {
        var chain = [first]
        while let last = chain.last, joints[robot.joints[last].child].count == 1 {
            chain.append(joints[robot.joints[last].child][0])
        }
        let end = robot.joints[chain[chain.count - 1]].child
        guard isTorso(chain, end) else { return add(chain, end) }
        for joint in joints[end] { follow(joint) }
    }

    /// A torso carries limbs that are at least as long as it is; a hand's fingers are shorter than its arm.
    private func isTorso(_ chain: [Int], _ end: Int) -> Bool {
        let lengths = joints[end].map { depths[robot.joints[$0].child] + 1 }
        guard lengths.count > 1, let longest = lengths.max() else { return false }
        return lengths.count { $0 > 2 } > 1 && longest >= chain.count || chain.count <= 2 && longest > 3
    }

    /// The jaw of a gripper is not part of the arm that reaches.
    private mutating func add(_ chain: [Int], _ end: Int) {
        var (arm, hand) = (chain, [Int]())
        // Where all of it is called a finger it is none of a hand.
        while arm.count > 2, !NameHints.isJaw(robot, chain[0]), let last = arm.last,
            NameHints.isJaw(robot, last)
        {
            hand.insert(arm.removeLast(), at: 0)
        }
        let tip = robot.joints[arm[arm.count - 1]].child
        var isBehind = [Bool](repeating: false, count: robot.links.count)
        isBehind[end] = true
        for (index, joint) in robot.joints.enumerated() where isBehind[joint.parent] {
            isBehind[joint.child] = true
            hand.append(index)
        }
        limbs.append(Limb(joints: arm, end: tip, hand: hand))
    }
}
