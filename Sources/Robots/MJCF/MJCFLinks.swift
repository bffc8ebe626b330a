// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// Makes of bodies the links and joints that all robots are assembled from.
///
/// A link's frame is that of the joint that moves it, so a body whose joint does not go through its origin is described from there.
/// Of several joints in one body all but the last move a link without mass. A joint's position is MuJoCo's: 0 is where the body is
/// turned back by the joint's reference.
struct MJCFLinks {
    private let findings: Findings
    private let bodies: [MJCFBody]
    /// What the world's own geoms look like to the robot; nil for a file that has no ground.
    private let ground: ContactMask?
    private(set) var links: [URDFLink] = []
    private(set) var joints: [URDFJoint] = []
    /// The bodies that belong to the robot, by index.
    private(set) var kept: Set<Int> = []
    /// Whether the robot hangs on the world.
    let isFixed: Bool

    init(_ bodies: [MJCFBody], ground: ContactMask?, _ findings: Findings) {
        (self.bodies, self.ground, self.findings) = (bodies, ground, findings)
        let free = bodies.indices.filter { bodies[$0].isFree }
        isFixed = free.isEmpty
        if free.count > 1 {
            findings.report(
                .error, bodies[free[1]].element, bodies[free[1]].path,
                "is a second free body, beside '\(bodies[free[0]].name)': a file is one robot",
                "leave it out; boxes that stand still are the scene's `obstacles`")
        }
        links = [URDFLink(name: "world", line: bodies[0].element.mainLine, word: "body")]
        kept = [0]
        for index in bodies.indices.dropFirst() where belongs(index, free.first) {
            kept.insert(index)
            add(bodies[index])
        }
    }

    /// Whether a body hangs on the free one, or on the world where there is none; others are said.
    private func belongs(_ index: Int, _ free: Int?) -> Bool {
        guard let free, index != free, let parent = bodies[index].parent else { return true }
        if parent > 0 { return kept.contains(parent) }
        let body = bodies[index]
        if body.joints.isEmpty {
            findings.report(
                .warning, body.element, body.path,
                "stands still beside the free body '\(bodies[free].name)' and is left out, with all in it",
                "what stands still is the scene's: `ground` and `obstacles`")
        } else {
            findings.report(
                .error, body.element, body.path,
                "moves beside the free body '\(bodies[free].name)': a file is one robot",
                "leave one of them out")
        }
        return false
    }

    private mutating func add(_ body: MJCFBody) {
        guard let parentIndex = body.parent else { return }
        let parent = bodies[parentIndex]
        // From the parent link's frame to where the body is when all joints are at their references.
        var origin = Pose(position: -parent.anchor) * body.pose
        var from = parent.name
        if body.joints.isEmpty || body.isFree {
            var joint = URDFJoint(
                name: body.joints.first?.name ?? "\(body.name) on \(parent.name)",
                line: body.element.mainLine,
                kind: body.isFree ? .floating : .fixed, parent: from, child: body.name)
            joint.origin = origin
            joints.append(joint)
        }
        var reached = Vector3.zero
        for (number, joint) in body.joints.enumerated() where !body.isFree {
            let isLast = number == body.joints.count - 1
            let child = isLast ? body.name : "\(body.name) behind \(joint.name)"
            origin = origin * Pose(position: joint.anchor - reached)
            joints.append(made(joint, from: from, to: child, at: origin))
            if !isLast {
                links.append(URDFLink(name: child, line: joint.element.mainLine, word: "body"))
            }
            (from, origin, reached) = (child, .identity, joint.anchor)
        }
        links.append(link(body))
    }

    private func made(_ joint: MJCFJoint, from parent: String, to child: String, at origin: Pose) -> URDFJoint
    {
        let isHinge = joint.kind == .hinge
        var made = URDFJoint(
            name: joint.name, line: joint.element.mainLine, kind: isHinge ? .revolute : .prismatic,
            parent: parent, child: child)
        made.axis = joint.axis
        made.origin = origin
        if joint.reference != 0 {
            made.origin =
                origin
                * (isHinge
                    ? Pose(orientation: Quaternion(angle: -joint.reference, about: joint.axis))
                    : Pose(position: -joint.reference * joint.axis))
        }
        (made.lower, made.upper) = joint.limits
        (made.damping, made.friction, made.effort) = (joint.damping, joint.friction, joint.effort)
        (made.armature, made.stiffness, made.rest) = (joint.armature, joint.stiffness, joint.rest)
        return made
    }

    private func link(_ body: MJCFBody) -> URDFLink {
        let shift = Pose(position: -body.anchor)
        var link = URDFLink(name: body.name, line: body.element.mainLine, word: "body")
        link.properties = body.properties.placed(at: shift)
        link.shapes = body.geoms.compactMap { geom in
            geom.shape.map {
                var shape = CollisionShape($0, origin: shift * (geom.shapePose ?? geom.pose), link: body.name)
                shape.friction = geom.friction
                shape.mask = geom.mask
                shape.mask.meetsSurroundings = ground.map { geom.mask.meets($0) || !geom.mask.isOpen } ?? true
                return shape
            }
        }
        let line = (body.inertial ?? body.element).mainLine
        link.lines = (line, line, line)
        link.inertiaFault = body.inertiaFault.map { .init(line: line, message: $0) }
        return link
    }
}
