// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics
package import Robots

extension EpisodeScene {
    /// What episodes of a scene look like; the robot is drawn by the shapes that it touches with.
    package init(_ scene: Scene) {
        let robot = scene.robot
        name = scene.name
        self.robot = robot.name
        base = scene.base
        links = robot.links.map { Link(name: $0.name) }
        for joint in robot.joints { links[joint.child].parent = joint.parent }
        joints = robot.joints.map {
            Joint(
                name: $0.name, unit: $0.unit, child: $0.child, axis: $0.axis, lower: $0.lower, upper: $0.upper
            )
        }
        parts = robot.links.enumerated().flatMap { index, link in
            link.shapes.isEmpty
                ? robot.rods(ofLink: index)
                : link.shapes.map { Part(.solid($0.geometry), pose: $0.origin, link: index) }
        }
        for object in scene.objects {
            let colour = SIMD4(object.colour.x, object.colour.y, object.colour.z, 1)
            parts.append(Part(.solid(object.shape), link: links.count, colour: colour))
            links.append(Link(name: object.name))
        }
        obstacles = scene.obstacles.map { Part(.solid(.box(size: $0.size)), pose: $0.placement.pose) }
        groundSlope = scene.ground?.slope
        terrain = scene.terrainGrid.map {
            Terrain(
                origin: $0.corner, cell: SIMD2($0.field.cell, $0.field.cell), columns: $0.field.columns,
                heights: $0.field.heights)
        }
        (hasTarget, hasCommand) = (scene.target != nil, scene.commands != nil)
        actions = scene.actuators.map { robot.joints[$0.joint].name } + scene.thrusters.map(\.name)
        rewardTerms = scene.rewardTermNames
        period = scene.physics.controlPeriod
    }
}

extension Robot {
    /// A link without shapes as rods: from its own frame to the joints that hang on it, and to the frames that were merged into it.
    fileprivate func rods(ofLink index: Int) -> [EpisodeScene.Part] {
        let ends =
            joints.filter { $0.parent == index }.map(\.origin.position)
            + links[index].merged.compactMap { frame(named: $0)?.pose.position }
        return ends.compactMap { end in
            guard end.length > 1e-6 else { return nil }
            return EpisodeScene.Part(
                .solid(.capsule(radius: min(0.02, end.length / 8), length: end.length)),
                pose: Pose(position: 0.5 * end, orientation: .turning(toward: end)), link: index)
        }
    }
}

extension EpisodeScene {
    /// Draws the robot as its file does; links of which something is missing, and those that it does not draw, by the shapes that they
    /// touch with.
    package mutating func dress(_ visuals: RobotVisuals) {
        let seen = Set(visuals.parts.map(\.link)).subtracting(visuals.incomplete)
        parts.removeAll { $0.link.map(seen.contains) ?? false }
        parts += visuals.parts.filter { seen.contains($0.link) }.map { part in
            let form: Form =
                switch part.form {
                case .solid(let shape): .solid(shape)
                case .surface(let surface): .surface(surface)
                }
            return Part(form, pose: part.origin, link: part.link, colour: part.colour)
        }
    }
}

extension SimulatedEnvironment {
    /// The moment after the last step or reset; nothing is changed by looking.
    ///
    /// - Parameter reward: what the step earned.
    /// - Returns: all that is to be seen of it.
    package func frame(reward: Double) -> EpisodeFrame {
        let (reading, episode, robot) = (state.after.reading, state.episode, state.after)
        let velocity = robot.inBase(robot.baseVelocity)
        let turning = robot.inBase(robot.baseAngularVelocity)
        let hasBegun = episode.step > 0
        return EpisodeFrame(
            links: linkPoses, jointPositions: reading.jointPositions,
            jointVelocities: reading.jointVelocities, jointEfforts: reading.jointEfforts,
            // A diverged world has none to read.
            contacts: ((try? world.contacts()) ?? []).compactMap(contact),
            target: scene.target.map { _ in
                Pose(position: episode.target, orientation: episode.targetOrientation ?? .identity)
            },
            command: scene.commands.map { _ in episode.command },
            velocity: Vector3(velocity.x, velocity.y, scene.base == .planar ? turning.y : turning.z),
            action: episode.action, rewardTerms: hasBegun ? rewardTerms : rewardTerms.map { _ in 0 },
            reward: reward)
    }

    private func contact(_ contact: WorldContact) -> EpisodeFrame.Contact? {
        guard let link = carrier(ofGeom: contact.first) else { return nil }
        return EpisodeFrame.Contact(
            link: link, other: carrier(ofGeom: contact.second), point: contact.point, force: contact.force)
    }

    /// The link or object that a geom moves with; nil for what stands still.
    private func carrier(ofGeom geom: Int) -> Int? {
        physics.definition.geoms[geom].link.map { $0 + physics.linkShift }
    }
}
