// SPDX-License-Identifier: MIT

internal import Files
internal import Geometry
package import Scenes

/// An episode as an MCAP file of Protobuf messages, which Foxglove, Rerun and PlotJuggler read.
///
/// Foxglove's own types are on `/tf` (where each link is, in the world), `/scene` (the robot's surfaces and what stands still, once),
/// `/markers` (contact forces, target, command) and `/joint_states`. Types of Sinew's own, whose fields have the names of what they hold,
/// are on `/action` and `/observation` (at the time of the action and of what was seen before it), `/reward` (after the step: `total`, and each
/// term) and `/base` (the root's velocity, and the commanded one). Times count from the reset.
package struct EpisodeLog {
    private let scene: EpisodeScene
    private let frames: [EpisodeFrame]
    private let stage: EpisodeStage
    private let world: String
    private let observed: (names: [String], values: [Float])

    /// Makes it of frames, at least one; `observations` are what was seen before each step, one step after another.
    package init?(
        _ scene: EpisodeScene, _ frames: [EpisodeFrame], observing names: [String], _ observations: [Float]
    ) {
        guard let first = frames.first else { return nil }
        (self.scene, self.frames) = (scene, frames)
        stage = EpisodeStage(scene, first: first)
        // A link may be called so.
        world = scene.links.contains { $0.name == "world" } ? "world_of_sinew" : "world"
        observed = (names, observations)
    }

    /// The file.
    package var mcap: [UInt8] {
        var file = MCAP()
        let channels = Channels(self, &file)
        for (index, frame) in frames.enumerated() {
            let time = UInt64((Double(index) * scene.period * 1e9).rounded())
            if index == 0 { file.add(surfaces(time), to: channels.scene, at: time) }
            file.add(transforms(frame, time), to: channels.transforms, at: time)
            file.add(markers(frame, time), to: channels.markers, at: time)
            file.add(joints(frame, time), to: channels.joints, at: time)
            if let base = channels.base { base.add(bases(frame), to: &file, at: time) }
            if index > 0 { channels.reward.add([frame.reward] + frame.rewardTerms, to: &file, at: time) }
            let count = observed.names.count
            guard index + 1 < frames.count else { break }
            if observed.values.count >= (index + 1) * count {
                let seen = observed.values[index * count..<(index + 1) * count].map(Double.init)
                channels.observation.add(seen, to: &file, at: time)
            }
            channels.action.add(frames[index + 1].action, to: &file, at: time)
        }
        return file.finish()
    }

    /// The channels of a file.
    private struct Channels {
        let scene, transforms, markers, joints: MCAP.Channel
        let reward, action, observation: NumberChannel
        /// Of a robot that stands on no fixed base.
        let base: NumberChannel?

        init(_ log: EpisodeLog, _ file: inout MCAP) {
            func channel(_ topic: String, _ type: String) -> MCAP.Channel {
                file.addChannel(topic, "foxglove.\(type)", FoxgloveSchemas.set)
            }
            scene = channel("/scene", "SceneUpdate")
            transforms = channel("/tf", "FrameTransforms")
            markers = channel("/markers", "SceneUpdate")
            joints = channel("/joint_states", "JointStates")
            reward = NumberChannel("/reward", "Reward", ["total"] + log.scene.rewardTerms, &file)
            action = NumberChannel("/action", "Action", log.scene.actions, &file)
            observation = NumberChannel("/observation", "Observation", log.observed.names, &file)
            let velocity = ["forward_velocity", "sideways_velocity", "turning_rate"]
            let command = log.scene.hasCommand ? velocity.map { "commanded_\($0)" } : []
            base =
                log.scene.base == .fixed ? nil : NumberChannel("/base", "Base", velocity + command, &file)
        }
    }

    private func bases(_ frame: EpisodeFrame) -> [Double] {
        frame.velocity.components + (frame.command?.components ?? [])
    }

    private func transforms(_ frame: EpisodeFrame, _ time: UInt64) -> [UInt8] {
        ProtobufWriter.message { message in
            for (link, pose) in zip(scene.links, frame.links) {
                message.add(1) {
                    $0.add(1, FoxgloveSchemas.time(time))
                    $0.add(2, world)
                    $0.add(3, link.name)
                    $0.add(4, FoxgloveSchemas.vector(pose.position))
                    $0.add(5, FoxgloveSchemas.quaternion(pose.orientation))
                }
            }
        }
    }

    private func joints(_ frame: EpisodeFrame, _ time: UInt64) -> [UInt8] {
        ProtobufWriter.message { message in
            message.add(1, FoxgloveSchemas.time(time))
            for (index, joint) in scene.joints.enumerated() {
                message.add(2) { state in
                    state.add(1, joint.name)
                    let numbers = [frame.jointPositions, frame.jointVelocities, frame.jointEfforts]
                    for (field, numbers) in zip([2, 3, 5], numbers) where numbers.indices.contains(index) {
                        state.add(field, numbers[index])
                    }
                }
            }
        }
    }

    /// The robot's surfaces, each in the frame of its link, and what stands still.
    private func surfaces(_ time: UInt64) -> [UInt8] {
        ProtobufWriter.message { message in
            for (link, name) in scene.links.map(\.name).enumerated() {
                let surfaces = stage.parts.filter { $0.link == link }.map {
                    FoxgloveSchemas.surface($0.solid)
                }
                guard !surfaces.isEmpty else { continue }
                let entity = FoxgloveSchemas.entity("link \(name)", in: name, at: time) {
                    for surface in surfaces { $0.add(12, surface) }
                }
                message.add(2, entity)
            }
            let entity = FoxgloveSchemas.entity("surroundings", in: world, at: time) {
                for solid in stage.still { $0.add(12, FoxgloveSchemas.surface(solid)) }
                if let ground { $0.add(8, ground) }
            }
            message.add(2, entity)
        }
    }

    /// Flat ground as a thin box about the start; nil for none.
    private var ground: [UInt8]? {
        guard let normal = scene.groundNormal else { return nil }
        let (side, thickness) = (40 * stage.size, 0.01 * stage.size)
        let turn = Quaternion.turning(toward: normal)
        return ProtobufWriter.message {
            $0.add(1, FoxgloveSchemas.pose(Pose(position: -0.5 * thickness * normal, orientation: turn)))
            $0.add(2, FoxgloveSchemas.vector(Vector3(side, side, thickness)))
            $0.add(3, FoxgloveSchemas.colour(Colour(0xd9dbdd)))
        }
    }

    /// What moves beside the links: each entity replaces the one of the frame before.
    private func markers(_ frame: EpisodeFrame, _ time: UInt64) -> [UInt8] {
        ProtobufWriter.message { message in
            let forces = FoxgloveSchemas.entity("forces", in: world, at: time) {
                for contact in frame.contacts {
                    let way = stage.size / 200 * contact.force
                    if let arrow = arrow(from: contact.point, way, Colour(0xd9602a)) { $0.add(7, arrow) }
                }
            }
            message.add(2, forces)
            let goals = FoxgloveSchemas.entity("goals", in: world, at: time) { entity in
                if let target = frame.target {
                    entity.add(9) {
                        $0.add(1, FoxgloveSchemas.pose(target))
                        let side = 0.09 * stage.size
                        $0.add(2, FoxgloveSchemas.vector(Vector3(side, side, side)))
                        $0.add(3, FoxgloveSchemas.colour(EpisodeStage.target))
                    }
                }
                if let (start, way) = stage.commanded(frame),
                    let arrow = arrow(from: start, way, EpisodeStage.command)
                {
                    entity.add(7, arrow)
                }
            }
            message.add(2, goals)
        }
    }

    private func arrow(from start: Vector3, _ way: Vector3, _ colour: Colour) -> [UInt8]? {
        let (length, width) = (way.length, 0.04 * stage.size)
        guard length > 1e-6, length.isFinite else { return nil }
        // Foxglove's arrows point along x.
        let turn =
            Quaternion.turning(toward: way)
            * Quaternion(w: 0.5.squareRoot(), x: 0, y: -0.5.squareRoot(), z: 0)
        let head = min(2 * width, 0.5 * length)
        return ProtobufWriter.message {
            $0.add(1, FoxgloveSchemas.pose(Pose(position: start, orientation: turn)))
            for (field, size) in zip(2..., [length - head, width, head, 2 * width]) { $0.add(field, size) }
            $0.add(6, FoxgloveSchemas.colour(colour))
        }
    }
}

