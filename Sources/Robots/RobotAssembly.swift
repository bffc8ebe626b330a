// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Geometry
internal import Settings

/// Makes the tree of moving links: checks that the joints form one tree, welds what does not move, finds the base.
struct RobotAssembly {
    let name: String
    private let line: Int
    let findings: Findings
    let links: [URDFLink]
    var joints: [URDFJoint]
    /// The joints that leave each link, in the order of the file, by the link's index.
    private var leaving: [[Int]]
    private let indices: [String: Int]

    init(_ reader: RobotReader, findings: Findings) {
        self.findings = findings
        (name, line) = (reader.name, reader.line)
        links = reader.links
        joints = reader.joints
        indices = Dictionary(
            links.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        leaving = Array(repeating: [], count: links.count)
        for (index, joint) in joints.enumerated() {
            if let parent = indices[joint.parent] { leaving[parent].append(index) }
        }
    }

    /// The robot, or nil after an error.
    mutating func robot() -> Robot? {
        guard let order = treeOrder() else { return nil }
        weldMassless(order)
        let start = base(of: order)
        guard !findings.hasErrors else { return nil }
        var robot = merged(from: start.root)
        robot.declaredBase = start.base
        robot.weldedJoints = Set(joints.filter(\.isWelded).map(\.name))
        checkBodies(&robot)
        Plausibility.checkSize(of: robot, line: line, findings)
        return findings.hasErrors ? nil : robot
    }

    /// The links depth first from the one root; nil where they form no tree.
    private func treeOrder() -> [Int]? {
        var parents: [[URDFJoint]] = Array(repeating: [], count: links.count)
        for joint in joints {
            if let child = indices[joint.child] { parents[child].append(joint) }
        }
        for (index, above) in parents.enumerated() where above.count > 1 {
            findings.error(
                above[1].line, links[index].path,
                "is the child of \(above.count) joints: \(above.map { "'\($0.name)'" }.joined(separator: ", "))",
                "a robot is a tree; closed loops are not simulated, so remove one of the joints")
        }
        guard !findings.hasErrors else { return nil }
        let roots = links.indices.filter { parents[$0].isEmpty }
        guard let root = roots.first else {
            findings.error(
                links.first?.line, links.first?.path ?? "",
                "every link is the child of a joint: the joints form a loop",
                "remove the joint that leads to the link that should be the root")
            return nil
        }
        if roots.count > 1 {
            findings.error(
                links[roots[1]].line, links[roots[1]].path,
                "no joint leads to it, nor to \(roots.filter { $0 != roots[1] }.prefix(8).map { "'\(links[$0].name)'" }.joined(separator: ", "))",
                "a robot has one root; connect the others with joints, fixed ones where nothing moves")
            return nil
        }
        var order: [Int] = []
        var stack = [root]
        while let link = stack.popLast() {
            order.append(link)
            stack += leaving[link].reversed().compactMap { indices[joints[$0].child] }
        }
        guard order.count == links.count else {
            let reached = Set(order)
            let loop = links.indices.filter { !reached.contains($0) }
            findings.error(
                links[loop[0]].line, links[loop[0]].path,
                "cannot be reached from the root '\(links[root].name)'; a loop of joints holds \(loop.prefix(8).map { "'\(links[$0].name)'" }.joined(separator: ", "))",
                "remove one of its joints")
            return nil
        }
        return order
    }

    /// Welds the joints that move nothing: there is no mass in all that hangs on them.
    private mutating func weldMassless(_ order: [Int]) {
        var mass = links.map(\.properties.mass)
        var above = [Int?](repeating: nil, count: links.count)
        for (index, joint) in joints.enumerated() {
            if let child = indices[joint.child] { above[child] = index }
        }
        for link in order.reversed() {
            guard let index = above[link], let parent = indices[joints[index].parent] else { continue }
            mass[parent] += mass[link]
        }
        guard mass[order[0]] > 0 else {
            findings.error(
                links[order[0]].line, links[order[0]].path, "no link of the robot has mass",
                "add <inertial> with <mass> and <inertia> to every link that moves")
            return
        }
        // Joints that move together move what any of them does.
        var together: [String: Double] = [:]
        for joint in joints {
            guard let child = indices[joint.child] else { continue }
            together[joint.mimic?.joint ?? joint.name, default: 0] += mass[child]
        }
        for link in order where mass[link] == 0 {
            guard let index = above[link], !joints[index].isWelded,
                together[joints[index].mimic?.joint ?? joints[index].name] == 0
            else { continue }
            findings.warn(
                joints[index].line, joints[index].path,
                "moves no mass, for '\(links[link].name)' and what hangs on it have none; the joint is fixed",
                "add <inertial> to '\(links[link].name)' to let it move")
            (joints[index].lockedAt, joints[index].mimic) = (joints[index].mimic?.offset ?? 0, nil)
        }
        MimicResolution.weld(&joints, findings)
    }

    /// The link to start from and what the file says of the base: a massless root that a floating or planar joint leaves is the world.
    private func base(of order: [Int]) -> (root: Int, base: Base?) {
        let root = order[0]
        // What is welded to the root, and the joints that leave it.
        var cluster: [Int] = []
        var moving: [Int] = []
        var stack = [root]
        while let link = stack.popLast() {
            cluster.append(link)
            for index in leaving[link] {
                if joints[index].isWelded, let child = indices[joints[index].child] {
                    stack.append(child)
                } else {
                    moving.append(index)
                }
            }
        }
        let isMassless = cluster.allSatisfy { links[$0].properties.mass == 0 }
        let free = moving.count == 1 && isMassless ? moving[0] : nil
        for (index, joint) in joints.enumerated()
        where [.floating, .planar].contains(joint.kind) && !joint.isWelded && index != free {
            findings.error(
                joint.line, joint.path,
                "a \(joint.kind.rawValue) joint can only lead from a massless root to the rest of the robot",
                "describe parts that are not connected as robots of their own, or use other joints")
        }
        guard let free, let child = indices[joints[free].child] else {
            return (root, isMassless ? .fixed : nil)
        }
        switch joints[free].kind {
        case .floating: return (child, .floating)
        case .planar where abs(joints[free].axis.y) > 0.999: return (child, .planar)
        case .planar:
            findings.warn(
                joints[free].line, joints[free].path,
                "the plane of a planar base is that of x and z (axis 0 1 0); the base is taken as floating")
            return (child, .floating)
        case .revolute, .continuous, .prismatic, .fixed: return (root, .fixed)
        }
    }

    /// Walks the tree from `root` and merges each link into the one that it is welded to.
    private func merged(from root: Int) -> Robot {
        var robot = Robot(name: name, file: findings.file, links: [], joints: [], frames: [:])
        // What is still to visit: a link, the merged link that holds it, and its pose there; or the joint that moves it.
        var stack: [(link: Int, frame: LinkFrame?, joint: Int?, parent: LinkFrame?)] = [(root, nil, nil, nil)]
        while let (index, welded, joint, parent) = stack.popLast() {
            let link = links[index]
            var frame = welded ?? LinkFrame(name: link.name, link: robot.links.count)
            frame.name = link.name
            if welded == nil {
                robot.links.append(Link(name: link.name))
            } else {
                robot.links[frame.link].merged.append(link.name)
            }
            if let joint, let parent {
                robot.joints.append(moving(joints[joint], parent: parent, child: frame.link))
            }
            robot.frames[link.name] = frame
            robot.links[frame.link].properties =
                robot.links[frame.link].properties + link.properties.placed(at: frame.pose)
            robot.links[frame.link].shapes += link.shapes.map {
                var shape = $0
                shape.origin = frame.pose * $0.origin
                return shape
            }
            for next in leaving[index].reversed() {
                guard let child = indices[joints[next].child] else { continue }
                if joints[next].isWelded {
                    let pose = frame.pose * joints[next].weld
                    stack.append((child, LinkFrame(name: "", link: frame.link, pose: pose), nil, nil))
                } else {
                    stack.append((child, nil, next, frame))
                }
            }
        }
        for (index, joint) in robot.joints.enumerated() {
            guard let mimic = joints.first(where: { $0.name == joint.name })?.mimic,
                let leader = robot.joint(named: mimic.joint)
            else { continue }
            robot.joints[index].isPassive = true
            robot.joints[index].mimic = .init(
                leader: leader, multiplier: mimic.multiplier, offset: mimic.offset)
        }
        return robot
    }

    private func moving(_ joint: URDFJoint, parent: LinkFrame, child: Int) -> Joint {
        var moving = Joint(
            name: joint.name, kind: joint.kind == .prismatic ? .slider : .hinge, parent: parent.link,
            child: child,
            origin: parent.pose * joint.origin, axis: joint.axis, lower: joint.lower, upper: joint.upper,
            effort: joint.effort, velocity: joint.velocity, damping: joint.damping, friction: joint.friction)
        moving.isPassive = joint.isPassive
        (moving.armature, moving.stiffness, moving.rest) = (joint.armature, joint.stiffness, joint.rest)
        return moving
    }

    /// Every link that moves and has mass needs inertia; the root too, unless its base is fixed, which the scene decides.
    private func checkBodies(_ robot: inout Robot) {
        for (index, link) in robot.links.enumerated() {
            let isBody = link.properties.inertia.isPositiveDefinite
            let faults = ([link.name] + link.merged).filter {
                reportInertia(of: $0, in: link, isBody: isBody)
            }
            guard index > 0, link.properties.mass > 0 else { continue }
            let line = links[indices[link.name] ?? 0].line
            let joint = robot.joints[index - 1].name
            if !isBody && faults.isEmpty {
                addBall(to: &robot.links[index], line)
            } else if let least = link.properties.inertia.principalMoments.first, isBody,
                least < 1e-12 * link.properties.mass
            {
                // The solver's own limit.
                findings.error(
                    line, "link '\(link.name)'",
                    "\(link.properties.mass.digits) kg with \(least.digits) kg m² about an axis lie within a micrometre of it, and joint '\(joint)' moves it",
                    "write its <inertia> in kg m², or leave it out to have that of the shapes")
            }
        }
    }

    /// Nothing tells how a link's mass is spread: about its centre like a ball of water, which is small beside most robots.
    private func addBall(to link: inout Link, _ line: Int) {
        let mass = link.properties.mass
        let radius = cbrt(mass / (1000 * Shape.sphere(radius: 1).volume))
        let moment = 0.4 * mass * radius * radius
        link.properties.inertia = link.properties.inertia + Inertia(xx: moment, yy: moment, zz: moment)
        findings.warn(
            line, "link '\(link.name)'",
            "has mass, its inertia is zero about an axis, and it has no collision shapes to take one from; that of a ball of water is added, \(moment.digits) kg m² about each axis",
            "write its <inertia>")
    }

    /// Whether a link of the file has an inertia that nothing can have: an error unless the body that it is part of can.
    private func reportInertia(of name: String, in link: Link, isBody: Bool) -> Bool {
        guard let index = indices[name], let fault = links[index].inertiaFault else { return false }
        let path = "\(links[index].path) <inertia>"
        let remedy = "all three must be positive; check the signs and the size of ixy, ixz and iyz"
        if isBody {
            findings.warn(
                fault.line, path,
                fault.message + ", but '\(link.name)' with all that is welded to it can be one",
                remedy)
        } else {
            findings.error(fault.line, path, fault.message, remedy)
        }
        return true
    }
}
