// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
internal import Robots

/// A scene's physics: the definition of its world, and how indices of the robot and of the world belong together.
struct ScenePhysics {
    let definition: WorldDefinition
    /// The difference between a link's index in the robot and in the world: 1 for a fixed base, whose root is part of
    /// the world; 0 otherwise.
    let linkShift: Int
    /// The geoms of the robot by the name of the link that holds them in the URDF, and those of objects by their names.
    let geomsOfLink: [String: [Int]]
    /// The geoms that stand still: ground, obstacles, and a fixed root's shapes.
    let staticGeoms: [Int]
    /// What is no part of the robot, which sensors see: of these, and objects.
    let surroundings: [Int32]
    /// What the thrusters do for one newton: to which body, and the force and torque in its frame.
    let thrusts: [(body: Int, force: Vector3, torque: Vector3)]
    /// The bodies that they push.
    let pushedBodies: [Int]
    /// The pairs of the robot's links that never touch each other, for they do at the start already.
    let touchingAtStart: [LinkPair]

    init(_ scene: Scene) {
        var builder = Builder(scene)
        builder.addLinks()
        builder.addObjects()
        builder.addJoints()
        builder.addGeoms()
        builder.addPairs()
        touchingAtStart = builder.removeTouching()
        definition = builder.definition
        linkShift = builder.linkShift
        geomsOfLink = builder.geomsOfLink
        surroundings = builder.geoms.indices.filter { builder.geoms[$0].link == nil }.map(Int32.init)
        let shift = builder.linkShift
        thrusts = scene.thrusters.map { thruster in
            let wrench = thruster.wrench(on: scene.robot.links[thruster.link.link].properties)
            return (thruster.link.link - shift, wrench.force, wrench.torque)
        }
        pushedBodies = Set(thrusts.map(\.body)).sorted()
        staticGeoms = builder.geoms.indices.filter { builder.definition.geoms[$0].link == nil }
    }

    /// Fills a world definition, part by part.
    private struct Builder {
        /// What a geom is, beside its shape.
        struct Surface {
            /// The robot's link, and the name in the URDF of the one that has the shape; nil for the surroundings.
            var link: Int?
            var name: String?
            var friction: Double
            /// What it may touch; nil for the surroundings.
            var mask: ContactMask?
        }

        let scene: Scene
        let poses: [Pose]
        let linkShift: Int
        var definition = WorldDefinition()
        var geoms: [Surface] = []
        var geomsOfLink: [String: [Int]] = [:]

        init(_ scene: Scene) {
            self.scene = scene
            linkShift = scene.base == .fixed ? 1 : 0
            poses = scene.robot.linkPoses(base: scene.base == .fixed ? scene.start.base : .identity)
            definition.timeStep = scene.physics.timeStep
            definition.gravity = scene.physics.gravity
            definition.solver = scene.physics.solver
            definition.contactSoftness = scene.contactMaterial.softness
            definition.contactMargin = scene.contactMaterial.margin
            definition.stopSoftness = scene.stopSoftness
            definition.base = scene.base
        }

        mutating func addLinks() {
            definition.links = scene.robot.links.indices.dropFirst(linkShift).map { index in
                LinkDefinition(properties: scene.robot.links[index].properties, pose: poses[index])
            }
        }

        mutating func addObjects() {
            for object in scene.objects {
                definition.links.append(
                    LinkDefinition(properties: object.properties, pose: object.placement.pose))
            }
            definition.objectCount = scene.objects.count
        }

        mutating func addJoints() {
            for (index, joint) in scene.robot.joints.enumerated() {
                let pose = poses[joint.child]
                let parent = joint.parent - linkShift
                definition.joints.append(
                    JointDefinition(
                        kind: joint.kind == .hinge ? .hinge : .slider,
                        parent: parent >= 0 ? parent : nil, child: joint.child - linkShift,
                        anchor: pose.position, axis: pose.orientation.rotate(joint.axis),
                        // A follower's stops are its leader's already.
                        lower: joint.mimic == nil ? joint.lower ?? -.infinity : -.infinity,
                        upper: joint.mimic == nil ? joint.upper ?? .infinity : .infinity,
                        properties: scene.joints[index],
                        coupling: joint.mimic.map {
                            Coupling(leader: $0.leader, ratio: $0.multiplier, offset: $0.offset)
                        }))
            }
            for actuator in scene.actuators { definition.joints[actuator.joint].drive = actuator.drive }
        }