/// A channel of numbers with names: its messages have a field for each.
private struct NumberChannel {
    private let channel: MCAP.Channel

    init(_ topic: String, _ type: String, _ names: [String], _ file: inout MCAP) {
        var fields: [String] = []
        for name in names {
            let plain = name.fieldName
            // Names that differ in their signs alone.
            let rivals = fields.count { $0 == plain || $0.hasPrefix(plain + "__") }
            fields.append(rivals == 0 ? plain : "\(plain)__\(rivals + 1)")
        }
        let message = ProtobufSchema.Message(type, fields.map { "double \($0)" })
        let schema = ProtobufSchema.File(
            name: "sinew/\(type.lowercased()).proto", package: "sinew", messages: [message])
        channel = file.addChannel(topic, "sinew.\(type)", ProtobufSchema.set([schema]))
    }

    func add(_ numbers: [Double], to file: inout MCAP, at time: UInt64) {
        let message = ProtobufWriter.message { message in
            for (index, number) in numbers.enumerated() { message.add(index + 1, number) }
        }
        file.add(message, to: channel, at: time)
    }
}

extension String {
    /// The name as Protobuf takes one: letters, digits and `_`, a letter first.
    fileprivate var fieldName: String {
        let plain = String(map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        return plain.first?.isLetter == true ? plain : "n" + plain
    }
}