        mutating func addGeoms() {
            for (index, link) in scene.robot.links.enumerated() {
                for shape in link.shapes {
                    let body = index - linkShift
                    // A fixed root's shapes stand still, at the root's pose.
                    let pose = body >= 0 ? shape.origin : poses[index] * shape.origin
                    geomsOfLink[shape.link, default: []].append(geoms.count)
                    add(
                        .solid(shape.geometry), body: body >= 0 ? body : nil, pose,
                        Surface(
                            link: index, name: shape.link,
                            friction: scene.friction(of: shape), mask: shape.mask))
                }
            }
            for (index, object) in scene.objects.enumerated() {
                geomsOfLink[object.name, default: []].append(geoms.count)
                // To the robot it is as what surrounds it.
                add(
                    .solid(object.shape), body: scene.robot.links.count - linkShift + index, .identity,
                    Surface(friction: object.friction))
            }
            if let ground = scene.ground {
                let tilt = Quaternion(angle: -ground.slope, about: .init(0, 1, 0))
                add(.plane, body: nil, Pose(orientation: tilt), Surface(friction: ground.friction))
            }
            if let grid = scene.terrainGrid, let terrain = scene.terrain {
                add(
                    .field(grid.field), body: nil, Pose(position: grid.corner),
                    Surface(friction: terrain.friction))
            }
            for obstacle in scene.obstacles {
                add(
                    .solid(.box(size: obstacle.size)), body: nil, obstacle.placement.pose,
                    Surface(friction: obstacle.friction))
            }
        }

        private mutating func add(_ shape: GeomShape, body: Int?, _ pose: Pose, _ surface: Surface) {
            geoms.append(surface)
            definition.geoms.append(GeomDefinition(shape: shape, link: body, pose: pose))
        }

        /// All pairs that may touch, in the order of the geoms, so that contacts are always made in the same order.
        mutating func addPairs() {
            for first in geoms.indices {
                for second in geoms.indices.dropFirst(first + 1) where mayTouch(first, second) {
                    definition.pairs.append(
                        PairDefinition(
                            first, second, friction: max(geoms[first].friction, geoms[second].friction),
                            restitution: scene.contactMaterial.restitution))
                }
            }
        }

        /// Links whose shapes are in each other at the start, as neighbours' often are, would be pushed apart for ever.
        mutating func removeTouching() -> [LinkPair] {
            // What cannot be built is told of by those who build it.
            guard scene.contacts.selfCollision,
                let world = try? World(definition, measuresJointForces: false),
                (try? world.place(base: startOfBase, positions: scene.start.joints)) != nil,
                let depths = try? world.overlaps()
            else { return [] }
            var kept: [PairDefinition] = []
            var touching: [LinkPair] = []
            for (pair, depth) in zip(definition.pairs, depths) {
                guard depth > 0, let first = geoms[pair.first].name, let second = geoms[pair.second].name
                else {
                    kept.append(pair)
                    continue
                }
                let links = LinkPair(first: first, second: second)
                if !touching.contains(links) { touching.append(links) }
            }
            definition.pairs = kept
            return touching
        }

        private var startOfBase: BaseState? {
            let base = scene.start.base
            return scene.base == .fixed
                ? nil
                : BaseState(
                    position: base.position, orientation: base.orientation, linearVelocity: .zero,
                    angularVelocity: .zero)
        }

        private func mayTouch(_ first: Int, _ second: Int) -> Bool {
            guard definition.geoms[first].link != nil || definition.geoms[second].link != nil else {
                return false
            }
            let (a, b) = (geoms[first], geoms[second])
            guard let linkA = a.link, let linkB = b.link, let nameA = a.name, let nameB = b.name else {
                return (a.mask ?? b.mask)?.meetsSurroundings ?? true
            }
            guard let maskA = a.mask, let maskB = b.mask, maskA.meets(maskB) else { return false }
            let isJoined = scene.robot.joints.contains {
                ($0.parent, $0.child) == (linkA, linkB) || ($0.parent, $0.child) == (linkB, linkA)
            }
            let isIgnored = scene.contacts.ignored.contains {
                ($0.first, $0.second) == (nameA, nameB) || ($0.first, $0.second) == (nameB, nameA)
            }
            let isKeptApart = scene.robot.untouching.contains { $0.isOf(nameA, nameB) }
            return scene.contacts.selfCollision && linkA != linkB && !isJoined && !isIgnored && !isKeptApart
        }
    }
}
